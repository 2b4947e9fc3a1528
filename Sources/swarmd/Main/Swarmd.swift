import ContainerRuntime
import Glibc

/// `swarmd`: the daemon, its commands, and, under a hidden name, the supervisor of one task.
@main
struct Swarmd {
    static func main() async {
        let arguments = CommandLine.arguments.dropFirst()
        // The supervisor goes first: it must start in no time and carry nothing along.
        if arguments.first == TaskSupervisor.command, let directory = arguments.dropFirst().first {
            exit(TaskSupervisor.main(directory: directory))
        }
        exit(await CommandLineEntry.run(Array(arguments)))
    }
}
