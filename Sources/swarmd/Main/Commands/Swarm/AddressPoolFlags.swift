import ArgumentParser
import Primitives
import SwarmAPI

/// The flags of `swarmd init` that say what networks are cut from, for the whole life of the cluster.
struct AddressPoolFlags: ParsableArguments {
    @Option(
        name: .customLong("default-addr-pool"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A block that networks' subnets are cut from (default: 10.0.0.0/8); may be given again.",
            valueName: "subnet"
        )
    )
    var pools: [String] = []

    @Option(
        name: .customLong("default-addr-pool-mask-length"),
        help: ArgumentHelp("The prefix length of those subnets, 1 to 29 (default: 24).", valueName: "length")
    )
    var maskLength: String?

    @Option(
        name: .customLong("data-path-port"),
        help: ArgumentHelp(
            "The UDP port of data between nodes, 1024 to 49151 (default: 4789).",
            valueName: "port"
        )
    )
    var dataPathPort: String?

    /// The lengths of subnets: one of /30 has two addresses, and its gateway takes one of them.
    static let lengths: ClosedRange<UInt32> = 1...29
    /// The ports that data may use, those that docker allows.
    static let ports: ClosedRange<UInt32> = 1_024...49_151

    /// Puts the flags into `request`; the error names the one that is wrong.
    func apply(to request: inout SwarmdInitClusterRequest) throws(CommandError) {
        request.defaultAddrPool = self.pools
        if let text = self.maskLength {
            request.defaultAddrPoolMaskLength = try Self.number(
                text,
                flag: "--default-addr-pool-mask-length",
                in: Self.lengths
            )
        }
        if let text = self.dataPathPort {
            request.dataPathPort = try Self.number(text, flag: "--data-path-port", in: Self.ports)
        }
        if let fault = Self.fault(
            pools: request.defaultAddrPool,
            length: request.defaultAddrPoolMaskLength,
            port: request.dataPathPort
        ) {
            throw CommandError("\(fault.flag): \(fault.problem)")
        }
    }

    private static func number(
        _ text: String,
        flag: String,
        in range: ClosedRange<UInt32>
    ) throws(CommandError) -> UInt32 {
        guard let number = UInt32(text), range.contains(number) else {
            throw .flag(flag, text, "give a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// What is wrong with what networks are to be cut from; nil if nothing is.
    struct Fault: Equatable {
        let flag: String
        let problem: String

        /// The request's field.
        var field: String { self.flag.dropFirst(2).map { $0 == "-" ? "_" : String($0) }.joined() }
    }

    static func fault(pools: [String], length: UInt32, port: UInt32) -> Fault? {
        var blocks: [AddressBlock] = []
        let size = Int(length == 0 ? 24 : length)
        for text in pools {
            guard let block = AddressBlock(text), block.isVersion4 else {
                return Fault(
                    flag: "--default-addr-pool",
                    problem: "\(text) is no subnet of IPv4, as in 10.0.0.0/8"
                )
            }
            if let other = blocks.first(where: { $0.overlaps(block) }) {
                return Fault(flag: "--default-addr-pool", problem: "\(block) overlaps with \(other)")
            }
            guard block.length <= size else {
                return Fault(
                    flag: "--default-addr-pool-mask-length",
                    problem: "no subnet of /\(size) fits into the pool \(block)"
                )
            }
            blocks.append(block)
        }
        if length != 0, !Self.lengths.contains(length) || pools.isEmpty && length < 8 {
            return Fault(
                flag: "--default-addr-pool-mask-length",
                problem: "\(length) is not between \(pools.isEmpty ? 8 : Self.lengths.lowerBound) and "
                    + "\(Self.lengths.upperBound)"
            )
        }
        guard port == 0 || Self.ports.contains(port) else {
            return Fault(
                flag: "--data-path-port",
                problem: "\(port) is not between \(Self.ports.lowerBound) and \(Self.ports.upperBound)"
            )
        }
        return nil
    }
}
