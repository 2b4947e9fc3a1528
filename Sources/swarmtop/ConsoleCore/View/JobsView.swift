/// What takes a while: the worst jobs in the message row, all of them behind `z`.
enum JobsView {
    /// How many jobs the strip has room for.
    private static let shown = 3

    /// The strip; beside a message it begins after the column `message`, and has no keys.
    static func drawStrip(_ painting: inout Painting, row: Int, after message: Int? = nil) {
        let model = painting.model
        let jobs = Job.all(in: model.cluster, model.strings)
        let columns = painting.canvas.size.columns
        var (column, end) = (1, columns + 1)
        if let message {
            column = message + 3
        } else {
            let keys = Self.keys(&painting, jobs)
            guard !keys.isEmpty else { return }
            end = painting.canvas.putRight(keys.joined(separator: "  "), row, end: columns - 1, .key)
        }
        let more = jobs.count - Self.shown
        for job in jobs.prefix(Self.shown) {
            let room = end - 2 - column
            guard room > 8 else { return }
            let text = "\(painting.lines.arrow) \(job.text)"
            let isCut = DisplayWidth.of(text) > room
            let width = isCut ? room - painting.lines.cut.count : room
            column = painting.canvas.put(text, row, column, job.role, width: width)
            if isCut { column = painting.canvas.put(painting.lines.cut, row, column, job.role) }
            column += 3
        }
        if more > 0 { painting.canvas.put("+\(more)", row, column, .muted, width: max(0, end - 1 - column)) }
    }

    /// What leads from the strip to more.
    private static func keys(_ painting: inout Painting, _ jobs: [Job]) -> [String] {
        var keys: [String] = []
        if let undo = painting.model.undo, painting.model.now < undo.until {
            painting.changes(at: undo.until)
            keys.append(painting.model.strings.undoKey)
        }
        if !jobs.isEmpty { keys.append(painting.model.strings.jobsKey) }
        return keys
    }

    /// Every job, uncut.
    static func drawList(_ painting: inout Painting, top: Int) {
        let size = painting.canvas.size
        painting.canvas.put(painting.strings.jobsTitle, 0, 1, .title)
        painting.canvas.putRight(painting.strings.escBack, 0, end: size.columns - 1, .key)
        let lines = Self.lines(painting.model)
        for (line, row) in zip(lines.dropFirst(top), 2..<max(2, size.rows - 1)) {
            painting.canvas.put(line.text, row, 1, line.role, width: size.columns - 2)
        }
        painting.cursor = (2, 0)
    }

    static func lines(_ model: Model) -> [Field] {
        let jobs = Job.all(in: model.cluster, model.strings)
        guard !jobs.isEmpty else { return [Field(model.strings.noJobs, .muted)] }
        return jobs.flatMap { job in
            DetailView.wrap(job.text, width: model.size.columns - 6).map { line in
                Field((line.isContinued ? "    " : "> ") + line.text, job.role)
            }
        }
    }
}
