import ArgumentParser
import ControlClient
import SwarmAPI
import SwiftProtobuf

/// `swarmd service update`.
struct ServiceUpdate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change a service.",
        discussion: """
            What no flag names stays as it is.

            EXAMPLES
              swarmd service update --image host --args "sleep 2000" web
              swarmd service update --env-add LEVEL=debug --limit-memory 128m web
              swarmd service update --network-add name=back,alias=db --network-rm front web
              swarmd service update --force web
            """
    )

    @OptionGroup var daemon: SocketOption
    @Option(help: "Image.") var image: String?
    @Option(parsing: .unconditional, help: "Command and arguments, as one shell-like line.") var args: String?
    @Option(parsing: .unconditional, help: "Number of tasks.") var replicas: String?
    @Option(parsing: .unconditional, help: "Tasks of a job that run at once.") var maxConcurrent: String?
    @Flag(help: "Replace the tasks even if nothing else changes.") var force = false
    @Flag(help: "Go back to the spec before the last update.") var rollback = false
    @OptionGroup(title: "Lists") var lists: ListUpdateFlags
    @OptionGroup(title: "Networks") var networks: NetworkUpdateFlags
    @OptionGroup(title: "Task") var task: TaskFlags
    @OptionGroup(title: "Policy") var policy: PolicyFlags
    @OptionGroup(title: "Progress") var progress: ProgressFlags
    @Argument(help: "Id, start of an id, or name.") var service: String

    func run() async throws {
        let flags = self
        // Flags that cannot be read are told before the daemon is asked for anything.
        var probe = SwarmServiceSpec.with { $0.replicated = .init() }
        try flags.applyWhereModeFits(to: &probe)
        try flags.networks.check()
        let service = try await self.daemon.connect { client in
            try await FreshWrite.run {
                var service = try await client.service(named: flags.service)
                try flags.apply(to: &service.spec)
                service.spec = try await PayloadReferences.resolved(service.spec, client)
                if flags.networks.areGiven {
                    try flags.networks.apply(to: &service.spec, among: try await client.networks())
                }
                return try await client.update(service, rollback: flags.rollback ? .previous : .none)
            }
        }
        try Terminal.out(flags.service)
        try await self.progress.follow(service, socket: self.daemon.path)
    }

    /// Applies the flags to a spec, and leaves the rest of it alone.
    func apply(to spec: inout SwarmServiceSpec) throws(CommandError) {
        try self.applyScale(to: &spec)
        try self.applyRest(to: &spec)
    }

    private func applyWhereModeFits(to spec: inout SwarmServiceSpec) throws(CommandError) {
        if let text = self.replicas { _ = try Units.replicas(text, flag: "--replicas") }
        if let text = self.maxConcurrent { _ = try Units.replicas(text, flag: "--max-concurrent") }
        try self.applyRest(to: &spec)
    }

    private func applyRest(to spec: inout SwarmServiceSpec) throws(CommandError) {
        if let image { spec.task.container.image = image }
        if let args { spec.task.container.args = try ShellWords.split(args, flag: "--args") }
        if self.force { spec.task.forceUpdate &+= 1 }
        try self.lists.apply(to: &spec)
        try self.task.apply(to: &spec.task)
        try self.policy.apply(to: &spec)
    }

    private func applyScale(to spec: inout SwarmServiceSpec) throws(CommandError) {
        if let text = self.replicas {
            try Scaling.set(try Units.replicas(text, flag: "--replicas"), in: &spec)
        }
        if let text = self.maxConcurrent {
            guard case .replicatedJob = spec.mode else {
                throw CommandError("--max-concurrent can only be used with replicated-job services")
            }
            spec.replicatedJob.maxConcurrent = try Units.replicas(text, flag: "--max-concurrent")
        }
    }
}

/// The flags that add to and take from a spec's lists.
struct ListUpdateFlags: ParsableArguments {
    @Option(parsing: .unconditionalSingleValue, help: "Add or change an environment variable.") var envAdd:
        [String] = []
    @Option(parsing: .unconditionalSingleValue, help: "Remove an environment variable.") var envRm: [String] =
        []
    @Option(parsing: .unconditionalSingleValue, help: "Add or change a service label.") var labelAdd:
        [String] = []
    @Option(parsing: .unconditionalSingleValue, help: "Remove a service label.") var labelRm: [String] = []
    @Option(parsing: .unconditionalSingleValue, help: "Add or change a container label.")
    var containerLabelAdd: [String] = []
    @Option(parsing: .unconditionalSingleValue, help: "Remove a container label.") var containerLabelRm:
        [String] = []
    @Option(parsing: .unconditionalSingleValue, help: "Add a placement constraint.") var constraintAdd:
        [String] = []
    @Option(parsing: .unconditionalSingleValue, help: "Remove a placement constraint.") var constraintRm:
        [String] = []
    @Option(parsing: .unconditionalSingleValue, help: "Add a placement preference.") var placementPrefAdd:
        [String] = []
    @Option(parsing: .unconditionalSingleValue, help: "Remove a placement preference.") var placementPrefRm:
        [String] = []
    @Option(parsing: .unconditionalSingleValue, help: "Add or change a published port.") var publishAdd:
        [String] = []
    @Option(parsing: .unconditionalSingleValue, help: "Remove a published port by its target.") var publishRm:
        [String] = []
    @Option(parsing: .unconditionalSingleValue, help: "Add or change a mount.") var mountAdd: [String] = []
    @Option(parsing: .unconditionalSingleValue, help: "Remove a mount by its target.") var mountRm: [String] =
        []
    @Option(
        parsing: .unconditionalSingleValue,
        help: "Add a secret, or change what is at its target; as --secret of `swarmd service create`."
    )
    var secretAdd: [String] = []
    @Option(parsing: .unconditionalSingleValue, help: "Remove a secret by its name.") var secretRm: [String] =
        []
    @Option(
        parsing: .unconditionalSingleValue,
        help: "Add a config, or change what is at its target; as --config of `swarmd service create`."
    )
    var configAdd: [String] = []
    @Option(parsing: .unconditionalSingleValue, help: "Remove a config by its name.") var configRm: [String] =
        []

    func apply(to spec: inout SwarmServiceSpec) throws(CommandError) {
        let removals = ListRemovals(
            env: self.envRm,
            labels: self.labelRm,
            containerLabels: self.containerLabelRm,
            constraints: self.constraintRm,
            preferences: self.placementPrefRm,
            ports: self.publishRm,
            mounts: self.mountRm,
            secrets: self.secretRm,
            configs: self.configRm
        )
        try removals.apply(to: &spec)
        let additions = ListAdditions(
            env: self.envAdd,
            labels: self.labelAdd,
            containerLabels: self.containerLabelAdd,
            constraints: self.constraintAdd,
            preferences: self.placementPrefAdd,
            ports: self.publishAdd,
            mounts: self.mountAdd,
            secrets: self.secretAdd,
            configs: self.configAdd,
            suffix: "-add"
        )
        try additions.apply(to: &spec)
    }
}
