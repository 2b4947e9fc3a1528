import ArgumentParser
import ControlClient
import ManagerNode
import SwarmAPI
import SwiftProtobuf

/// `swarmd audit`.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Show what was changed through this manager's socket, and by whom.",
        discussion: """
            Each change is in two records: what was asked for, which is written before anything is done, and how it \
            ended. The table shows them as one line, `unknown` where the end is in no record; JSON has both. Records \
            hold names and ids, never secrets, tokens or keys.

            Each record holds the SHA-256 of the one before. `--verify` follows them and prints the newest hash: kept \
            elsewhere, it proves later that nothing up to there was altered or taken out.

            EXAMPLES
              swarmd audit --follow
              swarmd audit --verify
              swarmd audit --from 120 --format json
            """
    )

    @OptionGroup var daemon: SocketOption
    @Flag(name: [.customShort("f"), .long], help: "Go on with what is changed from now on.") var follow =
        false
    @Option(help: "The first record to show.") var from: UInt64 = 0
    @Option(help: "Output as `table` or `json`, one record a line.") var format: String = "table"
    @Flag(help: "Check that no record was altered or taken out, and show none.") var verify = false

    func validate() throws {
        guard ["table", "json"].contains(self.format) else {
            throw ValidationError("invalid value \"\(self.format)\" for --format: it must be table or json")
        }
        guard !self.verify || !self.follow else {
            throw ValidationError("--verify and --follow exclude each other: the check needs an end")
        }
    }

    func run() async throws {
        let isTable = self.format == "table" && !self.verify
        let printer = AuditPrinter(self.verify ? .verification : isTable ? .table : .json)
        let (from, follow) = (self.from, self.follow)
        try await self.daemon.connect { client in
            if isTable { try Terminal.out(AuditListing.heading) }
            try await client.audit(from: from, follow: follow) { try await printer.take($0) }
        }
        try await printer.finish()
    }
}

/// Prints or checks records as they come.
private actor AuditPrinter {
    enum Purpose { case table, json, verification }

    private let purpose: Purpose
    private var listing = AuditListing()
    private var verification = AuditVerification()
    private var first: UInt64?

    init(_ purpose: Purpose) { self.purpose = purpose }

    func take(_ record: SwarmdAuditRecord) throws {
        switch self.purpose {
        case .json: try Terminal.out(AuditListing.json(record))
        case .table: for line in self.listing.take(record) { try Terminal.out(line) }
        case .verification:
            self.first = self.first ?? record.sequence
            do { try self.verification.take(record) } catch let error as AuditVerification.Break {
                throw CommandError("the records are not what was written: \(error)")
            }
        }
    }

    func finish() throws {
        switch self.purpose {
        case .json: break
        case .table: for line in self.listing.finish() { try Terminal.out(line) }
        case .verification:
            guard let first else { return try Terminal.out("there are no records yet") }
            let range = "records \(first) to \(self.verification.sequence)"
            let hash = AuditListing.hex(self.verification.hash)
            try Terminal.out("\(range) are whole and in order; the newest hash is \(hash)")
        }
    }
}
