import FoundationEssentials

/// The key that opens a locked manager's files (SwarmKit `manager/encryption`, `HumanReadableKey`).
///
/// Its text is `SWMKEY-1-` and 43 characters of base 64 without padding.
package struct UnlockKey: Sendable, Equatable {
    /// How many bytes it has.
    package static let length = 32
    private static let prefix = "SWMKEY-1-"

    /// The key itself.
    package let bytes: [UInt8]

    /// A fresh key.
    package init(using generator: inout some RandomNumberGenerator) {
        self.bytes = (0..<Self.length).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// A key that is kept elsewhere; nil if it has another length.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.length else { return nil }
        self.bytes = Array(bytes)
    }

    /// Reads a key; throws `UnlockKeyError` for what is none.
    package init(parsing text: String) throws(UnlockKeyError) {
        guard text.hasPrefix(Self.prefix) else { throw UnlockKeyError() }
        let body = text.dropFirst(Self.prefix.count)
        guard !body.contains("="), let data = Data(base64Encoded: body + "="), let key = Self(bytes: data),
            // Bits beyond the last byte would give one key many texts.
            key.text == text
        else { throw UnlockKeyError() }
        self = key
    }

    /// The key as operators keep it.
    package var text: String {
        Self.prefix + Data(self.bytes).base64EncodedString().prefix { $0 != "=" }
    }

    /// Equal in a time that tells nothing.
    package static func == (left: Self, right: Self) -> Bool { ConstantTime.areEqual(left.text, right.text) }
}

/// A text is no unlock key.
package struct UnlockKeyError: Error, Equatable, CustomStringConvertible {
    package init() {}

    package var description: String {
        "unlock key: it is not of the form SWMKEY-1- and 43 characters; was it copied whole? `swarmd unlock-key` on another manager shows it"
    }
}
