@testable import ConsoleCore

/// Screens of lists as the operator arranged them.
enum ListScenes {
    typealias View = (String, @Sendable (inout Model) -> Void)

    static let views: [View] = [
        ("sorted", { $0.type("2>>>O") }),
        (
            "sort-menu",
            {
                $0.type("1o"); $0.press(.down, .down)
            }
        ),
        (
            "columns-menu",
            {
                $0.type("2cj j ")
            }
        ),
        (
            "wide",
            {
                $0.type("3w"); $0.press(.right, .right)
            }
        ),
    ]
}
