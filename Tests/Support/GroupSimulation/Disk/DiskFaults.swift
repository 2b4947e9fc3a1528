/// What is going to go wrong with a simulated disk.
package struct DiskFaults: Sendable, Equatable {
    /// How many more changing operations succeed before the process or the machine dies in the middle of one.
    package var operationsToCrash: Int?
    /// Whether the next sync of a file fails.
    package var failsSync = false
    /// Whether readers see, after a failed sync, what was not written.
    package var showsUnwritten = false
    /// Whether nothing new fits.
    package var isFull = false

    /// Nothing.
    package init() {}
}
