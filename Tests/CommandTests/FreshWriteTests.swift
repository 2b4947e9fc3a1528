import ControlClient
import Testing

@testable import swarmd

@Suite struct FreshWriteTests {
    private static let overtaken = ControlError(.outOfSequence, "update out of sequence")

    @Test func `what another one overtook is done anew`() async throws {
        var attempts = 0
        let result = try await FreshWrite.run {
            attempts += 1
            if attempts < FreshWrite.attempts { throw Self.overtaken }
            return "done"
        }
        #expect(result == "done" && attempts == FreshWrite.attempts)
    }

    @Test func `it is given up in the end, and other errors at once`() async {
        var attempts = 0
        let overtaken = await #expect(throws: ControlError.self) {
            try await FreshWrite.run {
                attempts += 1
                throw Self.overtaken
            }
        }
        #expect(overtaken?.kind == .outOfSequence && attempts == FreshWrite.attempts)
        attempts = 0
        let refused = await #expect(throws: ControlError.self) {
            try await FreshWrite.run {
                attempts += 1
                throw ControlError(.refused, "no")
            }
        }
        #expect(refused?.kind == .refused && attempts == 1)
    }
}
