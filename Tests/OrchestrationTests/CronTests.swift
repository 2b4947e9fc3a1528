import Orchestration
import Primitives
import SwarmAPI
import Testing

@Suite struct `A job with a schedule` {
    @Test(arguments: [
        ("*/15 * * * *", 0, 900), ("0 0 1 1 *", 0, 31_536_000), ("30 4 29 2 *", 0, 68_185_800),
        ("0 12 * * mon", 0, 388_800), ("0 0 13 * 5", 0, 86_400), ("@hourly", 3_600, 7_200),
        ("5-10/5,20 8 * jan,feb 7", 0, 288_300),
    ])
    func `runs at the next moment that all fields admit`(text: String, after: Int64, next: Int64) throws {
        let expression = try CronExpression(text)
        #expect(expression.next(after: Timestamp(seconds: after)) == Timestamp(seconds: next))
        #expect(expression.includes(Timestamp(seconds: next)))
        #expect(!expression.includes(Timestamp(seconds: next) + .milliseconds(1)))
    }

    @Test(arguments: ["", "* * * *", "60 * * * *", "* * 0 * *", "*/0 * * * *", "5-1 * * * *", "0 0 30 2 *"])
    func `is refused where it never runs or cannot be read`(text: String) {
        #expect(throws: CronExpression.Fault.self) { try CronExpression(text) }
    }

    @Test func `is for jobs only`() {
        var spec = SwarmServiceSpec()
        spec.annotations.labels[JobSchedule.label] = "@hourly"
        spec.replicated.replicas = 1
        #expect(JobSchedule.fault(in: spec) == "swarmd.cron: only jobs have a schedule")
        spec.globalJob = .init()
        #expect(JobSchedule.fault(in: spec) == nil)
        spec.annotations.labels[JobSchedule.label] = "* * * * noday"
        #expect(
            JobSchedule.fault(in: spec) == "swarmd.cron: weekday: \"noday\" is not within 0-7"
        )
    }
}
