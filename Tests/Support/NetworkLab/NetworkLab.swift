import Foundation
import Glibc

/// Machines that share a network, each a network namespace, on which links can be cut.
///
/// A bridge in a namespace of its own joins them, and no way leads out. Between the bridge and each machine
/// stands a second bridge, so that a packet of either direction is lost on its way and neither end notices:
///
///     machine eth0 --- a bridge b c --- d bridge machines
package final class NetworkLab: Sendable {
    /// Which packets of a machine are lost.
    package enum Cut: String, Sendable, CaseIterable {
        /// All of them.
        case both
        /// Those for it.
        case inbound
        /// Those that it sends.
        case outbound
    }

    private let centre: NetworkNamespace
    private let machines: [NetworkNamespace]

    /// Why there can be no lab here; nil if there can.
    package static let obstacle: String? = {
        guard geteuid() == 0 else { return "network namespaces need root" }
        do {
            try NetworkLab(machines: 1).cut(0)
            return nil
        } catch {
            return "\(error)"
        }
    }()

    private init(machines count: Int) throws {
        precondition((1...200).contains(count), "\(count) machines in a network of 254 addresses")
        self.centre = try NetworkNamespace()
        self.machines = try (0..<count).map { _ in try NetworkNamespace() }
        try self.centre.configure(
            ["link add hub type bridge", "link set hub up"] + (0..<count).flatMap(self.wires)
        )
        for (number, machine) in self.machines.enumerated() {
            try machine.configure([
                "addr add \(Self.address(number))/24 dev eth0", "link set lo up", "link set eth0 up",
            ])
        }
    }

    /// Makes a network of `machines`, runs `body`, and removes it, also if `body` throws.
    ///
    /// What `body` starts inside has to be gone when it returns.
    package static func with<Value>(
        machines: Int,
        _ body: (NetworkLab) async throws -> Value
    ) async throws -> Value {
        let lab = try NetworkLab(machines: machines)
        defer { for namespace in lab.machines + [lab.centre] { namespace.remove() } }
        return try await body(lab)
    }

    /// The address of a machine, the first of which is 0.
    package static func address(_ machine: Int) -> String { "10.99.0.\(machine + 1)" }

    /// `command` as it runs on a machine; it keeps its process id.
    package func command(_ command: [String], on machine: Int) -> [String] {
        self.machines[machine].inside(command)
    }

    /// Loses packets of a machine from now on until `heal`.
    package func cut(_ machine: Int, _ cut: Cut = .both) throws {
        if cut != .outbound { try self.block("d\(machine)") }
        if cut != .inbound { try self.block("c\(machine)") }
    }

    /// Loses no more packets of a machine.
    package func heal(_ machine: Int) throws {
        for port in ["c\(machine)", "d\(machine)"] {
            // Where nothing was cut there is nothing to remove.
            try? Command.run(self.centre.inside(["tc", "qdisc", "del", "dev", port, "root"]))
        }
    }

    /// Lets nothing through: no packet fits into a bucket of one byte.
    private func block(_ port: String) throws {
        let bucket = ["tbf", "rate", "8bit", "burst", "1", "limit", "1"]
        try Command.run(self.centre.inside(["tc", "qdisc", "replace", "dev", port, "root"] + bucket))
    }

    private func wires(_ machine: Int) -> [String] {
        let port = machine
        return [
            "link add b\(port) type bridge",
            "link add name a\(port) type veth peer name eth0 netns \(self.machines[machine].pid)",
            "link add name c\(port) type veth peer name d\(port)",
            "link set a\(port) master b\(port)", "link set c\(port) master b\(port)",
            "link set d\(port) master hub",
        ] + ["a", "b", "c", "d"].map { "link set \($0)\(port) up" }
    }
}
