package import SwarmAPI

/// The numbers of an overlay network's tunnels, as its driver keeps them: one for each subnet of version 4.
package enum VXLANList {
    /// The key of the driver's options.
    package static let key = "com.docker.network.driver.overlay.vxlanid_list"
    /// What is given out where nobody asks for a number: those below look like VLANs to some hosts.
    package static let range: ClosedRange<UInt32> = 4_096...16_777_215

    /// The numbers that the network has.
    package static func numbers(of network: SwarmNetwork) -> [UInt32] {
        Self.parse(network.driverState.options[Self.key] ?? "") ?? []
    }

    /// Reads `4097,4098`; nil if a part is no number.
    package static func parse(_ text: String) -> [UInt32]? {
        guard !text.isEmpty else { return [] }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { UInt32($0) }
        return numbers.count == parts.count ? numbers : nil
    }

    package static func text(_ numbers: [UInt32]) -> String {
        numbers.map(String.init).joined(separator: ",")
    }
}
