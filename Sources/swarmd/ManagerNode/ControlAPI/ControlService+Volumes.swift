package import GRPCCore
package import SwarmAPI
import StoreCore
import SwiftProtobuf

/// Cluster volumes, which drivers of the container storage interface make (SwarmKit `controlapi/volume.go`).
extension ControlService {
    package func createVolume(
        request: SwarmCreateVolumeRequest,
        context: ServerContext
    ) async throws -> SwarmCreateVolumeResponse {
        guard request.hasSpec else { throw RPCError.invalid("spec must not be nil") }
        let spec = request.spec
        try VolumeSpecValidation.check(spec)
        let id = self.makeIdentifier()
        let volume = try await self.commit { transaction in
            let missing = spec.secrets.map(\.secret).filter { transaction.state.secrets[$0] == nil }
            guard missing.isEmpty else {
                let noun = missing.count == 1 ? "secret" : "secrets"
                throw RPCError.invalid("\(noun) not found: \(missing.joined(separator: ", "))")
            }
            return try transaction.add(
                SwarmVolume.with {
                    $0.id = id
                    $0.spec = spec
                }
            )
        }
        return .with { $0.volume = volume }
    }

    package func getVolume(
        request: SwarmGetVolumeRequest,
        context: ServerContext
    ) async throws -> SwarmGetVolumeResponse {
        guard let volume = try await self.state.volumes[request.volumeID] else {
            throw RPCError.notFound(.volume, request.volumeID)
        }
        return .with { $0.volume = volume }
    }

    /// Labels and availability change; what the driver made the volume from does not.
    package func updateVolume(
        request: SwarmUpdateVolumeRequest,
        context: ServerContext
    ) async throws -> SwarmUpdateVolumeResponse {
        guard !request.volumeID.isEmpty else { throw RPCError.invalid("VolumeID must not be empty") }
        guard request.hasSpec else { throw RPCError.invalid("Spec must not be empty") }
        guard request.hasVolumeVersion else { throw RPCError.invalid("VolumeVersion must not be empty") }
        let volume = try await self.commit { transaction in
            var volume: SwarmVolume = try transaction.find(request.volumeID)
            try VolumeSpecValidation.check(request.spec, instead: volume.spec)
            volume.spec.annotations.labels = request.spec.annotations.labels
            volume.spec.availability = request.spec.availability
            volume.meta.version = request.volumeVersion
            return try transaction.replace(volume)
        }
        return .with { $0.volume = volume }
    }

    package func listVolumes(
        request: SwarmListVolumesRequest,
        context: ServerContext
    ) async throws -> SwarmListVolumesResponse {
        let filters = request.filters
        let volumes = try await self.state.volumes.all.filter { volume in
            ListFilters.matches(
                name: volume.spec.annotations.name,
                id: volume.id,
                labels: volume.spec.annotations.labels,
                names: filters.names,
                namePrefixes: filters.namePrefixes,
                idPrefixes: filters.idPrefixes,
                wanted: filters.labels
            )
                && ListFilters.matches(volume.spec.group, anyOf: filters.groups)
                && ListFilters.matches(volume.spec.driver.name, anyOf: filters.drivers)
        }
        return .with { $0.volumes = volumes }
    }

    /// Marks a volume, which its driver then deletes; one that no driver has made yet goes at once, and so does one that
    /// is removed by force, whatever becomes of it at its driver.
    package func removeVolume(
        request: SwarmRemoveVolumeRequest,
        context: ServerContext
    ) async throws -> SwarmRemoveVolumeResponse {
        try await self.commit { transaction in
            var volume: SwarmVolume = try transaction.find(request.volumeID)
            guard request.force || volume.publishStatus.isEmpty else {
                throw RPCError.precondition("volume is still in use")
            }
            if request.force || volume.volumeInfo.volumeID.isEmpty {
                return try transaction.remove(SwarmVolume.self, id: volume.id)
            }
            volume.pendingDelete = true
            _ = try transaction.replace(volume)
        }
        return SwarmRemoveVolumeResponse()
    }
}
