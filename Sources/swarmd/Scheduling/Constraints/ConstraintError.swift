/// Why a text is no placement constraint; its description names the expression and what is wrong in it.
package enum ConstraintError: Error, Equatable, CustomStringConvertible {
    /// No operator is in the expression.
    case missingOperator(expression: String)
    /// The part before the operator is not a name.
    case invalidKey(String, expression: String)
    /// The part after the operator is empty or has a character that values must not have.
    case invalidValue(String, expression: String)

    package var description: String {
        switch self {
        case .missingOperator(let expression):
            "constraint \"\(expression)\": expected one operator from ==, !=, >=, <=, >, <, in, not in"
        case .invalidKey(let key, let expression):
            "constraint \"\(expression)\": key '\(key)' is invalid"
        case .invalidValue(let value, let expression):
            "constraint \"\(expression)\": value '\(value)' is invalid"
        }
    }
}
