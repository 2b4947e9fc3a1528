import Glibc
import Synchronization

/// What the machine is.
package enum Machine {
    private static let boot =
        (try? Files.readText("/proc/sys/kernel/random/boot_id").filter { $0 != "\n" }) ?? ""

    /// Names the current run of the kernel.
    package static func bootID() -> String { Self.boot }

    package static func hostname() throws -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        if gethostname(&buffer, buffer.count - 1) != 0 { throw SystemError.last("gethostname") }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// The processors that may be used now.
    package static func processors() -> Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    /// The main memory in bytes.
    package static func memory() throws -> Int64 {
        Self.memory(parsing: try Files.readText("/proc/meminfo")) ?? 0
    }

    static func memory(parsing text: String) -> Int64? {
        for line in text.split(separator: "\n") where line.hasPrefix("MemTotal:") {
            let words = line.split(separator: " ")
            return words.count > 1 ? Int64(words[1]).map { $0 * 1024 } : nil
        }
        return nil
    }

    /// The processor's family as `uname` says it: "x86_64", "aarch64".
    package static func architecture() -> String { Self.system { $0.machine } }

    /// The kernel's release.
    package static func kernel() -> String { Self.system { $0.release } }

    private static func system<Field>(_ field: (utsname) -> Field) -> String {
        var names = utsname()
        uname(&names)
        return withUnsafeBytes(of: field(names)) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// Nanoseconds since 1970 on the machine's clock.
    package static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
