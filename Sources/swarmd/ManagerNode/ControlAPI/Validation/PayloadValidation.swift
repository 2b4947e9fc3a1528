import FoundationEssentials
import GRPCCore
import SwarmAPI
import Templating

/// Whether secrets and configs can be taken.
enum PayloadValidation {
    /// A secret's data is shorter than this (SwarmKit `api/validation`).
    static let secretBytes = 500 * 1024
    /// A config's data is shorter than this (SwarmKit `controlapi/config.go`).
    static let configBytes = 1000 * 1024

    static func check(_ spec: SwarmSecretSpec) throws(RPCError) {
        try NameValidation.checkPayload(spec.annotations.name)
        if spec.hasDriver {
            guard !spec.driver.name.isEmpty else { throw .invalid("secret driver must have a name") }
            throw .unimplemented("driver: secret drivers are not available yet")
        }
        try Self.check(spec.data.count, of: "secret", limit: Self.secretBytes)
        if spec.hasTemplating { try Self.check(spec.templating, of: spec.data) }
    }

    static func check(_ spec: SwarmConfigSpec) throws(RPCError) {
        try NameValidation.checkPayload(spec.annotations.name)
        try Self.check(spec.data.count, of: "config", limit: Self.configBytes)
        if spec.hasTemplating { try Self.check(spec.templating, of: spec.data) }
    }

    /// Refuses what no node could ever expand; SwarmKit leaves that to the tasks.
    private static func check(_ templating: SwarmDriver, of payload: Data) throws(RPCError) {
        guard templating.name == PayloadContext.driver else {
            throw .invalid(
                "templating: \"\(templating.name)\" is not known, only \(PayloadContext.driver) is"
            )
        }
        do throws(TemplateError) { try PayloadContext.check([UInt8](payload)) } catch {
            throw .invalid("data: \(error)")
        }
    }

    private static func check(_ bytes: Int, of kind: String, limit: Int) throws(RPCError) {
        guard bytes > 0 && bytes < limit else {
            throw .invalid("\(kind) data must be larger than 0 and less than \(limit) bytes")
        }
    }

    /// How many users of a secret or config an error names.
    private static let namedUsers = 5

    /// The refusal to remove what services use.
    static func inUse(_ kind: String, _ name: String, by services: [SwarmService]) -> RPCError {
        let names = services.prefix(Self.namedUsers).map(\.spec.annotations.name)
        let rest = services.count > Self.namedUsers ? ", ..." : ""
        let noun = services.count == 1 ? "service" : "services"
        return .invalid(
            "\(kind) '\(name)' is in use by the following \(noun): "
                + names.joined(separator: ", ") + rest
        )
    }
}
