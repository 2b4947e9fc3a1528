/// The languages that the console speaks.
package enum Language: String, Sendable, CaseIterable {
    case english = "en"
    case chinese = "zh"

    /// All of them, as an operator names them.
    package static let choices = Self.allCases.map(\.rawValue).joined(separator: " or ")

    /// What the environment asks for: the first of LC_ALL, LC_MESSAGES and LANG that says anything.
    package init(environment: (String) -> String?) {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap(environment).first { !$0.isEmpty }
        self = locale?.hasPrefix("zh") == true ? .chinese : .english
    }
}
