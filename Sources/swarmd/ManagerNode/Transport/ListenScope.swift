/// Which addresses a manager may use while connections are not encrypted.
package enum ListenScope: Sendable {
    /// Those of the loopback interface.
    case loopback
    /// Any: whoever started the manager vouches that its network namespace leads nowhere.
    case isolatedNamespace
}
