/// What a task finds as files: its secrets and its configs.
package struct TaskFiles: Sendable, Equatable {
    /// Gives the files as they are to be now; throws `ControllerError` where they cannot be had.
    ///
    /// What a task needs comes from a manager and is in memory only: it is asked for when a task is prepared, and not
    /// for one that was found running.
    package typealias Source = @Sendable () async throws -> TaskFiles

    /// One file.
    package struct File: Sendable, Equatable {
        /// Its name, or its path in the task's file system.
        package var name: String
        /// Who owns it, as numbers in text.
        package var uid: String
        package var gid: String
        /// Its permissions.
        package var mode: UInt32
        package var content: [UInt8]
        /// Whether it holds a secret, and must not be written to a disk.
        package var isSensitive: Bool

        package init(
            name: String,
            uid: String,
            gid: String,
            mode: UInt32,
            content: [UInt8],
            isSensitive: Bool
        ) {
            self.name = name
            self.uid = uid
            self.gid = gid
            self.mode = mode
            self.content = content
            self.isSensitive = isSensitive
        }
    }

    package var secrets: [File]
    package var configs: [File]

    package init(secrets: [File] = [], configs: [File] = []) {
        self.secrets = secrets
        self.configs = configs
    }
}
