/// Why a manager is not taken into its group yet.
package struct EntryDelay: Sendable, Equatable {
    /// How the leader begins its answer where it can't call a newcomer back; SwarmKit's words (`raft.go`, `Join`).
    static let unreachable =
        "could not connect to prospective new cluster member using its advertised address"

    /// Who was asked, "host:port".
    package let manager: String
    /// Where this manager said that it is reached, "host:port".
    package let address: String
    /// What came of it, in one line.
    package let reason: String

    package init(manager: String, address: String, reason: String) {
        self.manager = manager
        self.address = address
        self.reason = reason
    }

    /// Why the leader can't reach this manager; nil where something else is the matter.
    package var callBack: String? {
        guard self.reason.hasPrefix(Self.unreachable) else { return nil }
        let rest = self.reason.dropFirst("\(Self.unreachable) \(self.address): ".count)
        return rest.isEmpty ? "no answer" : String(rest)
    }
}
