/// What one segment file holds.
struct SegmentScan {
    /// The whole records, in order.
    private(set) var records: [LogRecord] = []
    /// Where the next record goes.
    private(set) var end: Int
    /// Where the last write began that left whole records.
    private(set) var lastWrite: Int
    /// Whether there is anything but zeros behind `end`: the rest of a write that a crash cut short.
    private(set) var hasRest: Bool

    /// Reads `file`, whose header was checked.
    ///
    /// Behind the last whole record there may be a torn write, and only if the file is the newest and no
    /// whole record behind the damage says that the place was durable before. Everything else is refused.
    init(_ file: [UInt8], coder: RecordCoder, path: String, isNewest: Bool) throws(LogError) {
        var offset = SegmentHeader.size
        self.lastWrite = offset
        while let frame = RecordCoder.frame(in: file, at: offset) {
            guard let record = coder.open(frame, of: file)?.record else {
                throw .corrupt(path: path, offset: UInt64(offset), reason: "a record is not what was written")
            }
            self.records.append(record)
            self.lastWrite = min(Int(frame.durable), offset)
            offset = frame.end
        }
        self.end = offset
        self.hasRest = !file.isZero(from: offset)
        guard self.hasRest else { return }
        guard isNewest else {
            throw .corrupt(path: path, offset: UInt64(offset), reason: "a record is damaged")
        }
        guard !Self.wasDurable(offset, in: file) else {
            throw .corrupt(
                path: path,
                offset: UInt64(offset),
                reason: "a record before the last write is damaged"
            )
        }
    }

    /// Whether a whole record behind `offset` was written when `offset` was durable already.
    private static func wasDurable(_ offset: Int, in file: [UInt8]) -> Bool {
        var position = offset + 8
        while position + RecordCoder.headSize <= file.count {
            if let frame = RecordCoder.frame(in: file, at: position), frame.durable > UInt64(offset) {
                return true
            }
            position += 8
        }
        return false
    }
}
