/// One question for several objects.
extension Strings {
    func takeBackTitle(_ count: Int) -> String {
        self.text("Take back \(count) changes", "撤销 \(count) 项更改")
    }
    func scaleSeveral(_ count: Int) -> String {
        self.text("Scale \(count) services", "扩缩 \(count) 个服务")
    }
    func countedNodes(_ count: Int) -> String { self.text("\(count) nodes", "\(count) 个节点") }
    func countedServices(_ count: Int) -> String { self.text("\(count) services", "\(count) 个服务") }
    func countedObjects(_ count: Int) -> String { self.text("\(count) objects", "\(count) 个对象") }
    func remove(_ objects: String) -> String { self.text("Remove \(objects)", "移除 \(objects)") }
    func replicasOfEach(_ typed: String) -> String {
        self.text("replicas of each: [ \(typed) ]", "各自的副本数: [ \(typed) ]")
    }
    func asItIs(_ current: UInt64) -> String { self.text("\(current), as it is", "\(current)，保持不变") }
    func already(_ name: String, _ word: String) -> String {
        self.text("\(name): \(word) already", "\(name): 已是 \(word)")
    }
    func tasks(_ count: Int) -> String {
        self.text(count == 1 ? "1 task" : "\(count) tasks", "\(count) 个任务")
    }
    func change(_ change: String, tasks: Int) -> String {
        self.text("\(change), \(self.tasks(tasks))", "\(change)，\(self.tasks(tasks))")
    }
    func backToImage(_ name: String, _ image: String, _ tasks: Int) -> String {
        self.text(
            "\(name): back to image \(image), \(self.tasks(tasks))",
            "\(name): 恢复镜像 \(image)，\(self.tasks(tasks))"
        )
    }
    func changedInTurn(_ count: Int) -> String {
        self.text("\(count) are changed, one after the other.", "将依次更改 \(count) 个。")
    }
    func drainedInTurn(_ count: Int, _ tasks: Int) -> String {
        self.text(
            "\(count) are drained, one after the other; \(self.tasks(tasks)) \(tasks == 1 ? "stops" : "stop") there.",
            "将依次排空 \(count) 个；其上 \(self.tasks(tasks))停止。"
        )
    }
    func replacedInAll(_ tasks: Int) -> String {
        self.text(
            "\(self.tasks(tasks)) \(tasks == 1 ? "is" : "are") replaced in all.",
            "共替换 \(self.tasks(tasks))。"
        )
    }
    func tasksInAll(_ tasks: Int) -> String {
        self.text("\(self.tasks(tasks)) in all.", "共 \(self.tasks(tasks))。")
    }
}
