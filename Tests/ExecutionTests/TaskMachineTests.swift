import Execution
import SwarmAPI
import Testing

@Suite struct TaskMachineTests {
    private func check(
        state: SwarmTaskState = .assigned,
        desired: SwarmTaskState = .running,
        _ transcript: String
    ) {
        var machine = MachineTranscript(state: state, desired: desired)
        #expect(machine.replay(transcript) == transcript)
    }

    @Test func `a task that ends well goes through all states`() {
        self.check(
            """
            begin
              report accepted "accepted"
              call create
            done create
              report preparing "preparing"
              call prepare
            done prepare
              report ready "prepared"
              report starting "starting"
              call start
            done start pid 77
              report running "started" pid 77
              call wait
            done wait pid 77
              report complete "finished" pid 77
            """
        )
    }

    @Test func `a task that is wanted ready waits there until it is wanted running`() {
        self.check(
            desired: .ready,
            """
            begin
              report accepted "accepted"
              call create
            done create
              report preparing "preparing"
              call prepare
            done prepare
              report ready "prepared"
            wanted running
              call update
            done update
              report starting "starting"
              call start
            """
        )
    }

    @Test func `a version that comes while a task is prepared is told before its start`() {
        self.check(
            desired: .ready,
            """
            begin
              report accepted "accepted"
              call create
            done create
              report preparing "preparing"
              call prepare
            wanted running
            done prepare
              report ready "prepared"
              call update
            done update
              report starting "starting"
              call start
            """
        )
    }

    @Test func `a running task is stopped when its shutdown is wanted`() {
        self.check(
            state: .running,
            """
            begin
              call create
            done create
              call wait
            wanted shutdown
              cancel wait
            failed wait cancelled
              call update
            done update
              call shutdown
            done shutdown
              report shutdown "shutdown"
            """
        )
    }

    @Test func `a task that ended while it should be stopped keeps its own end`() {
        self.check(
            state: .running,
            """
            begin
              call create
            done create
              call wait
            wanted shutdown
              cancel wait
            failed wait exit 3
              report failed "" error "task: non-zero exit (3)" exit 3
            """
        )
    }

    @Test func `a failure before the start rejects the task`() {
        self.check(
            """
            begin
              report accepted "accepted"
              call create
            done create
              report preparing "preparing"
              call prepare
            failed prepare fatal no such image
              report rejected "preparing" error "no such image"
            """
        )
    }

    @Test func `a failure from the start on fails the task with its exit code`() {
        self.check(
            state: .starting,
            """
            begin
              call create
            done create
              call start
            done start pid 7
              report running "started" pid 7
              call wait
            failed wait exit 137
              report failed "started" error "task: non-zero exit (137)" pid 7 exit 137
            """
        )
    }

    @Test func `a start that can never work rejects the task`() {
        self.check(
            state: .starting,
            """
            begin
              call create
            done create
              call start
            failed start rejected no such command
              report rejected "" error "no such command"
            """
        )
    }

    @Test func `a controller that can't be made ends the task by its state`() {
        self.check(
            """
            begin
              report accepted "accepted"
              call create
            failed create fatal bad spec
              report rejected "accepted" error "bad spec"
            """
        )
        self.check(
            state: .running,
            """
            begin
              call create
            failed create fatal bad spec
              report failed "" error "bad spec"
            """
        )
    }

    @Test func `a passing failure is tried again after a second`() {
        self.check(
            state: .preparing,
            """
            begin
              call create
            done create
              call prepare
            failed prepare temporary no network
              report preparing "" error "no network"
              retry after 1.0 seconds
            timer 999
            timer 1
              call prepare
            done prepare
              report ready "prepared"
              report starting "starting"
              call start
            """
        )
    }

    @Test func `a stop doesn't wait for the pause before a retry`() {
        self.check(
            state: .preparing,
            """
            begin
              call create
            done create
              call prepare
            failed prepare cancelled
              retry after 1.0 seconds
            wanted shutdown
              call update
            done update
              call shutdown
            done shutdown
              report shutdown "shutdown"
            timer 1000
            """
        )
    }

    @Test func `a task that was started before is only waited for`() {
        self.check(
            state: .starting,
            """
            begin
              call create
            done create
              call start
            failed start started
              report running "started"
              call wait
            """
        )
        self.check(
            state: .running,
            """
            begin
              call create
            done create
              call wait
            """
        )
    }

    @Test func `a removed task is stopped, cleared away and forgotten`() {
        self.check(
            state: .running,
            """
            begin
              call create
            done create
              call wait
            wanted remove
              cancel wait
            failed wait cancelled
              call update
            done update
              call shutdown
            done shutdown
              report shutdown "shutdown"
              call remove
            done remove
              forget
            withdrawn
            """
        )
    }

    @Test func `an ended task is cleared away when it is withdrawn`() {
        self.check(
            state: .failed,
            desired: .shutdown,
            """
            begin
            withdrawn
              call create
            done create
              call remove
            failed remove fatal busy
              retry after 1.0 seconds
            timer 1000
              call remove
            done remove
              forget
            """
        )
    }

    @Test func `a withdrawn task is stopped without a report`() {
        self.check(
            """
            begin
              report accepted "accepted"
              call create
            withdrawn
            done create
              call shutdown
            done shutdown
              call remove
            done remove
              forget
            """
        )
    }

    @Test func `removal is given up after its limit`() {
        var machine = MachineTranscript(state: .failed, desired: .remove)
        _ = machine.replay("begin\ndone create")
        var rounds = 0
        while machine.replay("failed remove fatal busy\ntimer 1000").hasSuffix("call remove") { rounds += 1 }
        #expect(rounds == TaskMachine.removeLimit - 1)
    }

    @Test func `what stays wanted changes nothing`() {
        self.check(
            desired: .ready,
            """
            begin
              report accepted "accepted"
              call create
            done create
              report preparing "preparing"
              call prepare
            done prepare
              report ready "prepared"
            timer 5000
            """
        )
        self.check(
            state: .complete,
            """
            begin
            wanted shutdown
            """
        )
    }
}
