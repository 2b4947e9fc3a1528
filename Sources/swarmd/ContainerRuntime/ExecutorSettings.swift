/// What an executor is told of the node that it works for.
package struct ExecutorSettings: Sendable {
    /// The node's state directory; an executor keeps what it has under `worker/`.
    package var stateDirectory: String
    /// The name by which the node is known.
    package var hostname: String
    /// The release of this program, reported as the engine's version.
    package var engineVersion: String
    /// The engine's labels, against which constraints on `engine.labels` are held.
    package var labels: [String: String]
    /// The command that becomes a task's supervisor; the task's directory is added to it.
    package var supervisor: [String]

    package init(
        stateDirectory: String,
        hostname: String,
        engineVersion: String,
        labels: [String: String] = [:],
        supervisor: [String] = ["/proc/self/exe", TaskSupervisor.command]
    ) {
        self.stateDirectory = stateDirectory
        self.hostname = hostname
        self.engineVersion = engineVersion
        self.labels = labels
        self.supervisor = supervisor
    }
}
