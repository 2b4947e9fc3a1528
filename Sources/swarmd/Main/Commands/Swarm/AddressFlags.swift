import ArgumentParser
import SwarmAPI

/// The flags by which a node that becomes part of a cluster says where it is and what it takes.
struct AddressFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where a manager listens for other nodes (default: the daemon's, 0.0.0.0:4242).",
            valueName: "ip:port"
        )
    )
    var listenAddr: String?

    @Option(
        help: ArgumentHelp(
            "Where others reach this node (default: the machine's one address).",
            valueName: "ip[:port]"
        )
    )
    var advertiseAddr: String?

    @Option(
        help: ArgumentHelp("Whether the node takes tasks: active, pause or drain.", valueName: "availability")
    )
    var availability: String = "active"

    func parsedAvailability() throws(CommandError) -> SwarmNodeSpec.Availability {
        try Units.choice(
            self.availability,
            flag: "--availability",
            among: [("active", .active), ("pause", .pause), ("drain", .drain)]
        )
    }
}
