/// Carries a template out, once (Go `text/template/exec.go`).
struct TemplateRun {
    private let program: TemplateProgram
    private let source: [UInt8]
    private let call: Template.Functions
    private let root: TemplateValue
    private var written: [UInt8] = []
    private var variables: [(name: String, value: TemplateValue)] = []
    private(set) var budget: TemplateBudget
    private var depth = 0

    /// How a list of statements ended.
    private enum Flow { case on, leaveLoop, nextRound }

    init(
        _ program: TemplateProgram,
        source: [UInt8],
        root: TemplateValue,
        budget: TemplateBudget,
        call: @escaping Template.Functions
    ) {
        self.program = program
        self.source = source
        self.root = root
        self.budget = budget
        self.call = call
    }

    mutating func output() throws(TemplateError) -> [UInt8] {
        self.variables = [("", self.root)]
        _ = try self.walk(self.program.main, self.root)
        return self.written
    }

    private func fault(_ message: String, at offset: Int) -> TemplateError {
        TemplateError(message, at: offset, in: self.source)
    }

    /// Spends what `body` says, and tells where it was too much.
    private mutating func spend(
        at offset: Int,
        _ body: (inout TemplateBudget) throws(TemplateFault) -> Void
    ) throws(TemplateError) {
        do throws(TemplateFault) { try body(&self.budget) } catch { throw self.fault("\(error)", at: offset) }
    }

    private mutating func step(_ count: Int = 1, at offset: Int) throws(TemplateError) {
        try self.spend(at: offset) { budget throws(TemplateFault) in try budget.spend(steps: count) }
    }

    private mutating func charge(_ bytes: Int, at offset: Int) throws(TemplateError) {
        try self.spend(at: offset) { budget throws(TemplateFault) in try budget.spend(made: bytes) }
    }
}

// MARK: - Statements

extension TemplateRun {
    private mutating func walk(_ nodes: [TemplateNode], _ dot: TemplateValue) throws(TemplateError) -> Flow {
        for node in nodes {
            let flow = try self.walk(node, dot)
            if flow != .on { return flow }
        }
        return .on
    }

    private mutating func walk(_ node: TemplateNode, _ dot: TemplateValue) throws(TemplateError) -> Flow {
        switch node {
        case .text(let bytes):
            try self.charge(bytes.count, at: 0)
            self.written += bytes
        case .action(let pipeline):
            let value = try self.value(of: pipeline, dot)
            guard pipeline.variables.isEmpty else { return .on }
            let printed = value.printed
            try self.charge(printed.count, at: pipeline.offset)
            self.written += printed
        case .condition(let branch): return try self.choose(branch, dot, bindsDot: false)
        case .with(let branch): return try self.choose(branch, dot, bindsDot: true)
        case .range(let branch): return try self.loop(branch, dot)
        case .template(let name, let argument, let offset): try self.include(name, argument, dot, at: offset)
        case .leaveLoop: return .leaveLoop
        case .nextRound: return .nextRound
        }
        return .on
    }

    private mutating func choose(
        _ branch: TemplateBranch,
        _ dot: TemplateValue,
        bindsDot: Bool
    ) throws(TemplateError) -> Flow {
        let known = self.variables.count
        defer { self.variables.removeSubrange(known...) }
        let value = try self.value(of: branch.pipeline, dot)
        if value.isTrue { return try self.walk(branch.body, bindsDot ? value : dot) }
        return try self.walk(branch.otherwise, dot)
    }

    /// Goes through a map in the order of its keys, or counts from zero up to a number.
    private mutating func loop(_ branch: TemplateBranch, _ dot: TemplateValue) throws(TemplateError) -> Flow {
        let known = self.variables.count
        defer { self.variables.removeSubrange(known...) }
        var pipeline = branch.pipeline
        let names = pipeline.variables
        pipeline.variables = []
        let (offset, over) = (pipeline.offset, try self.value(of: pipeline, dot))
        var isEmpty = true
        func named(_ key: TemplateValue, _ value: TemplateValue) -> [(String, TemplateValue)] {
            switch names.count {
            case 0: []
            case 1: [(names[0], value)]
            default: [(names[0], key), (names[1], value)]
            }
        }
        switch over {
        case .map(let map):
            try self.step(map.count, at: offset)
            for (key, text) in map.sorted(by: { $0.key < $1.key }) {
                isEmpty = false
                let (key, value) = (TemplateValue.text(key), TemplateValue.text(text))
                if try self.round(branch, value, named(key, value), at: offset) == .leaveLoop { break }
            }
        case .number(let count):
            var number = 0
            while number < count {
                isEmpty = false
                let value = TemplateValue.number(number)
                if try self.round(branch, value, named(value, value), at: offset) == .leaveLoop { break }
                number += 1
            }
        case .nothing: break
        case .text, .fraction, .truth, .record:
            throw self.fault("{{range}} cannot go through a \(over.type)", at: offset)
        }
        return isEmpty ? try self.walk(branch.otherwise, dot) : .on
    }

    private mutating func round(
        _ branch: TemplateBranch,
        _ value: TemplateValue,
        _ named: [(String, TemplateValue)],
        at offset: Int
    ) throws(TemplateError) -> Flow {
        try self.step(at: offset)
        let known = self.variables.count
        defer { self.variables.removeSubrange(known...) }
        for (name, value) in named {
            if branch.pipeline.isAssignment {
                self.assign(name, value)
            } else {
                self.variables.append((name, value))
            }
        }
        return try self.walk(branch.body, value)
    }

    private mutating func include(
        _ name: String,
        _ argument: TemplatePipeline?,
        _ dot: TemplateValue,
        at offset: Int
    ) throws(TemplateError) {
        try self.step(at: offset)
        guard let nodes = self.program.named[name] else {
            throw self.fault("there is no template \"\(name)\"", at: offset)
        }
        var value = TemplateValue.nothing
        if let argument { value = try self.value(of: argument, dot) }
        self.depth += 1
        guard self.depth <= TemplateLimits.depth else {
            throw self.fault("more than \(TemplateLimits.depth) templates use one another", at: offset)
        }
        let known = self.variables
        self.variables = [("", value)]
        _ = try self.walk(nodes, value)
        self.variables = known
        self.depth -= 1
    }
}

// MARK: - Values

extension TemplateRun {
    private mutating func assign(_ name: String, _ value: TemplateValue) {
        guard let index = self.variables.lastIndex(where: { $0.name == name }) else { return }
        self.variables[index].value = value
    }

    private mutating func value(
        of pipeline: TemplatePipeline,
        _ dot: TemplateValue
    ) throws(TemplateError) -> TemplateValue {
        var last: TemplateValue?
        for command in pipeline.commands { last = try self.value(of: command, dot, after: last) }
        let value = last ?? .nothing
        for name in pipeline.variables {
            if pipeline.isAssignment {
                self.assign(name, value)
            } else {
                self.variables.append((name, value))
            }
        }
        return value
    }

    private mutating func value(
        of command: TemplateCommand,
        _ dot: TemplateValue,
        after last: TemplateValue?
    ) throws(TemplateError) -> TemplateValue {
        try self.step(at: command.offset)
        guard let first = command.operands.first else { return .nothing }
        if case .function(let name) = first.base, first.fields.isEmpty {
            return try self.result(of: name, command.operands.dropFirst(), dot, after: last, at: first.offset)
        }
        guard command.operands.count == 1, last == nil else {
            throw self.fault("\(first.name) is no function and has arguments", at: first.offset)
        }
        if case .literal(.nothing) = first.base { throw self.fault("nil has no value", at: first.offset) }
        return try self.value(of: first, dot)
    }

    private mutating func value(
        of operand: TemplateOperand,
        _ dot: TemplateValue
    ) throws(TemplateError) -> TemplateValue {
        var value: TemplateValue
        switch operand.base {
        case .dot: value = dot
        case .literal(let literal): value = literal
        case .variable(let name): value = self.variables.last { $0.name == name }?.value ?? .nothing
        case .function(let name): value = try self.result(of: name, [], dot, after: nil, at: operand.offset)
        case .pipeline(let pipeline): value = try self.value(of: pipeline, dot)
        }
        for field in operand.fields { value = try self.field(field, of: value, in: operand) }
        return value
    }

    private func field(
        _ name: String,
        of value: TemplateValue,
        in operand: TemplateOperand
    ) throws(TemplateError) -> TemplateValue {
        switch value {
        case .record(let fields):
            if let field = fields.first(where: { $0.name == name }) { return field.value }
            let names = fields.map(\.name).joined(separator: ", ")
            throw self.fault("\(operand.name): there is no field \(name), only \(names)", at: operand.offset)
        case .map(let map):
            if let text = map[name] { return .text(text) }
            throw self.fault("\(operand.name): map has no entry for key \"\(name)\"", at: operand.offset)
        case .text, .number, .fraction, .truth, .nothing:
            throw self.fault("\(operand.name): a \(value.type) has no field \(name)", at: operand.offset)
        }
    }

    private mutating func result(
        of name: String,
        _ operands: ArraySlice<TemplateOperand>,
        _ dot: TemplateValue,
        after last: TemplateValue?,
        at offset: Int
    ) throws(TemplateError) -> TemplateValue {
        if name == "and" || name == "or" {
            return try self.first(operands, dot, after: last, where: name == "or", of: name, at: offset)
        }
        var arguments: [TemplateValue] = []
        for operand in operands { arguments.append(try self.value(of: operand, dot)) }
        if let last { arguments.append(last) }
        let seen = arguments.reduce(0) { if case .text(let bytes) = $1 { $0 + bytes.count } else { $0 } }
        try self.spend(at: offset) { budget throws(TemplateFault) in try budget.spend(seen: seen) }
        let result: TemplateValue
        do throws(TemplateFault) {
            if let value = try TemplateBuiltins.call(name, arguments) {
                result = value
            } else {
                result = try self.call(name, arguments)
            }
        } catch {
            throw self.fault("\(name): \(error)", at: offset)
        }
        if case .text(let bytes) = result { try self.charge(bytes.count, at: offset) }
        return result
    }

    /// The first argument whose truth is `truth`, else the last one; those after it are not looked at.
    private mutating func first(
        _ operands: ArraySlice<TemplateOperand>,
        _ dot: TemplateValue,
        after last: TemplateValue?,
        where truth: Bool,
        of name: String,
        at offset: Int
    ) throws(TemplateError) -> TemplateValue {
        var value: TemplateValue?
        for operand in operands {
            let next = try self.value(of: operand, dot)
            if next.isTrue == truth { return next }
            value = next
        }
        if let last { value = last }
        guard let value else { throw self.fault("\(name): an argument is missing", at: offset) }
        return value
    }
}
