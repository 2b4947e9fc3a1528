import Primitives
import SwarmAPI

/// The last two rows: what just happened, and what the keys do here.
enum FooterView {
    static func draw(_ painting: inout Painting, _ layout: Layout) {
        Self.drawMessage(&painting, row: layout.message)
        if case .command(let text) = painting.model.mode {
            let end = painting.canvas.put(":\(text)", layout.hints, 1, .key)
            painting.typing = true
            painting.cursor = (layout.hints, end)
            return
        }
        HintsView.draw(&painting, row: layout.hints)
    }

    private static func drawMessage(_ painting: inout Painting, row: Int) {
        let model = painting.model
        let width = painting.canvas.size.columns - 2
        if let flash = model.flash {
            let end = painting.canvas.put(flash.text, row, 1, flash.role, width: width)
            // What was just done is most often one of the jobs: both are told where there is room.
            if model.hasData, flash.role == .good { JobsView.drawStrip(&painting, row: row, after: end) }
        } else if model.hasData,
            let advice = model.strings.advice(model.standing, columns: painting.canvas.size.columns)
        {
            painting.canvas.put(advice, row, 1, .bad, width: width)
        } else if case .stale(let since, let reason) = model.link {
            let text = model.strings.stateOf(Ages.clock(since), reason)
            painting.canvas.put(text, row, 1, .bad, width: width)
        } else if model.hasData, let status = model.cluster.status, status.raft.leaderID.isEmpty {
            painting.canvas.put(model.strings.noLeaderYet, row, 1, .bad, width: width)
        } else if model.hasData {
            JobsView.drawStrip(&painting, row: row)
        }
    }
}
