/// Which row of the screen shows what: the same places for ever, dropped in a fixed order when rows run out.
struct Layout: Equatable {
    /// Below this, one line says how the cluster is.
    static let smallest = Size(columns: 60, rows: 15)

    var tabs: Int?
    /// The life-cycle picture, or what a page says about the cluster as a whole.
    var map: Range<Int>
    var heads: Int
    var body: Range<Int>
    var detail: Range<Int>
    /// Where a page of text is.
    var text: Range<Int>
    var message: Int
    var hints: Int

    init(_ model: Model) {
        let rows = model.size.rows
        let roomy = rows >= 36 && model.size.columns >= 100
        var top = 2
        self.tabs = rows >= 16 ? top : nil
        if self.tabs != nil { top += 1 }
        self.text = top..<max(top, rows - 2)
        self.map = top..<(top + Self.mapHeight(model))
        top = self.map.upperBound
        self.heads = top
        let detailHeight = roomy ? 7 : rows >= 24 ? 2 : rows >= 20 ? 1 : 0
        self.hints = rows - 1
        self.message = rows - 2
        self.detail = max(top + 1, self.message - detailHeight)..<max(top + 1, self.message)
        self.body = (top + 1)..<max(top + 1, self.detail.lowerBound)
    }

    static func fitsFull(_ size: Size) -> Bool { size.columns >= 120 && size.rows >= 32 }

    /// The picture's form: as chosen, or the largest that leaves room for the list.
    static func mapMode(_ model: Model) -> MapMode {
        guard model.page.place.kind == .tasks else { return .off }
        let wanted = model.map ?? (model.size.rows >= 36 ? .full : .compact)
        if wanted == .full, !Self.fitsFull(model.size) { return .compact }
        if wanted == .compact, model.size.columns < 72 || model.size.rows < 22 { return .line }
        return wanted
    }

    private static func mapHeight(_ model: Model) -> Int {
        if model.page.place == .certificates { return CertificatesView.headHeight(model) }
        return switch Self.mapMode(model) {
        case .full: 12
        case .compact: 6
        case .line: model.size.rows >= 18 ? 1 : 0
        case .off: 0
        }
    }
}
