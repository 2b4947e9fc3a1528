import SwarmAPI

/// Tasks that ask for the same: those of one version of a service, or one task without a service.
struct Group: Sendable, Hashable, Comparable {
    private let service: String
    private let specVersion: UInt64
    private let task: String

    init(_ task: SwarmTask) {
        let isShared = !task.serviceID.isEmpty && task.hasSpecVersion
        self.service = task.serviceID
        self.specVersion = task.specVersion.index
        self.task = isShared ? "" : task.id
    }

    static func < (left: Self, right: Self) -> Bool {
        (left.service, left.specVersion, left.task) < (right.service, right.specVersion, right.task)
    }
}
