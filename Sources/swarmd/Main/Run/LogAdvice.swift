import Glibc
import Replication

/// What an operator may do when the log keeps a manager from running.
enum LogAdvice {
    /// The error in one line with the way out, if there is one besides reading it.
    static func failure(_ error: LogError) -> CommandError {
        switch error {
        case .io(_, _, let code):
            let way = [ENOSPC, EDQUOT].contains(code) ? "make room on that disk" : "see to the disk"
            return CommandError("\(error). \(Self.kept); \(way), then start again")
        case .corrupt, .foreignFile, .wrongKey, .missingKey: return CommandError("\(error). \(Self.replace)")
        case .inUse, .newerFormat, .exposedKey, .occupied, .contradicted, .astray, .removed, .closed:
            return CommandError("\(error)")
        }
    }

    /// After a failed write nothing more is acknowledged, and the next start finds what was.
    private static let kept = "This manager stops; everything that it acknowledged is kept"

    /// A log isn't mended by hand: the group has another copy, or a backup does.
    private static let replace =
        "Nothing was changed. Where other managers run, remove this one there (`swarmd node update --role worker "
        + "NODE`, `swarmd node rm NODE`) and join again with an empty --state-dir; otherwise bring the file back "
        + "from a copy, or the cluster from a backup (`swarmd cluster restore`)"
}
