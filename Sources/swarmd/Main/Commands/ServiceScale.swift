import ArgumentParser
import ControlClient
import SwarmAPI
import SwiftProtobuf

/// `swarmd service scale`.
struct ServiceScale: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scale",
        abstract: "Set the number of tasks of one or more services.",
        discussion: """
            All names are looked up first; if one is unknown or cannot be scaled, nothing is changed.

            EXAMPLE
              swarmd service scale web=5 worker=20
              swarmd service scale --dry-run web=50
            """
    )

    @OptionGroup var daemon: SocketOption
    @OptionGroup var progress: ProgressFlags
    @OptionGroup var trying: DryRunFlags
    @Argument(help: "SERVICE=REPLICAS.") var targets: [String]

    func run() async throws {
        let targets = try self.targets.map { text throws(CommandError) in try Scaling.target(text) }
        for (place, target) in targets.enumerated()
        where targets[..<place].contains(where: { $0.service == target.service }) {
            throw CommandError("service \(target.service) is named twice")
        }
        let form = try self.trying.form()
        let scaled = try await self.daemon.connect { client -> (services: [SwarmService], failed: Bool) in
            let services = try await resolveAll(targets) { target in
                var service = try await client.service(named: target.service)
                do throws(CommandError) { try Scaling.set(target.replicas, in: &service.spec) } catch {
                    throw ControlError(.refused, "\(target.service): \(error.description)")
                }
                return service
            }
            if let form {
                try await Self.show(services, targets, form, client)
                return (services: [], failed: false)
            }
            return try await Self.update(services, targets, client)
        }
        for service in scaled.services { try await self.progress.follow(service, socket: self.daemon.path) }
        if scaled.failed { throw ReportedFailure() }
    }

    private static func show(
        _ services: [SwarmService],
        _ targets: [Scaling.Target],
        _ form: DryRunFlags.Form,
        _ client: ControlClient
    ) async throws {
        let changes = zip(services, targets).map { service, target in
            SwarmdPreviewServiceChange.with {
                $0.serviceID = service.id
                $0.replicas = target.replicas
            }
        }
        try await DryRunFlags.show(.with { $0.services = changes }, form, client)
    }

    private static func update(
        _ services: [SwarmService],
        _ targets: [Scaling.Target],
        _ client: ControlClient
    ) async throws -> (services: [SwarmService], failed: Bool) {
        var updated: [SwarmService] = []
        do {
            try await forEachOperand(Array(zip(targets, services))) { target, service in
                updated.append(try await client.update(service))
                try Terminal.out("\(target.service) scaled to \(target.replicas)")
            }
            return (updated, false)
        } catch is ReportedFailure {
            return (updated, true)
        }
    }
}

/// Changing a service's number of tasks.
enum Scaling {
    struct Target: Sendable, Equatable {
        var service: String
        var replicas: UInt64
    }

    /// Reads `web=3`.
    static func target(_ text: String) throws(CommandError) -> Target {
        guard let equals = text.lastIndex(of: "="), equals != text.startIndex else {
            throw CommandError("invalid scale \"\(text)\": give SERVICE=REPLICAS")
        }
        let count = String(text[text.index(after: equals)...])
        guard let replicas = UInt64(count) else {
            throw CommandError("invalid scale \"\(text)\": \"\(count)\" is not a number of replicas")
        }
        return Target(service: String(text[..<equals]), replicas: replicas)
    }

    /// Sets the number of tasks, or of completions of a job.
    static func set(_ replicas: UInt64, in spec: inout SwarmServiceSpec) throws(CommandError) {
        switch spec.mode {
        case .replicated, nil: spec.replicated.replicas = replicas
        case .replicatedJob: spec.replicatedJob.totalCompletions = replicas
        case .global, .globalJob:
            throw CommandError("scale can only be used with replicated or replicated-job mode")
        }
    }
}
