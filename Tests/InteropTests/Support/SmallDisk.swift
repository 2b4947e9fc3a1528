import Foundation
import Glibc

/// A disk of a few megabytes (a tmpfs) at a place where only its own mount namespace sees it.
///
/// The namespace lives as long as a process that waits for the end of its input: whatever becomes of the test,
/// nothing stays mounted.
final class SmallDisk {
    /// Whether there can be one: mounting needs root.
    static var isAvailable: Bool { geteuid() == 0 }

    private let mount: String
    private let keeper = Process()
    private let input = Pipe()

    /// Mounts it at `place`, which is made.
    init(at place: URL, megabytes: Int) throws {
        self.mount = place.path
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        let script = #"mount -t tmpfs -o size="$1"m,mode=0700 tmpfs "$0" && touch "$0/mounted" && exec cat"#
        self.keeper.executableURL = URL(filePath: "/usr/bin/unshare")
        self.keeper.arguments = ["--mount", "sh", "-c", script, self.mount, "\(megabytes)"]
        self.keeper.standardInput = self.input
        try self.keeper.run()
    }

    /// Whether it is there.
    var isMounted: Bool { FileManager.default.fileExists(atPath: self.seen(self.mount) + "/mounted") }

    /// What runs the command line behind it where the disk is seen.
    var entrance: [String] {
        ["/usr/bin/nsenter", "--mount=/proc/\(self.keeper.processIdentifier)/ns/mnt", "--"]
    }

    /// A path of the disk as this process sees it.
    func seen(_ path: String) -> String { "/proc/\(self.keeper.processIdentifier)/root\(path)" }

    private var ballast: String { self.seen(self.mount) + "/ballast" }

    /// Takes all the room that is left.
    func fill() throws {
        _ = FileManager.default.createFile(atPath: self.ballast, contents: nil)
        let file = open(self.ballast, O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        defer { close(file) }
        let block = [UInt8](repeating: 1, count: 4096)
        while write(file, block, block.count) > 0 {}
    }

    /// Gives it back.
    func makeRoom() throws { try FileManager.default.removeItem(atPath: self.ballast) }

    /// Makes the disk larger, as an operator does who can.
    func grow(toMegabytes size: Int) throws {
        let process = Process()
        process.executableURL = URL(filePath: self.entrance[0])
        process.arguments =
            self.entrance.dropFirst() + ["mount", "-o", "remount,size=\(size)m", self.mount]
        try process.run()
        process.waitUntilExit()
    }

    /// Unmounts the disk, by the end of its namespace.
    func remove() {
        try? self.input.fileHandleForWriting.close()
        kill(self.keeper.processIdentifier, SIGKILL)
        self.keeper.waitUntilExit()
    }
}
