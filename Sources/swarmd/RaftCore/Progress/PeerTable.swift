/// The progress of each member, in ascending order of their numbers.
package struct PeerTable: Sendable, Equatable {
    /// A member and its progress.
    package struct Peer: Sendable, Equatable {
        /// Who it is.
        package let id: RaftID
        /// How far it is.
        package var progress: Progress
    }

    private var peers: [Peer] = []

    /// A table without members.
    package init() {}

    /// The places of the table.
    package var indices: Range<Int> { self.peers.indices }

    /// The member at a place.
    package subscript(place: Int) -> Peer {
        get { self.peers[place] }
        _modify { yield &self.peers[place] }
    }

    /// The progress of a member; nil for somebody who is none.
    package subscript(id: RaftID) -> Progress? {
        get { self.place(of: id).map { self.peers[$0].progress } }
        set {
            let place = self.peers.firstIndex { $0.id >= id } ?? self.peers.endIndex
            let isThere = place < self.peers.endIndex && self.peers[place].id == id
            switch (newValue, isThere) {
            case (let progress?, true): self.peers[place].progress = progress
            case (let progress?, false): self.peers.insert(Peer(id: id, progress: progress), at: place)
            case (nil, true): self.peers.remove(at: place)
            case (nil, false): break
            }
        }
    }

    /// Where a member stands in the table; valid until members come or go.
    package func place(of id: RaftID) -> Int? { self.peers.firstIndex { $0.id == id } }

    /// Visits every member in order.
    package mutating func forEach(_ body: (RaftID, inout Progress) -> Void) {
        for place in self.peers.indices { body(self.peers[place].id, &self.peers[place].progress) }
    }
}
