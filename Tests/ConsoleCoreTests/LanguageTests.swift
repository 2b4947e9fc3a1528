import Primitives
import Testing

@testable import ConsoleCore

@Suite struct LanguageTests {
    @Test(arguments: [
        (["LANG": "zh_CN.UTF-8"], Language.chinese), (["LC_ALL": "zh_TW.UTF-8", "LANG": "C"], .chinese),
        (["LC_MESSAGES": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"], .chinese),
        (["LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"], .english), (["LC_ALL": "", "LANG": "zh"], .chinese),
        ([:], .english), (["LANG": "de_DE.UTF-8"], .english),
    ])
    func `the environment's first word is the one that holds`(
        variables: [String: String],
        language: Language
    ) {
        #expect(Language { variables[$0] } == language)
    }

    @Test func `the configuration names a language`() {
        #expect(Settings("version = 1\nlang = zh", file: "config").language == .chinese)
        #expect(Settings("version = 1", file: "config").language == nil)
    }

    @Test func `ASCII speaks English`() {
        var model = Fixture.model()
        model.language = .chinese
        let english = view(Fixture.model(), model.size, Capabilities(utf8: false, colour: false))
        #expect(view(model, model.size, Capabilities(utf8: false, colour: false)).lines == english.lines)
    }

    /// The tables and the header leave no wide character half: what does not fit is cut with the mark for it.
    @Test(arguments: ["1", "2", "3", "4", "5", "7", "8", "9"], [80, 100, 120])
    func `no title is cut in Chinese`(view key: String, columns: Int) {
        var model = Fixture.model(columns: columns, rows: 40)
        model.language = .chinese
        model.type(key)
        let layout = Layout(model)
        let frame = view(model, model.size, Capabilities(utf8: true, colour: false))
        #expect(!frame.lines[layout.heads].contains(".."))
        #expect(frame.lines[0].hasSuffix("实时"))
        for tab in Tab.allCases { #expect(frame.lines[2].contains(model.strings.tab(tab))) }
    }

    /// What the English table says differs from the Chinese one wherever there are words.
    @Test func `every heading has a Chinese title`() {
        let chinese = Strings(.chinese)
        for heading in [Heading.name, .role, .message, .contact, .users] {
            #expect(chinese.title(heading) != heading.rawValue)
        }
    }
}
