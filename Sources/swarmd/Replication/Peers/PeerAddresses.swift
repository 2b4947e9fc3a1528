package import RaftCore
package import SwarmAPI

/// Where the other members listen: as the group says, or as they say themselves since.
///
/// Pure. A member that lags behind does not know the newest members, nor where others moved; it could not
/// answer a leader that it does not find. So what a member says of itself counts until the group names another
/// place for it.
package struct PeerAddresses: Sendable {
    /// How many members that the group does not name yet may be known: more than a group should ever have.
    private static let strangers = 16

    private let own: RaftID
    /// What the group says.
    private var listed: [RaftID: String] = [:]
    /// What members say that is not what the group says.
    private var learned: [RaftID: String] = [:]

    /// The addresses that `own` needs; none yet.
    package init(of own: RaftID) { self.own = own }

    /// The address of a member; nil if it is not known.
    package subscript(id: RaftID) -> String? { self.learned[id] ?? self.listed[id] }

    /// All of them, in the order of the identifiers.
    var all: [(id: RaftID, address: String)] {
        let merged = self.listed.merging(self.learned) { $1 }
        return merged.sorted { $0.key < $1.key }.map { (id: $0.key, address: $0.value) }
    }

    /// The group says who its members are and where they listen.
    ///
    /// Whom it does not name is forgotten; who is a member that this one has yet to hear of says so again.
    package mutating func list(_ members: [SwarmRaftMember]) {
        var listed: [RaftID: String] = [:]
        for member in members where member.raftID != self.own.rawValue {
            listed[RaftID(rawValue: member.raftID)] = member.addr
        }
        let old = self.listed
        self.learned = self.learned.filter { listed[$0.key] != nil && listed[$0.key] == old[$0.key] }
        self.listed = listed
    }

    /// A member says where it listens; returns whether that is news.
    package mutating func learn(_ id: RaftID, at address: String) -> Bool {
        guard id != self.own, !address.isEmpty, self[id] != address else { return false }
        if self.listed[id] == address {
            self.learned[id] = nil
        } else {
            let isStranger = self.listed[id] == nil && self.learned[id] == nil
            let strangers = self.learned.keys.count { self.listed[$0] == nil }
            guard !isStranger || strangers < Self.strangers else { return false }
            self.learned[id] = address
        }
        return true
    }
}
