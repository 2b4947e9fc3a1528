import LinuxSystem
import SwarmAPI
import SwiftProtobuf

extension ExecutorSettings {
    /// What this machine is, in the words that Docker uses in its own reports.
    func describe() throws -> SwarmNodeDescription {
        let memory = try Machine.memory()
        return .with {
            $0.hostname = self.hostname
            $0.platform = .with {
                $0.architecture = Machine.architecture()
                $0.os = "linux"
            }
            $0.resources = .with {
                $0.nanoCpus = Int64(Machine.processors()) * 1_000_000_000
                $0.memoryBytes = memory
            }
            $0.engine = .with {
                $0.engineVersion = self.engineVersion
                $0.labels = self.labels
                $0.plugins = ["json-file", "local"].map { name in
                    .with {
                        $0.type = "Log"
                        $0.name = name
                    }
                }
            }
        }
    }
}
