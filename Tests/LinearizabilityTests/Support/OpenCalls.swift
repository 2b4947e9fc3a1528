import Linearizability

/// Pairs the calls and answers of a recorded log; the number of the line is the time.
struct OpenCalls<Input: Sendable, Output: Sendable> {
    private var open: [Int: (input: Input, time: UInt64)] = [:]
    private var operations: [Operation<Input, Output>] = []
    private var time: UInt64 = 0

    mutating func call(_ client: Int, _ input: Input) {
        self.time += 1
        self.open[client] = (input, self.time)
    }

    /// The answer of the client's call, given by the input.
    mutating func answer(_ client: Int, _ output: (Input) -> Output) {
        self.time += 1
        guard let call = self.open.removeValue(forKey: client) else { return }
        self.operations.append(
            Operation(
                client: client,
                input: call.input,
                called: call.time,
                outcome: .known(output(call.input), at: self.time)
            )
        )
    }

    /// The client's call had no effect, and says nothing.
    mutating func forget(_ client: Int) { self.open[client] = nil }

    /// All operations; whoever got no answer may have had an effect.
    func history() -> [Operation<Input, Output>] {
        let unanswered = self.open.sorted { $0.key < $1.key }.map { client, call in
            Operation<Input, Output>(client: client, input: call.input, called: call.time, outcome: .unknown)
        }
        return (self.operations + unanswered).sorted { $0.called < $1.called }
    }
}
