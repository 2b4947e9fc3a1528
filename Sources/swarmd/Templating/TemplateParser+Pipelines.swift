/// The inside of actions: pipelines, commands and operands.
extension TemplateParser {
    /// Reads a pipeline and the word `end` after it.
    mutating func pipeline(
        of what: String,
        upTo end: TemplateToken.Kind,
        mostVariables: Int = 1
    ) throws(TemplateError) -> TemplatePipeline {
        self.skipSpace()
        var pipeline = TemplatePipeline(
            variables: [],
            isAssignment: false,
            commands: [],
            offset: self.peek.offset
        )
        try self.declarations(into: &pipeline, most: mostVariables)
        while true {
            self.skipSpace()
            let token = self.peek
            if token.kind == end {
                self.next()
                break
            }
            if !pipeline.commands.isEmpty {
                guard token.kind == .pipe else { throw self.unexpected(token, in: what) }
                self.next()
                self.skipSpace()
                // Go takes a pipeline that ends with its sign, too.
                if self.peek.kind == end { continue }
            }
            pipeline.commands.append(try self.command(in: what))
        }
        guard !pipeline.commands.isEmpty else {
            throw self.fault("\(what) has no value", at: pipeline.offset)
        }
        for command in pipeline.commands.dropFirst() {
            guard let first = command.operands.first, !Self.isConstant(first) else {
                throw self.fault("only a function can follow |", at: command.offset)
            }
        }
        if !pipeline.isAssignment { self.variables += pipeline.variables }
        guard self.variables.count <= TemplateLimits.variables else {
            throw self.fault("there are more than \(TemplateLimits.variables) variables", at: pipeline.offset)
        }
        return pipeline
    }

    private static func isConstant(_ operand: TemplateOperand) -> Bool {
        switch operand.base {
        case .literal: true
        case .dot: operand.fields.isEmpty
        case .variable, .function, .pipeline: false
        }
    }

    private func unexpected(_ token: TemplateToken, in what: String) -> TemplateError {
        self.fault("unexpected \(token.name) in \(what)", at: token.offset)
    }

    /// Takes `$x :=`, `$x =`, and in loops `$key, $value :=`, where they stand.
    private mutating func declarations(
        into pipeline: inout TemplatePipeline,
        most: Int
    ) throws(TemplateError) {
        var probe = self
        var names: [String] = []
        while case .variable(let name) = probe.peek.kind {
            let offset = probe.next().offset
            probe.skipSpace()
            names.append(name)
            switch probe.peek.kind {
            case .comma where names.count < most:
                probe.next()
                probe.skipSpace()
                continue
            case .comma: throw self.fault("there are too many variables", at: offset)
            case .declare, .assign:
                let isAssignment = probe.next().kind == .assign
                guard !names.contains("") else { throw self.fault("$ cannot be set", at: offset) }
                for name in names where isAssignment && !self.variables.contains(name) {
                    throw self.fault("there is no variable $\(name)", at: offset)
                }
                pipeline.variables = names
                pipeline.isAssignment = isAssignment
                self = probe
            default: break
            }
            return
        }
    }

    private mutating func command(in what: String) throws(TemplateError) -> TemplateCommand {
        var command = TemplateCommand(operands: [], offset: self.peek.offset)
        while let operand = try self.operand() {
            command.operands.append(operand)
            guard self.peek.kind == .space else { break }
            self.next()
        }
        guard !command.operands.isEmpty else { throw self.unexpected(self.peek, in: what) }
        return command
    }

    /// The next operand; nil where none begins.
    private mutating func operand() throws(TemplateError) -> TemplateOperand? {
        let token = self.peek
        var fields: [String] = []
        let base: TemplateOperand.Base
        switch token.kind {
        case .dot: base = .dot
        case .field(let name):
            base = .dot
            fields = [name]
        case .variable(let name):
            guard self.variables.contains(name) else {
                throw self.fault("there is no variable $\(name)", at: token.offset)
            }
            base = .variable(name)
        case .identifier(let name):
            guard self.functions.contains(name) else {
                throw self.fault("there is no function \"\(name)\"", at: token.offset)
            }
            base = .function(name)
        case .literal(let value): base = .literal(value)
        case .leftParenthesis:
            self.next()
            try self.enter()
            let pipeline = try self.pipeline(of: "parentheses", upTo: .rightParenthesis)
            self.leave()
            return try self.withFields(
                TemplateOperand(base: .pipeline(pipeline), fields: [], offset: token.offset)
            )
        default: return nil
        }
        self.next()
        return try self.withFields(TemplateOperand(base: base, fields: fields, offset: token.offset))
    }

    /// Takes the fields that follow an operand without a blank.
    private mutating func withFields(_ operand: TemplateOperand) throws(TemplateError) -> TemplateOperand {
        var operand = operand
        while case .field(let name) = self.peek.kind {
            if case .literal = operand.base {
                throw self.fault("\(operand.name) has no fields", at: self.peek.offset)
            }
            self.next()
            operand.fields.append(name)
        }
        return operand
    }
}
