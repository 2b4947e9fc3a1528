import FoundationEssentials
import SwarmAPI
import SwiftProtobuf

/// A value of the key file's headers that holds a key: base 64 of a `MaybeEncryptedRecord`, in clear without an unlock
/// key and in a `SecretBox` with one.
enum SealedHeader {
    /// The value for `key`.
    static func text(
        of key: [UInt8],
        lockedWith unlockKey: UnlockKey?,
        using generator: inout some RandomNumberGenerator
    ) -> String {
        var record = SwarmMaybeEncryptedRecord()
        if let unlockKey {
            let nonce = generator.bytes(SecretBox.nonceSize)
            record.algorithm = .secretboxSalsa20Poly1305
            record.data = Data(SecretBox.seal(key, key: unlockKey.bytes, nonce: nonce))
            record.nonce = Data(nonce)
        } else {
            record.data = Data(key)
        }
        guard let bytes: Data = try? record.serializedBytes() else {
            preconditionFailure("a key of \(key.count) bytes can't be serialized")
        }
        return bytes.base64EncodedString()
    }

    /// The key in the value of the header `name`.
    static func key(in text: String, of name: String, unlockKey: UnlockKey?) throws(KeyFileError) -> [UInt8] {
        guard let bytes = Data(base64Encoded: text),
            let record = try? SwarmMaybeEncryptedRecord(serializedBytes: bytes)
        else { throw .damaged("header \(name) is not what was written") }
        let key: [UInt8]
        switch record.algorithm {
        case .none: key = Array(record.data)
        case .secretboxSalsa20Poly1305:
            guard let unlockKey else { throw .locked }
            guard
                let text = SecretBox.open(
                    Array(record.data),
                    key: unlockKey.bytes,
                    nonce: Array(record.nonce)
                )
            else { throw .wrongKey }
            key = text
        case .fernetAes128Cbc:
            throw .damaged("header \(name) is encrypted for FIPS, which swarmd does not do")
        case .UNRECOGNIZED(let number): throw .damaged("header \(name) is encrypted by algorithm \(number)")
        }
        guard key.count == DataKeys.keySize else {
            throw .damaged("header \(name) has a key of \(key.count) bytes")
        }
        return key
    }
}
