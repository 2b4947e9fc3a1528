/// What takes a while: the worst jobs in the message row, all of them behind `z`.
enum JobsView {
    /// How many jobs the strip has room for.
    private static let shown = 3

    /// The strip; returns false where there is nothing to show.
    static func drawStrip(_ painting: inout Painting, row: Int) {
        let model = painting.model
        let jobs = Job.all(in: model.cluster, model.strings)
        var keys: [String] = []
        if let undo = model.undo, model.now < undo.until {
            painting.changes(at: undo.until)
            keys.append(model.strings.undoKey)
        }
        if !jobs.isEmpty { keys.append(model.strings.jobsKey) }
        guard !keys.isEmpty else { return }
        let columns = painting.canvas.size.columns
        let end = painting.canvas.putRight(keys.joined(separator: "  "), row, end: columns - 1, .key)
        let more = jobs.count - Self.shown
        var column = 1
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
