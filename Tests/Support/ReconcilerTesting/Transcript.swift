import Primitives
package import StoreCore
import SwarmAPI

/// Plays a script and writes down what the reconcilers ask for, below the command that made them ask.
///
/// A script has one command a line; lines that start with `|` are what is expected, and are left out when it
/// is played. The result is the script with what really happened, to be compared with the script itself.
///
///     node n1 cpus=4 memory=8G label.zone=east      a node, or a change of it
///     service web replicas=2 image=nginx            a service, or a change of it
///     network front driver=overlay subnet=10.1.0.0/16     a network
///     cluster pool=10.64.0.0/10 subnet-size=26      what subnets are cut from
///     task web.1 state=running                      what an agent reports of the slot's newest task
///     rollback web                                  a wish for the service's spec before
///     remove node n1 | remove service web | remove network front
///     wait 5s                                       time passes
///     restart                                       a new leader begins
///     show web                                      what an operator sees of the service and its wanted tasks
///     plan                                          every reconciler plans once
///     settle                                        they plan until nothing is left to do
///     deadline                                      when they want to plan next
package struct Transcript {
    /// A line that is no command.
    package struct Mistake: Error, CustomStringConvertible {
        package let description: String
    }

    private let fresh: [any Reconciler]
    package private(set) var stage: Stage

    package init(_ reconcilers: [any Reconciler]) {
        self.fresh = reconcilers
        self.stage = Stage(reconcilers)
    }

    /// Plays `script` on fresh `reconcilers`.
    package static func play(_ script: String, on reconcilers: any Reconciler...) throws -> String {
        var transcript = Transcript(reconcilers)
        var lines: [String] = []
        for line in script.split(separator: "\n", omittingEmptySubsequences: false) where !line.hasPrefix("|")
        {
            lines.append(String(line))
            lines += try transcript.perform(String(line)).map { "| \($0)" }
        }
        lines += transcript.stage.violations.map { "! \($0)" }
        return lines.joined(separator: "\n")
    }

    /// Plans once, with `interference` between the decisions and their commit; returns the edits, one a line.
    package mutating func plan(while interference: (inout Stage) -> Void = { _ in }) -> [String] {
        self.stage.plan(while: interference)
    }

    /// Commits what `body` does, as a writer of another program might.
    package mutating func commit(_ body: (inout Transaction) throws -> Void) rethrows {
        try self.stage.commit(body)
    }

    /// Carries out one command; returns what it shows.
    package mutating func perform(_ line: String) throws -> [String] {
        let words = line.split(separator: " ").map(String.init)
        guard let command = words.first, !command.hasPrefix("#") else { return [] }
        let name = words.count > 1 ? words[1] : ""
        let options = try Options(command == "remove" ? [] : words.dropFirst(2))
        switch command {
        case "plan": return Self.orNothing(self.stage.plan())
        case "settle": return self.stage.settle().map(Self.orNothing) ?? ["does not settle"]
        case "deadline":
            return [self.stage.deadline.map { "in \(($0 - self.stage.now).formatted)" } ?? "never"]
        case "show": return try self.stage.show(name)
        case "wait": self.stage.advance(by: try Options.duration(name))
        case "restart": self.stage.restart(self.fresh)
        case "node": try self.stage.putNode(name, options)
        case "service": try self.stage.putService(name, options)
        case "network": try self.stage.putNetwork(name, options)
        case "cluster": try self.stage.putCluster(try Options(words.dropFirst(1)))
        case "task": try self.stage.putTask(name, options)
        case "rollback": try self.stage.rollBack(name)
        case "remove": try self.stage.remove(name, words.last ?? "")
        default: throw Mistake(description: "unknown command: \(line)")
        }
        return []
    }

    private static func orNothing(_ lines: [String]) -> [String] { lines.isEmpty ? ["nothing"] : lines }
}

extension Duration {
    fileprivate var formatted: String {
        let milliseconds = self.wholeNanoseconds / 1_000_000
        return milliseconds % 1_000 == 0 ? "\(milliseconds / 1_000)s" : "\(milliseconds)ms"
    }
}

/// The `key=value` words of a command.
struct Options {
    let pairs: [(key: String, value: String)]

    init(_ words: some Sequence<String>) throws {
        self.pairs = try words.map { word in
            guard let mark = word.firstIndex(of: "=") else {
                throw Transcript.Mistake(description: "expected key=value: \(word)")
            }
            return (String(word[..<mark]), String(word[word.index(after: mark)...]))
        }
    }

    static func number(_ text: String) throws -> Int64 {
        let units: [Character: Int64] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
        let unit = text.last.flatMap { units[$0] }
        guard let number = Int64(unit == nil ? text : String(text.dropLast())) else {
            throw Transcript.Mistake(description: "no number: \(text)")
        }
        return number * (unit ?? 1)
    }

    static func duration(_ text: String) throws -> Duration {
        if text.hasSuffix("ms") { return .milliseconds(try Self.number(String(text.dropLast(2)))) }
        return .seconds(try Self.number(String(text.dropLast())))
    }

    /// A resource such as `gpu:2`, or `gpu:left,right` with names.
    static func generic(_ text: String) -> [SwarmGenericResource] {
        let parts = text.split(separator: ":").map(String.init)
        guard parts.count == 2 else { return [] }
        var resource = SwarmGenericResource()
        if let count = Int64(parts[1]) {
            resource.discreteResourceSpec.kind = parts[0]
            resource.discreteResourceSpec.value = count
            return [resource]
        }
        return parts[1].split(separator: ",").map {
            resource.namedResourceSpec.kind = parts[0]
            resource.namedResourceSpec.value = String($0)
            return resource
        }
    }
}
