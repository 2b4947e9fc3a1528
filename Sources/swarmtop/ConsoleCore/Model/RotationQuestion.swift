/// The root certificate is to be replaced by a new one.
struct RotationQuestion: Sendable, Equatable {
    /// The cluster's name, which has to be typed: the old join tokens are lost.
    var confirmation: TypedName

    init(cluster name: String, id: String) { self.confirmation = TypedName(name, id: id) }

    var isReady: Bool { self.confirmation.isComplete }

    mutating func take(_ key: Key) { self.confirmation.take(key) }
}
