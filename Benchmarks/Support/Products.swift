package import Foundation

/// The programs that were built beside this one.
package enum Products {
    /// Where they are.
    package static var folder: URL {
        URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
    }

    /// The daemon.
    package static var swarmd: URL { Self.folder.appending(path: "swarmd") }

    /// The console.
    package static var swarmtop: URL { Self.folder.appending(path: "swarmtop") }
}
