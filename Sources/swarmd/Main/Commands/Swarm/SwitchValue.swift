import ArgumentParser

/// The value of a flag that turns something on or off, as it was given.
///
/// Read here and not by `Bool`, for which a word that it does not know counts as the bare flag: `--autolock=no` would
/// lock.
struct SwitchValue: ExpressibleByArgument, CustomStringConvertible {
    /// What the bare flag stands for.
    static let on = Self(argument: "true")

    private let text: String

    /// As the help shows it.
    var description: String { self.text }

    init(argument: String) { self.text = argument }

    /// On or off, in the words that docker takes; `flag` is named by the error.
    func isOn(flag: String) throws(CommandError) -> Bool {
        switch self.text {
        case "1", "t", "T", "true", "TRUE", "True": return true
        case "0", "f", "F", "false", "FALSE", "False": return false
        default: throw .flag(flag, self.text, "give true or false")
        }
    }
}
