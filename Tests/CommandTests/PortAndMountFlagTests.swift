import SwarmAPI
import SwiftProtobuf
import Testing

@testable import swarmd

struct PortAndMountFlagTests {
    private func port(
        _ published: UInt32,
        _ target: UInt32,
        _ transport: SwarmPortConfig.ProtocolEnum = .tcp,
        _ mode: SwarmPortConfig.PublishMode = .ingress
    ) -> SwarmPortConfig {
        .with {
            $0.publishedPort = published
            $0.targetPort = target
            $0.protocol = transport
            $0.publishMode = mode
        }
    }

    @Test func `ports are read in both forms`() throws {
        func parse(_ text: String) throws -> [SwarmPortConfig] { try PortFlag.parse(text, flag: "--publish") }
        #expect(try parse("80") == [self.port(0, 80)])
        #expect(try parse("8080:80") == [self.port(8080, 80)])
        #expect(try parse("53:53/udp") == [self.port(53, 53, .udp)])
        #expect(try parse("8000-8001:80-81") == [self.port(8000, 80), self.port(8001, 81)])
        #expect(
            try parse("published=8080,target=80,protocol=sctp,mode=host") == [
                self.port(8080, 80, .sctp, .host)
            ]
        )
    }

    @Test(arguments: [
        "", "0", "70000", "a:80", "1.2.3.4:80:80", "80/icmp", "8000-8002:80-81", "published=80",
        "target=80,x=1", "target",
    ])
    func `bad ports are refused`(text: String) {
        #expect(throws: CommandError.self) { try PortFlag.parse(text, flag: "--publish") }
    }

    @Test func `mounts are read`() throws {
        let bind = try MountFlag.parse(
            "type=bind,src=/a,dst=/b,readonly,bind-propagation=rslave",
            flag: "--mount"
        )
        #expect(
            bind
                == .with {
                    $0.type = .bind
                    $0.source = "/a"
                    $0.target = "/b"
                    $0.readonly = true
                    $0.bindOptions.propagation = .rslave
                }
        )
        let tmpfs = try MountFlag.parse("type=tmpfs,target=/t,tmpfs-size=1m,tmpfs-mode=1777", flag: "--mount")
        #expect(tmpfs.tmpfsOptions.sizeBytes == 1 << 20)
        #expect(tmpfs.tmpfsOptions.mode == 0o1777)
        let volume = try MountFlag.parse(
            "source=data,target=/d,\"volume-opt=o=a,b\",volume-driver=local",
            flag: "--mount"
        )
        #expect(volume.type == .volume)
        #expect(volume.volumeOptions.driverConfig.options == ["o": "a,b"])
    }

    @Test(arguments: [
        "", "type=bind,source=/a", "type=floppy,target=/a", "target=/a,colour=red",
        "target=/a,readonly=maybe", "\"target=/a",
    ])
    func `bad mounts are refused`(text: String) {
        #expect(throws: CommandError.self) { try MountFlag.parse(text, flag: "--mount") }
    }
}
