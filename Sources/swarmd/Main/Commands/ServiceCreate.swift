import ArgumentParser
import ControlClient
import Primitives
import SwarmAPI
import SwiftProtobuf

/// `swarmd service create`.
struct ServiceCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Create a service.",
        usage: "swarmd service create [OPTIONS] IMAGE [COMMAND] [ARG...]",
        discussion: """
            Everything after the image goes to the command as it is. The image `host` means the node's own file \
            system, for the process executor.

            EXAMPLES
              swarmd service create --name web --replicas 3 --limit-memory 64m host python3 -m http.server
              swarmd service create --name probe --mode global --constraint node.labels.rack==3 host probe -v
              swarmd service create --name api --network front --publish 8080:80 host api-server
              swarmd service create --name batch --mode replicated-job --replicas 10 --max-concurrent 2 host job
            """
    )

    @OptionGroup var daemon: SocketOption
    @Option(parsing: .unconditional, help: "Service name (default: one is made up).") var name: String?
    @Option(help: "Mode: replicated, global, replicated-job or global-job.") var mode: String = "replicated"
    @Option(parsing: .unconditional, help: "Number of tasks.") var replicas: String?
    @Option(parsing: .unconditional, help: "Tasks of a job that run at once (default: all).")
    var maxConcurrent: String?
    @Option(
        name: [.customShort("e"), .long],
        parsing: .unconditionalSingleValue,
        help: "Set an environment variable."
    )
    var env: [String] = []
    @Option(
        name: [.customShort("l"), .long],
        parsing: .unconditionalSingleValue,
        help: "Service label, key=value."
    )
    var label: [String] = []
    @Option(parsing: .unconditionalSingleValue, help: "Container label, key=value.") var containerLabel:
        [String] = []
    @Option(parsing: .unconditionalSingleValue, help: "Placement constraint, as in node.role==worker.")
    var constraint: [String] = []
    @Option(parsing: .unconditionalSingleValue, help: "Placement preference, spread=LABEL.")
    var placementPref: [String] = []
    @Option(
        name: [.customShort("p"), .long],
        parsing: .unconditionalSingleValue,
        help: "Publish a port, [PUBLISHED:]TARGET[/PROTOCOL] or target=80,published=8080."
    )
    var publish: [String] = []
    @Option(
        parsing: .unconditionalSingleValue,
        help: "Attach the tasks to a network: NETWORK or name=NETWORK,alias=NAME."
    )
    var network: [String] = []
    @Option(parsing: .unconditionalSingleValue, help: "Mount, type=bind,source=/a,target=/b.") var mount:
        [String] = []
    @Option(parsing: .unconditionalSingleValue, help: "Add a host:ip line to the container's hosts.")
    var host: [String] = []
    @Option(
        parsing: .unconditionalSingleValue,
        help: "Give tasks a secret, NAME or source=NAME,target=FILE,uid=0,gid=0,mode=0444."
    )
    var secret: [String] = []
    @Option(parsing: .unconditionalSingleValue, help: "Give tasks a config, written as for --secret.")
    var config: [String] = []
    @OptionGroup(title: "Task") var task: TaskFlags
    @OptionGroup(title: "Policy") var policy: PolicyFlags
    @OptionGroup(title: "Progress") var progress: ProgressFlags
    @OptionGroup(title: "Trying") var trying: DryRunFlags
    @Argument(
        parsing: .captureForPassthrough,
        help: .init("Image, command and arguments.", valueName: "image-and-command")
    )
    var words: [String] = []

    func run() async throws {
        // What is captured for the task includes the flag that asks for help here.
        if let first = self.words.first, ["--help", "-h"].contains(first) {
            throw CleanExit.helpRequest(self)
        }
        var spec = try self.spec()
        if self.name == nil {
            var dice = SystemRandomNumberGenerator()
            spec.annotations.name = ServiceName.random(using: &dice)
        }
        let made = try await self.resolved(spec)
        if let form = try self.trying.form() {
            return try await self.daemon.connect { client in
                let resolved = try await PayloadReferences.resolved(made, client)
                try await DryRunFlags.show(
                    .with { $0.services = [.with { $0.spec = resolved }] },
                    form,
                    client
                )
            }
        }
        let service = try await self.daemon.connect { client in
            try await client.create(try await PayloadReferences.resolved(made, client))
        }
        try Terminal.out(service.id)
        try await self.progress.follow(service, socket: self.daemon.path)
    }

    /// The spec with the ids of the networks that it names.
    private func resolved(_ spec: SwarmServiceSpec) async throws -> SwarmServiceSpec {
        guard !spec.task.networks.isEmpty else { return spec }
        let networks = try await self.daemon.connect { try await $0.networks() }
        var resolved = spec
        resolved.task.networks = try NetworkFlag.resolve(spec.task.networks, among: networks)
        return resolved
    }

    /// The spec that the flags describe.
    func spec() throws(CommandError) -> SwarmServiceSpec {
        let words = self.words.first == "--" ? Array(self.words.dropFirst()) : self.words
        guard let image = words.first else {
            throw CommandError("the image is missing (see `swarmd service create --help`)")
        }
        guard !image.hasPrefix("-") else {
            throw CommandError("unknown flag \(image) (see `swarmd service create --help`)")
        }
        var spec = SwarmServiceSpec()
        spec.annotations.name = self.name ?? ""
        spec.task.container.image = image
        spec.task.container.args = Array(words.dropFirst())
        try self.applyMode(to: &spec)
        let additions = ListAdditions(
            env: self.env,
            labels: self.label,
            containerLabels: self.containerLabel,
            constraints: self.constraint,
            preferences: self.placementPref,
            ports: self.publish,
            mounts: self.mount,
            hosts: self.host,
            secrets: self.secret,
            configs: self.config
        )
        try additions.apply(to: &spec)
        for text in self.network { spec.task.networks.append(try NetworkFlag.parse(text, flag: "--network")) }
        try self.task.apply(to: &spec.task)
        try self.policy.apply(to: &spec)
        return spec
    }

    private func applyMode(to spec: inout SwarmServiceSpec) throws(CommandError) {
        let replicas: UInt64? =
            if let text = self.replicas { try Units.replicas(text, flag: "--replicas") } else { nil }
        let concurrent: UInt64? =
            if let text = self.maxConcurrent { try Units.replicas(text, flag: "--max-concurrent") } else {
                nil
            }
        if concurrent != nil, self.mode != "replicated-job" {
            throw CommandError("--max-concurrent needs --mode replicated-job")
        }
        switch self.mode {
        case "replicated": spec.replicated.replicas = replicas ?? 1
        case "global": spec.global = .init()
        case "replicated-job":
            spec.replicatedJob.totalCompletions = replicas ?? 1
            spec.replicatedJob.maxConcurrent = concurrent ?? replicas ?? 1
        case "global-job": spec.globalJob = .init()
        default: throw .flag("--mode", self.mode, "give replicated, global, replicated-job or global-job")
        }
        if replicas != nil, self.mode.hasPrefix("global") {
            throw CommandError("--replicas cannot be used with --mode \(self.mode)")
        }
    }
}

/// Makes names for services that get none.
enum ServiceName {
    static let qualities = [
        "amber", "brave", "calm", "clever", "eager", "gentle", "keen", "lively", "lucid", "noble", "quick",
        "quiet",
        "rapid", "sharp", "sturdy", "swift",
    ]
    static let animals = [
        "badger", "crane", "falcon", "finch", "heron", "ibex", "lynx", "marten", "otter", "plover", "raven",
        "seal",
        "stoat", "swallow", "tern", "wren",
    ]

    /// A name such as `quiet_otter_4821`.
    static func random(using dice: inout some RandomNumberGenerator) -> String {
        let quality = Self.qualities.randomElement(using: &dice) ?? "plain"
        let animal = Self.animals.randomElement(using: &dice) ?? "swan"
        return "\(quality)_\(animal)_\(Int.random(in: 1_000...9_999, using: &dice))"
    }
}
