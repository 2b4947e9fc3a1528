import Primitives
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import swarmd

struct TablesTests {
    static let now = Timestamp(seconds: 1_000_000)

    static func task(
        _ id: String,
        slot: UInt64,
        state: SwarmTaskState,
        desired: SwarmTaskState = .running,
        ago: Int64,
        error: String = ""
    ) -> SwarmTask {
        .with {
            $0.id = id
            $0.serviceID = "s1"
            $0.serviceAnnotations.name = "web"
            $0.slot = slot
            $0.nodeID = "n1"
            $0.spec.container.image = "host"
            $0.meta.createdAt = Timestamp(seconds: 1_000_000 - ago).protobuf
            $0.status.timestamp = Timestamp(seconds: 1_000_000 - ago).protobuf
            $0.status.state = state
            $0.status.err = error
            $0.desiredState = desired
        }
    }

    @Test func `services are listed as docker lists them`() {
        let services: [SwarmService] = [
            .with {
                $0.id = "z69pn40srp1zccwy1avcvs1n9"
                $0.spec.annotations.name = "web"
                $0.spec.replicated.replicas = 3
                $0.spec.task.container.image = "host"
                $0.endpoint.ports = [
                    .with {
                        $0.publishedPort = 8080
                        $0.targetPort = 80
                    }
                ]
            },
            .with {
                $0.id = "a1"
                $0.spec.annotations.name = "batch"
                $0.spec.replicatedJob.totalCompletions = 5
                $0.spec.task.container.image = "host"
            },
        ]
        let listing = ServiceListing.make(
            services,
            statuses: [
                "z69pn40srp1zccwy1avcvs1n9": .with {
                    $0.runningTasks = 2
                    $0.desiredTasks = 3
                },
                "a1": .with {
                    $0.desiredTasks = 1
                    $0.completedTasks = 4
                },
            ]
        )
        #expect(
            listing.lines(.table) == [
                "ID             NAME      MODE             REPLICAS              IMAGE     PORTS",
                "a1             batch     replicated job   0/1 (4/5 completed)   host",
                "z69pn40srp1z   web       replicated       2/3                   host      *:8080->80/tcp",
            ]
        )
        #expect(listing.lines(.quiet) == ["a1", "z69pn40srp1z"])
        #expect(
            listing.lines(.json)[1]
                == #"{"ID":"z69pn40srp1z","Image":"host","Mode":"replicated","Name":"web","Ports":"*:8080->80/tcp","Replicas":"2/3"}"#
        )
    }

    @Test func `a slot's earlier tasks stand beneath its newest`() {
        let listing = TaskListing(hostnames: ["n1": "worker-1"], now: Self.now, whole: false).make([
            Self.task(
                "t2",
                slot: 2,
                state: .pending,
                ago: 3,
                error: "no suitable node (1 node not available)"
            ),
            Self.task(
                "t1old",
                slot: 1,
                state: .failed,
                desired: .shutdown,
                ago: 120,
                error: "task: non-zero exit (3)"
            ),
            Self.task("t1new", slot: 1, state: .running, ago: 60),
        ])
        #expect(
            listing.lines(.table) == [
                "ID        NAME        IMAGE     NODE       DESIRED STATE   CURRENT STATE                ERROR                              PORTS",
                "t1new     web.1       host      worker-1   Running         Running about a minute ago",
                #"t1old      \_ web.1   host      worker-1   Shutdown        Failed 2 minutes ago         "task: non-zero exit (3)""#,
                #"t2        web.2       host      worker-1   Running         Pending 3 seconds ago        "no suitable node (1 node not …""#,
            ]
        )
    }

    @Test func `why tasks wait is told in full below the table that cuts it off`() {
        let listing = TaskListing(hostnames: [:], now: Self.now, whole: false)
        let reason = "no suitable node (scheduling constraints not satisfied on 1 node: none meets a==b)"
        let tasks = (1...5).map {
            Self.task("t\($0)", slot: UInt64($0), state: .pending, ago: 1, error: reason)
        }
        let others = [
            Self.task("u1", slot: 6, state: .pending, ago: 1, error: "short"),
            Self.task("u2", slot: 7, state: .pending, desired: .shutdown, ago: 1, error: reason),
            Self.task("u3", slot: 8, state: .failed, ago: 1, error: reason),
        ]
        #expect(listing.waits(tasks + others) == ["PENDING web.1, web.2, web.3 and 2 more: \(reason)"])
        #expect(listing.waits(others) == [])
    }

    @Test func `the node that answers is marked`() {
        let nodes: [SwarmNode] = [
            .with {
                $0.id = "n2"
                $0.description_p.hostname = "worker"
                $0.status.state = .down
                $0.spec.availability = .drain
            },
            .with {
                $0.id = "n1"
                $0.description_p.hostname = "boss"
                $0.description_p.engine.engineVersion = "0.1.0"
                $0.status.state = .ready
                $0.managerStatus.leader = true
            },
        ]
        #expect(
            NodeListing.make(nodes, ownID: "n1").lines(.table) == [
                "ID        HOSTNAME   STATUS    AVAILABILITY   MANAGER STATUS   ENGINE VERSION",
                "n1 *      boss       Ready     Active         Leader           0.1.0",
                "n2        worker     Down      Drain",
            ]
        )
    }

    @Test func `control characters do not reach the terminal`() {
        #expect(TextTable.plain("a\u{1b}[2Jb\nc") == "a [2Jb c")
    }

    @Test(
        arguments: [
            (0, "less than a second"), (1, "1 second"), (59, "59 seconds"), (60, "about a minute"),
            (119, "about a minute"),
            (120, "2 minutes"), (3_599, "59 minutes"), (7_200, "2 hours"), (47 * 3_600, "47 hours"),
            (3 * 86_400, "3 days"),
            (20 * 86_400, "2 weeks"), (100 * 86_400, "3 months"), (800 * 86_400, "2 years"),
            (-5, "less than a second"),
        ] as [(Int64, String)]
    )
    func `time past is told in docker's words`(seconds: Int64, words: String) {
        // Minutes are counted before hours are rounded, so 59:59 is the last of the minutes.
        #expect(TimeText.ago(.seconds(seconds)) == words)
    }

    @Test func `moments and spans have Go's forms`() {
        #expect(
            TimeText.rfc3339(.init(nanoseconds: 1_795_411_524_086_980_167))
                == "2026-11-23T05:25:24.086980167Z"
        )
        #expect(TimeText.rfc3339(.init(seconds: 0)) == "1970-01-01T00:00:00Z")
        #expect(TimeText.rfc3339(.init(nanoseconds: -500_000_000)) == "1969-12-31T23:59:59.5Z")
        #expect(TimeText.span(.seconds(90)) == "1m30s")
        #expect(TimeText.span(.milliseconds(1_500)) == "1.5s")
        #expect(TimeText.span(.seconds(3_600)) == "1h0m0s")
    }

    @Test(
        arguments: [
            ("2026-11-23T05:25:24Z", 1_795_411_524), ("1970-01-02", 86_400), ("1970-01-01T01:00:00+01:00", 0),
            ("100", 100),
            ("10m", 1_000_000 - 600),
        ] as [(String, Int64)]
    )
    func `moments are read`(text: String, seconds: Int64) throws {
        #expect(try Moment.parse(text, now: Self.now, flag: "--since") == Timestamp(seconds: seconds))
    }

    @Test func `a moment that cannot be read is refused`() {
        for text in ["yesterday", "2026-13-01", "2026-11-23T25:00:00Z", ""] {
            #expect(throws: CommandError.self) { try Moment.parse(text, now: Self.now, flag: "--since") }
        }
    }

    @Test func `log lines carry their task's name`() {
        let message = SwarmLogMessage.with {
            $0.context.taskID = "0123456789abcdef"
            $0.timestamp = Timestamp(seconds: 1).protobuf
            $0.data = .init("hello".utf8)
        }
        let task = Self.task("0123456789abcdef", slot: 1, state: .running, ago: 0)
        var line = LogLine(timestamps: true, raw: false)
        line.slotWidth = 2
        func text(_ line: LogLine, _ task: SwarmTask?) -> String {
            String(decoding: line.bytes(message, task: task, hostname: "w"), as: UTF8.self)
        }
        #expect(text(line, task) == "1970-01-01T00:00:01Z web.1.0123456789ab@w     | hello\n")
        line.taskIDs = .none
        line.timestamps = false
        #expect(text(line, task) == "web.1@w     | hello\n")
        #expect(text(LogLine(timestamps: false, raw: true), task) == "hello\n")
        #expect(text(LogLine(timestamps: false, raw: false), nil) == "0123456789ab@w    | hello\n")
    }

    @Test func `JSON is escaped and indented`() {
        let json = JSON.fields(
            ("a", .strings(["x\"\\\n\u{1}"])),
            ("b", nil),
            ("c", .number(0.25)),
            ("d", .object([]))
        )
        #expect(json.line == #"{"a":["x\"\\\n\u0001"],"c":0.25,"d":{}}"#)
        #expect(
            json.pretty
                == "{\n    \"a\": [\n        \"x\\\"\\\\\\n\\u0001\"\n    ],\n    \"c\": 0.25,\n    \"d\": {}\n}"
        )
    }

    @Test func `a service is inspected in the Engine API's names`() {
        let service = SwarmService.with {
            $0.id = "s1"
            $0.meta.version.index = 7
            $0.meta.createdAt = Timestamp(seconds: 0).protobuf
            $0.meta.updatedAt = Timestamp(seconds: 0).protobuf
            $0.spec.annotations.name = "web"
            $0.spec.replicated.replicas = 2
            $0.spec.task.container.image = "host"
            $0.spec.task.container.args = ["sleep", "1"]
            $0.spec.task.resources.limits.memoryBytes = 64
        }
        #expect(
            DockerJSON.service(service).line
                == #"{"ID":"s1","Version":{"Index":7},"CreatedAt":"1970-01-01T00:00:00Z","UpdatedAt":"1970-01-01T00:00:00Z","#
                + #""Spec":{"Name":"web","Labels":{},"TaskTemplate":{"ContainerSpec":{"Image":"host","Args":["sleep","1"],"#
                + #""Isolation":"default"},"Resources":{"Limits":{"MemoryBytes":64}},"Placement":{},"ForceUpdate":0,"#
                + #""Runtime":"container"},"Mode":{"Replicated":{"Replicas":2}}},"Endpoint":{"Spec":{}}}"#
        )
    }
}
