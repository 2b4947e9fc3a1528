import RaftCore

/// Runs the commands `simple`, `enter-joint` and `leave-joint`.
struct MembershipEnvironment {
    private var tracker = MemberTracker(maxInflightMessages: 10)
    private var lastIndex: UInt64 = 0

    mutating func run(_ test: DataDrivenCase) -> [String] {
        defer { self.lastIndex += 1 }
        let changes = ConfigurationChange.Change.parse(test.input.joined(separator: " "))
        do {
            switch test.command {
            case "simple":
                try self.tracker.simple(changes, lastIndex: self.lastIndex)
            case "enter-joint":
                let autoLeave = test.values("autoleave") == ["true"]
                try self.tracker.enterJoint(changes, autoLeave: autoLeave, lastIndex: self.lastIndex)
            case "leave-joint":
                try self.tracker.leaveJoint()
            default:
                return ["unknown command"]
            }
        } catch {
            return [error.etcdText]
        }
        let peers = self.tracker.peers.indices.map { RaftStatus.Peer(self.tracker.peers[$0]).etcdText }
        return [self.tracker.membership.etcdText] + peers
    }
}
