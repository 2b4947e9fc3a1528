package import Primitives
package import SwarmAPI

/// What happens to the console.
package enum Message: Sendable {
    case key(Key)
    case resized(Size)
    /// Time passed.
    case tick
    /// The last frame reached the terminal.
    case painted
    case connecting
    case listed(
        cluster: SwarmCluster?,
        nodes: [SwarmNode],
        services: [SwarmService],
        tasks: [SwarmTask],
        networks: [SwarmNetwork] = [],
        secrets: [SwarmSecret] = [],
        configs: [SwarmConfig] = []
    )
    case changed([SwarmWatchMessage.Event])
    case status(SwarmdConsoleStatus)
    case lost(reason: String)
    /// Tasks printed something.
    case logs(stream: Int, [LogEntry])
    /// The stream of logs is over; the reason is empty where all was read.
    case logsEnded(stream: Int, reason: String)
    case finished(request: Int, RequestOutcome)
    /// What the open question would do.
    case previewed(number: Int, PreviewOutcome)
    /// The editor was left with this text; nil, and why, where there is none.
    case edited(request: Int, text: String?, failure: String)
    /// Something that the operator should know.
    case notice(String)
}

/// How a request to change the cluster ended.
package enum RequestOutcome: Sendable, Equatable {
    case done
    /// It is done, or was only a question: the cluster's secrets and its version as they are now.
    case keys(ClusterKeys, version: UInt64)
    /// The object that was asked for.
    case object(SwarmObject)
    /// Of several changes so many were made, and the next was not, for this reason.
    case partly(done: Int, String)
    /// Somebody else changed the object first; this is what it is now.
    case conflict(version: UInt64, now: Wish)
    /// The manager's words.
    case failed(String)
}

/// What an object should be.
package enum Wish: Sendable, Equatable {
    case replicas(UInt64)
    case availability(SwarmNodeSpec.Availability)
    case role(node: String, SwarmNodeRole)
    /// The cluster, a service or a node: its parts are not told apart.
    case object
}

/// What the console asks its surroundings to do.
package enum Effect: Sendable, Equatable {
    /// Gives a service `replicas`, if it still has `version`.
    case scale(request: Int, serviceID: String, version: UInt64, replicas: UInt64)
    /// Sets a node's availability, if it still has `version`.
    case setAvailability(
        request: Int,
        nodeID: String,
        version: UInt64,
        availability: SwarmNodeSpec.Availability
    )
    /// Gives nodes a role, one after the other, those that still have their versions.
    case setRole(request: Int, nodes: [SeenObject], role: SwarmNodeRole)
    /// Replaces a service's tasks with the same spec, if it still has its version.
    case roll(request: Int, service: SeenObject)
    /// Gives a service the spec that it had before, if it still has its version.
    case rollBack(request: Int, service: SeenObject)
    /// Removes a service, if it still has its version.
    case removeService(request: Int, service: SeenObject)
    /// Removes a node that is down, if it still has its version.
    case removeNode(request: Int, node: SeenObject)
    /// Makes a manager the leader of the group.
    case transferLeader(request: Int, nodeID: String)
    /// Changes the cluster object, if it still has its version.
    case changeCluster(request: Int, cluster: SeenObject, change: ClusterChange)
    /// Fetches the cluster's secrets; it changes nothing.
    case readKeys(request: Int, clusterID: String)
    /// Fetches an object in full; it changes nothing.
    case inspect(request: Int, object: ObjectKey)
    /// Several changes, one after the other until one cannot be made.
    indirect case several(request: Int, [Effect])
    /// Gives an object the spec that `text` holds, if it still has its version.
    case replaceSpec(request: Int, object: SwarmObject, text: String)
    /// Asks what changes would do; it changes nothing.
    case preview(number: Int, SwarmdPreviewRequest)
    /// Gives the terminal to the operator's editor with a text; it changes nothing by itself.
    case openEditor(request: Int, text: String)
    /// Follows what is printed, from `since` on or the last lines of before, in place of what was followed.
    case followLogs(stream: Int, source: LogSource, since: Timestamp?)
    /// Gives a text to the terminal's clipboard, with the next frame.
    case copy(String)
    /// Paints everything anew.
    case redraw
    /// Gives the terminal to the shell for a while.
    case suspend
    case quit

    /// It changes the cluster.
    package var changesCluster: Bool {
        switch self {
        case .scale, .setAvailability, .setRole, .changeCluster, .roll, .rollBack, .removeService,
            .removeNode, .transferLeader, .replaceSpec, .several:
            true
        case .readKeys, .inspect, .preview, .openEditor, .followLogs, .copy, .redraw, .suspend, .quit: false
        }
    }

    /// The number of the request that its surroundings answer; nil for what only concerns the terminal.
    package var request: Int? {
        switch self {
        case .scale(let request, _, _, _), .setAvailability(let request, _, _, _),
            .setRole(let request, _, _), .changeCluster(let request, _, _), .readKeys(let request, _),
            .roll(let request, _), .rollBack(let request, _), .removeService(let request, _),
            .removeNode(let request, _), .inspect(let request, _), .replaceSpec(let request, _, _),
            .several(let request, _), .transferLeader(let request, _):
            request
        case .preview, .openEditor, .followLogs, .copy, .redraw, .suspend, .quit: nil
        }
    }
}
