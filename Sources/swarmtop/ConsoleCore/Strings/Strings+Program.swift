/// What the program around the console has to tell: files of the operator's, recordings, the editor.
package enum ConsoleNotice: Sendable {
    /// The lists are arranged as at first, and why.
    case viewsUnread(file: String, reason: String)
    case viewsDamaged(file: String)
    case viewsNotKept(String)
    case recordingIsTorn
    case recordingEnds
    case logsNotRecorded
    case objectsNotRecorded
    case noEditorForReader
    /// The first of several notices.
    case first(String, more: Int)
}

extension Model {
    /// A notice in the words of the console's language.
    package func words(_ notice: ConsoleNotice) -> String { self.strings.notice(notice) }
}

extension Strings {
    fileprivate func notice(_ notice: ConsoleNotice) -> String {
        switch notice {
        case .viewsUnread(let file, let reason):
            self.text("columns and order are as at first: \(file): \(reason)", "列与排序为默认: \(file): \(reason)")
        case .viewsDamaged(let file):
            self.text("columns and order are as at first: \(file) is damaged", "列与排序为默认: \(file) 已损坏")
        case .viewsNotKept(let fault):
            self.text("columns and order are not kept: \(fault)", "列与排序未保存: \(fault)")
        case .recordingIsTorn:
            self.text(
                "the recording ends in the middle of a record: what is before is played",
                "录像在一条记录中途结束: 播放其之前的内容"
            )
        case .recordingEnds: self.text("the recording ends here", "录像到此结束")
        case .logsNotRecorded: self.text("logs are not in a recording", "录像中没有日志")
        case .objectsNotRecorded: self.text("whole objects are not in a recording", "录像中没有完整对象")
        case .noEditorForReader:
            self.text(
                "there is no editor beside --reader: use swarmd service update",
                "--reader 下没有编辑器: 请使用 swarmd service update"
            )
        case .first(let text, let more):
            more > 0 ? self.text("\(text)   (and \(more) more)", "\(text)   (另有 \(more) 条)") : text
        }
    }
}
