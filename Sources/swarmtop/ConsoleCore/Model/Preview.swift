import Primitives
package import SwarmAPI
import SwiftProtobuf

/// What the open question would do, as the manager computes it.
///
/// Asked for when the question stands on the screen, so that it never keeps a key or a frame waiting.
struct Preview: Sendable, Equatable {
    /// How long an answer is taken for true while the question stays open.
    static let validity: Duration = .seconds(5)

    /// The request that the answer is waited for.
    var number: Int
    var request: SwarmdPreviewRequest
    /// What was answered to the same request before or now.
    var answer: SwarmdPreviewResponse?
    /// When it was.
    var answered: Timestamp?
    /// Why there is none.
    var failure = ""
}

/// What a manager answered to the wish for a preview.
package enum PreviewOutcome: Sendable, Equatable {
    case computed(SwarmdPreviewResponse)
    /// The manager is of an older version.
    case unsupported
    case failed(String)
}

extension Model {
    /// Asks what the question on the screen would do, where that is not known yet or was long ago.
    mutating func askPreview() -> [Effect] {
        guard let request = self.dialog?.previewRequest, self.isLive, !self.hasNoPreviews else {
            self.preview = nil
            return []
        }
        if let known = self.preview, known.request == request {
            guard let answered = known.answered, self.now - answered >= Preview.validity else { return [] }
        }
        let known = self.preview.flatMap { $0.request == request ? $0.answer : nil }
        self.lastPreview += 1
        self.preview = Preview(number: self.lastPreview, request: request, answer: known)
        return [.preview(number: self.lastPreview, request)]
    }

    /// Takes an answer; one to a question that was changed meanwhile says nothing.
    mutating func take(preview number: Int, _ outcome: PreviewOutcome) {
        if outcome == .unsupported { self.hasNoPreviews = true }
        guard self.preview?.number == number else { return }
        self.preview?.answered = self.now
        switch outcome {
        case .computed(let answer): self.preview?.answer = answer
        case .unsupported: self.preview = nil
        case .failed(let words): self.preview?.failure = words
        }
    }
}

extension Dialog {
    /// What accepting would change, for the manager to try; nil where it cannot, or nothing would change.
    var previewRequest: SwarmdPreviewRequest? {
        var request = SwarmdPreviewRequest()
        for one in self.each {
            switch one.subject {
            case .scale(let question):
                guard let replicas = question.replicas else { continue }
                request.services.append(
                    .with {
                        $0.serviceID = one.id
                        $0.replicas = replicas
                    }
                )
            case .availability(let question):
                guard question.isChange else { continue }
                request.nodes.append(
                    .with {
                        $0.nodeID = one.id
                        $0.availability = question.wanted
                    }
                )
            case .role, .rotation, .keys, .plain, .edit: return nil
            }
        }
        return request.nodes.isEmpty && request.services.isEmpty ? nil : request
    }
}
