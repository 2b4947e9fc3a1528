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
    package static func apply(
        _ text: String,
        to object: SwarmObject,
        in language: Language = .english
    ) throws(Mistake) -> SwarmObject {
        let strings = Strings(language)
        var object = object
        do {
            switch object.object {
            case .service: object.service.spec = try SwarmServiceSpec(jsonString: text)
            case .node: object.node.spec = try SwarmNodeSpec(jsonString: text)
            default: throw Mistake(text: strings.notEditable)
            }
        } catch let mistake as Mistake {
            throw mistake
        } catch {
            throw Mistake(text: strings.noSpec(strings.mistake(error)))
        }
        return object
    }
}
