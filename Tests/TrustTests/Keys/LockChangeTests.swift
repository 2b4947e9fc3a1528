import FoundationEssentials
import SwarmAPI
import SwiftProtobuf
import Testing
import Trust

@Suite struct LockChangeTests {
    private let one = UnlockKey(bytes: [UInt8](repeating: 1, count: 32))
    private let two = UnlockKey(bytes: [UInt8](repeating: 2, count: 32))
    private let keys = DataKeys(current: [UInt8](repeating: 3, count: 32))

    private func file(_ version: UInt64) -> KeyFile {
        KeyFile(key: "", kekVersion: version, dataKeys: self.keys)
    }

    @Test func `a first lock asks for another data key`() {
        var file = self.file(4)
        #expect(file.take(self.one, for: nil, version: 5) == .locked)
        #expect(file.kekVersion == 5)
        #expect(file.dataKeys?.needsRotation == true)
    }

    @Test func `another key or none asks for nothing`() {
        for key in [self.two, nil] {
            var file = self.file(4)
            #expect(file.take(key, for: self.one, version: 5) == .changed)
            #expect(file.kekVersion == 5)
            #expect(file.dataKeys?.needsRotation == false)
        }
    }

    @Test func `the same key and an older word change nothing`() {
        var file = self.file(4)
        #expect(file.take(self.one, for: self.one, version: 9) == .unchanged)
        #expect(file.take(nil, for: nil, version: 9) == .unchanged)
        #expect(file.take(self.two, for: self.one, version: 4) == .unchanged)
        #expect(file.take(nil, for: self.one, version: 3) == .unchanged)
        #expect(file == self.file(4))
    }

    @Test func `a rotation under way goes on, and another follows a lock`() {
        var file = self.file(4)
        let (first, second) = ([UInt8](repeating: 7, count: 32), [UInt8](repeating: 8, count: 32))
        file.dataKeys?.begin(first)
        file.dataKeys?.begin(second)
        #expect(file.dataKeys?.pending == first)
        #expect(file.take(self.one, for: nil, version: 5) == .locked)
        file.dataKeys?.finish()
        #expect(file.dataKeys == DataKeys(current: first, needsRotation: true))
        file.dataKeys?.begin(second)
        file.dataKeys?.finish()
        file.dataKeys?.finish()
        #expect(file.dataKeys == DataKeys(current: second))
    }

    @Test func `the cluster names the managers' key`() {
        var cluster = SwarmCluster()
        #expect(cluster.managerUnlockKey == nil)
        cluster.unlockKeys = [
            .with {
                $0.subsystem = "swarm-worker"
                $0.key = Data(repeating: 2, count: 32)
            },
            .with {
                $0.subsystem = "swarm-manager"
                $0.key = Data(repeating: 1, count: 32)
            },
        ]
        #expect(cluster.managerUnlockKey == self.one)
        cluster.unlockKeys[1].key = Data([1])
        #expect(cluster.managerUnlockKey == nil)
    }
}
