import Foundation

/// The memory of a process, in MiB.
struct ProcessMemory: Sendable {
    /// What it has now.
    let resident: Double
    /// The most that it had.
    let peak: Double

    /// Looks at the process `pid`; zero for what the kernel does not tell.
    init(of pid: pid_t) {
        let text = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
        func mebibytes(_ field: String) -> Double {
            let line = text.split(separator: "\n").first { $0.hasPrefix("\(field):") }
            let words = line?.split { $0 == " " || $0 == "\t" } ?? []
            return words.count > 1 ? (Double(words[1]) ?? 0) / 1_024 : 0
        }
        self.resident = mebibytes("VmRSS")
        self.peak = mebibytes("VmHWM")
    }
}
