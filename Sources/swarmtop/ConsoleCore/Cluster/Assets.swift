import Primitives
import SwarmAPI

/// Secrets, configs and networks, and which services use them.
struct Assets: Sendable {
    private(set) var rows: [String: AssetRow] = [:]
    /// Secrets and configs.
    private(set) var secretOrder = SortedIndex<NameKey>()
    private(set) var networkOrder = SortedIndex<NameKey>()
    /// The services that use an object, by its identifier.
    private(set) var users: [String: Set<String>] = [:]

    init() {}

    init(_ networks: [SwarmNetwork], _ secrets: [SwarmSecret], _ configs: [SwarmConfig]) {
        let rows = networks.map { AssetRow($0) } + secrets.map { AssetRow($0) } + configs.map { AssetRow($0) }
        for row in rows { self.put(row) }
    }

    mutating func put(_ row: AssetRow) {
        if let old = self.rows[row.key.id] {
            guard row.version >= old.version else { return }
            self.forget(old)
        }
        self.rows[row.key.id] = row
        if row.key.kind == .network {
            self.networkOrder.insert(row.order)
        } else {
            self.secretOrder.insert(row.order)
        }
    }

    /// Takes a row out; one that `kept` names the moment of stays for a while.
    mutating func remove(_ id: String, kept: Timestamp?) {
        guard let row = self.rows[id] else { return }
        if let kept { self.rows[id]?.gone = kept } else { self.forget(row) }
    }

    private mutating func forget(_ row: AssetRow) {
        self.rows[row.key.id] = nil
        if row.key.kind == .network {
            self.networkOrder.remove(row.order)
        } else {
            self.secretOrder.remove(row.order)
        }
    }

    /// A service came, changed or went.
    mutating func link(_ service: ServiceRow?, inPlaceOf old: ServiceRow?) {
        for id in old?.uses ?? [] {
            self.users[id]?.remove(old?.id ?? "")
            if self.users[id]?.isEmpty == true { self.users[id] = nil }
        }
        guard let service else { return }
        for id in service.uses { self.users[id, default: []].insert(service.id) }
    }
}

extension ClusterState {
    /// The names of the services that use an object, sorted.
    func userNames(of id: String) -> [String] {
        (self.assets.users[id] ?? []).compactMap { self.services[$0]?.name }.sorted()
    }

    /// The ports of all services, by number.
    var ports: [PortRow] {
        self.services.values.filter { $0.gone == nil }.flatMap(\.portRows)
            .sorted { ($0.published, $0.proto, $0.id) < ($1.published, $1.proto, $1.id) }
    }
}
