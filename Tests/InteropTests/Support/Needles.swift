import Foundation
import Glibc

/// Things that must stand in no file, each in every form in which it could.
struct Needles {
    private var all: [(name: String, bytes: Data)] = []

    /// Adds raw bytes, and their base 64 and hexadecimal.
    mutating func add(_ name: String, bytes: some Collection<UInt8>) {
        let data = Data(bytes)
        self.all.append(("\(name), bytes", data))
        // What stands before them in a record shifts the characters; those that it shares with them don't count.
        for shift in 0..<3 {
            let text = (Data(count: shift) + data).base64EncodedString()
            let first = (shift * 8 + 5) / 6
            let own = text.dropFirst(first).prefix((shift + data.count) * 8 / 6 - first)
            self.all.append(("\(name), base 64", Data(own.utf8)))
        }
        let hex = data.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        self.all.append(("\(name), hexadecimal", Data(hex.utf8)))
    }

    /// Adds a text as it stands.
    mutating func add(_ name: String, text: String) { self.all.append((name, Data(text.utf8))) }

    /// Adds a private key in PEM: its number, its bytes, and the lines of its body.
    mutating func add(_ name: String, pem: String) {
        let lines = pem.split(separator: "\n").filter { !$0.hasPrefix("-") }
        // A short last line is no sign of a key.
        for line in lines where line.count > 20 { self.add("\(name), PEM", text: String(line)) }
        guard let bytes = Data(base64Encoded: lines.joined()) else { return }
        self.add(name, bytes: bytes)
        // In SEC 1 and in PKCS 8 the number follows its length and the version before it.
        let mark = Data([0x02, 0x01, 0x01, 0x04, 0x20])
        if let found = bytes.range(of: mark), found.upperBound + 32 <= bytes.endIndex {
            self.add("\(name), number", bytes: bytes[found.upperBound..<found.upperBound + 32])
        }
    }

    /// Where any of them stands in the files below `directory`.
    func found(below directory: URL) throws -> [String] {
        let walker = FileManager.default.enumerator(at: directory, includingPropertiesForKeys: nil)
        var found: [String] = []
        while let file = walker?.nextObject() as? URL {
            var isFolder = ObjCBool(false)
            // What is gone since it was listed holds nothing.
            guard FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder),
                !isFolder.boolValue, let data = try? Data(contentsOf: file)
            else { continue }
            for needle in self.all where Self.holds(data, needle.bytes) {
                found.append("\(needle.name) in \(file.path.dropFirst(directory.path.count + 1))")
            }
        }
        return found
    }

    /// Whether `data` holds `needle`, looked for by its first byte that is not zero: logs are mostly zeros.
    private static func holds(_ data: Data, _ needle: Data) -> Bool {
        guard let anchor = needle.firstIndex(where: { $0 != 0 }) else { return false }
        let offset = anchor - needle.startIndex
        let mark = Int32(needle[anchor])
        return data.withUnsafeBytes { data in
            needle.withUnsafeBytes { needle in
                guard let start = data.baseAddress, let sought = needle.baseAddress else { return false }
                var position = offset
                while position < data.count,
                    let hit = memchr(start + position, mark, data.count - position)
                {
                    let place = UnsafeRawPointer(hit) - start
                    let begin = place - offset
                    if begin + needle.count <= data.count, memcmp(start + begin, sought, needle.count) == 0 {
                        return true
                    }
                    position = place + 1
                }
                return false
            }
        }
    }
}
