import Execution
import Testing

@Suite struct TaskFactTests {
    @Test func `errors are sorted by what they mean for the task`() {
        struct Odd: Error, CustomStringConvertible { let description = "odd" }
        #expect(CallFailure(ControllerError.started) == .started)
        #expect(CallFailure(ControllerError.rejected("no")) == .rejected("no"))
        #expect(CallFailure(ControllerError.temporary("later")) == .temporary("later"))
        #expect(
            CallFailure(ExitError(code: 9, cause: "out of memory"))
                == .exit(code: 9, "task: non-zero exit (9): out of memory")
        )
        #expect(CallFailure(CancellationError()) == .cancelled)
        #expect(CallFailure(Odd()) == .fatal("odd"))
    }
}
