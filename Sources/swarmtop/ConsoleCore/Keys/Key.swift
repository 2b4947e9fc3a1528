/// What an operator pressed.
package enum Key: Sendable, Hashable {
    case character(Character)
    case control(Character)
    case up, down, left, right, home, end, pageUp, pageDown
    case enter, escape, tab, backTab, backspace, delete
    case function(Int)
    case mouse(Mouse)
    /// Text that was pasted, not typed: it never reaches a command.
    case paste(String)
}
