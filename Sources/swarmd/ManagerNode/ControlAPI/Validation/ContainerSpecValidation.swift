import GRPCCore
import SwarmAPI
import SwiftProtobuf
import Templating

/// Whether a container's spec can be taken (SwarmKit `controlapi/service.go`, `validateContainerSpec`).
enum ContainerSpecValidation {
    /// Checks the spec as a task of the service called and labelled so would have it.
    static func check(_ spec: SwarmContainerSpec, of service: SwarmAnnotations) throws(RPCError) {
        try Self.checkSecrets(spec.secrets)
        try Self.checkConfigs(spec.configs)
        try Self.checkCredentials(of: spec)
        let expanded = try Self.expanded(spec, of: service)
        guard !spec.image.isEmpty else {
            throw .invalid("ContainerSpec: image reference must be provided")
        }
        guard ImageReference.isValid(spec.image) else {
            throw .invalid("ContainerSpec: image: \"\(spec.image)\" is not a valid repository/tag")
        }
        try Self.checkMounts(expanded.mounts)
        if spec.hasStopGracePeriod {
            try DurationValidation.check(spec.stopGracePeriod, "ContainerSpec: stop_grace_period")
        }
        if spec.hasHealthcheck { try Self.check(spec.healthcheck) }
    }

    /// The spec with its templates expanded for a task that might be: what fails for that one fails for all.
    ///
    /// The service's labels are its own. SwarmKit has none here, and refuses every template that names one.
    private static func expanded(
        _ spec: SwarmContainerSpec,
        of service: SwarmAnnotations
    ) throws(RPCError) -> SwarmContainerSpec {
        guard spec.hasTemplates else { return spec }
        let task = SwarmTask.with {
            $0.id = "taskid"
            $0.annotations.name = "taskname"
            $0.serviceID = "serviceid"
            $0.serviceAnnotations = service
            $0.slot = 1
            $0.nodeID = "nodeid"
        }
        let node = SwarmNodeDescription.with {
            $0.hostname = "nodeHostname"
            $0.platform.os = "os"
            $0.platform.architecture = "architecture"
        }
        do throws(FieldTemplateError) { return try spec.expanded(for: TaskContext(task, on: node)) } catch {
            throw .invalid("ContainerSpec: \(error)")
        }
    }

    private static func checkMounts(_ mounts: [SwarmMount]) throws(RPCError) {
        var targets: Set<String> = []
        for mount in mounts where !targets.insert(mount.target).inserted {
            throw .invalid("ContainerSpec: duplicate mount point: \(mount.target)")
        }
    }

    private static func check(_ check: SwarmHealthConfig) throws(RPCError) {
        let spans = [
            ("Interval", check.interval), ("Timeout", check.timeout), ("StartPeriod", check.startPeriod),
            ("StartInterval", check.startInterval),
        ]
        for (field, span) in spans { try DurationValidation.checkHealth(span, field) }
        guard check.retries >= 0 else {
            throw .invalid("ContainerSpec: Retries in HealthConfig cannot be negative")
        }
    }

    private static func checkSecrets(_ references: [SwarmSecretReference]) throws(RPCError) {
        var targets: [String: String] = [:]
        for reference in references {
            guard !reference.secretID.isEmpty, !reference.secretName.isEmpty else {
                throw .invalid("malformed secret reference")
            }
            guard case .file(let file)? = reference.target else {
                throw .invalid("malformed secret reference, no target provided")
            }
            try Self.claim(file.name, for: reference.secretName, kind: "secret", in: &targets)
        }
    }

    private static func checkConfigs(_ references: [SwarmConfigReference]) throws(RPCError) {
        var targets: [String: String] = [:]
        for reference in references {
            guard !reference.configID.isEmpty, !reference.configName.isEmpty else {
                throw .invalid("malformed config reference")
            }
            switch reference.target {
            case .file(let file)?:
                try Self.claim(file.name, for: reference.configName, kind: "config", in: &targets)
            case .runtime?: continue
            case nil: throw .invalid("malformed config reference, no target provided")
            }
        }
    }

    /// Notes that `name` stands at the path `file`, where nothing else may stand.
    private static func claim(
        _ file: String,
        for name: String,
        kind: String,
        in targets: inout [String: String]
    ) throws(RPCError) {
        guard !file.isEmpty else {
            throw .invalid("malformed file \(kind) reference, invalid target file name provided")
        }
        if let other = targets.updateValue(name, forKey: file) {
            throw .invalid(
                "\(kind) references '\(other)' and '\(name)' have a conflicting target: '\(file)'"
            )
        }
    }

    /// A credential spec's config must be referenced with a runtime target.
    private static func checkCredentials(of spec: SwarmContainerSpec) throws(RPCError) {
        guard case .config(let config)? = spec.privileges.credentialSpec.source, !config.isEmpty else {
            return
        }
        let isReferenced = spec.configs.contains { reference in
            guard case .runtime? = reference.target else { return false }
            return reference.configID == config
        }
        guard isReferenced else {
            throw .invalid(
                "CredentialSpec references config '\(config)', "
                    + "but that config isn't in config references with RuntimeTarget"
            )
        }
    }
}
