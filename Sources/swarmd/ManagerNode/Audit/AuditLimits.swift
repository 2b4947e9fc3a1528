/// The bounds of the record of changes.
package struct AuditLimits: Sendable {
    /// A file that has this many bytes is followed by a new one.
    package var fileBytes = 4 << 20
    /// How many files are kept: some 150,000 changes.
    package var files = 10
    /// How long the record of how a change ended may wait before the kernel has it.
    package var writeWithin: Duration = .milliseconds(5)
    /// How long a record may be the kernel's alone before it is brought to the disk.
    package var syncWithin: Duration = .milliseconds(100)
    /// How many bytes of records wait at most to be written with the next one.
    package var waitingBytes = 64 << 10
    /// How many bytes of a text that comes from a caller are kept.
    package var textBytes = 256
    /// How many may follow the records at a time.
    package var followers = 16
    /// How many records are read from the files at a time.
    package var readAtOnce = 256

    package init() {}

    /// What no file of ours reaches.
    var wholeFileBytes: Int { self.fileBytes + (64 << 10) }
}
