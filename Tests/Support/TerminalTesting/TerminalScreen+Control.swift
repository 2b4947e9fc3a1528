/// What each sequence does.
extension TerminalScreen {
    mutating func perform(_ sequence: ControlSequence) {
        switch sequence.name {
        case "?h": for mode in sequence.numbers { self.set(mode ?? 0, true, sequence) }
        case "?l": for mode in sequence.numbers { self.set(mode ?? 0, false, sequence) }
        case "h" where sequence.number() == 4: self.grid.inserts = true
        case "l" where sequence.number() == 4: self.grid.inserts = false
        case "m": self.dress(sequence.numbers.map { $0 ?? 0 })
        // The title's stack.
        case "t" where [22, 23].contains(sequence.number()): break
        default:
            guard self.move(sequence) || self.edit(sequence) else {
                self.unknown.append(sequence.description)
                return
            }
        }
    }

    /// Moves the cursor; false when the sequence is none for that.
    private mutating func move(_ sequence: ControlSequence) -> Bool {
        let (row, column) = (self.grid.row, self.grid.column)
        let count = sequence.count()
        switch sequence.name {
        case "A": self.grid.move(row: max(0, row - count), column: column)
        case "B": self.grid.move(row: row + count, column: column)
        case "C": self.grid.move(row: row, column: column + count)
        case "D": self.grid.move(row: row, column: max(0, column - count))
        case "G": self.grid.move(row: row, column: count - 1)
        case "d": self.grid.move(row: count - 1, column: column)
        case "H": self.grid.move(row: count - 1, column: sequence.count(1) - 1)
        case "I": self.grid.tab(by: count)
        case "Z": self.grid.tab(by: -count)
        case "r":
            let last = sequence.numbers.count > 1 ? sequence.count(1) : self.grid.rows
            guard count <= last else { return false }
            self.grid.setRegion((count - 1)..<last)
        default: return false
        }
        return true
    }

    /// Changes cells; false when the sequence is none for that.
    private mutating func edit(_ sequence: ControlSequence) -> Bool {
        let count = sequence.count()
        switch sequence.name {
        case "b": for _ in 0..<count { self.grid.put(self.lastCharacter) }
        case "J": self.grid.eraseScreen(before: sequence.number() > 0, after: sequence.number() != 1)
        case "K": self.grid.eraseLine(before: sequence.number() > 0, after: sequence.number() != 1)
        case "X": self.grid.eraseCharacters(count)
        case "@": self.grid.insertCharacters(count)
        case "P": self.grid.deleteCharacters(count)
        case "L": self.grid.insertLines(count)
        case "M": self.grid.deleteLines(count)
        case "S": self.grid.scroll(up: count)
        case "T": self.grid.scroll(down: count)
        default: return false
        }
        return true
    }

    private mutating func set(_ mode: Int, _ isOn: Bool, _ sequence: ControlSequence) {
        switch mode {
        // Cursor keys, smooth scrolling, and a blinking cursor change no picture.
        case 1, 4, 12: break
        case 7: self.grid.wraps = isOn
        case 25: self.cursorShown = isOn
        case 1049: self.switchScreen(toAlternate: isOn)
        case 1000: self.reportsMouse = isOn
        // How reports are written.
        case 1006: break
        case 2004: self.marksPastes = isOn
        case 2026:
            if !isOn, self.isInFrame { self.frames += 1 }
            self.isInFrame = isOn
        default: self.unknown.append(sequence.description)
        }
    }

    private mutating func switchScreen(toAlternate: Bool) {
        if toAlternate, self.primary == nil {
            self.primary = self.grid
            self.grid.eraseScreen(before: true, after: true)
        } else if !toAlternate, let primary = self.primary {
            self.grid = primary
            self.primary = nil
        }
    }

    /// Changes how the next characters look.
    private mutating func dress(_ numbers: [Int]) {
        var rest = numbers[...]
        while let number = rest.popFirst() {
            switch number {
            case 0: self.grid.look = .init()
            case 1: self.grid.look.bold = true
            case 2: self.grid.look.dim = true
            case 4: self.grid.look.underlined = true
            case 7: self.grid.look.reversed = true
            case 22: (self.grid.look.bold, self.grid.look.dim) = (false, false)
            case 24: self.grid.look.underlined = false
            case 27: self.grid.look.reversed = false
            case 30...37: self.grid.look.colour = number - 30
            case 39: self.grid.look.colour = nil
            case 40...47: self.grid.look.background = number - 40
            case 49: self.grid.look.background = nil
            case 90...97: self.grid.look.colour = number - 82
            case 100...107: self.grid.look.background = number - 92
            // One of 256 colours: 38;5;n.
            case 38, 48:
                guard rest.popFirst() == 5, let colour = rest.popFirst() else { return }
                if number == 38 { self.grid.look.colour = colour } else { self.grid.look.background = colour }
            default: self.unknown.append("look \(number)")
            }
        }
    }
}
