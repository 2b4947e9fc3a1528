package import SwarmAPI

/// A task's state as the console shows it; they are ordered as a task passes them.
package enum Stage: Int, Sendable, CaseIterable, Comparable {
    case new, pending, assigned, accepted, preparing, ready, starting, running
    case complete, shutdown, failed, rejected, remove, orphaned

    /// A state that a newer manager invented is shown as the known one before it.
    package init(_ state: SwarmTaskState) {
        switch state.rawValue {
        case ..<64: self = .new
        case ..<192: self = .pending
        case ..<256: self = .assigned
        case ..<320: self = .accepted
        case ..<384: self = .preparing
        case ..<448: self = .ready
        case ..<512: self = .starting
        case ..<576: self = .running
        case ..<640: self = .complete
        case ..<704: self = .shutdown
        case ..<768: self = .failed
        case ..<800: self = .rejected
        case ..<832: self = .remove
        default: self = .orphaned
        }
    }

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// The state in full, as SwarmKit spells it.
    package var name: String { "\(self)".uppercased() }

    /// The state in at most four letters.
    var short: String {
        switch self {
        case .new: "NEW"
        case .pending: "PEND"
        case .assigned: "ASGN"
        case .accepted: "ACPT"
        case .preparing: "PREP"
        case .ready: "REDY"
        case .starting: "STRT"
        case .running: "RUN"
        case .complete: "COMP"
        case .shutdown: "SHUT"
        case .failed: "FAIL"
        case .rejected: "REJ"
        case .remove: "REMV"
        case .orphaned: "ORPH"
        }
    }

    /// The state in one letter, as PATH and STATES show it.
    package var letter: String {
        switch self {
        case .accepted: "a"
        case .preparing: "p"
        case .ready: "r"
        case .starting: "s"
        case .rejected: "X"
        case .remove: "D"
        default: String(self.name.prefix(1))
        }
    }

    /// The task has not ended.
    var isLive: Bool { self <= .running }
    /// The task ended as nobody wished.
    var isBad: Bool { self == .failed || self == .rejected || self == .orphaned }

    /// Longer than this many seconds in the state needs attention.
    var patience: Int64? {
        switch self {
        case .new, .pending, .assigned, .accepted: 10
        case .preparing: 300
        case .starting: 120
        default: nil
        }
    }

    var role: Style.Role {
        switch self {
        case .running, .complete: .good
        case .new, .pending: .waiting
        case .assigned, .accepted, .preparing, .ready, .starting: .moving
        case .shutdown, .remove: .muted
        case .failed, .rejected, .orphaned: .bad
        }
    }
}
