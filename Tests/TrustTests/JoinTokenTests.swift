import Primitives
import Testing
import Trust

@Suite struct JoinTokenTests {
    // The token that the Docker manager with `DockerRoot` gave its workers.
    private static let digest = "25dtk6sohcd3racpchz4rfuq9dqm1mqdez7a3sf7yvvjdl1iau"
    private static let secret = "c3l1ijj1nzftxyyz7efo3mnqb"

    @Test func `a token of Docker's is read, and speaks of its root`() throws {
        let text = "SWMTKN-1-\(Self.digest)-\(Self.secret)"
        let token = try JoinToken(parsing: text)
        #expect(token.digest == Self.digest)
        #expect(token.secret == Self.secret)
        #expect(!token.requiresFIPS)
        #expect(token.text == text)
        #expect(token.trusts(DockerRoot.pem.utf8))
        // The line's end belongs to the file.
        #expect(!token.trusts(DockerRoot.pem.utf8.dropLast()))
    }

    @Test func `a fresh token has the digest of its root and a secret of its own`() throws {
        var generator = SeededGenerator(seed: 1)
        let first = JoinToken(rootCA: DockerRoot.pem.utf8, using: &generator)
        let second = JoinToken(rootCA: DockerRoot.pem.utf8, requiresFIPS: true, using: &generator)
        #expect(first.digest == Self.digest && second.digest == Self.digest)
        #expect(first.secret != second.secret)
        #expect(first.secret.count == JoinToken.secretLength)
        #expect(try JoinToken(parsing: first.text) == first)
        #expect(try JoinToken(parsing: second.text) == second)
        #expect(second.text.hasPrefix("SWMTKN-2-1-"))
    }

    @Test(arguments: [
        ("", JoinTokenError.prefix),
        ("SWMKEY-1-\(digest)-\(secret)", .prefix),
        ("swmtkn-1-\(digest)-\(secret)", .prefix),
        ("SWMTKN", .parts),
        ("SWMTKN-1-\(digest)", .parts),
        ("SWMTKN-1-\(digest)-\(secret)-x", .parts),
        ("SWMTKN-2-\(digest)-\(secret)", .parts),
        ("SWMTKN-2-2-\(digest)-\(secret)", .parts),
        ("SWMTKN-3-\(digest)-\(secret)", .version("3")),
        ("SWMTKN-1-\(digest)0-\(secret)", .digest),
        ("SWMTKN-1-\(digest.uppercased())-\(secret)", .digest),
        ("SWMTKN-1-\(digest)-\(secret.dropLast())", .secret),
        ("SWMTKN-1-\(digest)-\(secret) ", .secret),
        ("SWMTKN-1-\(digest)-\(secret.dropLast())\u{0e9}", .secret),
    ])
    func `what is no token is refused with the reason`(text: String, expected: JoinTokenError) {
        #expect(throws: expected) { try JoinToken(parsing: text) }
        #expect(expected.description.hasPrefix("join token: "))
    }

    @Test func `a token of FIPS may say that it is not asked for`() throws {
        #expect(try JoinToken(parsing: "SWMTKN-2-0-\(Self.digest)-\(Self.secret)").requiresFIPS == false)
    }

    @Test func `only the whole token lets in, and an empty one nobody`() {
        let token = "SWMTKN-1-\(Self.digest)-\(Self.secret)"
        #expect(JoinToken.matches(token, token))
        #expect(!JoinToken.matches(String(token.dropLast()), token))
        #expect(!JoinToken.matches(token + "0", token))
        #expect(!JoinToken.matches("", token))
        #expect(!JoinToken.matches("", ""))
    }
}
