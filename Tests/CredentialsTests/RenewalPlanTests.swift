import Credentials
import Primitives
import Testing
import Trust

@Suite struct RenewalPlanTests {
    private static let start = Timestamp(seconds: 1_800_000_000)
    private static let day = Duration.seconds(86_400)
    private static let validity = Self.start..<(Self.start + Self.day * 90)

    private var dice = SeededGenerator(seed: 7)

    private mutating func plan(_ role: NodeName.Role = .worker) -> RenewalPlan {
        RenewalPlan(role: role, validity: Self.validity, using: &self.dice)
    }

    @Test mutating func `a quiet certificate is renewed between half and four fifths of its life`() {
        for _ in 0..<100 {
            let next = self.plan().next(at: Self.start)
            #expect(next >= Self.start + Self.day * 45)
            #expect(next < Self.start + Self.day * 72)
        }
    }

    @Test(arguments: [600, 3_600, 7_200] as [Int64])
    mutating func `a certificate that lives shortly is renewed at such a time too`(_ seconds: Int64) {
        let life = Duration.seconds(seconds)
        for _ in 0..<100 {
            let plan = RenewalPlan(
                role: .worker,
                validity: Self.start..<(Self.start + life),
                using: &self.dice
            )
            let next = plan.next(at: Self.start)
            #expect(next >= Self.start + life / 2)
            #expect(next <= Self.start + life * 4 / 5)
        }
    }

    @Test mutating func `another role is asked for at once, and once`() {
        var plan = self.plan()
        let now = Self.start + Self.day
        plan.heard(.init(role: .manager, wanted: .manager, mustRotate: false), at: now)
        #expect(plan.next(at: now) == now)
        plan.renewed(role: .manager, validity: Self.validity, at: now, using: &self.dice)
        #expect(plan.next(at: now) > now + Self.day)
    }

    @Test mutating func `a role that is only wanted is waited for`() {
        var plan = self.plan(.manager)
        let now = Self.start + Self.day
        plan.heard(.init(role: .manager, wanted: .worker, mustRotate: false), at: now)
        #expect(plan.next(at: now) == now + .seconds(5))
        // The group has not let it go yet: it asks again, each time later.
        var moment = now + .seconds(5)
        for round in 1...4 {
            plan.renewed(role: .manager, validity: Self.validity, at: moment, using: &self.dice)
            let next = plan.next(at: moment)
            #expect(next > moment && next <= moment + .seconds(5 * (1 << round)))
            moment = next
        }
    }

    @Test mutating func `a rotation is answered once until it is asked for anew`() {
        var plan = self.plan()
        let now = Self.start + Self.day
        let rotate = RenewalPlan.Word(role: .worker, wanted: .worker, mustRotate: true)
        plan.heard(rotate, at: now)
        #expect(plan.next(at: now) == now)
        plan.renewed(role: .worker, validity: Self.validity, at: now, using: &self.dice)
        #expect(plan.next(at: now) > now + Self.day)
        plan.heard(.init(role: .worker, wanted: .worker, mustRotate: false), at: now)
        plan.heard(rotate, at: now)
        #expect(plan.next(at: now) == now)
    }

    @Test mutating func `an ended certificate is renewed at once`() {
        let plan = self.plan()
        let late = Self.validity.upperBound + Self.day
        #expect(plan.next(at: late) <= late)
    }

    @Test mutating func `failures are further and further apart, up to an hour`() {
        var plan = self.plan()
        var now = Self.validity.upperBound
        for _ in 0..<30 {
            plan.failed(at: now, using: &self.dice)
            let next = plan.next(at: now)
            #expect(next > now && next <= now + .seconds(3_600))
            now = next
        }
        plan.failed(at: now, using: &self.dice)
        #expect(plan.next(at: now) >= now + .seconds(1_800))
    }

    @Test mutating func `an operator is warned once a day from thirty days before the end`() {
        var plan = self.plan()
        var now = Self.validity.upperBound + (.zero - Self.day * 31)
        plan.failed(at: now, using: &self.dice)
        #expect(plan.warning(at: now) == nil)
        now = now + Self.day * 2
        #expect(plan.warning(at: now) == Self.day * 29)
        #expect(plan.warning(at: now + .seconds(60)) == nil)
        #expect(plan.warning(at: now + Self.day) == Self.day * 28)
    }

    @Test mutating func `a certificate that is not tried to be renewed is not warned of`() {
        var plan = self.plan()
        #expect(plan.warning(at: Self.validity.upperBound) == nil)
    }
}
