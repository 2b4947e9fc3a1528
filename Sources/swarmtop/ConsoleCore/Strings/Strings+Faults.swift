import SwiftProtobuf

/// What is wrong with what was typed or edited.
extension Strings {
    func fault(_ fault: Pattern.Fault) -> String {
        switch fault {
        case .closedGroup: self.text(") without (", ") 缺少 (")
        case .openGroup: self.text("( without )", "( 缺少 )")
        case .openSet: self.text("[ without ]", "[ 缺少 ]")
        case .openCount: self.text("{ without }", "{ 缺少 }")
        case .tooDeep: self.text("too many brackets in brackets", "括号嵌套过深")
        case .tooLarge: self.text("too large", "过大")
        case .repeatsNothing(let sign): self.text("\(sign) repeats nothing", "\(sign) 没有可重复的内容")
        case .escapeAtEnd: self.text("\\ at the end", "末尾的 \\")
        case .unknownEscape(let letter): self.text("\\\(letter) is not known", "未知的 \\\(letter)")
        case .escapeInSet(let letter): self.text("\\\(letter) inside [ ]", "\\\(letter) 不能在 [ ] 内")
        case .reversed(let first, let last):
            self.text("\(first)-\(last) is the wrong way round", "\(first)-\(last) 次序颠倒")
        case .noCount(let text): self.text("{\(text)} is no count", "{\(text)} 不是次数")
        case .countTooLarge(let text, let limit):
            self.text("{\(text)} is no count up to \(limit)", "{\(text)} 不是 \(limit) 以内的次数")
        }
    }

    var notEditable: String { self.text("only services and nodes are edited", "只能编辑服务和节点") }
    var changesNothing: String { self.text("nothing is changed by it", "没有任何更改") }
    func noSpec(_ words: String) -> String { self.text("not a spec: \(words)", "不是规格: \(words)") }

    /// What is wrong with a text, and with which field.
    func mistake(_ error: any Error) -> String {
        guard let error = error as? JSONDecodingError else { return "\(error)" }
        return switch error {
        case .unknownField(let name): self.text("there is no field \(name)", "没有字段 \(name)")
        case .malformedNumber: self.text("a number is malformed", "数字格式有误")
        case .malformedString: self.text("a text is malformed", "文本格式有误")
        case .malformedDuration:
            self.text("a time span is malformed: write 10s", "时间跨度格式有误: 请写 10s")
        case .unquotedMapKey: self.text("a name is not in quotation marks", "名称未加引号")
        case .truncated: self.text("it ends too early", "过早结束")
        case .trailingGarbage: self.text("there is more after its end", "结尾之后还有内容")
        case .unrecognizedEnumValue:
            self.text("a word is none of those that the field knows", "字段没有这个取值")
        case .numberRange:
            self.text("a number is too large or too small for its field", "数字超出字段范围")
        default: "\(error)"
        }
    }

    var copyName: String { self.text("name", "名称") }
    var copyRow: String { self.text("row", "整行") }
}
