package import SwarmAPI
import SwiftProtobuf

/// A spec as the operator edits it: JSON, with the names that the wire has.
package enum SpecText {
    /// A text that is no spec, in one line.
    package struct Mistake: Error, Equatable {
        package var text: String
    }

    /// The spec of a service or a node; nil for what cannot be edited.
    package static func text(of object: SwarmObject) -> String? {
        var options = JSONEncodingOptions()
        options.alwaysPrintInt64sAsNumbers = true
        options.useDeterministicOrdering = true
        let json: String? =
            switch object.object {
            case .service(let service): try? service.spec.jsonString(options: options)
            case .node(let node): try? node.spec.jsonString(options: options)
            default: nil
            }
        return json.flatMap { Tree(json: $0) }.map { $0.json.map(\.text).joined(separator: "\n") + "\n" }
    }

    /// The object with the spec that `text` holds.
    package static func apply(_ text: String, to object: SwarmObject) throws(Mistake) -> SwarmObject {
        var object = object
        do {
            switch object.object {
            case .service: object.service.spec = try SwarmServiceSpec(jsonString: text)
            case .node: object.node.spec = try SwarmNodeSpec(jsonString: text)
            default: throw Mistake(text: "only services and nodes are edited")
            }
        } catch let mistake as Mistake {
            throw mistake
        } catch {
            throw Mistake(text: "not a spec: \(Self.words(error))")
        }
        return object
    }

    /// What is wrong with a text, and with which field.
    private static func words(_ error: any Error) -> String {
        guard let error = error as? JSONDecodingError else { return "\(error)" }
        return switch error {
        case .unknownField(let name): "there is no field \(name)"
        case .malformedNumber: "a number is malformed"
        case .malformedString: "a text is malformed"
        case .malformedDuration: "a time span is malformed: write 10s"
        case .unquotedMapKey: "a name is not in quotation marks"
        case .truncated: "it ends too early"
        case .trailingGarbage: "there is more after its end"
        case .unrecognizedEnumValue: "a word is none of those that the field knows"
        case .numberRange: "a number is too large or too small for its field"
        default: "\(error)"
        }
    }
}
