import EtcdAPI
import Foundation
import SwarmAPI
import SwiftProtobuf

/// A client that writes again and again, each time a new object.
struct LoaderClient {
    let name: String
    /// The place of the connection that its calls use.
    let connection: Int
    private(set) var began = ContinuousClock.now
    /// The stream of the call that is under way; nil while it rests after a failure.
    var stream: UInt32?
    private var number = 0

    init(name: String, connection: Int) {
        self.name = name
        self.connection = connection
    }

    /// Begins the next write; returns the request.
    mutating func begin(_ value: Data, for endpoint: Endpoint) throws -> [UInt8] {
        self.number += 1
        self.began = .now
        return try endpoint.request("\(self.name)-\(self.number)", value)
    }
}

extension Endpoint {
    /// The method that writes a new object.
    var method: String {
        switch self {
        case .manager: "/docker.swarmkit.v1.Control/CreateConfig"
        case .etcd: "/etcdserverpb.KV/Put"
        }
    }

    /// A request of that method.
    fileprivate func request(_ name: String, _ value: Data) throws -> [UInt8] {
        switch self {
        case .manager:
            var request = SwarmCreateConfigRequest()
            request.spec.annotations.name = name
            request.spec.data = value
            return try request.serializedBytes()
        case .etcd:
            var request = EtcdPutRequest()
            request.key = Data(name.utf8)
            request.value = value
            return try request.serializedBytes()
        }
    }
}
