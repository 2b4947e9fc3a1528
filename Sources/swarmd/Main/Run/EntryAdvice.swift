import ManagerNode
import Synchronization

/// What operators are told while a manager's group does not take it in.
enum EntryAdvice {
    /// What is waited for, in one line.
    static func progress(_ delay: EntryDelay) -> String {
        let reason =
            delay.callBack.map {
                "the managers can't reach this node at \(delay.address) (--advertise-addr): \($0)"
            }
            ?? delay.reason
        return "waiting for the managers' group, asked at \(delay.manager): \(reason); trying on"
    }

    /// What whoever asked for the manager hears when it has waited long enough; nil is for no answer at all.
    static func delayed(by delay: EntryDelay?) -> String {
        let known = "this node has its certificate and does not take part in the managers' group yet"
        guard let delay else { return "\(known); it goes on trying: see its log" }
        guard let reason = delay.callBack else {
            return
                "\(known): the manager at \(delay.manager) says: \(delay.reason); it goes on trying: see its log"
        }
        return
            "\(known): --advertise-addr: the managers can't reach it at \(delay.address): \(reason). It goes on trying; "
            + "where the address is wrong, `swarmd leave --force` and join again with an --advertise-addr that the "
            + "managers can reach, and remove what is left of it with `swarmd node rm` on one of them"
    }
}

/// Keeps why a manager is not taken in yet, for whoever waits for it.
final class EntryNote: Sendable {
    private struct State {
        var last: EntryDelay?
        var isOver = false
    }

    private let state = Mutex(State())
    private let report: @Sendable (String) -> Void

    /// `report` hears in a line what is waited for, and an empty one when nothing is any more.
    init(report: @escaping @Sendable (String) -> Void) { self.report = report }

    /// The last reason; nil where there was none, or it is over.
    var last: EntryDelay? { self.state.withLock { $0.last } }

    func hear(_ delay: EntryDelay) {
        let isOver = self.state.withLock { state in
            if !state.isOver { state.last = delay }
            return state.isOver
        }
        if !isOver { self.report(EntryAdvice.progress(delay)) }
    }

    /// The manager takes part, or has ended.
    func end() {
        let wasOver = self.state.withLock { state in
            defer { state = State(last: nil, isOver: true) }
            return state.isOver
        }
        if !wasOver { self.report("") }
    }
}
