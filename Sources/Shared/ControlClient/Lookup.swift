package import SwarmAPI
import SwiftProtobuf

/// Finds an object by what a person typed: its whole id, its name, or the start of its id.
///
/// The order is Docker's (`daemon/cluster/helpers.go`): id, then name, then prefix; several matches are an
/// error that names them.
package enum Lookup {
    /// The most matches that a message names.
    static let namedMatches = 5

    /// Picks the one object that `text` means among `candidates`.
    package static func pick<Object>(
        _ text: String,
        kind: String,
        from candidates: [Object],
        id: (Object) -> String,
        name: (Object) -> String
    ) throws(ControlError) -> Object {
        guard !text.isEmpty else { throw ControlError(.notFound, "the name of a \(kind) is missing") }
        if let exact = candidates.first(where: { id($0) == text }) { return exact }
        var matches = candidates.filter { name($0) == text }
        if matches.isEmpty { matches = candidates.filter { id($0).hasPrefix(text) } }
        guard let first = matches.first else { throw ControlError(.notFound, "no such \(kind): \(text)") }
        guard matches.count == 1 else {
            let sorted = matches.sorted { id($0) < id($1) }
            let named = sorted.prefix(Self.namedMatches).map { "\(id($0)) (\(name($0)))" }
            let more = matches.count > named.count ? " and \(matches.count - named.count) more" : ""
            throw ControlError(
                .ambiguous,
                "\(kind) \(text) is ambiguous: it means \(named.joined(separator: ", "))\(more)"
            )
        }
        return first
    }
}

extension ControlClient {
    /// Finds a service by id, name or start of its id.
    package func service(named text: String) async throws -> SwarmService {
        var found = try await self.services(.with { $0.idPrefixes = [text] })
        found += try await self.services(.with { $0.names = [text] })
        return try Lookup.pick(
            text,
            kind: "service",
            from: Self.unique(found, id: \.id),
            id: \.id,
            name: \.spec.annotations.name
        )
    }

    /// Finds a node by id, host name or start of its id; `self` is the node that answers, as with docker.
    package func node(named text: String) async throws -> SwarmNode {
        var text = text
        if text == "self", let id = try await self.status()?.nodeID { text = id }
        var found = try await self.nodes(.with { $0.idPrefixes = [text] })
        found += try await self.nodes(.with { $0.names = [text] })
        return try Lookup.pick(
            text,
            kind: "node",
            from: Self.unique(found, id: \.id),
            id: \.id,
            name: \.description_p.hostname
        )
    }

    /// Finds a task by id, name or start of its id.
    package func task(named text: String) async throws -> SwarmTask {
        var found = try await self.tasks(.with { $0.idPrefixes = [text] })
        found += try await self.tasks(.with { $0.names = [text] })
        return try Lookup.pick(
            text,
            kind: "task",
            from: Self.unique(found, id: \.id),
            id: \.id,
            name: \.annotations.name
        )
    }

    private static func unique<Object>(_ objects: [Object], id: (Object) -> String) -> [Object] {
        var seen: Set<String> = []
        return objects.filter { seen.insert(id($0)).inserted }
    }
}
