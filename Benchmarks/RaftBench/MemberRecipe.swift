import Foundation

/// How a member is started, the same each time, and where it answers.
struct MemberRecipe: Sendable {
    var command: [String]
    let endpoint: Endpoint
    let log: URL
}
