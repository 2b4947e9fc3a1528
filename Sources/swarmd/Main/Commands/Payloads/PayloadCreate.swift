import ArgumentParser
import ControlClient
import FoundationEssentials
import SwarmAPI
import SwiftProtobuf

/// `swarmd secret create`.
struct SecretCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Create a secret from a file or from standard input.",
        discussion: """
            EXAMPLES
              swarmd secret create site-key key.pem
              printf %s "$PASSWORD" | swarmd secret create --label env=prod db-password -
            """
    )

    @OptionGroup var daemon: SocketOption
    @OptionGroup var flags: PayloadFlags
    @Option(name: [.customShort("d"), .long], help: "Secret driver; there is none yet, and it is refused.")
    var driver: String?
    @Argument(help: "Name of the secret.") var name: String
    @Argument(help: "File to read, or - for standard input; less than 500 KiB.", completion: .file())
    var file: String?

    func run() async throws {
        let spec = try self.spec()
        let secret = try await self.daemon.connectNamingFlags { try await $0.create(spec) }
        try Terminal.out(secret.id)
    }

    /// The spec that the flags describe, with the file's content.
    func spec() throws(CommandError) -> SwarmSecretSpec {
        var spec = SwarmSecretSpec()
        spec.annotations = try self.flags.annotations(named: self.name)
        if let template = self.flags.templateDriver { spec.templating.name = template }
        guard let driver = self.driver else {
            spec.data = try PayloadInput.read(self.file, kind: SecretKind.word, below: SecretKind.bytes)
            return spec
        }
        guard self.file == nil else {
            throw CommandError("--driver cannot be used with a file: the driver has the secret")
        }
        spec.driver.name = driver
        return spec
    }
}

/// `swarmd config create`.
struct ConfigCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Create a config from a file or from standard input.",
        discussion: """
            EXAMPLES
              swarmd config create site-conf site.conf
              swarmd config create --template-driver golang motd - <<< 'task {{.Task.Name}}'
            """
    )

    @OptionGroup var daemon: SocketOption
    @OptionGroup var flags: PayloadFlags
    @Argument(help: "Name of the config.") var name: String
    @Argument(help: "File to read, or - for standard input; less than 1000 KiB.", completion: .file())
    var file: String?

    func run() async throws {
        let spec = try self.spec()
        let config = try await self.daemon.connectNamingFlags { try await $0.create(spec) }
        try Terminal.out(config.id)
    }

    /// The spec that the flags describe, with the file's content.
    func spec() throws(CommandError) -> SwarmConfigSpec {
        var spec = SwarmConfigSpec()
        spec.annotations = try self.flags.annotations(named: self.name)
        if let template = self.flags.templateDriver { spec.templating.name = template }
        spec.data = try PayloadInput.read(self.file, kind: ConfigKind.word, below: ConfigKind.bytes)
        return spec
    }
}

/// The flags that creating secrets and creating configs share.
struct PayloadFlags: ParsableArguments {
    @Option(
        name: [.customShort("l"), .long],
        parsing: .unconditionalSingleValue,
        help: "Label, key=value; may be given again."
    )
    var label: [String] = []
    @Option(help: "What fills in the content for each task: golang.") var templateDriver: String?

    func annotations(named name: String) throws(CommandError) -> SwarmAnnotations {
        var annotations = SwarmAnnotations()
        annotations.name = name
        for text in self.label {
            let (key, value) = try Units.label(text, flag: "--label")
            annotations.labels[key] = value
        }
        return annotations
    }
}
