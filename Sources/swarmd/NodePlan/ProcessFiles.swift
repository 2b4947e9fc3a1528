package import SwarmAPI
import SwiftProtobuf

/// The secrets and configs of a plain process: where it is told to look for them, and what they may be called.
///
/// It has no file system of its own in which they could stand at a path, as they do in a container: they are in a folder,
/// and variables that systemd's services know say in which.
package enum ProcessFiles {
    /// The folders, below the task's own, and the variables that say where they are.
    package static let secrets = (folder: "secrets", variable: "CREDENTIALS_DIRECTORY")
    package static let configs = (folder: "configs", variable: "CONFIGURATION_DIRECTORY")
    /// The longest name of a file.
    private static let nameBytes = 255

    /// Whether a task of the spec has files.
    package static func isWanted(by container: SwarmContainerSpec) -> Bool {
        !container.secrets.isEmpty || !container.configs.isEmpty
    }

    /// Refuses files that cannot be in a folder.
    static func check(_ container: SwarmContainerSpec) throws {
        for secret in container.secrets {
            guard case .file(let file)? = secret.target else { continue }
            try Self.check(file.name, "container.secrets")
        }
        for config in container.configs {
            switch config.target {
            case .file(let file)?: try Self.check(file.name, "container.configs")
            case .runtime?, nil:
                throw PlanError(
                    "container.configs",
                    "\(config.configName) is no file, and a plain process has no use for it"
                )
            }
        }
    }

    private static func check(_ name: String, _ field: String) throws {
        let isName = !name.isEmpty && name != "." && name != ".." && name.utf8.count <= Self.nameBytes
        guard isName, !name.utf8.contains(where: { $0 == 0x2f || $0 == 0 }) else {
            throw PlanError(
                field,
                "target \"\(name)\" is no name of a file: a plain process finds its files in a folder, by name"
            )
        }
    }

    /// The variables of a task whose own folder is `folder`.
    static func variables(of container: SwarmContainerSpec, in folder: String) -> [String] {
        var variables: [String] = []
        if !container.secrets.isEmpty {
            variables.append("\(Self.secrets.variable)=\(folder)/\(Self.secrets.folder)")
        }
        if !container.configs.isEmpty {
            variables.append("\(Self.configs.variable)=\(folder)/\(Self.configs.folder)")
        }
        return variables
    }
}
