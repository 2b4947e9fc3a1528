import FoundationEssentials
import SwarmAPI
import SwiftProtobuf

/// Secrets, configs, and how a container's spec refers to them.
extension DockerJSON {
    static func secret(_ secret: SwarmSecret) -> JSON {
        join(
            head(id: secret.id, secret.meta),
            .fields(
                (
                    "Spec",
                    .fields(
                        ("Name", .string(secret.spec.annotations.name)),
                        ("Labels", .map(secret.spec.annotations.labels)),
                        ("Driver", secret.spec.hasDriver ? driver(secret.spec.driver) : nil),
                        ("Templating", secret.spec.hasTemplating ? driver(secret.spec.templating) : nil)
                    )
                )
            )
        )
    }

    static func config(_ config: SwarmConfig) -> JSON {
        join(
            head(id: config.id, config.meta),
            .fields(
                (
                    "Spec",
                    .fields(
                        ("Name", .string(config.spec.annotations.name)),
                        ("Labels", .map(config.spec.annotations.labels)),
                        ("Data", text(config.spec.data.base64EncodedString())),
                        ("Templating", config.spec.hasTemplating ? driver(config.spec.templating) : nil)
                    )
                )
            )
        )
    }

    static func references(_ secrets: [SwarmSecretReference]) -> JSON? {
        guard !secrets.isEmpty else { return nil }
        return .array(
            secrets.map { secret in
                var file: JSON?
                if case .file(let target)? = secret.target { file = self.file(target) }
                return .fields(
                    ("File", file),
                    ("SecretID", .string(secret.secretID)),
                    ("SecretName", .string(secret.secretName))
                )
            }
        )
    }

    static func references(_ configs: [SwarmConfigReference]) -> JSON? {
        guard !configs.isEmpty else { return nil }
        return .array(
            configs.map { config in
                var (file, runtime): (JSON?, JSON?)
                switch config.target {
                case .file(let target)?: file = self.file(target)
                case .runtime?: runtime = .object([])
                case nil: break
                }
                return .fields(
                    ("File", file),
                    ("Runtime", runtime),
                    ("ConfigID", .string(config.configID)),
                    ("ConfigName", .string(config.configName))
                )
            }
        )
    }

    private static func file(_ target: SwarmFileTarget) -> JSON {
        .fields(
            ("Name", .string(target.name)),
            ("UID", .string(target.uid)),
            ("GID", .string(target.gid)),
            ("Mode", .integer(Int64(target.mode)))
        )
    }
}
