import SwarmAPI
import SwiftProtobuf

@testable import ConsoleCore

/// Screens of one object in full.
enum ObjectScenes {
    static let views: [ListScenes.View] = [
        (
            "describe-service",
            {
                $0.press(.down)
                $0.type("d")
                $0.answer(.object(Fixture.full("billing")))
            }
        ),
        (
            "describe-search",
            {
                $0.press(.down)
                $0.type("d")
                $0.answer(.object(Fixture.full("billing")))
                $0.type("/replicas")
            }
        ),
        (
            "yaml",
            {
                $0.press(.down)
                $0.type("y")
                $0.answer(.object(Fixture.full("billing")))
            }
        ),
        (
            "json",
            {
                $0.press(.down)
                $0.type("y")
                $0.answer(.object(Fixture.full("billing")))
                $0.type("y")
            }
        ),
        (
            "describe-task",
            {
                $0.type("3")
                $0.press(.enter)
                let task = Fixture.task("billing", 4, .pending, age: 252, error: Fixture.noSuitableNode)
                $0.answer(.object(.with { $0.task = task }))
            }
        ),
        (
            "history",
            {
                $0.press(.down, .down, .down, .down, .enter, .down, .down, .down)
                $0.type("h")
                $0.press(.down)
            }
        ),
    ]
}

extension Fixture {
    /// A service as the manager gives it.
    static func full(_ name: String) -> SwarmObject {
        let service = Self.services.first { $0.spec.annotations.name == name } ?? .init()
        return .with {
            $0.service = service
            $0.service.spec.annotations.labels = ["swarmd.cron": "*/5 * * * *", "zone": "a"]
            $0.service.spec.task.container.env = ["MODE=fast: yes", "NOTE=two\nlines"]
            $0.service.spec.task.resources.limits.nanoCpus = 1_500_000_000
            $0.service.spec.task.resources.limits.memoryBytes = 2 << 30
        }
    }
}
