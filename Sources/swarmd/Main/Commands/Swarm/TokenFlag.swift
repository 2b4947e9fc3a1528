import Trust

/// Reads `--token`.
enum TokenFlag {
    private static let flag = "--token"
    private static let source = "`swarmd join-token worker` (or manager) on a manager prints it"

    /// The token without the blanks and line ends that copying puts around it.
    static func parse(_ text: String) throws(CommandError) -> JoinToken {
        let characters = text.drop(while: \.isWhitespace)
        let token = String(characters.prefix(while: { !$0.isWhitespace }))
        guard !token.isEmpty else { throw CommandError("\(Self.flag): it is empty: \(Self.source)") }
        guard characters.dropFirst(token.count).allSatisfy(\.isWhitespace) else {
            throw CommandError("\(Self.flag): there is a blank or a line's end in it: copy it in one piece")
        }
        do throws(JoinTokenError) { return try JoinToken(parsing: token) } catch {
            throw CommandError("\(Self.flag): \(Self.problem(of: token, error))")
        }
    }

    private static func problem(of token: String, _ error: JoinTokenError) -> String {
        if token.uppercased().hasPrefix("SWMKEY-") {
            return "this is an unlock key and no join token: \(Self.source)"
        }
        // Tokens are written in one way only, and only their first letters are capitals.
        let parts = token.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        if parts[0].uppercased() == "SWMTKN",
            parts[0] != "SWMTKN" || parts.dropFirst().contains(where: { $0.contains(where: \.isUppercase) })
        {
            return
                "SWMTKN is written in capitals and the rest in small letters: copy it as it was printed; \(Self.source)"
        }
        let text = FieldNames.translated("\(error)")
        return "\(text.dropFirst("\(Self.flag): ".count)); \(Self.source)"
    }
}
