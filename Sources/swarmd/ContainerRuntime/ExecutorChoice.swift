package import Execution
package import Logging

/// The executors that an operator can name.
package enum ExecutorChoice: String, CaseIterable, Sendable {
    /// The first that this machine has.
    case auto
    case docker
    case oci
    case process
    case simulated

    /// A choice that this release cannot serve.
    package struct Unavailable: Error, Equatable, CustomStringConvertible {
        package var choice: ExecutorChoice

        package var description: String {
            "executor \"\(self.choice.rawValue)\" is not available yet: use auto, process or simulated"
        }
    }

    /// The executor of that name; `settings` say what it works with.
    package func make(_ settings: ExecutorSettings, log: Logger) throws -> any Executor {
        switch self {
        case .auto, .process: ProcessExecutor(settings, log: log)
        case .simulated: SimulatedExecutor(settings)
        case .docker, .oci: throw Unavailable(choice: self)
        }
    }
}
