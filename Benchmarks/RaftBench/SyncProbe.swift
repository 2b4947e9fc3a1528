import BenchSupport
import Foundation

/// The bare disk, measured again and again while the suites run.
struct SyncProbe {
    /// Syncs of each kind at a time; they take a tenth of a second.
    private static let count = 300

    private let folder: URL
    private(set) var appends = Samples([])
    private(set) var overwrites = Samples([])

    init(in folder: URL) { self.folder = folder }

    /// Measures once more.
    mutating func measure() throws {
        self.appends = try self.appends + RawLimits.fdatasync(.append, count: Self.count, in: self.folder)
        self.overwrites =
            try self.overwrites + RawLimits.fdatasync(.overwrite, count: Self.count, in: self.folder)
    }

    /// The figures of all findings.
    var findings: [Finding] {
        [
            .figure("fdatasync-append-p50", self.appends.median, unit: "ms"),
            .figure("fdatasync-append-p99", self.appends.percentile(0.99), unit: "ms"),
            .figure("fdatasync-overwrite-p50", self.overwrites.median, unit: "ms"),
            .figure("fdatasync-overwrite-p99", self.overwrites.percentile(0.99), unit: "ms"),
        ]
    }
}
