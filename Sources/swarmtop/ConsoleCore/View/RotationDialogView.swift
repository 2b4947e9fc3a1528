/// What a change of the root certificate would do, in a dialog.
enum RotationDialogView {
    /// How many nodes that are down are named before they are only counted.
    private static let namesShown = 5

    static func lines(_ question: RotationQuestion, _ model: Model) -> [Field] {
        let nodes = model.cluster.nodeOrder.keys.compactMap { model.cluster.nodes[$0.id] }
            .filter { $0.gone == nil }
        let strings = model.strings
        var lines = [Field(strings.rotationEffect(nodes.count))]
        let down = nodes.filter { !$0.isReady }.map(\.name)
        if !down.isEmpty {
            let more = down.count - Self.namesShown
            let names = Array(down.prefix(Self.namesShown))
            lines.append(Field(strings.rotationDown(names, more: more), .waiting))
        }
        if let rotation = model.cluster.trust?.rotation {
            let progress = "\(rotation.done)/\(rotation.nodes)"
            lines.append(Field(strings.rotationReplaced(progress), .waiting))
        }
        lines += [
            Field(strings.tokensChange), Field(strings.ownRoot, .muted), Field(""),
            Field(strings.sameAs("rotate ca"), .muted),
        ]
        return lines
    }
}
