package import StoreCore
package import SwarmAPI

/// Which agents publish for which log subscription, and when a subscription is complete.
///
/// A subscription is told once to each node that has matching tasks, and told to close at its end. One that
/// does not follow is complete when every such node is done; what could not be had is said in a final
/// warning (SwarmKit `manager/logbroker`).
package struct LogRouter: Sendable {
    /// What the broker does next.
    package enum Action: Sendable, Equatable {
        /// Sends the message on the stream of a node that listens.
        case tell(node: String, SwarmSubscriptionMessage)
        /// Ends the subscriber's stream after what it has been sent; with the warning, if there is one.
        case finish(subscription: String, warning: String?)
    }

    private struct Subscription: Sendable {
        var message: SwarmSubscriptionMessage
        /// Nodes that were told and are not done.
        var pending: Set<String> = []
        /// Nodes that are done, or were not there.
        var done: Set<String> = []
        var warnings: [String] = []
        /// Tasks that no node runs yet.
        var unscheduled: Set<String> = []
        var isFinished = false

        var follows: Bool { self.message.options.follow }
        var selector: SwarmLogSelector { self.message.selector }

        func matches(_ task: SwarmTask) -> Bool {
            self.selector.taskIds.contains(task.id) || self.selector.serviceIds.contains(task.serviceID)
        }
    }

    private var subscriptions: [String: Subscription] = [:]
    private var listeners: Set<String> = []

    package init() {}

    /// Opens a subscription and tells the nodes that listen.
    package mutating func subscribe(
        id: String,
        selector: SwarmLogSelector,
        options: SwarmLogSubscriptionOptions,
        on state: StoreState
    ) -> [Action] {
        var message = SwarmSubscriptionMessage()
        message.id = id
        message.selector = selector
        message.options = options
        var subscription = Subscription(message: message)
        var nodes = Set(selector.nodeIds)
        let tasks =
            selector.taskIds.compactMap { state.tasks[$0] }
            + selector.serviceIds.flatMap { state.tasks.find(.service($0)) }
        for task in tasks {
            if task.nodeID.isEmpty {
                subscription.unscheduled.insert(task.id)
            } else {
                nodes.insert(task.nodeID)
            }
        }
        let actions = nodes.sorted().flatMap { self.involve(node: $0, in: &subscription) }
        return actions + self.keep(subscription)
    }

    /// Closes a subscription: every node that was told stops publishing.
    package mutating func unsubscribe(id: String) -> [Action] {
        guard let subscription = self.subscriptions.removeValue(forKey: id) else { return [] }
        var message = subscription.message
        message.close = true
        let told = subscription.pending.union(subscription.done).intersection(self.listeners)
        return told.sorted().map { .tell(node: $0, message) }
    }

    /// Notes that a node listens, and tells it the subscriptions that concern it.
    ///
    /// One that follows is told again even to a node that was thought done, since the node lost it.
    package mutating func listens(node: String) -> [Action] {
        self.listeners.insert(node)
        return self.subscriptions.keys.sorted().flatMap { id -> [Action] in
            guard var subscription = self.subscriptions[id], subscription.follows,
                subscription.done.contains(node) || subscription.pending.contains(node)
            else { return [] }
            subscription.done.remove(node)
            let actions = self.involve(node: node, in: &subscription)
            self.subscriptions[id] = subscription
            return actions
        }
    }

    /// Notes that a node stopped listening: what it still owes will not come.
    package mutating func left(node: String) -> [Action] {
        self.listeners.remove(node)
        return self.subscriptions.keys.sorted().flatMap {
            self.done(node: node, subscription: $0, failure: "node \(node) disconnected unexpectedly")
        }
    }

    /// Notes that a node published all it had, or why it could not.
    package mutating func done(node: String, subscription id: String, failure: String?) -> [Action] {
        guard var subscription = self.subscriptions[id], subscription.pending.remove(node) != nil else {
            return []
        }
        subscription.done.insert(node)
        if let failure { subscription.warnings.append(failure) }
        return self.keep(subscription)
    }

    /// Notes that a task was created or changed: a subscription that follows reaches its node too.
    package mutating func observe(_ task: SwarmTask) -> [Action] {
        guard !task.nodeID.isEmpty else { return [] }
        return self.subscriptions.keys.sorted().flatMap { id -> [Action] in
            guard var subscription = self.subscriptions[id], subscription.follows, subscription.matches(task)
            else { return [] }
            subscription.unscheduled.remove(task.id)
            guard !subscription.pending.contains(task.nodeID), !subscription.done.contains(task.nodeID) else {
                self.subscriptions[id] = subscription
                return []
            }
            let actions = self.involve(node: task.nodeID, in: &subscription)
            self.subscriptions[id] = subscription
            return actions
        }
    }

    /// Whether the subscription is open.
    package func isOpen(_ id: String) -> Bool { self.subscriptions[id] != nil }

    private mutating func involve(node: String, in subscription: inout Subscription) -> [Action] {
        guard self.listeners.contains(node) else {
            subscription.done.insert(node)
            subscription.warnings.append("node \(node) is not available")
            return []
        }
        subscription.pending.insert(node)
        return [.tell(node: node, subscription.message)]
    }

    /// Stores the subscription, and finishes it if nobody owes it anything.
    private mutating func keep(_ subscription: Subscription) -> [Action] {
        var subscription = subscription
        let id = subscription.message.id
        let isComplete = !subscription.follows && subscription.pending.isEmpty && !subscription.isFinished
        if isComplete { subscription.isFinished = true }
        self.subscriptions[id] = subscription
        return isComplete ? [.finish(subscription: id, warning: Self.warning(of: subscription))] : []
    }

    private static func warning(of subscription: Subscription) -> String? {
        let reasons =
            subscription.warnings
            + subscription.unscheduled.sorted().map { "task \($0) has not been scheduled" }
        guard !reasons.isEmpty else { return nil }
        return "warning: incomplete log stream. some logs could not be retrieved for the following reasons: "
            + reasons.joined(separator: ", ")
    }
}
