import Testing

@testable import swarmd

struct UnitsTests {
    @Test(
        arguments: [
            ("64m", 64 << 20), ("1g", 1 << 30), ("1.5GiB", 3 << 29), ("4096", 4096), ("1kb", 1024),
            ("2 MB", 2 << 20), ("0", 0),
        ] as [(String, Int64)]
    )
    func `bytes are read as docker reads them`(text: String, bytes: Int64) throws {
        #expect(try Units.bytes(text, flag: "--limit-memory") == bytes)
    }

    @Test(arguments: ["", "m", "-1m", "1x", "1.2.3m", "1e3", "99999999999g"])
    func `bytes that cannot be read name the flag and the value`(text: String) {
        let error = #expect(throws: CommandError.self) { try Units.bytes(text, flag: "--limit-memory") }
        #expect(error?.description.hasPrefix("invalid value \"\(text)\" for --limit-memory: ") == true)
    }

    @Test(
        arguments: [
            ("10s", .seconds(10)), ("1m30s", .seconds(90)), ("500ms", .milliseconds(500)),
            ("1.5h", .seconds(5_400)),
            ("0", .zero), ("2us3ns", .nanoseconds(2_003)),
        ] as [(String, Duration)]
    )
    func `spans are read as Go reads them`(text: String, span: Duration) throws {
        #expect(try Units.span(text, flag: "--restart-delay") == span)
    }

    @Test(arguments: ["", "5", "s", "-5s", "1y", "1m30", "999999999h"])
    func `spans that cannot be read are refused`(text: String) {
        #expect(throws: CommandError.self) { try Units.span(text, flag: "--restart-delay") }
    }

    @Test(arguments: [("0.5", 500_000_000), ("2", 2_000_000_000), (".25", 250_000_000)] as [(String, Int64)])
    func `processors become billionths`(text: String, nano: Int64) throws {
        #expect(try Units.nanoCPUs(text, flag: "--limit-cpu") == nano)
    }

    @Test func `a negative number of tasks reaches the manager as the number it refuses`() throws {
        #expect(try Units.replicas("-1", flag: "--replicas") == UInt64.max)
        #expect(throws: CommandError("invalid value \"many\" for --replicas: give a whole number")) {
            try Units.replicas("many", flag: "--replicas")
        }
    }

    @Test(arguments: ["-1", "1.5", "", "many"])
    func `any other count starts at zero`(text: String) {
        #expect(
            throws: CommandError("invalid value \"\(text)\" for --limit-pids: give a whole number from 0 up")
        ) {
            try Units.count(text, flag: "--limit-pids")
        }
    }

    @Test func `a line is split into words as a shell does`() throws {
        #expect(
            try ShellWords.split("sh -c 'a  b' \"c d\" e\\ f ''", flag: "--args") == [
                "sh", "-c", "a  b", "c d", "e f", "",
            ]
        )
        #expect(throws: CommandError.self) { try ShellWords.split("'open", flag: "--args") }
    }
}
