import Crypto
import Synchronization
import Testing
import Trust

@testable import Credentials

/// A key file in memory, that fails where it is told to.
private final class KeyText: Sendable {
    struct Failure: Error {}

    private let state: Mutex<(text: String?, failing: Bool, saves: Int)>

    init(_ text: String? = nil) { self.state = Mutex((text, false, 0)) }

    var text: String? { self.state.withLock { $0.text } }
    var saves: Int { self.state.withLock { $0.saves } }
    func fail(_ failing: Bool) { self.state.withLock { $0.failing = failing } }

    func save(_ text: String) throws {
        try self.state.withLock { state in
            if state.failing { throw Failure() }
            state.text = text
            state.saves += 1
        }
    }

    func store() throws -> KeyStore {
        try KeyStore(load: { self.text }, save: { try self.save($0) })
    }
}

@Suite struct KeyStoreTests {
    private let one = UnlockKey(bytes: [UInt8](repeating: 1, count: 32))
    private let two = UnlockKey(bytes: [UInt8](repeating: 2, count: 32))
    private let text = KeyText()

    private func key() -> String { P256.Signing.PrivateKey().pemRepresentation + "\n" }

    /// A store with a key.
    private func store() throws -> KeyStore {
        let store = try self.text.store()
        try store.replaceKey(self.key()) { try self.text.save($0) }
        return store
    }

    @Test func `a node without a key gets one`() throws {
        let store = try self.text.store()
        #expect(store.standing == .empty)
        #expect(store.content == nil)
        #expect(throws: KeyFileError.damaged("it is missing")) { try store.establishDataKeys() }
        let key = self.key()
        try store.replaceKey(key) { try self.text.save($0) }
        #expect(store.standing == .open)
        #expect(store.content?.key == key)
        #expect(try self.text.store().content == store.content)
    }

    @Test func `data keys are made once`() throws {
        let store = try self.store()
        let keys = try store.establishDataKeys()
        #expect(keys.current.count == 32)
        #expect(try store.establishDataKeys(found: [UInt8](repeating: 9, count: 32)) == keys)
        #expect(try self.text.store().content?.dataKeys == keys)
    }

    @Test func `an older directory's data key is taken over`() throws {
        let found = [UInt8](repeating: 9, count: 32)
        #expect(try self.store().establishDataKeys(found: found) == DataKeys(current: found))
    }

    @Test func `a locked file is opened with its key only`() throws {
        let store = try self.store()
        let keys = try store.establishDataKeys()
        #expect(try store.lock(with: self.one, version: 7) == .locked)
        #expect(store.isEncrypted)

        let again = try self.text.store()
        #expect(again.standing == .locked(version: 7))
        #expect(again.isEncrypted)
        #expect(again.content == nil)
        #expect(throws: KeyFileError.locked) { try again.beginRotation() }
        #expect(throws: KeyFileError.locked) { try again.replaceKey(self.key()) { try self.text.save($0) } }
        let (one, two) = (try #require(self.one), try #require(self.two))
        #expect(throws: KeyFileError.wrongKey) { try again.unlock(with: two) }
        #expect(again.standing == .locked(version: 7))
        try again.unlock(with: one)
        #expect(again.standing == .open)
        #expect(again.content?.dataKeys?.current == keys.current)
        #expect(again.content == store.content)
    }

    @Test func `an unlock key is changed and taken away`() throws {
        let store = try self.store()
        _ = try store.establishDataKeys()
        #expect(try store.lock(with: self.one, version: 7) == .locked)
        #expect(try store.lock(with: self.two, version: 8) == .changed)
        let two = try #require(self.two)
        let locked = try #require(self.text.text)
        #expect(try KeyFile(parsing: locked, unlockKey: two) == store.content)
        #expect(try store.lock(with: self.one, version: 8) == .unchanged)
        #expect(try store.lock(with: nil, version: 9) == .changed)
        #expect(!store.isEncrypted)
        #expect(try self.text.store().content == store.content)
        #expect(store.content?.kekVersion == 9)
    }

    @Test func `a new TLS key stays under the lock`() throws {
        let store = try self.store()
        _ = try store.establishDataKeys()
        _ = try store.lock(with: self.one, version: 7)
        let key = self.key()
        try store.replaceKey(key) { try self.text.save($0) }
        let again = try self.text.store()
        try again.unlock(with: try #require(self.one))
        #expect(again.content?.key == key)
        #expect(again.content?.dataKeys == store.content?.dataKeys)
    }

    @Test func `a rotation goes on where it was left`() throws {
        let store = try self.store()
        let first = try store.establishDataKeys()
        let begun = try #require(try store.beginRotation())
        #expect(begun.current == first.current)
        let again = try self.text.store()
        #expect(try again.beginRotation() == begun)
        try again.finishRotation()
        #expect(again.content?.dataKeys?.current == begun.pending)
        #expect(try self.text.store().content?.dataKeys == again.content?.dataKeys)
    }

    @Test func `a node without data keys has nothing to rotate`() throws {
        #expect(try self.store().beginRotation() == nil)
    }

    @Test func `what was not written does not count`() throws {
        let store = try self.store()
        let keys = try store.establishDataKeys()
        let before = store.content
        self.text.fail(true)
        #expect(throws: KeyText.Failure.self) { try store.lock(with: self.one, version: 7) }
        #expect(throws: KeyText.Failure.self) { try store.beginRotation() }
        #expect(throws: KeyText.Failure.self) { try store.becomeWorker() }
        #expect(throws: KeyText.Failure.self) { try store.replaceKey(self.key()) { try self.text.save($0) } }
        #expect(store.content == before)
        #expect(!store.isEncrypted)
        self.text.fail(false)
        #expect(try store.lock(with: self.one, version: 7) == .locked)
        #expect(store.content?.dataKeys?.current == keys.current)
    }

    @Test func `what changes nothing is not written`() throws {
        let store = try self.store()
        _ = try store.establishDataKeys()
        let saves = self.text.saves
        _ = try store.establishDataKeys()
        #expect(try store.lock(with: nil, version: 7) == .unchanged)
        try store.finishRotation()
        #expect(self.text.saves == saves)
    }

    @Test func `a demoted manager keeps nothing of its office`() throws {
        let store = try self.store()
        _ = try store.establishDataKeys()
        _ = try store.lock(with: self.one, version: 7)
        try store.becomeWorker()
        let again = try self.text.store()
        #expect(again.standing == .open)
        #expect(again.content == KeyFile(key: store.content?.key ?? ""))
    }

    @Test func `a text that is no key file's is refused`() {
        #expect { try KeyText("nonsense").store() } throws: {
            if case .damaged? = $0 as? KeyFileError { true } else { false }
        }
    }
}
