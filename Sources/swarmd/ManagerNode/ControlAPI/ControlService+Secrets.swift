package import GRPCCore
package import SwarmAPI
import FoundationEssentials
import StoreCore
import SwiftProtobuf

/// Secrets: written once, read by tasks only; no call gives the data back.
extension ControlService {
    package func getSecret(
        request: SwarmGetSecretRequest,
        context: ServerContext
    ) async throws -> SwarmGetSecretResponse {
        guard !request.secretID.isEmpty else { throw RPCError.invalid("secret ID must be provided") }
        let secret: SwarmSecret = try await self.find(request.secretID, in: self.state, field: "secret_id")
        return .with { $0.secret = Self.redacted(secret) }
    }

    package func listSecrets(
        request: SwarmListSecretsRequest,
        context: ServerContext
    ) async throws -> SwarmListSecretsResponse {
        let filters = request.filters
        let secrets = try await self.state.secrets.all.filter { secret in
            !secret.internal
                && ListFilters.matchesAny(
                    name: secret.spec.annotations.name,
                    id: secret.id,
                    names: filters.names,
                    namePrefixes: filters.namePrefixes,
                    idPrefixes: filters.idPrefixes
                ) && ListFilters.labels(secret.spec.annotations.labels, include: filters.labels)
        }
        return .with { $0.secrets = secrets.map(Self.redacted) }
    }

    package func createSecret(
        request: SwarmCreateSecretRequest,
        context: ServerContext
    ) async throws -> SwarmCreateSecretResponse {
        guard request.hasSpec else { throw RPCError.missing("spec") }
        try PayloadValidation.check(request.spec)
        let id = self.makeIdentifier()
        let secret = try await self.commit { transaction in
            let secret = SwarmSecret.with {
                $0.id = id
                $0.spec = request.spec
            }
            do {
                return try transaction.add(secret)
            } catch StoreError.nameConflict {
                throw RPCError(
                    code: .alreadyExists,
                    message: "secret \(request.spec.annotations.name) already exists"
                )
            }
        }
        return .with { $0.secret = Self.redacted(secret) }
    }

    package func updateSecret(
        request: SwarmUpdateSecretRequest,
        context: ServerContext
    ) async throws -> SwarmUpdateSecretResponse {
        guard !request.secretID.isEmpty else { throw RPCError.missing("secret_id") }
        guard request.hasSecretVersion else { throw RPCError.missing("secret_version") }
        guard request.hasSpec else { throw RPCError.missing("spec") }
        let secret = try await self.commit { transaction in
            var secret: SwarmSecret = try transaction.find(request.secretID)
            let (old, new) = (secret.spec, request.spec)
            guard old.annotations.name == new.annotations.name,
                new.data.isEmpty || new.data == old.data
            else { throw RPCError.invalid("only updates to Labels are allowed") }
            secret.meta.version = request.secretVersion
            secret.spec.annotations.labels = new.annotations.labels
            return try transaction.replace(secret)
        }
        return .with { $0.secret = Self.redacted(secret) }
    }

    package func removeSecret(
        request: SwarmRemoveSecretRequest,
        context: ServerContext
    ) async throws -> SwarmRemoveSecretResponse {
        guard !request.secretID.isEmpty else { throw RPCError.invalid("secret ID must be provided") }
        try await self.commit { transaction in
            guard let secret = transaction.state.secrets[request.secretID] else {
                throw RPCError(code: .notFound, message: "could not find secret \(request.secretID)")
            }
            let users = transaction.state.services.find(.secret(secret.id))
            guard users.isEmpty else {
                throw PayloadValidation.inUse("secret", secret.spec.annotations.name, by: users)
            }
            try transaction.remove(SwarmSecret.self, id: secret.id)
        }
        return SwarmRemoveSecretResponse()
    }

    /// The secret without its data.
    static func redacted(_ secret: SwarmSecret) -> SwarmSecret {
        var secret = secret
        secret.spec.data = Data()
        return secret
    }
}
