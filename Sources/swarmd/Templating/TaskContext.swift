package import SwarmAPI
import SwiftProtobuf

/// What templates of a task know: its service, its node, and itself (SwarmKit `template/context.go`).
package struct TaskContext: Sendable, Equatable {
    package let root: TemplateValue

    /// The context of `task` on a node that is described by `node`, as far as anybody knows.
    package init(_ task: SwarmTask, on node: SwarmNodeDescription?) {
        let slot = task.slot == 0 ? task.nodeID : String(task.slot)
        let platform = node?.platform ?? SwarmPlatform()
        self.root = .record([
            .init(
                "Service",
                .record([
                    .init("ID", .text(task.serviceID)),
                    .init("Name", .text(task.serviceAnnotations.name)),
                    .init("Labels", .map(task.serviceAnnotations.labels)),
                ])
            ),
            .init(
                "Node",
                .record([
                    .init("ID", .text(task.nodeID)),
                    .init("Hostname", .text(node?.hostname ?? "")),
                    .init(
                        "Platform",
                        .record([
                            .init("Architecture", .text(platform.architecture)),
                            .init("OS", .text(platform.os)),
                        ])
                    ),
                ])
            ),
            .init(
                "Task",
                .record([
                    .init("ID", .text(task.id)),
                    .init("Name", .text(Self.name(of: task, slot: slot))),
                    .init("Slot", .text(slot)),
                ])
            ),
        ])
    }

    /// SwarmKit `api/naming`.
    private static func name(of task: SwarmTask, slot: String) -> String {
        guard task.annotations.name.isEmpty else { return task.annotations.name }
        return "\(task.serviceAnnotations.name).\(slot).\(task.id)"
    }
}

/// A field of a spec whose template cannot be expanded.
package struct FieldTemplateError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The field's path in the container's spec: "env[2] (LEVEL)".
    package var field: String
    package var error: TemplateError

    package var description: String { "\(self.field): \(self.error)" }
}

extension SwarmContainerSpec {
    /// Whether any field that may have a template has one.
    package var hasTemplates: Bool {
        self.env.contains { Template.hasActions($0.utf8) } || Template.hasActions(self.hostname.utf8)
            || self.mounts.contains(where: Self.hasTemplates)
    }

    private static func hasTemplates(_ mount: SwarmMount) -> Bool {
        let options = mount.volumeOptions
        return Template.hasActions(mount.source.utf8) || Template.hasActions(mount.target.utf8)
            || options.labels.values.contains { Template.hasActions($0.utf8) }
            || options.driverConfig.options.values.contains { Template.hasActions($0.utf8) }
    }

    /// The spec with the templates in its environment, mounts and host name expanded for one task (SwarmKit
    /// `template/expand.go`); what has no template stays as it is.
    package func expanded(for context: TaskContext) throws(FieldTemplateError) -> SwarmContainerSpec {
        var (spec, expander) = (self, FieldExpander(context))
        for (index, entry) in self.env.enumerated() {
            guard let equals = entry.firstIndex(of: "="), Template.hasActions(entry.utf8) else { continue }
            let name = entry[..<equals]
            var value = String(entry[entry.index(after: equals)...])
            try expander.expand(&value, "env[\(index)] (\(name))")
            spec.env[index] = "\(name)=\(value)"
        }
        for index in self.mounts.indices { try expander.expand(&spec.mounts[index], "mounts[\(index)]") }
        try expander.expand(&spec.hostname, "hostname")
        return spec
    }
}

/// Expands the fields of one spec, which share a budget.
private struct FieldExpander {
    private let context: TaskContext
    private var budget = TemplateBudget()

    init(_ context: TaskContext) { self.context = context }

    mutating func expand(_ text: inout String, _ field: String) throws(FieldTemplateError) {
        guard Template.hasActions(text.utf8) else { return }
        do throws(TemplateError) {
            let bytes = try Template(Array(text.utf8)).expanded(self.context.root, within: &self.budget)
            text = String(decoding: bytes, as: UTF8.self)
        } catch {
            throw FieldTemplateError(field: field, error: error)
        }
    }

    mutating func expand(_ mount: inout SwarmMount, _ field: String) throws(FieldTemplateError) {
        try self.expand(&mount.source, "\(field).source")
        try self.expand(&mount.target, "\(field).target")
        // A message that is absent must stay so.
        guard mount.hasVolumeOptions else { return }
        try self.expand(&mount.volumeOptions.labels, "\(field).volume_options.labels")
        guard mount.volumeOptions.hasDriverConfig else { return }
        let options = "\(field).volume_options.driver_config.options"
        try self.expand(&mount.volumeOptions.driverConfig.options, options)
    }

    private mutating func expand(
        _ map: inout [String: String],
        _ field: String
    ) throws(FieldTemplateError) {
        for key in map.keys.sorted() {
            guard var value = map[key] else { continue }
            try self.expand(&value, "\(field)[\(key)]")
            map[key] = value
        }
    }
}
