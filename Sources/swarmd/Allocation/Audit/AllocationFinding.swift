import SwarmAPI

/// One thing in the store that contradicts another about what is given out.
package struct AllocationFinding: Sendable, Equatable {
    /// What sort of contradiction it is; its raw value is what scripts compare.
    package enum Kind: String, Sendable, CaseIterable {
        /// Two objects hold one address of a network.
        case addressTakenTwice = "address-taken-twice"
        /// An address that the network does not give out: outside its subnets, or its gateway.
        case addressNotOfNetwork = "address-not-of-network"
        /// An address that nobody uses, because what held it is gone or needs it no more.
        case addressWithoutOwner = "address-without-owner"
        /// Somebody is attached to a network that is gone.
        case attachmentOfGoneNetwork = "attachment-of-gone-network"
        /// Two services hold one published port.
        case portTakenTwice = "port-taken-twice"
        /// Two networks have one tunnel number, so that their traffic mixes.
        case tunnelNumberTakenTwice = "tunnel-number-taken-twice"
        /// A tunnel number beside those of the network's subnets.
        case tunnelNumberWithoutSubnet = "tunnel-number-without-subnet"
        /// The subnets of two networks overlap.
        case subnetTakenTwice = "subnet-taken-twice"
    }

    package let kind: Kind
    /// The object that is at fault: "service web", "task web.1".
    package let object: String
    /// The identifier of that object.
    package let id: String
    /// What is wrong, in one line.
    package let problem: String
    /// What a repair does; what the operator has to do, where it does nothing.
    package let remedy: String
    /// Whether a repair is possible without the operator.
    package let isRepairable: Bool
}
