package import SwarmAPI

/// Sizes of the log on disk.
package struct LogLimits: Sendable {
    /// The length of a segment file; a record must fit.
    package var segmentBytes: UInt64 = 16 << 20
    /// How much of it is written with zeros at a time, ahead of the records.
    package var zeroedBytes: UInt64 = 1 << 20

    package init() {}
}

/// What the log did since it was opened.
package struct LogCounters: Sendable, Equatable {
    package var records = 0
    package var bytes = 0
    package var writes = 0
    /// Calls of `fdatasync` for records.
    package var syncs = 0
    package var segments = 0
}

/// A write-ahead log in preallocated append-only segment files (architecture D8).
///
/// `append` returns when everything is durable. After an error the log is out of service: what is on disk
/// is known only to the next `open`.
package struct SegmentedLog: Sendable {
    let directory: String
    let keys: DataKeyRing
    let fileSystem: any FileSystem
    private let limits: LogLimits

    var segments: [SegmentHeader]
    private var file: any LogFile
    private var coder: RecordCoder
    private var end: UInt64
    /// Up to where the file was written, with records or zeros; 0 if nothing is known of that.
    private var zeroed: UInt64 = 0
    private(set) var lastIndex: UInt64
    private var hardState: RaftHardState
    var failed = false

    package private(set) var counters = LogCounters()

    /// The index of the first entry that may still be on disk.
    package var firstIndex: UInt64 { (self.segments.first?.lastIndex ?? 0) + 1 }
    /// What the segment files take.
    package var bytesOnDisk: UInt64 { self.segments.reduce(0) { $0 + $1.capacity } }
}

// MARK: - Opening

extension SegmentedLog {
    /// Opens the log in `directory` and returns what it holds; makes an empty one where there is none.
    package static func open(
        directory: String,
        keys: DataKeyRing,
        fileSystem: any FileSystem,
        limits: LogLimits = LogLimits()
    ) throws(LogError) -> (log: Self, contents: LogContents) {
        try fileSystem.createDirectory(directory)
        try fileSystem.removeTemporaries(in: directory)
        let names = try fileSystem.names(in: directory).filter { $0.hasSuffix(".log") }
        guard !names.isEmpty else {
            let log = try Self(in: directory, keys: keys, fileSystem: fileSystem, limits: limits)
            return (log, LogContents(base: 0))
        }
        var headers: [SegmentHeader] = []
        var contents: LogContents?
        for (position, name) in names.enumerated() {
            let path = "\(directory)/\(name)"
            let file = try fileSystem.open(path, create: false)
            let bytes = try file.read(at: 0, count: Int(file.size()))
            let header = try SegmentHeader(bytes, path: path)
            guard let key = keys.key(header.fingerprint) else { throw .wrongKey(path: path) }
            var merged = contents ?? LogContents(base: header.lastIndex)
            if header.beginsAnew { merged.restart(after: header.lastIndex) }
            try Self.check(header, name: name, after: headers.last, lastIndex: merged.lastIndex, path: path)
            if header.beginsAnew {
                try Self.remove(headers, in: directory, fileSystem)
                headers = []
            }
            headers.append(header)
            let coder = RecordCoder(key: key, header: header.bytes)
            let isNewest = position == names.count - 1
            let scan = try SegmentScan(bytes, coder: coder, path: path, isNewest: isNewest)
            for record in scan.records {
                if let fault = merged.add(record) { throw .corrupt(path: path, offset: 0, reason: fault) }
            }
            contents = merged
            guard isNewest else { continue }
            try Self.secure(file, bytes, scan, header)
            try fileSystem.syncDirectory(directory)
            let log = Self(
                directory: directory,
                keys: keys,
                fileSystem: fileSystem,
                limits: limits,
                segments: headers,
                file: file,
                coder: coder,
                end: UInt64(scan.end),
                lastIndex: merged.lastIndex,
                hardState: merged.hardState ?? RaftHardState()
            )
            return (log, merged)
        }
        preconditionFailure("none of \(names.count) segments is the newest")
    }

    private static func check(
        _ header: SegmentHeader,
        name: String,
        after previous: SegmentHeader?,
        lastIndex: UInt64,
        path: String
    ) throws(LogError) {
        guard name == SegmentHeader.name(header.sequence) else {
            throw .corrupt(path: path, offset: 32, reason: "it is segment \(header.sequence)")
        }
        guard let previous, !header.beginsAnew else { return }
        guard header.sequence == previous.sequence + 1 else {
            throw .corrupt(path: path, offset: 32, reason: "segment \(previous.sequence + 1) is missing")
        }
        guard header.lastIndex == lastIndex else {
            throw .corrupt(
                path: path,
                offset: 40,
                reason:
                    "it begins after entry \(header.lastIndex), but the segment before ends at \(lastIndex)"
            )
        }
    }

    /// Removes segments, the oldest first: a crash in between leaves no gap.
    static func remove(
        _ segments: [SegmentHeader],
        in directory: String,
        _ fileSystem: any FileSystem
    ) throws(LogError) {
        guard !segments.isEmpty else { return }
        for header in segments {
            try fileSystem.remove("\(directory)/\(SegmentHeader.name(header.sequence))")
        }
        try fileSystem.syncDirectory(directory)
    }

    /// Makes durable what was found, and takes away what a torn write left, so that it never looks like a
    /// record again.
    ///
    /// A process that was killed before its sync leaves records that only memory holds. The last write is
    /// written once more, for after a failed sync the system no longer knows that its bytes are missing.
    private static func secure(
        _ file: any LogFile,
        _ bytes: [UInt8],
        _ scan: SegmentScan,
        _ header: SegmentHeader
    ) throws(LogError) {
        try file.write(Array(bytes[scan.lastWrite..<scan.end]), at: UInt64(scan.lastWrite))
        if scan.hasRest || bytes.count < header.capacity {
            try file.truncate(to: UInt64(scan.end))
            try file.allocate(header.capacity)
        }
        try file.sync()
    }

    /// Makes an empty log.
    private init(
        in directory: String,
        keys: DataKeyRing,
        fileSystem: any FileSystem,
        limits: LogLimits
    ) throws(LogError) {
        let key = keys.current
        let header = SegmentHeader(
            fileID: SegmentHeader.makeFileID(),
            sequence: 1,
            lastIndex: 0,
            capacity: limits.segmentBytes,
            fingerprint: key.fingerprint
        )
        let state = RaftHardState()
        let made = try Self.makeSegment(header, state, in: directory, key: key, fileSystem: fileSystem)
        self.init(
            directory: directory,
            keys: keys,
            fileSystem: fileSystem,
            limits: limits,
            segments: [header],
            file: made.file,
            coder: made.coder,
            end: made.end,
            lastIndex: 0,
            hardState: state
        )
    }
}

// MARK: - Writing

extension SegmentedLog {
    /// Writes `records` behind all others and returns when they are durable, as one write and one sync
    /// unless they cross into a new segment.
    package mutating func append(_ records: [LogRecord]) throws(LogError) {
        guard !self.failed else { throw .closed }
        self.failed = true
        var bytes: [UInt8] = []
        var nonces = RecordNonces(count: records.count)
        for record in records {
            let content = RecordContent(record)
            let size = UInt64(RecordCoder.size(plaintext: content.plaintext.count))
            if self.end + UInt64(bytes.count) + size > self.capacity {
                try self.flush(&bytes)
                try self.roll(for: size)
            }
            try self.encode(content, into: &bytes, nonce: nonces.next())
            self.note(record)
        }
        try self.flush(&bytes)
        self.counters.records += records.count
        self.failed = false
    }

    private var capacity: UInt64 { self.segments.last?.capacity ?? 0 }

    private func encode(
        _ content: RecordContent,
        into bytes: inout [UInt8],
        nonce: ArraySlice<UInt8>
    ) throws(LogError) {
        do {
            let offset = self.end + UInt64(bytes.count)
            try self.coder.append(content, to: &bytes, offset: offset, durable: self.end, nonce: nonce)
        } catch {
            throw .io(operation: "encrypt (\(error))", path: self.file.path, code: 0)
        }
    }

    private mutating func note(_ record: LogRecord) {
        switch record {
        case .entry(let entry): self.lastIndex = entry.index
        case .hardState(let state): self.hardState = state
        case .mark: break
        }
    }

    private mutating func flush(_ bytes: inout [UInt8]) throws(LogError) {
        guard !bytes.isEmpty else { return }
        try self.file.write(bytes, at: self.end)
        try self.zeroAhead(of: self.end + UInt64(bytes.count))
        try self.file.sync()
        self.end += UInt64(bytes.count)
        self.counters.writes += 1
        self.counters.syncs += 1
        self.counters.bytes += bytes.count
        bytes.removeAll(keepingCapacity: true)
    }

    /// Writes zeros over the next part of the file if records reached `end`, the end of the last one.
    ///
    /// The space is reserved, but the file system must note of each block that it was written: every sync would
    /// be two writes, of the records and of the file's metadata.
    private mutating func zeroAhead(of end: UInt64) throws(LogError) {
        guard end > self.zeroed, end < self.capacity else { return }
        self.zeroed = min(self.capacity, end + self.limits.zeroedBytes)
        try self.file.write([UInt8](repeating: 0, count: Int(self.zeroed - end)), at: end)
    }

    /// Begins anew behind entry `index`, which a snapshot covers: everything before goes.
    ///
    /// The new segment is durable before the old ones are removed, the oldest first; what a crash leaves
    /// of them is recognised when the log is opened, since it does not reach the new one's beginning.
    package mutating func restart(after index: UInt64, hardState: RaftHardState?) throws(LogError) {
        guard !self.failed else { throw .closed }
        self.failed = true
        if let hardState { self.hardState = hardState }
        let old = self.segments
        self.lastIndex = index
        try self.roll(for: 0, beginsAnew: true)
        try Self.remove(old, in: self.directory, self.fileSystem)
        self.segments.removeFirst(old.count)
        self.failed = false
    }

    /// Begins the next segment, which takes at least a record of `size`.
    mutating func roll(for size: UInt64, beginsAnew: Bool = false) throws(LogError) {
        let overhead = UInt64(SegmentHeader.size + 4096)
        let key = self.keys.current
        let header = SegmentHeader(
            fileID: SegmentHeader.makeFileID(),
            sequence: (self.segments.last?.sequence ?? 0) + 1,
            lastIndex: self.lastIndex,
            capacity: max(self.limits.segmentBytes, size + overhead),
            fingerprint: key.fingerprint,
            beginsAnew: beginsAnew
        )
        let made = try Self.makeSegment(
            header,
            self.hardState,
            in: self.directory,
            key: key,
            fileSystem: self.fileSystem
        )
        self.segments.append(header)
        self.file = made.file
        self.coder = made.coder
        self.end = made.end
        self.zeroed = 0
        self.counters.segments += 1
    }

    /// Writes a new segment file whose first record is the hard state, so that older segments may go.
    private static func makeSegment(
        _ header: SegmentHeader,
        _ state: RaftHardState,
        in directory: String,
        key: DataKey,
        fileSystem: any FileSystem
    ) throws(LogError) -> (file: any LogFile, coder: RecordCoder, end: UInt64) {
        let path = "\(directory)/\(SegmentHeader.name(header.sequence))"
        let coder = RecordCoder(key: key, header: header.bytes)
        var bytes = header.bytes
        let content = RecordContent(.hardState(state))
        do {
            var record: [UInt8] = []
            var nonces = RecordNonces(count: 1)
            let start = UInt64(bytes.count)
            try coder.append(content, to: &record, offset: start, durable: start, nonce: nonces.next())
            bytes += record
        } catch {
            throw .io(operation: "encrypt (\(error))", path: path, code: 0)
        }
        let file = try fileSystem.open(path + temporarySuffix, create: true)
        try file.allocate(header.capacity)
        try file.write(bytes, at: 0)
        try file.sync()
        try fileSystem.rename(path + temporarySuffix, to: path)
        try fileSystem.syncDirectory(directory)
        // Opened by its lasting name, which an error will tell.
        return (try fileSystem.open(path, create: false), coder, UInt64(bytes.count))
    }
}
