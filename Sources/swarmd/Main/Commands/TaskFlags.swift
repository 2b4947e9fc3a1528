import ArgumentParser
import SwarmAPI
import SwiftProtobuf

/// The flags on a task's container that `service create` and `service update` share.
struct TaskFlags: ParsableArguments {
    @Option(
        name: [.customShort("u"), .long],
        parsing: .unconditional,
        help: "User, as name|uid[:group|gid]."
    )
    var user: String?
    @Option(name: [.customShort("w"), .long], help: "Working directory inside the container.")
    var workdir: String?
    @Option(help: "Container host name.")
    var hostname: String?
    @Option(parsing: .unconditional, help: "Replace the image's entry point.")
    var entrypoint: String?
    @Option(help: "Time to wait before a container is killed, as in 10s.")
    var stopGracePeriod: String?
    @Option(help: "Signal that stops the container.")
    var stopSignal: String?
    @Flag(name: [.customShort("t"), .long], help: "Give the container a terminal.")
    var tty = false
    @Flag(help: "Mount the container's root file system read only.")
    var readOnly = false
    @Option(help: "Log driver.")
    var logDriver: String?
    @Option(parsing: .unconditionalSingleValue, help: "Log driver option, key=value; may be given again.")
    var logOpt: [String] = []
    @Option(help: "Most processor time, as in 0.5.")
    var limitCpu: String?
    @Option(help: "Most memory, as in 64m.")
    var limitMemory: String?
    @Option(parsing: .unconditional, help: "Most processes; 0 for no limit.")
    var limitPids: String?
    @Option(help: "Processor time to set aside.")
    var reserveCpu: String?
    @Option(help: "Memory to set aside.")
    var reserveMemory: String?

    func apply(to spec: inout SwarmTaskSpec) throws(CommandError) {
        try self.applyContainer(&spec.container)
        if let text = self.limitCpu {
            spec.resources.limits.nanoCpus = try Units.nanoCPUs(text, flag: "--limit-cpu")
        }
        if let text = self.limitMemory {
            spec.resources.limits.memoryBytes = try Units.bytes(text, flag: "--limit-memory")
        }
        if let text = self.reserveCpu {
            spec.resources.reservations.nanoCpus = try Units.nanoCPUs(text, flag: "--reserve-cpu")
        }
        if let text = self.reserveMemory {
            spec.resources.reservations.memoryBytes = try Units.bytes(text, flag: "--reserve-memory")
        }
        // Another driver does not know the options of the one before.
        if let logDriver {
            spec.logDriver = .with { $0.name = logDriver }
        }
        for text in self.logOpt {
            let (key, value) = try Units.label(text, flag: "--log-opt")
            spec.logDriver.options[key] = value
        }
    }

    private func applyContainer(_ container: inout SwarmContainerSpec) throws(CommandError) {
        if let user { container.user = user }
        if let workdir { container.dir = workdir }
        if let hostname { container.hostname = hostname }
        if let entrypoint { container.command = try ShellWords.split(entrypoint, flag: "--entrypoint") }
        if let stopSignal { container.stopSignal = stopSignal }
        if let text = self.stopGracePeriod {
            container.stopGracePeriod = try Units.span(text, flag: "--stop-grace-period").protobuf
        }
        if self.tty { container.tty = true }
        if self.readOnly { container.readOnly = true }
        if let text = self.limitPids {
            let count = try Units.count(text, flag: "--limit-pids")
            guard let value = Int64(exactly: count) else { throw .flag("--limit-pids", text, "too large") }
            container.pidsLimit = value
        }
    }
}
