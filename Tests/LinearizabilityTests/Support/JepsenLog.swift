import Linearizability

/// Reads the log of a Jepsen run against a register: client, phase, action and value.
///
/// A client whose call ends with `:info` never comes back, and its call may take effect later.
enum JepsenLog {
    typealias Entry = Operation<RegisterModel.Input, RegisterModel.Output>

    static func history(_ text: String) -> [Entry] {
        let form = #/- (\d+)\s+(:\w+)\s+(:\w+)\s+(.+)/#
        var calls = OpenCalls<RegisterModel.Input, RegisterModel.Output>()
        for line in text.split(whereSeparator: \.isNewline) {
            guard let match = line.firstMatch(of: form), let client = Int(match.1) else { continue }
            switch (match.2, Self.input(match.3, match.4)) {
            case (":invoke", let input?): calls.call(client, input)
            case (":ok", _): calls.answer(client) { $0 == .read ? .value(Int(match.4)) : .written }
            case (":fail", .swap?): calls.answer(client) { _ in .mismatch }
            case (":fail", _): calls.forget(client)
            default: break
            }
        }
        return calls.history()
    }

    private static func input(_ action: Substring, _ value: Substring) -> RegisterModel.Input? {
        let numbers = value.split { !$0.isNumber }.compactMap { Int($0) }
        switch (action, numbers.count) {
        case (":read", _): return .read
        case (":write", 1): return .write(numbers[0])
        case (":cas", 2): return .swap(old: numbers[0], new: numbers[1])
        default: return nil
        }
    }
}
