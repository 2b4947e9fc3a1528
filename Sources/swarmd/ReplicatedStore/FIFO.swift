/// A first-in-first-out queue whose removal costs O(1) on average.
///
/// Elements that were taken out stay in memory until they are an eighth of all.
package struct FIFO<Element> {
    private var elements: [Element] = []
    private var start = 0

    package init() {}

    /// How many elements wait.
    package var count: Int { self.elements.count - self.start }
    /// Whether none waits.
    package var isEmpty: Bool { self.count == 0 }
    /// The oldest element.
    package var first: Element? { self.isEmpty ? nil : self.elements[self.start] }
    /// The elements, oldest first.
    package var contents: ArraySlice<Element> { self.elements[self.start...] }

    /// Adds an element behind all others.
    package mutating func append(_ element: Element) { self.elements.append(element) }

    /// Changes the newest element, which there must be.
    package mutating func updateLast(_ change: (inout Element) -> Void) {
        precondition(!self.isEmpty, "no element to change")
        change(&self.elements[self.elements.count - 1])
    }

    /// Takes the oldest element out.
    @discardableResult
    package mutating func popFirst() -> Element? {
        guard let first = self.first else { return nil }
        self.start += 1
        if self.start > 64, self.start * 8 > self.elements.count {
            self.elements.removeFirst(self.start)
            self.start = 0
        }
        return first
    }

    /// Drops every element.
    package mutating func removeAll() {
        self.elements = []
        self.start = 0
    }
}

extension FIFO: Sendable where Element: Sendable {}
