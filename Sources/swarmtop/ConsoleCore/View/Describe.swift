import Primitives
import SwarmAPI

/// An object in words: first what matters about it now, then every field that is set.
enum Describe {
    /// The widest name that values stand beside.
    private static let nameLimit = 24
    /// How many tasks in trouble are explained.
    private static let taskLimit = 20

    static func head(_ inspection: Inspection, _ model: Model) -> [TextLine] {
        let (id, cluster) = (inspection.key.id, model.cluster)
        let lines: [TextLine]
        switch inspection.key.kind {
        case .task: lines = cluster.tasks[id].map { Self.task($0, model) } ?? []
        case .service: lines = cluster.services[id].map { Self.service($0, model) } ?? []
        case .node: lines = cluster.nodes[id].map { Self.node($0, model) } ?? []
        case .network, .secret, .config: lines = cluster.assets.rows[id].map { Self.asset($0, model) } ?? []
        }
        return lines.isEmpty ? [] : lines + [TextLine("")]
    }

    private static func task(_ task: TaskRow, _ model: Model) -> [TextLine] {
        let (cluster, strings) = (model.cluster, model.strings)
        var lines = [
            TextLine(strings.taskHead(cluster.taskName(task), on: cluster.nodeName(task.nodeID)), .title),
            TextLine(
                "  " + strings.since(task.stage.name, Self.moment(task.since), wanted: task.desired.name),
                task.stage.role
            ),
        ]
        lines += Self.reasons(task, strings)
        let steps = (cluster.steps[task.id] ?? []).map { "\($0.stage.name) \(Ages.clock($0.at))" }
        if steps.count > 1 { lines.append(TextLine("  " + steps.joined(separator: "   "), indent: 4)) }
        return lines
    }

    /// Everything that is said about why a task is where it is.
    private static func reasons(_ task: TaskRow, _ strings: Strings) -> [TextLine] {
        var lines: [TextLine] = []
        if !task.error.isEmpty { lines.append(TextLine("  \(strings.error(task.error))", .bad, indent: 4)) }
        if let code = task.exitCode, code != 0 {
            lines.append(TextLine("  \(strings.exitCode(Int(code)))", .bad))
        }
        if !task.message.isEmpty { lines.append(TextLine("  \(task.message)", indent: 4)) }
        return lines
    }

    private static func service(_ service: ServiceRow, _ model: Model) -> [TextLine] {
        let (cluster, strings) = (model.cluster, model.strings)
        let (running, wanted) = (cluster.running(service), cluster.wanted(service))
        let states = cluster.byService[service.id]?.summary() ?? "-"
        var lines = [
            TextLine(strings.serviceHead(service.name), .title),
            TextLine("  \(strings.tasks(running, of: wanted, states))", running < wanted ? .waiting : .good),
        ]
        let update = ServicesView.update(service, strings)
        if update.text != "-" {
            let words = service.updateMessage.isEmpty ? "" : ": \(service.updateMessage)"
            lines.append(TextLine("  \(strings.updateStands(update.text))\(words)", update.role, indent: 4))
        }
        let troubled = cluster.attentionOrder.keys.lazy.prefix { $0.rank < 2 }
            .compactMap { cluster.tasks[$0.id] }.filter { $0.serviceID == service.id && $0.gone == nil }
        for task in troubled.prefix(Self.taskLimit) {
            let words = [task.error, task.exitCode.map { strings.exit(Int($0)) } ?? "", task.message].filter {
                !$0.isEmpty
            }
            let place = strings.place(
                cluster.taskName(task),
                task.stage.name,
                on: cluster.nodeName(task.nodeID)
            )
            lines.append(
                TextLine((["  \(place)"] + words).joined(separator: ": "), task.stage.role, indent: 4)
            )
        }
        return lines
    }

    private static func node(_ node: NodeRow, _ model: Model) -> [TextLine] {
        let (cluster, strings) = (model.cluster, model.strings)
        let tally = cluster.byNode[node.id] ?? Tally()
        let words = node.message.isEmpty ? "" : ": \(node.message)"
        var lines = [
            TextLine(strings.nodeHead(node.name), .title),
            TextLine("  \(node.stateName)\(words)", node.isReady ? .good : .bad, indent: 4),
            TextLine("  " + strings.list([strings.role(isManager: node.isManager), node.availability.word])),
            TextLine("  " + strings.taskCount(tally.live, tally.summary())),
        ]
        if let ends = cluster.trust?.certificates[node.id]?.ends {
            lines.append(TextLine("  " + strings.certificateEndsAt(Self.moment(ends))))
        }
        return lines
    }

    private static func asset(_ row: AssetRow, _ model: Model) -> [TextLine] {
        let users = model.cluster.userNames(of: row.key.id)
        return [
            TextLine("\(model.strings.kind(row.key.kind)) \(row.name)", .title),
            TextLine("  " + model.strings.usedBy(users), users.isEmpty ? .muted : .normal, indent: 4),
        ]
    }

    private static func moment(_ time: Timestamp) -> String { "\(Ages.date(time)) \(Ages.clock(time)) UTC" }

    /// Fields whose parts have names that operators gave: those stay as they are.
    private static let maps: Set<String> = [
        "labels", "options", "driverAttachmentOpts", "publishContext", "volumeContext", "reserved",
        "segments",
        "sysctls", "blacklistedCertificates",
    ]

    /// Every field: its name in words and its value, the parts of an object further in.
    static func fields(_ tree: Tree) -> [TextLine] { Self.fields(tree, level: 0) }

    private static func fields(_ tree: Tree, level: Int, isMap: Bool = false) -> [TextLine] {
        let blanks = String(repeating: " ", count: level * 2)
        switch tree {
        case .text(let text):
            return text.split(separator: "\n", omittingEmptySubsequences: false)
                .map { TextLine(blanks + $0, indent: level * 2 + 2) }
        case .word(let word): return [TextLine(blanks + word)]
        case .list(let items):
            return items.flatMap { item -> [TextLine] in
                var lines = Self.fields(item, level: level + 1)
                if let first = lines.first {
                    lines[0] = TextLine(
                        "\(blanks)- \(first.text.dropFirst(level * 2 + 2))",
                        first.role,
                        indent: first.indent
                    )
                }
                return lines
            }
        case .object(let members):
            let names = members.map { isMap ? $0.name : Self.words($0.name) }
            let width = min(Self.nameLimit, names.map(\.count).max() ?? 0) + 2
            return zip(names, members).flatMap { Self.member($0, $1, level: level, width: width) }
        }
    }

    private static func member(_ name: String, _ member: Tree.Member, level: Int, width: Int) -> [TextLine] {
        let blanks = String(repeating: " ", count: level * 2)
        let padding = String(repeating: " ", count: max(1, width - name.count))
        switch member.value {
        case .text(let text):
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            let further = String(repeating: " ", count: level * 2 + width)
            return lines.enumerated().map { index, line in
                TextLine((index == 0 ? blanks + name + padding : further) + line, indent: level * 2 + width)
            }
        case .word(let word):
            return [TextLine(blanks + name + padding + word + Self.unit(member.name, word))]
        case .object, .list:
            if member.value.isEmpty { return [TextLine(blanks + name + padding + "-", .muted)] }
            return [TextLine(blanks + name, .heading)]
                + Self.fields(member.value, level: level + 1, isMap: Self.maps.contains(member.name))
        }
    }

    /// A number as operators write it, beside the one that is stored.
    private static func unit(_ name: String, _ word: String) -> String {
        guard let number = Int64(word), number > 0 else { return "" }
        if name == "nanoCpus" { return "  (\(Amounts.cpus(number)) cpus)" }
        if name.hasSuffix("Bytes") { return "  (\(Amounts.bytes(UInt64(number))))" }
        return ""
    }

    /// `desiredState` as "Desired state".
    private static func words(_ name: String) -> String {
        var words = ""
        for letter in name {
            if letter.isUppercase { words += " " }
            words += letter.lowercased()
        }
        return words.prefix(1).uppercased() + words.dropFirst()
    }
}
