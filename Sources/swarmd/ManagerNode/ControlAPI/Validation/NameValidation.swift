import GRPCCore

/// Whether a name can be taken (SwarmKit `controlapi/common.go`).
///
/// The patterns are checked by hand: they are simple, and a backtracking engine could be made to take
/// exponential time by a hostile name.
enum NameValidation {
    /// The name of a service or network: one component of a domain name.
    static func checkDNS(_ name: String) throws(RPCError) {
        guard !name.isEmpty else { throw .invalid("meta: name must be provided") }
        guard Self.isWord(name[...], inside: "-_") else {
            throw .invalid("name must be valid as a DNS name component")
        }
        guard name.utf8.count <= 63 else { throw .invalid("name must be 63 characters or fewer") }
    }

    /// The name of a secret or config.
    static func checkPayload(_ name: String) throws(RPCError) {
        guard !name.isEmpty else { throw .invalid("name must be provided") }
        guard name.utf8.count <= 64 && Self.isWord(name[...], inside: "-_.") else {
            throw .invalid(
                "invalid name, only 64 [a-zA-Z0-9-_.] characters allowed, "
                    + "and the start and end character must be [a-zA-Z0-9]"
            )
        }
    }

    /// Tells whether `text` has letters and digits at both ends, and only those and `marks` inside.
    static func isWord(_ text: Substring, inside marks: String) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last else { return false }
        return Self.isAlphanumeric(first) && Self.isAlphanumeric(last)
            && text.utf8.allSatisfy { Self.isAlphanumeric($0) || marks.utf8.contains($0) }
    }

    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default: false
        }
    }
}
