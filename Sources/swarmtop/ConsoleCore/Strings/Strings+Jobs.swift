/// What takes a while.
extension Strings {
    func job(_ title: String, stuck trouble: String) -> String {
        self.text("\(title)  stuck: \(trouble)", "\(title)  受阻: \(trouble)")
    }
    func update(_ service: String, _ count: String, isRollBack: Bool) -> String {
        isRollBack
            ? self.text("roll back \(service) \(count)", "回滚 \(service) \(count)")
            : self.text("update \(service) \(count)", "更新 \(service) \(count)")
    }
    var updatePaused: String { self.text("paused", "已暂停") }
    func notReady(_ node: String) -> String { self.text("\(node) is not ready", "\(node) 未就绪") }
    func roleChange(_ node: String, isPromotion: Bool) -> String {
        isPromotion
            ? self.text("promote \(node)", "提升 \(node)") : self.text("demote \(node)", "降级 \(node)")
    }
    func draining(_ node: String, left count: Int) -> String {
        self.text("drain \(node) \(count) left", "排空 \(node) 剩余 \(count)")
    }
    func rotationJob(_ done: Int, of nodes: Int) -> String {
        self.text("CA rotation \(done)/\(nodes)", "根证书轮换 \(done)/\(nodes)")
    }
}
