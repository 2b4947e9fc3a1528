import Glibc
import LinuxSystem
import NodePlan

/// Writes a task's output into files of bounded size and number.
///
/// A full disk costs output and nothing else: a task does not die of its log.
struct LogWriter {
    private let directory: String
    private let limits: LogLimits
    private var number = 1
    private var size: Int64 = 0

    init(directory: String, limits: LogLimits) {
        self.directory = directory
        self.limits = limits
    }

    mutating func write(_ records: [LogRecord]) {
        guard !records.isEmpty, self.limits.files > 0 else { return }
        var batch: [LogRecord] = []
        var batchBytes: Int64 = 0
        for record in records {
            let bytes = Int64(record.text.count) + Self.overhead
            if self.size + batchBytes > 0, self.size + batchBytes + bytes > self.limits.fileBytes {
                self.append(batch)
                (batch, batchBytes) = ([], 0)
                self.rotate()
            }
            batch.append(record)
            batchBytes += bytes
        }
        self.append(batch)
    }

    /// The bytes of a record's line beside its text.
    private static let overhead: Int64 = 41

    private mutating func append(_ records: [LogRecord]) {
        if records.isEmpty { return }
        let bytes = LogRecord.encoded(records)
        self.size += Int64(bytes.count)
        let path = LogFiles.path(in: self.directory, number: self.number)
        guard let file = try? Descriptor.open(path, O_WRONLY | O_CREAT | O_APPEND) else { return }
        try? file.write(bytes)
    }

    private mutating func rotate() {
        self.number += 1
        self.size = 0
        try? Files.remove(LogFiles.path(in: self.directory, number: self.number - self.limits.files))
    }
}
