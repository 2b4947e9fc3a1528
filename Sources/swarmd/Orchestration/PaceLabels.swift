package import SwarmAPI

/// The labels that set the pace of updates and of draining, and whether their values can be read.
///
/// A value that cannot be read would be as good as none: whoever writes one is told.
package enum PaceLabels {
    /// Tells what is wrong with the labels of a node, or nil.
    package static func fault(in spec: SwarmNodeSpec) -> String? {
        let labels = spec.annotations.labels
        if let order = labels[DrainPacing.orderLabel], !["stop-first", "start-first"].contains(order) {
            return "\(DrainPacing.orderLabel): \"\(order)\" is neither stop-first nor start-first"
        }
        return Self.spanFault(DrainPacing.intervalLabel, labels)
    }

    /// Tells what is wrong with the labels of a service, or nil.
    package static func fault(in spec: SwarmServiceSpec) -> String? {
        Self.spanFault(UpdateRule.deadlineLabel, spec.annotations.labels)
    }

    private static func spanFault(_ label: String, _ labels: [String: String]) -> String? {
        guard let text = labels[label], Duration(label: text) == nil else { return nil }
        return "\(label): \"\(text)\" is no duration such as 500ms, 90s, 10m or 2h"
    }
}
