import Testing

@testable import ConsoleCore

@Suite struct ThemeTests {
    @Test func `the choices name every theme`() {
        #expect(Theme.choices == "default, bright, light or mono")
        #expect(Theme.allCases.allSatisfy { Theme(named: $0.rawValue) == $0 })
        #expect(Theme(named: "dark") == nil)
    }

    @Test func `no theme but mono leaves what is bad without a colour of its own`() {
        for theme in Theme.allCases where theme != .mono {
            let colours = [Style.Role.good, .waiting, .moving, .bad].map { theme.look(of: Style($0)).colour }
            #expect(Set(colours.compactMap { $0 }).count == 4)
        }
        for role in Style.Role.allCases { #expect(Theme.mono.look(of: Style(role)).colour == nil) }
    }

    @Test func `on a light screen nothing is yellow, cyan or dim`() {
        for role in Style.Role.allCases {
            let look = Theme.light.look(of: Style(role))
            #expect(look.colour != .yellow && look.colour != .cyan && !look.isDim)
        }
        #expect(Theme.light.look(of: Style(.normal, stale: true)).isDim)
    }

    @Test func `another theme is another frame of the same words`() {
        var model = Fixture.model()
        let before = model.screen
        model.type(":theme light")
        model.press(.enter)
        #expect(model.screen.theme == .light)
        #expect(!model.screen.looksLike(before))
        model.type(":theme dark")
        model.press(.enter)
        #expect(model.theme == .light)
        #expect(model.flash?.text == "no theme 'dark': choose default, bright, light or mono")
    }
}
