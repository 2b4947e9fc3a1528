package import GRPCCore
package import SwarmAPI

/// Calls about kinds of objects that nothing acts on yet.
///
/// They answer UNIMPLEMENTED rather than keep objects that would have no effect.
extension ControlService {
    package func createExtension(
        request: SwarmCreateExtensionRequest,
        context: ServerContext
    ) async throws -> SwarmCreateExtensionResponse {
        throw RPCError.unimplemented("CreateExtension is not available yet")
    }

    package func getExtension(
        request: SwarmGetExtensionRequest,
        context: ServerContext
    ) async throws -> SwarmGetExtensionResponse {
        throw RPCError.unimplemented("GetExtension is not available yet")
    }

    package func removeExtension(
        request: SwarmRemoveExtensionRequest,
        context: ServerContext
    ) async throws -> SwarmRemoveExtensionResponse {
        throw RPCError.unimplemented("RemoveExtension is not available yet")
    }

    package func createResource(
        request: SwarmCreateResourceRequest,
        context: ServerContext
    ) async throws -> SwarmCreateResourceResponse {
        throw RPCError.unimplemented("CreateResource is not available yet")
    }

    package func getResource(
        request: SwarmGetResourceRequest,
        context: ServerContext
    ) async throws -> SwarmGetResourceResponse {
        throw RPCError.unimplemented("GetResource is not available yet")
    }

    package func updateResource(
        request: SwarmUpdateResourceRequest,
        context: ServerContext
    ) async throws -> SwarmUpdateResourceResponse {
        throw RPCError.unimplemented("UpdateResource is not available yet")
    }

    package func listResources(
        request: SwarmListResourcesRequest,
        context: ServerContext
    ) async throws -> SwarmListResourcesResponse {
        throw RPCError.unimplemented("ListResources is not available yet")
    }

    package func removeResource(
        request: SwarmRemoveResourceRequest,
        context: ServerContext
    ) async throws -> SwarmRemoveResourceResponse {
        throw RPCError.unimplemented("RemoveResource is not available yet")
    }

    package func createVolume(
        request: SwarmCreateVolumeRequest,
        context: ServerContext
    ) async throws -> SwarmCreateVolumeResponse {
        throw RPCError.unimplemented("CreateVolume is not available yet")
    }

    package func getVolume(
        request: SwarmGetVolumeRequest,
        context: ServerContext
    ) async throws -> SwarmGetVolumeResponse {
        throw RPCError.unimplemented("GetVolume is not available yet")
    }

    package func updateVolume(
        request: SwarmUpdateVolumeRequest,
        context: ServerContext
    ) async throws -> SwarmUpdateVolumeResponse {
        throw RPCError.unimplemented("UpdateVolume is not available yet")
    }

    package func listVolumes(
        request: SwarmListVolumesRequest,
        context: ServerContext
    ) async throws -> SwarmListVolumesResponse {
        throw RPCError.unimplemented("ListVolumes is not available yet")
    }

    package func removeVolume(
        request: SwarmRemoveVolumeRequest,
        context: ServerContext
    ) async throws -> SwarmRemoveVolumeResponse {
        throw RPCError.unimplemented("RemoveVolume is not available yet")
    }
}
