import GRPCCore
package import SwarmAPI
import SwarmRPC
import SwiftProtobuf

extension ControlClient {
    /// How long a backup may take as a whole.
    package static let backupLimit = Duration.seconds(600)

    /// Has the manager try to reach the external CAs that the cluster names, and say what stands against each.
    package func checkExternalCAs() async throws -> [SwarmdExternalCAFinding] {
        do {
            return try await self.maintenance.checkExternalCAs(.init(), options: Self.requestOptions).findings
        } catch let error as RPCError {
            throw ControlError(error, socket: self.socket)
        }
    }

    /// Has the manager look for what networks have given out and should not have; `repair` has the leader repair it.
    package func checkCluster(repair: Bool) async throws -> SwarmdCheckClusterResponse {
        do {
            return repair
                ? try await self.maintenance.repairCluster(.init(), options: Self.requestOptions)
                : try await self.maintenance.checkCluster(.init(), options: Self.requestOptions)
        } catch let error as RPCError {
            throw ControlError(error, socket: self.socket)
        }
    }

    /// The whole state as of one moment, and the index of the log that it is of.
    ///
    /// Throws a `ControlError`, also when the stream ends before the state is whole.
    package func backup() async throws -> (index: UInt64, state: [UInt8]) {
        var options = Self.streamOptions
        options.timeout = Self.backupLimit
        do {
            let (index, total, bytes) = try await self.maintenance.backup(.init(), options: options) {
                response in
                var bytes: [UInt8] = []
                var (index, total) = (UInt64(0), UInt64(0))
                for try await part in response.messages {
                    (index, total) = (part.index, part.bytes)
                    bytes += part.data
                }
                return (index, total, bytes)
            }
            guard bytes.count == total else {
                throw RPCError(
                    code: .dataLoss,
                    message: "the backup ended after \(bytes.count) of \(total) bytes"
                )
            }
            return (index, bytes)
        } catch let error as RPCError {
            throw ControlError(error, socket: self.socket)
        }
    }
}
