package import SwarmAPI
import SwiftProtobuf

/// What templates in secrets and configs know: beside the task's context what the task's other files hold, and its
/// environment (SwarmKit `template/context.go`, `PayloadContext`).
package struct PayloadContext: Sendable {
    /// The name of SwarmKit's template driver, which is the only one.
    package static let driver = "golang"
    /// The functions that payloads have beside those of every template.
    package static let functions: Set<String> = ["secret", "config", "env"]

    private let task: TaskContext
    private let container: SwarmContainerSpec?
    private let secret: @Sendable (String) -> [UInt8]?
    private let config: @Sendable (String) -> [UInt8]?

    /// The context of `task` on `node`; `secret` and `config` give what an identifier stands for, as it is stored.
    package init(
        _ task: SwarmTask,
        on node: SwarmNodeDescription?,
        secret: @escaping @Sendable (String) -> [UInt8]?,
        config: @escaping @Sendable (String) -> [UInt8]?
    ) {
        self.task = TaskContext(task, on: node)
        if case .container(let container)? = task.spec.runtime {
            self.container = container
        } else {
            self.container = nil
        }
        self.secret = secret
        self.config = config
    }

    /// A payload of which every template is expanded, and whether a secret went into it.
    package struct Expansion: Sendable, Equatable {
        package var bytes: [UInt8]
        /// What holds a secret must not be written to a disk.
        package var isSensitive: Bool

        package init(bytes: [UInt8], isSensitive: Bool) {
            self.bytes = bytes
            self.isSensitive = isSensitive
        }
    }

    /// `payload` with its templates expanded.
    package func expand(_ payload: [UInt8]) throws(TemplateError) -> Expansion {
        guard Template.hasActions(payload) else { return Expansion(bytes: payload, isSensitive: false) }
        var (isSensitive, budget) = (false, TemplateBudget())
        let bytes = try Self.template(of: payload).expanded(self.task.root, within: &budget) {
            (name, arguments) throws(TemplateFault) in
            if name == "secret" { isSensitive = true }
            return .text(try self.call(name, arguments))
        }
        return Expansion(bytes: bytes, isSensitive: isSensitive)
    }

    /// Refuses a payload that could be expanded for no task at all.
    package static func check(_ payload: [UInt8]) throws(TemplateError) {
        guard Template.hasActions(payload) else { return }
        _ = try Self.template(of: payload)
    }

    private static func template(of payload: [UInt8]) throws(TemplateError) -> Template {
        try Template(payload, functions: Self.functions)
    }

    private func call(_ name: String, _ arguments: [TemplateValue]) throws(TemplateFault) -> [UInt8] {
        guard arguments.count == 1, case .text(let bytes) = arguments[0] else {
            throw TemplateFault("there is one argument, a name")
        }
        guard let container = self.container else { throw TemplateFault("the task is not a container") }
        let target = String(decoding: bytes, as: UTF8.self)
        switch name {
        case "secret":
            let reference = container.secrets.first { $0.isFile(named: target) }
            return try Self.found(reference.map { self.secret($0.secretID) }, "secret", target)
        case "config":
            let reference = container.configs.first { $0.isFile(named: target) }
            return try Self.found(reference.map { self.config($0.configID) }, "config", target)
        case "env": return Self.variable(target, in: container.env)
        default: throw TemplateFault("function \"\(name)\" is not available")
        }
    }

    private static func found(
        _ payload: [UInt8]??,
        _ kind: String,
        _ target: String
    ) throws(TemplateFault) -> [UInt8] {
        guard let reference = payload else { throw TemplateFault("\(kind) target \(target) not found") }
        guard let bytes = reference else { throw TemplateFault("this node was not given \(kind) \(target)") }
        return bytes
    }

    /// The variable's value as the spec has it; empty where it is not set.
    private static func variable(_ name: String, in env: [String]) -> [UInt8] {
        for entry in env {
            let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2, parts[0] == name { return Array(parts[1].utf8) }
        }
        return []
    }
}

extension SwarmSecretReference {
    fileprivate func isFile(named name: String) -> Bool {
        guard case .file(let file)? = self.target else { return false }
        return file.name == name
    }
}

extension SwarmConfigReference {
    fileprivate func isFile(named name: String) -> Bool {
        guard case .file(let file)? = self.target else { return false }
        return file.name == name
    }
}
