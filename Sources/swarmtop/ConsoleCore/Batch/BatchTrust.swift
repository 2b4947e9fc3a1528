import Primitives

/// The certificates in JSON.
extension Model {
    func json(_ trust: Trust) -> JSON {
        let certificates = trust.certificates.sorted { $0.key < $1.key }
        return .object([
            ("root", .text(trust.root)), ("root_expires", Self.seconds(trust.rootEnds)),
            ("autolock", .flag(trust.autolock)), ("rotation", trust.rotation.map(Self.json) ?? .null),
            ("certificates", .list(certificates.map { self.json($0.key, $0.value) })),
            (
                "refusals",
                .list(
                    trust.refusals.map {
                        .object([("reason", .text($0.reason)), ("count", .unsigned($0.count))])
                    }
                )
            ),
        ])
    }

    private static func json(_ rotation: Trust.Rotation) -> JSON {
        let blockers = rotation.blockers.sorted { $0.key < $1.key }
        return .object([
            ("target", .text(rotation.target)), ("nodes", .number(Int64(rotation.nodes))),
            ("done", .number(Int64(rotation.done))),
            (
                "blockers",
                .list(
                    blockers.map { .object([("node_id", .text($0.key)), ("reason", .text($0.value))]) }
                )
            ),
        ])
    }

    private func json(_ id: String, _ certificate: CertificateRow) -> JSON {
        let level = certificate.expiry(at: self.now)?.level
        return .object([
            ("node_id", .text(id)), ("state", .text(certificate.stateName.lowercased())),
            ("issuer", .text(certificate.issuer)), ("current", .flag(certificate.isCurrent)),
            ("not_before", Self.seconds(certificate.starts)), ("not_after", Self.seconds(certificate.ends)),
            ("expiry", level.map { .text("\($0)") } ?? .null), ("error", .text(certificate.error)),
        ])
    }

    private static func seconds(_ moment: Timestamp?) -> JSON {
        moment.map { .number($0.nanoseconds / 1_000_000_000) } ?? .null
    }
}
