/// Where a member takes writes.
enum Endpoint: Sendable, Equatable {
    /// A manager's control API.
    case manager(socket: String)
    /// The client port of an etcd member on this machine.
    case etcd(port: Int)
}
