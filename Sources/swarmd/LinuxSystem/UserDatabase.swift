import Glibc

/// A user as the machine's own database knows it.
package struct UserRecord: Sendable, Equatable {
    package var name: String
    package var uid: UInt32
    package var gid: UInt32
    package var home: String
}

/// Users and groups by name or number.
package enum UserDatabase {
    /// The user of that name, or of that number; nil where there is none.
    package static func user(_ reference: String) -> UserRecord? {
        Self.lookup { entry, buffer, found in getpwnam_r(reference, entry, buffer, Self.room, found) }
            ?? UInt32(reference).flatMap { uid in
                Self.lookup { entry, buffer, found in
                    getpwuid_r(uid, entry, buffer, Self.room, found)
                }
            }
    }

    /// The number of the group of that name; a number stands for itself.
    package static func group(_ reference: String) -> UInt32? {
        var entry = Glibc.group()
        var found: UnsafeMutablePointer<Glibc.group>?
        return Self.withBuffer { buffer in
            guard getgrnam_r(reference, &entry, buffer, Self.room, &found) == 0, found != nil else {
                return UInt32(reference)
            }
            return entry.gr_gid
        }
    }

    /// All groups that a user belongs to, sorted, `gid` among them.
    package static func groups(of name: String, gid: UInt32) -> [UInt32] {
        var count: Int32 = 256
        var groups = [gid_t](repeating: 0, count: Int(count))
        guard getgrouplist(name, gid, &groups, &count) >= 0 else { return [gid] }
        return groups.prefix(Int(count)).sorted()
    }

    private typealias Lookup = (
        UnsafeMutablePointer<passwd>, UnsafeMutablePointer<CChar>,
        UnsafeMutablePointer<UnsafeMutablePointer<passwd>?>
    ) -> Int32

    private static func lookup(_ call: Lookup) -> UserRecord? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        return Self.withBuffer { buffer in
            guard call(&entry, buffer, &found) == 0, found != nil, let name = entry.pw_name else {
                return nil
            }
            return UserRecord(
                name: String(cString: name),
                uid: entry.pw_uid,
                gid: entry.pw_gid,
                home: entry.pw_dir.map { String(cString: $0) } ?? "/"
            )
        }
    }

    /// The room for an entry's strings, which holds any entry seen in practice.
    private static let room = 64 << 10

    /// Lends the room in which the C library puts an entry's strings.
    private static func withBuffer<Result>(_ body: (UnsafeMutablePointer<CChar>) -> Result) -> Result {
        let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: Self.room)
        defer { buffer.deallocate() }
        return body(buffer)
    }
}
