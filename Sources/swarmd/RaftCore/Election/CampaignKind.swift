/// How a member stands for election.
enum CampaignKind: Sendable {
    /// It asks first, without a new term.
    case preElection
    /// It stands.
    case election
    /// It stands because the leader hands over, so that others need not be loyal.
    case transfer

    /// The bytes that tell voters of a transfer, as etcd has them.
    static let transferMark = Array("CampaignTransfer".utf8)
}
