import ContainerRuntime
import Glibc

/// Stands in for `swarmd supervise-task DIR`, so that the tests of the executor need no daemon.
@main
enum Fixture {
    static func main() {
        guard CommandLine.arguments.count == 2 else { fatalError("usage: task-supervisor-fixture DIR") }
        exit(TaskSupervisor.main(directory: CommandLine.arguments[1]))
    }
}
