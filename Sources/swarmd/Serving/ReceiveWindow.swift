/// How much of an HTTP/2 window was used up, and when to open it again (RFC 9113 §5.2).
struct ReceiveWindow {
    private let size: Int
    private var used = 0

    /// A window that the peer knows to be `size` bytes wide.
    init(size: Int) { self.size = size }

    /// Gives `bytes` back; returns by how much to open the window, if that is worth a frame.
    mutating func giveBack(_ bytes: Int) -> Int? {
        self.used += bytes
        guard self.used * 2 >= self.size else { return nil }
        defer { self.used = 0 }
        return self.used
    }
}
