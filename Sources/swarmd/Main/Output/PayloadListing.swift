import Primitives
import SwarmAPI
import SwiftProtobuf

/// Lists secrets and configs as docker does, by name.
enum PayloadListing<Kind: PayloadKind> {
    static func make(_ objects: [Kind.Object], now: Timestamp) -> Listing {
        let sorted = objects.sorted {
            (Kind.annotations(of: $0).name, Kind.id(of: $0)) < (
                Kind.annotations(of: $1).name, Kind.id(of: $1)
            )
        }
        return Listing(
            columns: Kind.columns,
            rows: sorted.map { object in
                let (id, meta) = (Kind.id(of: object), Kind.meta(of: object))
                let annotations = Kind.annotations(of: object)
                let dates = [meta.createdAt, meta.updatedAt].map {
                    "\(TimeText.ago(now - Timestamp($0))) ago"
                }
                let labels = annotations.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
                return .init(
                    id: id,
                    cells: [id, annotations.name] + Kind.cells(of: object) + dates
                        + [labels.joined(separator: ",")]
                )
            }
        )
    }
}

/// Secrets and configs in docker's words for people.
enum PayloadText {
    static func secret(_ secret: SwarmSecret) -> [String] {
        Self.head(secret.id, secret.spec.annotations)
            + [Self.line("Driver", secret.spec.driver.name)]
            + Self.templating(secret.spec.templating) + Self.dates(secret.meta)
    }

    static func config(_ config: SwarmConfig) -> [String] {
        let text = String(decoding: config.spec.data, as: UTF8.self)
        return Self.head(config.id, config.spec.annotations) + Self.templating(config.spec.templating)
            + Self.dates(config.meta) + ["Data:"]
            + text.split(separator: "\n", omittingEmptySubsequences: false).map {
                TextTable.plain(String($0))
            }
    }

    private static func head(_ id: String, _ annotations: SwarmAnnotations) -> [String] {
        var lines = [Self.line("ID", id), Self.line("Name", annotations.name)]
        guard !annotations.labels.isEmpty else { return lines }
        lines.append("Labels:")
        for (key, value) in annotations.labels.sorted(by: { $0.key < $1.key }) {
            lines.append(TextTable.plain(value.isEmpty ? " - \(key)" : " - \(key)=\(value)"))
        }
        return lines
    }

    private static func templating(_ driver: SwarmDriver) -> [String] {
        driver.name.isEmpty ? [] : [Self.line("Template", driver.name)]
    }

    private static func dates(_ meta: SwarmMeta) -> [String] {
        [
            Self.line("Created at", TimeText.rfc3339(Timestamp(meta.createdAt))),
            Self.line("Updated at", TimeText.rfc3339(Timestamp(meta.updatedAt))),
        ]
    }

    private static func line(_ name: String, _ value: String) -> String {
        let head = "\(name):"
        let padded = head + String(repeating: " ", count: max(1, 19 - head.count))
        return value.isEmpty ? head : TextTable.plain(padded + value)
    }
}
