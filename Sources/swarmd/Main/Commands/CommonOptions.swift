import ArgumentParser
import ControlClient
import Glibc

/// Where the daemon is.
struct SocketOption: ParsableArguments {
    static let variable = "SWARM_SOCKET"
    static let standardPath = "/var/run/swarmd.sock"

    @Option(help: "The daemon's socket (default: $SWARM_SOCKET, else /var/run/swarmd.sock).")
    var socket: String?

    var path: String {
        if let socket = self.socket { return socket }
        if let value = getenv(Self.variable), value.pointee != 0 { return String(cString: value) }
        return Self.standardPath
    }

    /// Connects, and runs `body` with the client.
    func connect<Result: Sendable>(
        _ body: @Sendable @escaping (ControlClient) async throws -> Result
    ) async throws -> Result {
        try await ControlClient.withConnection(to: self.path, body)
    }
}

/// How lists are printed.
struct ListOptions: ParsableArguments {
    @Option(
        name: [.customShort("f"), .long],
        parsing: .unconditionalSingleValue,
        help: "Keep only what matches, key=value; may be given again."
    )
    var filter: [String] = []
    @Option(help: "Output as `table` or `json`, one object a line.")
    var format: String = "table"
    @Flag(name: [.customShort("q"), .long], help: "Print ids only.")
    var quiet = false

    func form() throws(CommandError) -> Listing.Form {
        let form: Listing.Form = try Units.choice(
            self.format,
            flag: "--format",
            among: [("table", .table), ("json", .json)]
        )
        return self.quiet ? .quiet : form
    }

    /// Checks what can be checked before anything is asked of the daemon.
    func parsed(
        _ keys: Set<String>,
        words: [String: [String]] = [:]
    ) throws(CommandError) -> (form: Listing.Form, filters: Filters) {
        (try self.form(), try Filters(self.filter, keys: keys, words: words))
    }
}

/// The `--filter` values of one command: several of a key mean any of them, several keys all of them.
struct Filters: Sendable {
    private var values: [String: [String]] = [:]

    /// Reads `key=value` texts; `words` are the values that a key may have, whatever their case, where not any
    /// may be.
    init(_ texts: [String], keys: Set<String>, words: [String: [String]] = [:]) throws(CommandError) {
        for text in texts {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
                String.init
            )
            guard parts.count == 2 else { throw .flag("--filter", text, "give key=value") }
            guard keys.contains(parts[0]) else {
                throw .flag("--filter", text, "the keys are \(keys.sorted().joined(separator: ", "))")
            }
            var value = parts[1]
            if let words = words[parts[0]] {
                value = value.lowercased()
                guard words.contains(value) else {
                    throw .flag("--filter", text, "\(parts[0]) must be \(Self.alternatives(words))")
                }
            }
            self.values[parts[0], default: []].append(value)
        }
    }

    private static func alternatives(_ words: [String]) -> String {
        words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
    }

    /// Whether `test` holds for one of the key's values, or the key is not given.
    func pass(_ key: String, _ test: (String) -> Bool) -> Bool {
        self.values[key].map { $0.contains(where: test) } ?? true
    }

    /// Whether all labels that are asked for are there; `key` alone asks for any value.
    func passLabels(_ key: String, _ labels: [String: String]) -> Bool {
        (self.values[key] ?? []).allSatisfy { text in
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
                String.init
            )
            guard let value = labels[parts[0]] else { return false }
            return parts.count == 1 || parts[1] == value
        }
    }
}

extension Listing {
    func print(_ form: Form) throws(Terminal.Closed) {
        for line in self.lines(form) { try Terminal.out(line) }
    }
}

/// Runs one step for each operand; failures are told one by one, and the others still run.
func forEachOperand<Operand: Sendable>(
    _ operands: [Operand],
    _ step: (Operand) async throws -> Void
) async throws {
    var failed = false
    for operand in operands {
        do { try await step(operand) } catch let error as ControlError {
            Terminal.error("swarmd: \(error.description)")
            failed = true
        }
    }
    if failed { throw ReportedFailure() }
}

/// Looks every operand up before anything is done; each failure is told, and one is enough to do nothing.
func resolveAll<Name: Sendable, Object: Sendable>(
    _ names: [Name],
    _ find: (Name) async throws -> Object
) async throws -> [Object] {
    var objects: [Object] = []
    try await forEachOperand(names) { objects.append(try await find($0)) }
    return objects
}
