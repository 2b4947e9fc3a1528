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
        guard let first = matches.first else {
            throw ControlError(.notFound, "no such \(kind): \(text): `swarmd \(kind) ls` lists them")
        }
        guard matches.count == 1 else {
            let sorted = matches.sorted { id($0) < id($1) }
            let named = sorted.prefix(Self.namedMatches).map { "\(id($0)) (\(name($0)))" }
            let more = matches.count > named.count ? " and \(matches.count - named.count) more" : ""
            throw ControlError(
                .ambiguous,
                "\(kind) \(text) is ambiguous: it means \(named.joined(separator: ", "))\(more); give an id"
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

    /// Finds a network by id, name or start of its id.
    package func network(named text: String) async throws -> SwarmNetwork {
        try Lookup.pick(
            text,
            kind: "network",
            from: try await self.networks(),
            id: \.id,
            name: \.spec.annotations.name
        )
    }

    /// Finds a task by id, name or start of its id; the name is docker's `SERVICE.SLOT`, which means the
    /// newest task there, or `SERVICE.SLOT.ID`.
    package func task(named text: String) async throws -> SwarmTask {
        if let task = try await self.task(inSlot: text) { return task }
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

    /// The task that `SERVICE.SLOT` or `SERVICE.SLOT.ID` means; nil if the text is no such name, or nothing is
    /// called like that.
    private func task(inSlot text: String) async throws -> SwarmTask? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        // A service's name has no dots, so what stands before the first one is all of it.
        guard (2...3).contains(parts.count), let slot = UInt64(parts[1]) else { return nil }
        let services = try await self.services(.with { $0.names = [String(parts[0])] })
        guard let service = services.first(where: { $0.spec.annotations.name == parts[0] }) else {
            return nil
        }
        let tasks = try await self.tasks(.with { $0.serviceIds = [service.id] }).filter { $0.slot == slot }
        if parts.count == 3 { return tasks.first { $0.id == parts[2] } }
        return tasks.max {
            ($0.meta.createdAt.seconds, $0.meta.createdAt.nanos, $0.id)
                < ($1.meta.createdAt.seconds, $1.meta.createdAt.nanos, $1.id)
        }
    }

    private static func unique<Object>(_ objects: [Object], id: (Object) -> String) -> [Object] {
        var seen: Set<String> = []
        return objects.filter { seen.insert(id($0)).inserted }
    }
}
