import BenchSupport
import Foundation

/// The replicated stores that are compared.
enum System: String, CaseIterable, Sendable {
    case swarmd
    case etcd

    /// The system's name in figures; ours are the group's.
    var figure: String {
        switch self {
        case .swarmd: "raft"
        case .etcd: "etcd"
        }
    }

    /// How the members of a group of `count` are started, with everything in `folder`.
    ///
    /// Both systems run as they come, with `fdatasync` and their own timers.
    func recipes(_ count: Int, swarmd: URL, in folder: URL) throws -> [MemberRecipe] {
        let ports = try FreePort.find(2 * count)
        return (0..<count).map { number in
            switch self {
            case .swarmd: Self.manager(number, ports, program: swarmd, in: folder)
            case .etcd: Self.etcd(number, Array(ports[..<count]), peers: Array(ports[count...]), in: folder)
            }
        }
    }

    private static func manager(
        _ number: Int,
        _ ports: [Int],
        program: URL,
        in folder: URL
    ) -> MemberRecipe {
        let socket = folder.appending(path: "m\(number).sock").path
        let beginning = number == 0 ? ["--init"] : ["--join", "127.0.0.1:\(ports[0])"]
        return MemberRecipe(
            command: [program.path, "run"] + beginning + [
                "--listen-addr", "127.0.0.1:\(ports[number])", "--socket", socket, "--hostname", "m\(number)",
                "--state-dir", folder.appending(path: "m\(number)").path, "--executor", "simulated",
                "--log-level", "warning",
            ],
            endpoint: .manager(socket: socket),
            log: folder.appending(path: "m\(number).log"),
            sponsor: number == 0
                ? nil : .init(swarmd: program, socket: folder.appending(path: "m0.sock").path)
        )
    }

    private static func etcd(_ number: Int, _ clients: [Int], peers: [Int], in folder: URL) -> MemberRecipe {
        let client = "http://127.0.0.1:\(clients[number])"
        let peer = "http://127.0.0.1:\(peers[number])"
        let group = peers.enumerated().map { "m\($0.offset)=http://127.0.0.1:\($0.element)" }
        return MemberRecipe(
            command: [
                "etcd", "--name", "m\(number)", "--data-dir", folder.appending(path: "m\(number)").path,
                "--listen-client-urls", client, "--advertise-client-urls", client,
                "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
                "--initial-cluster", group.joined(separator: ","), "--initial-cluster-state", "new",
                "--logger", "zap", "--log-outputs", "stderr", "--log-level", "error",
            ],
            endpoint: .etcd(port: clients[number]),
            log: folder.appending(path: "m\(number).log")
        )
    }
}
