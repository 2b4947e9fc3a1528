import Primitives
import SwarmAPI
import SwiftProtobuf

extension DockerJSON {
    static func service(_ service: SwarmService) -> JSON {
        join(
            head(id: service.id, service.meta),
            .fields(
                ("Spec", self.serviceSpec(service.spec)),
                ("PreviousSpec", service.hasPreviousSpec ? self.serviceSpec(service.previousSpec) : nil),
                ("Endpoint", self.endpoint(service.endpoint)),
                ("UpdateStatus", service.hasUpdateStatus ? self.updateStatus(service.updateStatus) : nil),
                ("JobStatus", service.hasJobStatus ? self.jobStatus(service.jobStatus) : nil)
            )
        )
    }

    private static func updateStatus(_ status: SwarmUpdateStatus) -> JSON {
        .fields(
            ("State", text(Words.updateState(status.state))),
            ("StartedAt", status.hasStartedAt ? moment(status.startedAt) : nil),
            ("CompletedAt", status.hasCompletedAt ? moment(status.completedAt) : nil),
            ("Message", text(status.message))
        )
    }

    private static func jobStatus(_ status: SwarmJobStatus) -> JSON {
        .fields(
            ("JobIteration", .fields(("Index", .integer(Int64(clamping: status.jobIteration.index))))),
            ("LastExecution", status.hasLastExecution ? moment(status.lastExecution) : nil)
        )
    }

    private static func endpoint(_ endpoint: SwarmEndpoint) -> JSON {
        .fields(
            ("Spec", endpoint.hasSpec ? self.endpointSpec(endpoint.spec) : .object([])),
            ("Ports", endpoint.ports.isEmpty ? nil : .array(endpoint.ports.map(self.port))),
            (
                "VirtualIPs",
                endpoint.virtualIps.isEmpty
                    ? nil
                    : .array(
                        endpoint.virtualIps.map {
                            .fields(("NetworkID", text($0.networkID)), ("Addr", text($0.addr)))
                        }
                    )
            )
        )
    }

    static func serviceSpec(_ spec: SwarmServiceSpec) -> JSON {
        .fields(
            ("Name", .string(spec.annotations.name)),
            ("Labels", .map(spec.annotations.labels)),
            ("TaskTemplate", self.taskSpec(spec.task)),
            ("Mode", self.mode(spec.mode)),
            ("UpdateConfig", spec.hasUpdate ? self.update(spec.update) : nil),
            ("RollbackConfig", spec.hasRollback ? self.update(spec.rollback) : nil),
            ("EndpointSpec", spec.hasEndpoint ? self.endpointSpec(spec.endpoint) : nil)
        )
    }

    private static func mode(_ mode: SwarmServiceSpec.OneOf_Mode?) -> JSON {
        switch mode {
        case .replicated(let value):
            .fields(("Replicated", .fields(("Replicas", .integer(Int64(clamping: value.replicas))))))
        case .global: .fields(("Global", .object([])))
        case .replicatedJob(let value):
            .fields(
                (
                    "ReplicatedJob",
                    .fields(
                        ("MaxConcurrent", .integer(Int64(clamping: value.maxConcurrent))),
                        ("TotalCompletions", .integer(Int64(clamping: value.totalCompletions)))
                    )
                )
            )
        case .globalJob: .fields(("GlobalJob", .object([])))
        case nil: .object([])
        }
    }

    private static func update(_ config: SwarmUpdateConfig) -> JSON {
        .fields(
            ("Parallelism", .integer(Int64(clamping: config.parallelism))),
            ("Delay", config.hasDelay ? span(config.delay) : nil),
            ("FailureAction", .string(Words.failureAction(config.failureAction))),
            ("Monitor", config.hasMonitor ? span(config.monitor) : nil),
            ("MaxFailureRatio", .number(Double(config.maxFailureRatio))),
            ("Order", .string(Words.order(config.order)))
        )
    }

    private static func endpointSpec(_ spec: SwarmEndpointSpec) -> JSON {
        .fields(
            ("Mode", .string(spec.mode == .dnsrr ? "dnsrr" : "vip")),
            ("Ports", spec.ports.isEmpty ? nil : .array(spec.ports.map(self.port)))
        )
    }

    static func port(_ port: SwarmPortConfig) -> JSON {
        .fields(
            ("Name", text(port.name)),
            ("Protocol", .string(Words.transport(port.protocol))),
            ("TargetPort", .integer(Int64(port.targetPort))),
            ("PublishedPort", signed(Int64(port.publishedPort))),
            ("PublishMode", .string(port.publishMode == .host ? "host" : "ingress"))
        )
    }

    static func driver(_ driver: SwarmDriver) -> JSON {
        .fields(("Name", text(driver.name)), ("Options", map(driver.options)))
    }

    static func taskSpec(_ spec: SwarmTaskSpec) -> JSON {
        var container: JSON?
        if case .container(let value)? = spec.runtime { container = self.container(value) }
        return .fields(
            ("ContainerSpec", container),
            ("Resources", self.requirements(spec)),
            ("RestartPolicy", spec.hasRestart ? self.restart(spec.restart) : nil),
            ("Placement", self.placement(spec.placement)),
            (
                "Networks",
                spec.networks.isEmpty
                    ? nil
                    : .array(
                        spec.networks.map {
                            .fields(("Target", text($0.target)), ("Aliases", texts($0.aliases)))
                        }
                    )
            ),
            ("LogDriver", spec.hasLogDriver ? self.driver(spec.logDriver) : nil),
            ("ForceUpdate", .integer(Int64(clamping: spec.forceUpdate))),
            ("Runtime", .string("container"))
        )
    }

    private static func requirements(_ spec: SwarmTaskSpec) -> JSON {
        let limits = spec.resources.limits
        return .fields(
            (
                "Limits",
                spec.resources.hasLimits || spec.container.pidsLimit != 0
                    ? .fields(
                        ("NanoCPUs", signed(limits.nanoCpus)),
                        ("MemoryBytes", signed(limits.memoryBytes)),
                        ("Pids", signed(spec.container.pidsLimit))
                    ) : nil
            ),
            ("Reservations", spec.resources.hasReservations ? resources(spec.resources.reservations) : nil)
        )
    }

    private static func restart(_ policy: SwarmRestartPolicy) -> JSON {
        .fields(
            ("Condition", .string(Words.condition(policy.condition))),
            ("Delay", policy.hasDelay ? span(policy.delay) : nil),
            ("MaxAttempts", .integer(Int64(clamping: policy.maxAttempts))),
            ("Window", policy.hasWindow ? span(policy.window) : nil)
        )
    }

    private static func placement(_ placement: SwarmPlacement) -> JSON {
        .fields(
            ("Constraints", texts(placement.constraints)),
            (
                "Preferences",
                placement.preferences.isEmpty
                    ? nil
                    : .array(
                        placement.preferences.map {
                            .fields(
                                ("Spread", .fields(("SpreadDescriptor", .string($0.spread.spreadDescriptor))))
                            )
                        }
                    )
            ),
            ("MaxReplicas", count(placement.maxReplicas))
        )
    }

    private static func container(_ spec: SwarmContainerSpec) -> JSON {
        .fields(
            ("Image", .string(spec.image)),
            ("Labels", map(spec.labels)),
            ("Command", texts(spec.command)),
            ("Args", texts(spec.args)),
            ("Hostname", text(spec.hostname)),
            ("Env", texts(spec.env)),
            ("Dir", text(spec.dir)),
            ("User", text(spec.user)),
            ("Groups", texts(spec.groups)),
            ("StopSignal", text(spec.stopSignal)),
            ("TTY", spec.tty ? .bool(true) : nil),
            ("ReadOnly", spec.readOnly ? .bool(true) : nil),
            ("Init", spec.hasInit_p ? .bool(spec.init_p.value) : nil),
            ("Mounts", spec.mounts.isEmpty ? nil : .array(spec.mounts.map(self.mount))),
            ("StopGracePeriod", spec.hasStopGracePeriod ? span(spec.stopGracePeriod) : nil),
            ("Hosts", texts(spec.hosts)),
            ("Secrets", self.references(spec.secrets)),
            ("Configs", self.references(spec.configs)),
            ("Isolation", .string("default"))
        )
    }

    private static func mount(_ mount: SwarmMount) -> JSON {
        let types = ["bind", "volume", "tmpfs", "npipe", "cluster"]
        return .fields(
            ("Type", types.indices.contains(mount.type.rawValue) ? .string(types[mount.type.rawValue]) : nil),
            ("Source", text(mount.source)),
            ("Target", text(mount.target)),
            ("ReadOnly", mount.readonly ? .bool(true) : nil),
            (
                "TmpfsOptions",
                mount.hasTmpfsOptions
                    ? .fields(
                        ("SizeBytes", signed(mount.tmpfsOptions.sizeBytes)),
                        ("Mode", signed(Int64(mount.tmpfsOptions.mode)))
                    ) : nil
            )
        )
    }
}
