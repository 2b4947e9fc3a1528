package import Foundation

/// The programs that were built beside this one.
package enum Products {
    /// The daemon.
    package static var swarmd: URL { Self.named("swarmd") }

    /// The console.
    package static var swarmtop: URL { Self.named("swarmtop") }

    private static func named(_ name: String) -> URL {
        URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
            .appending(path: name)
    }
}
