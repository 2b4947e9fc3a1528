import Primitives
import Testing
import Trust

@Suite struct UnlockKeyTests {
    @Test func `a key has one text`() throws {
        let key = try #require(UnlockKey(bytes: (0..<32).map { UInt8($0) }))
        #expect(key.text == "SWMKEY-1-AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")
        #expect(try UnlockKey(parsing: key.text) == key)
    }

    @Test func `fresh keys differ`() throws {
        var generator = SeededGenerator(seed: 1)
        let (first, second) = (UnlockKey(using: &generator), UnlockKey(using: &generator))
        #expect(first != second)
        #expect(first.text.utf8.count == 52)
        #expect(try UnlockKey(parsing: second.text) == second)
    }

    @Test(arguments: [
        "", "SWMKEY-1-", "SWMKEY-2-AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        "SWMKEY-1-AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "SWMKEY-1-AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9",
        "SWMKEY-1-AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg",
        "SWMKEY-1-AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8AAAA",
        "SWMKEY-1-AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh!",
        "SWMKEY-1-AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8 ",
    ])
    func `what is no key is refused`(text: String) {
        #expect(throws: UnlockKeyError()) { try UnlockKey(parsing: text) }
    }

    @Test func `a key of another length is none`() {
        #expect(UnlockKey(bytes: []) == nil)
        #expect(UnlockKey(bytes: Array(repeating: 1, count: 31)) == nil)
    }
}
