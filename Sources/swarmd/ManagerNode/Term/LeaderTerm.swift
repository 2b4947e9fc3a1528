package import Logging

/// The components that run while this manager leads.
///
/// They live and die together: the first one to stop, for whatever reason, ends the term, and the term's
/// end cancels the rest. A component therefore never has to ask whether this manager still leads.
package struct LeaderTerm: Sendable {
    /// A named part of the term.
    package struct Component: Sendable {
        let name: String
        let run: @concurrent @Sendable () async throws -> Void

        package init(name: String, run: @concurrent @escaping @Sendable () async throws -> Void) {
            self.name = name
            self.run = run
        }
    }

    private let components: [Component]
    private let log: Logger

    package init(_ components: [Component], log: Logger) {
        self.components = components
        self.log = log
    }

    /// Runs the components until one stops or the caller is cancelled.
    package func run() async throws {
        try await withThrowingTaskGroup(of: String.self) { group in
            for component in self.components {
                group.addTask {
                    try await component.run()
                    return component.name
                }
            }
            defer { group.cancelAll() }
            let first = try await group.next()
            self.log.notice("the leader's term ended", metadata: ["first-to-stop": "\(first ?? "none")"])
        }
    }
}
