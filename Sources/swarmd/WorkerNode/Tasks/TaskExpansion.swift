import Execution
import SwarmAPI
import SwiftProtobuf
import Templating

/// Fills in what a task's spec, secrets and configs leave to the node: their templates (SwarmKit `template/`).
struct TaskExpansion: Sendable {
    let dependencies: DependencyStore
    /// What this node is.
    let describe: @Sendable () async throws -> SwarmNodeDescription

    /// A task as executors see it.
    struct Result: Sendable {
        /// The task with its templates expanded; as it came where that failed.
        var task: SwarmTask
        /// Why the task cannot be run.
        var fault: String?
    }

    /// The task as executors see it; throws where this node cannot say yet what it is.
    func expand(_ task: SwarmTask) async throws(ControllerError) -> Result {
        guard case .container(let container)? = task.spec.runtime, container.hasTemplates else {
            return Result(task: task)
        }
        let context = TaskContext(task, on: try await self.described())
        do throws(FieldTemplateError) {
            var expanded = task
            expanded.spec.container = try container.expanded(for: context)
            return Result(task: expanded)
        } catch {
            return Result(task: task, fault: "container.\(error)")
        }
    }

    private func described() async throws(ControllerError) -> SwarmNodeDescription {
        do { return try await self.describe() } catch {
            throw .temporary("templates: this node cannot be described: \(error)")
        }
    }

    /// The files of `task`; its templates are those of the task as it came.
    func files(of task: SwarmTask) async throws -> TaskFiles {
        guard case .container(let container)? = task.spec.runtime,
            !container.secrets.isEmpty || !container.configs.isEmpty
        else { return TaskFiles() }
        let (dependencies, id) = (self.dependencies, task.id)
        let context = PayloadContext(task, on: try await self.described()) { secret in
            dependencies.secret(secret, for: id).map { [UInt8]($0.spec.data) }
        } config: { config in
            dependencies.config(config).map { [UInt8]($0.spec.data) }
        }
        var files = TaskFiles()
        for reference in container.secrets {
            guard case .file(let target)? = reference.target else { continue }
            guard let secret = dependencies.secret(reference.secretID, for: id) else {
                throw self.missing("secret", reference.secretName)
            }
            let payload = Payload(
                kind: "secret",
                name: reference.secretName,
                bytes: [UInt8](secret.spec.data)
            )
            let driver = secret.spec.hasTemplating ? secret.spec.templating : nil
            files.secrets.append(try payload.file(at: target, driver, context, isSecret: true))
        }
        for reference in container.configs {
            // Others configure the container and are no files.
            guard case .file(let target)? = reference.target else { continue }
            guard let config = dependencies.config(reference.configID) else {
                throw self.missing("config", reference.configName)
            }
            let payload = Payload(
                kind: "config",
                name: reference.configName,
                bytes: [UInt8](config.spec.data)
            )
            let driver = config.spec.hasTemplating ? config.spec.templating : nil
            files.configs.append(try payload.file(at: target, driver, context, isSecret: false))
        }
        return files
    }

    private func missing(_ kind: String, _ name: String) -> ControllerError {
        guard self.dependencies.isKnown else {
            return .temporary("\(kind) \(name): it comes with the first word of a manager")
        }
        return .rejected("\(kind) \(name): the manager did not give it to this node")
    }
}

/// What a secret or config holds, on its way to a task.
private struct Payload {
    var kind: String
    var name: String
    var bytes: [UInt8]

    func file(
        at target: SwarmFileTarget,
        _ driver: SwarmDriver?,
        _ context: PayloadContext,
        isSecret: Bool
    ) throws(ControllerError) -> TaskFiles.File {
        var expansion = PayloadContext.Expansion(bytes: self.bytes, isSensitive: false)
        if let driver {
            guard driver.name == PayloadContext.driver else {
                throw .rejected(
                    "\(self.kind) \(self.name): template driver \"\(driver.name)\" is not known here"
                )
            }
            do throws(TemplateError) { expansion = try context.expand(self.bytes) } catch {
                throw .rejected("\(self.kind) \(self.name): \(error)")
            }
        }
        return TaskFiles.File(
            name: target.name,
            uid: target.uid,
            gid: target.gid,
            mode: target.mode,
            content: expansion.bytes,
            isSensitive: isSecret || expansion.isSensitive
        )
    }
}
