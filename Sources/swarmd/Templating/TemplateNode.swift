/// A part of a template, as it was read.
indirect enum TemplateNode: Sendable {
    case text([UInt8])
    /// Prints its value, unless it gives it to a variable.
    case action(TemplatePipeline)
    case condition(TemplateBranch)
    case with(TemplateBranch)
    case range(TemplateBranch)
    /// Another template's text in this place.
    case template(name: String, argument: TemplatePipeline?, offset: Int)
    case leaveLoop
    case nextRound
}

/// A statement with a body, and what stands instead of it.
struct TemplateBranch: Sendable {
    var pipeline: TemplatePipeline
    var body: [TemplateNode]
    var otherwise: [TemplateNode]
}

/// Commands, each of which gets the value of the one before as its last argument.
struct TemplatePipeline: Sendable {
    /// The variables that get the value, without their signs.
    var variables: [String]
    /// Whether the variables were there before.
    var isAssignment: Bool
    var commands: [TemplateCommand]
    var offset: Int
}

/// An operand, or a function with its arguments.
struct TemplateCommand: Sendable {
    var operands: [TemplateOperand]
    var offset: Int
}

/// A value, and the fields that lead on from it.
struct TemplateOperand: Sendable {
    indirect enum Base: Sendable {
        case dot
        case variable(String)
        case function(String)
        case literal(TemplateValue)
        case pipeline(TemplatePipeline)
    }

    var base: Base
    var fields: [String]
    var offset: Int

    /// The operand as messages name it.
    var name: String {
        let path = self.fields.map { ".\($0)" }.joined()
        return switch self.base {
        case .dot: path.isEmpty ? "." : path
        case .variable(let name): "$\(name)\(path)"
        case .function(let name): "\(name)\(path)"
        case .literal(let value): "\(value.inMessages)\(path)"
        case .pipeline: "(...)\(path)"
        }
    }
}

/// All of a text: what is carried out, and what it names.
struct TemplateProgram: Sendable {
    var main: [TemplateNode] = []
    var named: [String: [TemplateNode]] = [:]
}
