import Foundation

/// Says on standard error what is being measured, since a run takes minutes.
enum Progress {
    static func note(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }
}
