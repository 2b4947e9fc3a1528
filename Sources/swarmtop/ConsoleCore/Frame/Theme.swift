/// How roles look, in the terminal's own colours: the background is always the terminal's.
///
/// Colours only underline what words and marks say anyway, so that every theme shows the same.
package enum Theme: String, Sendable, CaseIterable {
    /// The eight colours as they are.
    case standard = "default"
    /// For dark screens on which those are too dim.
    case bright
    /// For light screens: no yellow and no cyan, which cannot be read there, and nothing dimmed.
    case light
    /// No colour at all.
    case mono

    /// A colour of the terminal's palette, by its number there.
    package enum Colour: UInt8, Sendable, CaseIterable {
        case red = 1
        case green, yellow, blue, magenta, cyan
    }

    /// What a role looks like.
    package struct Look: Sendable, Equatable {
        package var colour: Colour?
        /// The colour's brighter form, where the terminal has sixteen; the text is bold where it has not.
        package var isBright = false
        package var isBold = false
        package var isDim = false
    }

    /// The theme of that name; nil where there is none.
    package init?(named name: String) { self.init(rawValue: name) }

    /// "default, bright, light or mono".
    package static var choices: String {
        let names = Self.allCases.map(\.rawValue)
        return names.dropLast().joined(separator: ", ") + " or \(names.last ?? "")"
    }

    /// The look of a cell.
    package func look(of style: Style) -> Look {
        var look = self.look(of: style.role)
        if style.stale { look.isDim = true }
        return look
    }

    private func look(of role: Style.Role) -> Look {
        switch role {
        case .normal, .border: Look()
        case .title, .heading, .key: Look(isBold: true)
        case .muted: Look(isDim: self != .light)
        case .good: Look(colour: self.accent(.green), isBright: self == .bright)
        case .waiting: Look(colour: self.accent(.yellow), isBright: self == .bright)
        case .moving: Look(colour: self.accent(.cyan), isBright: self == .bright)
        case .bad: Look(colour: self.accent(.red), isBright: self == .bright, isBold: true)
        }
    }

    private func accent(_ colour: Colour) -> Colour? {
        switch (self, colour) {
        case (.mono, _): nil
        case (.light, .yellow): .magenta
        case (.light, .cyan): .blue
        default: colour
        }
    }
}
