import Linearizability

/// Reads a log of calls and answers about texts under keys, one map in Clojure's notation a line.
enum KeyValueLog {
    typealias Entry = Operation<KeyValueModel.Input, KeyValueModel.Output>

    static func history(_ text: String) -> [Entry] {
        let form = #/:process (\d+), :type :(\w+), :f :(\w+), :key "(.*)", :value (?:nil|"(.*)")/#
        var calls = OpenCalls<KeyValueModel.Input, KeyValueModel.Output>()
        for line in text.split(whereSeparator: \.isNewline) {
            guard let match = line.firstMatch(of: form), let client = Int(match.1) else { continue }
            let value = match.5.map(String.init) ?? ""
            switch (match.2, match.3) {
            case ("invoke", "get"): calls.call(client, .init(key: String(match.4), .get))
            case ("invoke", "put"): calls.call(client, .init(key: String(match.4), .put(value)))
            case ("invoke", "append"): calls.call(client, .init(key: String(match.4), .append(value)))
            case ("ok", _): calls.answer(client) { $0.action == .get ? .value(value) : .written }
            default: break
            }
        }
        return calls.history()
    }
}
