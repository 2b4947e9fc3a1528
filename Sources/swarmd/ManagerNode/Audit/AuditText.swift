/// Texts of callers and of errors, made fit for a record.
enum AuditText {
    /// What must never be written down, however it came into a text: join tokens and unlock keys.
    private static let secrets = ["SWMTKN-", "SWMKEY-"]

    /// `text` without secrets, and no longer than `limit` bytes.
    static func fit(_ text: String, limit: Int) -> String {
        var text = text
        if Self.mayHaveSecret(&text) {
            for secret in Self.secrets where text.contains(secret) { text = Self.hide(secret, in: text) }
        }
        guard text.utf8.count > limit else { return text }
        let end = "…"
        var kept = String(decoding: text.utf8.prefix(limit - end.utf8.count), as: UTF8.self)
        // A letter that was cut in two.
        while kept.unicodeScalars.last == "\u{FFFD}" { kept.unicodeScalars.removeLast() }
        return kept + end
    }

    /// Whether the three letters with which every secret begins are in `text`: a look at its letters one by one would
    /// take longer than most changes.
    private static func mayHaveSecret(_ text: inout String) -> Bool {
        text.withUTF8 { bytes in
            bytes.indices.dropLast(2).contains { place in
                bytes[place] == UInt8(ascii: "S") && bytes[place + 1] == UInt8(ascii: "W")
                    && bytes[place + 2] == UInt8(ascii: "M")
            }
        }
    }

    private static func hide(_ secret: String, in text: String) -> String {
        let parts = text.split(separator: secret, omittingEmptySubsequences: false)
        let rest = parts.dropFirst().map { part in
            part.drop { $0.isLetter || $0.isNumber || "-+/=".contains($0) }
        }
        return parts[0] + rest.map { "\(secret)[hidden]\($0)" }.joined()
    }
}
