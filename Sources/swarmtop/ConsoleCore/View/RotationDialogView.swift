/// What a change of the root certificate would do, in a dialog.
enum RotationDialogView {
    /// How many nodes that are down are named before they are only counted.
    private static let namesShown = 5

    static func lines(_ question: RotationQuestion, _ model: Model) -> [Field] {
        let nodes = model.cluster.nodeOrder.keys.compactMap { model.cluster.nodes[$0.id] }
            .filter { $0.gone == nil }
        let count = nodes.count == 1 ? "1 node gets" : "\(nodes.count) nodes get"
        var lines = [
            Field("\(count) a new certificate from a new root, batch by batch. Tasks are not touched.")
        ]
        let down = nodes.filter { !$0.isReady }.map(\.name)
        if !down.isEmpty {
            let more = down.count - Self.namesShown
            let names = down.prefix(Self.namesShown).joined(separator: ", ")
            let text = "WARN  down: \(names)\(more > 0 ? " and \(more) more" : ""). The rotation cannot end"
            lines.append(Field(text + " before they are up, or removed.", .waiting))
        }
        if let rotation = model.cluster.trust?.rotation {
            let progress = "\(rotation.done)/\(rotation.nodes)"
            lines.append(
                Field("WARN  a rotation is under way (\(progress)): this one replaces it.", .waiting)
            )
        }
        lines += [
            Field("Join tokens change: the old ones stop working. It cannot be undone."),
            Field("For a root of your own: swarmd ca --rotate --ca-cert FILE --ca-key FILE", .muted),
            Field(""), Field("Same as   :rotate ca", .muted),
        ]
        return lines
    }
}
