import Foundation
import Glibc

/// What a process takes of the machine.
struct ProcessUse {
    let pid: pid_t

    /// The resident memory, in MiB.
    var resident: Double { self.memory("Rss:") }
    /// What of it is the process's own, in MiB.
    var anonymous: Double { self.memory("Anonymous:") }

    /// How long its threads have been on a processor since they began, in seconds.
    var processorTime: Double {
        let folder = "/proc/\(self.pid)/task"
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let nanoseconds = threads.reduce(0.0) { sum, thread in
            let text = (try? String(contentsOfFile: "\(folder)/\(thread)/schedstat", encoding: .utf8)) ?? ""
            return sum + (text.split(separator: " ").first.flatMap { Double($0) } ?? 0)
        }
        return nanoseconds / 1e9
    }

    private func memory(_ field: String) -> Double {
        let text = (try? String(contentsOfFile: "/proc/\(self.pid)/smaps_rollup", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix(field) }
        let kibibytes = line?.split(separator: " ").dropFirst().first.flatMap { Double($0) }
        return kibibytes.map { $0 / 1_024 } ?? .nan
    }
}
