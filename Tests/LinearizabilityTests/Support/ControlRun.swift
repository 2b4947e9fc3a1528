import Linearizability
import Primitives

/// A store of a few names that is right by construction, and random runs of it.
struct ControlRun {
    typealias Entry = Operation<ControlCall, ControlReply>

    private struct Object {
        let id: String
        var version: UInt64
        var value: String
    }

    private let touches: Bool
    private var generator: SeededGenerator
    private var objects: [String: Object] = [:]
    private var version: UInt64 = 0
    /// What clients may have been told of each name: they ask again about what is gone, too.
    private var told: [String: [Object]] = [:]

    private init(seed: UInt64, touches: Bool) {
        self.generator = SeededGenerator(seed: seed)
        self.touches = touches
    }

    /// A linearizable history of so many calls that take effect, over so many names.
    static func history(
        _ count: Int,
        names: Int = 2,
        seed: UInt64,
        lost: UInt64 = 0,
        reach: UInt64 = 4,
        touches: Bool = false
    ) -> [Entry] {
        var store = Self(seed: seed, touches: touches)
        var run = WidenedRun<ControlCall, ControlReply>(.init(reach: reach, lost: lost), seed: seed &+ 1)
        for _ in 0..<count {
            let call = store.call(names: names)
            run.add(call, store.reply(to: call))
            if lost > 0, store.generator.next() % lost == 0 { run.addVain(store.call(names: names)) }
        }
        return run.history
    }

    private mutating func call(names: Int) -> ControlCall {
        let name = "n\(Int.random(in: 0..<names, using: &self.generator))"
        let value = "v\(self.generator.next() % 4)"
        let target = (self.told[name] ?? []).suffix(3).randomElement(using: &self.generator)
        let id = Bool.random(using: &self.generator) ? target?.id : nil
        let action: ControlCall.Action
        switch self.generator.next() % 8 {
        case 0, 1: action = .create(value: value)
        case 2, 3, 4: action = .update(id: id, version: target?.version ?? 1, value: value)
        case 5: action = .remove(id: id)
        default: action = .get(id: id)
        }
        return ControlCall(kind: "config", name: name, action)
    }

    private mutating func reply(to call: ControlCall) -> ControlReply {
        let name = call.key.name
        self.version += 1 + self.generator.next() % 3
        if self.touches, self.generator.next() % 3 == 0 { self.objects[name]?.version = self.version }
        self.version += 1
        let object = self.objects[name]
        switch call.action {
        case .create(let value):
            if object != nil { return .alreadyExists }
            self.put(Object(id: "id\(self.version)", version: self.version, value: value), name)
            return .created(id: "id\(self.version)", version: self.version)
        case .update(let id, let version, let value):
            guard let object, id == nil || id == object.id else { return .notFound }
            if object.version != version { return .outOfSequence }
            self.put(Object(id: object.id, version: self.version, value: value), name)
            return .updated(version: self.version)
        case .remove(let id):
            guard let object, id == nil || id == object.id else { return .notFound }
            self.objects[name] = nil
            return .removed
        case .get(let id):
            guard let object, id == nil || id == object.id else { return .notFound }
            self.told[name, default: []].append(object)
            return .found(id: object.id, version: object.version, value: object.value)
        }
    }

    private mutating func put(_ object: Object, _ name: String) {
        self.objects[name] = object
        self.told[name, default: []].append(object)
    }
}
