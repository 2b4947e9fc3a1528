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
            elsewhere, it proves later that nothing up to there was altered or taken out. It exits with 1 and names the \
            record, or the file and its byte, where one was altered, where the chain is broken, and where records \
            are missing at the beginning that were not removed for their age. With `--from` it begins at that record.

            What the daemon called itself, and what it found of the records when it started, has the user `daemon`. \
            Lines come in the order of their records; with `--follow` as the changes end.

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
        let (from, follow) = (self.from, self.follow)
        let printer = AuditPrinter(
            self.verify ? .verification(fromFirst: from == 0) : isTable ? .table(inOrder: !follow) : .json
        )
        try await self.daemon.connect { client in
            if isTable { try Terminal.out(AuditListing.heading) }
            do {
                try await client.audit(from: from, follow: follow) { try await printer.take($0) }
            } catch let error as ControlError {
                // What could be read is shown first.
                try await printer.finish(after: error)
                throw error
            }
        }
        try await printer.finish(after: nil)
    }
}

/// Prints or checks records as they come.
private actor AuditPrinter {
    enum Purpose: Equatable { case table(inOrder: Bool), json, verification(fromFirst: Bool) }

    private let purpose: Purpose
    private var listing: AuditListing
    private var verification = AuditVerification()
    private var first: UInt64?
    private var fault: AuditVerification.Break?

    init(_ purpose: Purpose) {
        self.purpose = purpose
        self.listing = AuditListing(inOrder: purpose == .table(inOrder: true))
    }

    func take(_ record: SwarmdAuditRecord) throws {
        switch self.purpose {
        case .json: try Terminal.out(AuditListing.json(record))
        case .table: for line in self.listing.take(record) { try Terminal.out(line) }
        case .verification:
            // Those that follow a break tell nothing, but the daemon may say at the end where it is.
            guard self.fault == nil else { return }
            self.first = self.first ?? record.sequence
            do { try self.verification.take(record) } catch let error as AuditVerification.Break {
                self.fault = error
            }
        }
    }

    /// Prints what is left when there are no more records, because of `error` if it is not nil.
    func finish(after error: ControlError?) throws {
        switch self.purpose {
        case .json: break
        case .table: for line in self.listing.finish() { try Terminal.out(line) }
        case .verification(let fromFirst): try self.judge(error, fromFirst)
        }
    }

    private func judge(_ error: ControlError?, _ fromFirst: Bool) throws {
        do {
            if let fault { throw fault }
            if fromFirst { try self.verification.finish() }
        } catch let fault as AuditVerification.Break {
            let place = error.map { "; \($0)" } ?? ""
            throw CommandError("the records are not what was written: \(fault)\(place)")
        }
        guard error == nil else { return }
        guard let first else { return try Terminal.out("there are no records yet") }
        for torn in self.verification.torn {
            try Terminal.out("record \(torn) was torn by a crash and cut off")
        }
        let range = "records \(first) to \(self.verification.sequence)"
        let hash = AuditListing.hex(self.verification.hash)
        try Terminal.out("\(range) are whole and in order; the newest hash is \(hash)")
    }
}
