import Crypto
import CryptoExtras
import FoundationEssentials
import SwiftASN1

/// PKCS #8's `EncryptedPrivateKeyInfo` in the one form that SwarmKit writes: PBES2 with PBKDF2 of HMAC-SHA1 and
/// AES-256-CBC (RFC 8018).
///
/// The password is 32 bytes of chance, so that neither SHA-1 nor the few rounds help a guesser.
struct EncryptedPrivateKey {
    /// The rounds that SwarmKit does.
    private static let writtenRounds = 2_048
    /// The most that are done for a file; what asks for more is damaged.
    private static let mostRounds = 1_000_000
    private static let saltSize = 8
    private static let ivSize = 16
    private static let keySize = 32

    private let salt: [UInt8]
    private let rounds: Int
    private let iv: [UInt8]
    private let ciphertext: [UInt8]

    /// Encrypts the bytes of a PKCS #8 key.
    init(
        _ key: [UInt8],
        password: [UInt8],
        using generator: inout some RandomNumberGenerator
    ) throws {
        self.salt = generator.bytes(Self.saltSize)
        self.rounds = Self.writtenRounds
        self.iv = generator.bytes(Self.ivSize)
        let derived = try Self.derive(password, salt: self.salt, rounds: self.rounds)
        self.ciphertext = Array(try AES._CBC.encrypt(key, using: derived, iv: AES._CBC.IV(ivBytes: self.iv)))
    }

    /// The bytes of the PKCS #8 key; nil with another password.
    ///
    /// One wrong password in a few hundred gives bytes that are no key; nothing but the key says so.
    func open(password: [UInt8]) -> [UInt8]? {
        guard let derived = try? Self.derive(password, salt: self.salt, rounds: self.rounds),
            let iv = try? AES._CBC.IV(ivBytes: self.iv),
            let key = try? AES._CBC.decrypt(self.ciphertext, using: derived, iv: iv)
        else { return nil }
        return Array(key)
    }

    private static func derive(_ password: [UInt8], salt: [UInt8], rounds: Int) throws -> SymmetricKey {
        try KDF.Insecure.PBKDF2.deriveKey(
            from: password,
            salt: salt,
            using: .insecureSHA1,
            outputByteCount: Self.keySize,
            unsafeUncheckedRounds: rounds
        )
    }
}

extension EncryptedPrivateKey {
    private static let pbes2: ASN1ObjectIdentifier = [1, 2, 840, 113_549, 1, 5, 13]
    private static let pbkdf2: ASN1ObjectIdentifier = [1, 2, 840, 113_549, 1, 5, 12]
    private static let hmacWithSHA1: ASN1ObjectIdentifier = [1, 2, 840, 113_549, 2, 7]
    private static let aes256CBC: ASN1ObjectIdentifier = [2, 16, 840, 1, 101, 3, 4, 1, 42]

    /// The encoding; the function of PBKDF2 is not named, since it is the default.
    var bytes: [UInt8] {
        get throws {
            var serializer = DER.Serializer()
            try serializer.appendConstructedNode(identifier: .sequence) { whole in
                try whole.appendConstructedNode(identifier: .sequence) { algorithm in
                    try algorithm.serialize(Self.pbes2)
                    try algorithm.appendConstructedNode(identifier: .sequence) { scheme in
                        try self.serializeDerivation(into: &scheme)
                        try scheme.appendConstructedNode(identifier: .sequence) { cipher in
                            try cipher.serialize(Self.aes256CBC)
                            try cipher.serialize(ASN1OctetString(contentBytes: self.iv[...]))
                        }
                    }
                }
                try whole.serialize(ASN1OctetString(contentBytes: self.ciphertext[...]))
            }
            return serializer.serializedBytes
        }
    }

    private func serializeDerivation(into scheme: inout DER.Serializer) throws {
        try scheme.appendConstructedNode(identifier: .sequence) { derivation in
            try derivation.serialize(Self.pbkdf2)
            try derivation.appendConstructedNode(identifier: .sequence) { parameters in
                try parameters.serialize(ASN1OctetString(contentBytes: self.salt[...]))
                try parameters.serialize(self.rounds)
            }
        }
    }

    /// Reads the encoding; throws where it is damaged or of another form.
    init(parsing bytes: [UInt8]) throws {
        self = try DER.sequence(DER.parse(bytes), identifier: .sequence) { whole in
            let algorithm = try Self.algorithm(&whole)
            guard algorithm.name == Self.pbes2 else { throw Self.foreign("the scheme") }
            let ciphertext = try ASN1OctetString(derEncoded: &whole)
            return try DER.sequence(algorithm.parameters, identifier: .sequence) { scheme in
                let derivation = try Self.algorithm(&scheme)
                let cipher = try Self.algorithm(&scheme)
                guard derivation.name == Self.pbkdf2 else { throw Self.foreign("the derivation") }
                guard cipher.name == Self.aes256CBC else { throw Self.foreign("the cipher") }
                let (salt, rounds) = try Self.parameters(of: derivation.parameters)
                let iv = Array(try ASN1OctetString(derEncoded: cipher.parameters).bytes)
                guard iv.count == Self.ivSize else { throw Self.foreign("the length of the start value") }
                return Self(salt: salt, rounds: rounds, iv: iv, ciphertext: Array(ciphertext.bytes))
            }
        }
    }

    private init(salt: [UInt8], rounds: Int, iv: [UInt8], ciphertext: [UInt8]) {
        (self.salt, self.rounds, self.iv, self.ciphertext) = (salt, rounds, iv, ciphertext)
    }

    /// An `AlgorithmIdentifier` with parameters.
    private static func algorithm(
        _ nodes: inout ASN1NodeCollection.Iterator
    ) throws -> (name: ASN1ObjectIdentifier, parameters: ASN1Node) {
        guard let node = nodes.next() else { throw Self.foreign("an algorithm") }
        return try DER.sequence(node, identifier: .sequence) { nodes in
            let name = try ASN1ObjectIdentifier(derEncoded: &nodes)
            guard let parameters = nodes.next() else { throw Self.foreign("an algorithm") }
            return (name, parameters)
        }
    }

    private static func parameters(of node: ASN1Node) throws -> (salt: [UInt8], rounds: Int) {
        try DER.sequence(node, identifier: .sequence) { nodes in
            let salt = Array(try ASN1OctetString(derEncoded: &nodes).bytes)
            let rounds = try Int(derEncoded: &nodes)
            guard (1...Self.mostRounds).contains(rounds) else { throw Self.foreign("the number of rounds") }
            let length: Int? = try DER.optionalImplicitlyTagged(&nodes)
            guard length == nil || length == Self.keySize else { throw Self.foreign("the length of the key") }
            if let function = nodes.next() {
                let name = try DER.sequence(function, identifier: .sequence) { nodes in
                    defer { _ = nodes.next() }
                    return try ASN1ObjectIdentifier(derEncoded: &nodes)
                }
                guard name == Self.hmacWithSHA1 else { throw Self.foreign("the function of the derivation") }
            }
            return (salt, rounds)
        }
    }

    private static func foreign(_ what: String) -> ASN1Error {
        .invalidASN1Object(reason: "\(what) of the encrypted key is not SwarmKit's")
    }
}
