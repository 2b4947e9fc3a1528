/// The certificates and a change of the root.
extension Strings {
    func refused(since restart: String?) -> String {
        self.text(
            "refused since this manager started\(restart.map { ", at \($0) UTC" } ?? ""): ",
            "本管理节点启动\(restart.map { " (\($0) UTC) " } ?? "")以来的拒绝: "
        )
    }
    func andMore(_ count: Int) -> String { self.text("and \(count) more", "另有 \(count) 个") }
    func reasons(_ count: Int) -> String { self.text("\(count) reasons", "\(count) 种原因") }
    var root: String { self.text("Root CA", "根证书") }
    func expires(_ date: String, _ left: String) -> String {
        self.text("expires \(date) (\(left))", "到期 \(date) (\(left))")
    }
    func autolock(_ isOn: Bool) -> String {
        self.text("autolock \(isOn ? "on" : "off")", "自动锁定 \(isOn ? "开启" : "关闭")")
    }
    func rotation(_ done: Int, of nodes: Int) -> String {
        self.text("ROTATION \(done)/\(nodes)", "轮换 \(done)/\(nodes)")
    }
    func newRoot(_ digest: String) -> String { self.text("new root \(digest)", "新根证书 \(digest)") }
    func waits(for count: Int) -> String { self.text("waits for \(count)", "等待 \(count) 个") }
    var noCertificate: String { self.text("no certificate", "无证书") }
    func current(_ digest: String) -> String { self.text("\(digest) current", "\(digest) 当前") }
    func old(_ digest: String) -> String { self.text("\(digest) OLD", "\(digest) 旧") }
    var expiredNote: String { self.text("EXPIRED: it may only renew", "已过期: 只能续签") }
    var renewalIsLate: String { self.text("renewal is late", "续签已迟") }
    func noCertificate(of name: String) -> String {
        self.text("\(name): no certificate is known", "\(name): 没有已知证书")
    }
    func ends(_ moment: String, isOver: Bool) -> String {
        self.text(
            "\(isOver ? "expired" : "expires") \(moment) UTC",
            "\(isOver ? "已过期" : "到期") \(moment) UTC"
        )
    }
    func blocks(_ name: String, _ reason: String, isDown: Bool) -> String {
        self.text(
            "\(name): \(reason). The rotation cannot end without it"
                + (isDown ? ": bring it up, or remove it" : ""),
            "\(name): \(reason)。没有它轮换无法结束" + (isDown ? ": 请恢复该节点，或将其移除" : "")
        )
    }
    func issuerRoot(_ digest: String) -> String { self.text("issuer root \(digest)", "签发根证书 \(digest)") }
    func rotationWaits(for nodes: [String]) -> String {
        self.text("The rotation waits for: \(self.list(nodes))", "轮换等待: \(self.list(nodes))")
    }
}
