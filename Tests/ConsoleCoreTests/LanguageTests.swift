import Primitives
import SwarmAPI
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

    @Test func `no line of the help is longer in Chinese than the screen`() {
        var model = Fixture.model()
        let english = HelpView.lines(model).map { DisplayWidth.of($0.text) }
        model.language = .chinese
        let chinese = HelpView.lines(model)
        #expect(chinese.count == english.count)
        for (line, width) in zip(chinese, english) {
            #expect(DisplayWidth.of(line.text) <= max(width, 79), "\(line.text)")
        }
    }

    @Test(arguments: ["1", "2", "3", "4", "5", "6", "7", "8", "9"])
    func `the way to help is on the screen in Chinese`(key: String) {
        var model = Fixture.model()
        model.language = .chinese
        model.type(key)
        let hints = model.screen.lines[23]
        #expect(hints.contains("?:帮助") && hints.contains("q:退出"))
    }

    @Test func `events are told in Chinese`() {
        var model = Fixture.model()
        model.language = .chinese
        _ = update(&model, .changed([Fixture.event(.watchActionRemove, Fixture.tasks[3])]), now: Fixture.now)
        model.type("5")
        #expect(model.text.contains("已移除"))
        #expect(model.strings.level(ClusterEvent.Level.bad) == "严重")
    }

    @Test func `a screen reader is told in Chinese`() {
        var (model, reader) = (Fixture.model(), ReaderText())
        model.language = .chinese
        let lines = reader.lines(model)
        #expect(lines.contains("已连接。"))
        #expect(lines.contains { $0.hasPrefix("警告: 管理节点 3/3，领导者 mgr-2，") })
        model.press(.down)
        model.type("S")
        #expect(reader.lines(model).last == "输入 yes 确认扩缩，或另一个数字，或 no。")
    }

    /// The buttons are never wrapped: they have to fit as they are.
    @Test(arguments: ["S", "R", "B", "X", "1D", "1P", "1M", "9R", "K", "KW", "4T"])
    func `a question has its buttons in Chinese`(keys: String) {
        for columns in [80, 120] {
            var model = Fixture.model(columns: columns, rows: 40)
            model.language = .chinese
            model.press(.down)
            model.type(keys)
            guard let dialog = model.dialog else { continue }
            #expect(model.text.contains("[ 取消 ]    \(DialogView.accept(dialog, model.strings))"))
        }
    }

    @Test(arguments: 4..<40)
    func `Chinese breaks between characters, and no closing sign begins a line`(width: Int) {
        let text = "此处 14 个任务将停止；其中 12 个在其他节点重新放置，2 个属于全局服务 (不替换)。请在那里用 swarmd node promote 提升它。"
        let lines = DetailView.wrap(text, width: width).map(\.text)
        #expect(lines.allSatisfy { DisplayWidth.of($0) <= width })
        #expect(
            lines.joined().filter { $0 != " " } == text.filter { $0 != " " }
        )
        guard width >= 20 else { return }
        for line in lines.dropFirst() { #expect(!"，。；：、".contains(line.first ?? " ")) }
        for line in lines.dropLast() { #expect(DisplayWidth.of(line) > width / 2) }
    }
}
