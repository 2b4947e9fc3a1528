import Primitives
import SwarmAPI

/// The certificates: the root's, the nodes', and how far a change of the root is.
enum CertificatesView {
    /// How many characters of a digest are shown; the whole one stands beside the selected node.
    private static let shortDigest = 8
    private static let barWidth = 24

    static func draw(_ painting: inout Painting, _ layout: Layout) {
        Self.drawHead(&painting, layout.map)
        Table.draw(&painting, layout)
        let model = painting.model
        guard let id = model.selected, let node = model.cluster.nodes[id] else { return }
        let title = "\(node.name)  \(node.id)"
        DetailView.draw(&painting, layout, title: title, Self.detail(node, &painting))
    }

    /// How many rows the cluster's own facts take.
    static func headHeight(_ model: Model) -> Int {
        guard model.size.rows >= 18, let trust = model.cluster.trust else { return 0 }
        return trust.rotation == nil ? 2 : 3
    }

    private static func drawHead(_ painting: inout Painting, _ rows: Range<Int>) {
        guard let trust = painting.model.cluster.trust, !rows.isEmpty else { return }
        var row = rows.lowerBound
        Self.drawRoot(trust, &painting, row)
        row += 1
        if let rotation = trust.rotation {
            Self.drawRotation(rotation, &painting, row)
            row += 1
        }
        guard row < rows.upperBound else { return }
        let text = Self.refused(trust, columns: painting.canvas.size.columns - 2, painting.strings)
        painting.canvas.put(text, row, 1, trust.refusals.isEmpty ? .muted : .waiting)
    }

    /// What was refused; what does not fit is counted.
    static func refused(_ trust: Trust, columns: Int, _ strings: Strings = Strings(.english)) -> String {
        let head = strings.refused(since: trust.restarted.map { Ages.clock($0) })
        guard !trust.refusals.isEmpty else { return head + strings.none }
        let words = trust.refusals.map { "\($0.reason) \($0.count)" }
        for shown in (0...words.count).reversed() {
            let left = words.count - shown
            let text =
                head
                + (words.prefix(shown) + (left > 0 ? [strings.andMore(left)] : [])).joined(separator: "   ")
            if DisplayWidth.of(text) <= columns { return text }
        }
        return head + strings.reasons(words.count)
    }

    private static func drawRoot(_ trust: Trust, _ painting: inout Painting, _ row: Int) {
        let strings = painting.strings
        var column = painting.canvas.put(strings.root + " ", row, 1, .title)
        let wide = painting.canvas.size.columns >= 100
        let digest = trust.root.isEmpty ? "-" : wide ? trust.root : Self.short(trust.root)
        column = painting.canvas.put(digest, row, column)
        if let ends = trust.rootEnds {
            let expiry = Expiry(starts: nil, ends: ends, now: painting.now)
            painting.hold(until: expiry)
            let text = "   " + strings.expires(Ages.date(ends), expiry.marked)
            column = painting.canvas.put(text, row, column, expiry.role)
        }
        painting.canvas.put("   " + strings.autolock(trust.autolock), row, column)
    }

    private static func drawRotation(_ rotation: Trust.Rotation, _ painting: inout Painting, _ row: Int) {
        let filled = rotation.nodes > 0 ? Self.barWidth * rotation.done / rotation.nodes : 0
        let bar =
            String(repeating: painting.lines.full, count: filled)
            + String(repeating: painting.lines.empty, count: Self.barWidth - filled)
        let strings = painting.strings
        let progress = strings.rotation(rotation.done, of: rotation.nodes)
        var column = painting.canvas.put("\(progress) ", row, 1, .moving)
        column = painting.canvas.put("[\(bar)]", row, column, .moving)
        column = painting.canvas.put("  " + strings.newRoot(Self.short(rotation.target)), row, column)
        guard !rotation.blockers.isEmpty else { return }
        painting.canvas.put("  " + strings.waits(for: rotation.blockers.count), row, column, .waiting)
    }

    static let columns = [
        Column(.node, width: 10, stretch: 2),
        Column(.role, width: 7, rank: 2),
        Column(.state, width: 8),
        Column(.issuer, width: 16),
        Column(.issued, width: 6, rank: 3, side: .right),
        Column(.expires, width: 7, side: .right),
        Column(.note, width: 14, stretch: 5),
    ]

    /// What a certificate is sorted by where the words do not tell.
    static func sortValue(_ id: String, _ title: String, _ cluster: ClusterState) -> SortValue? {
        let certificate = cluster.trust?.certificates[id]
        switch title {
        case "NODE": return cluster.nodes[id].map { SortValue($0.name) }
        case "ISSUED": return certificate?.starts.map { .number(-$0.nanoseconds) } ?? SortValue.none
        case "EXPIRES": return certificate?.ends.map { .number($0.nanoseconds) } ?? SortValue.none
        default: return nil
        }
    }

    static func fields(_ id: String, _ painting: inout Painting) -> [Field] {
        let cluster = painting.model.cluster
        guard let node = cluster.nodes[id] else { return [] }
        let name = Field(node.name, node.gone == nil ? .normal : .muted)
        let role = Field(node.isManager ? "manager" : "worker")
        guard let certificate = cluster.trust?.certificates[id] else {
            let none = Field("-")
            return [name, role, none, none, none, none, Field(painting.strings.noCertificate, .muted)]
        }
        return [
            name, role, Field(certificate.stateName, certificate.stateRole),
            Self.issuer(certificate, painting.strings),
            Field(certificate.starts.map { painting.age(since: $0) } ?? "-"),
            Self.expiry(certificate, &painting), Self.note(node, certificate, painting),
        ]
    }

    private static func issuer(_ certificate: CertificateRow, _ strings: Strings) -> Field {
        guard !certificate.issuer.isEmpty else { return Field("-") }
        let digest = Self.short(certificate.issuer)
        return certificate.isCurrent ? Field(strings.current(digest)) : Field(strings.old(digest), .waiting)
    }

    /// How long a certificate is still good; the frame holds until that changes.
    static func expiry(_ certificate: CertificateRow?, _ painting: inout Painting) -> Field {
        guard let expiry = certificate?.expiry(at: painting.now) else { return Field("-") }
        painting.hold(until: expiry)
        return Field(expiry.marked, expiry.role)
    }

    private static func note(
        _ node: NodeRow,
        _ certificate: CertificateRow,
        _ painting: Painting
    ) -> Field {
        let (cluster, strings) = (painting.model.cluster, painting.strings)
        if let reason = cluster.trust?.rotation?.blockers[node.id] { return Field(reason, .waiting) }
        if certificate.state == .failed, !certificate.error.isEmpty { return Field(certificate.error, .bad) }
        switch certificate.expiry(at: painting.now)?.level {
        case .expired: return Field(strings.expiredNote, .bad)
        case .critical, .soon: return Field(strings.renewalIsLate, .waiting)
        case .fine, nil: return Field("")
        }
    }

    private static func detail(_ node: NodeRow, _ painting: inout Painting) -> [String] {
        let cluster = painting.model.cluster
        let strings = painting.strings
        guard let trust = cluster.trust, let certificate = trust.certificates[node.id] else {
            return [strings.noCertificate(of: node.name)]
        }
        var first = "\(node.name) \(node.stateName)"
        if let ends = certificate.ends {
            let expired = certificate.expiry(at: painting.now)?.level == .expired
            first += "   " + strings.ends("\(Ages.date(ends)) \(Ages.clock(ends))", isOver: expired)
        }
        if !certificate.error.isEmpty { first += "   \(certificate.error)" }
        if let reason = trust.rotation?.blockers[node.id] {
            // Some of the reasons say already what to do.
            let isDown = !node.isReady && !reason.contains("`")
            first = strings.blocks(node.name, reason, isDown: isDown)
        }
        var lines = [first]
        if !certificate.issuer.isEmpty { lines.append(strings.issuerRoot(certificate.issuer)) }
        if let waiting = Self.waiting(trust, painting.model) { lines.append(waiting) }
        return lines
    }

    /// The nodes that keep the rotation from its end, by name.
    private static func waiting(_ trust: Trust, _ model: Model) -> String? {
        let cluster = model.cluster
        guard let rotation = trust.rotation, !rotation.blockers.isEmpty else { return nil }
        let blockers = cluster.nodeOrder.keys.compactMap { key in
            rotation.blockers[key.id].map { "\(cluster.nodeName(key.id)) (\($0))" }
        }
        return model.strings.rotationWaits(for: blockers)
    }

    static func short(_ digest: String) -> String { String(digest.prefix(Self.shortDigest)) }
}
