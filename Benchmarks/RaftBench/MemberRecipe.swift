import BenchSupport
import Foundation

/// How a member is started, the same each time, and where it answers.
struct MemberRecipe: Sendable {
    /// The manager that gives the token by which a member joins.
    struct Sponsor: Sendable {
        let swarmd: URL
        let socket: String
    }

    var command: [String]
    let endpoint: Endpoint
    let log: URL
    /// Nil for a member that needs nobody's leave.
    var sponsor: Sponsor?

    /// Starts the member.
    func start() throws -> Daemon {
        var command = self.command
        if let sponsor = self.sponsor {
            let token = try JoinTokens.token(of: "manager", swarmd: sponsor.swarmd, socket: sponsor.socket)
            command += ["--token", token]
        }
        return try Daemon(command, log: self.log)
    }

    /// Starts the member again: it is in its group, and needs nobody for that.
    func restart() throws -> Daemon { try Daemon(self.command, log: self.log) }
}
