/// Bases of subtrees, each a sequence of parts from the outermost inwards, so that one walk along a name finds
/// every base it lies below: the work follows the name's length and not the number of bases.
struct SubtreeTrie<Part: Hashable> {
    private struct Node {
        var children: [Part: Int] = [:]
        var isBase = false
        /// Whether a child is a base: what a wildcard may stand for.
        var hasBaseBelow = false
    }

    private var nodes = [Node()]

    mutating func insert(_ base: some Sequence<Part>) {
        var place = 0
        var parent: Int?
        for part in base {
            parent = place
            if let child = nodes[place].children[part] {
                place = child
            } else {
                nodes.append(Node())
                nodes[place].children[part] = nodes.count - 1
                place = nodes.count - 1
            }
        }
        nodes[place].isBase = true
        if let parent { nodes[parent].hasBaseBelow = true }
    }

    /// How a name lies to the bases.
    struct Position {
        /// Some base is the name or a beginning of it.
        var isWithin = false
        /// Some base is a beginning of the name and shorter.
        var isBelow = false
        /// The name itself is a base.
        var isBase = false
        /// Some base is the name with one part more.
        var isAbove = false
    }

    func position(of name: some Sequence<Part>) -> Position {
        var position = Position()
        var place = 0
        for part in name {
            if nodes[place].isBase { position.isBelow = true }
            guard let child = nodes[place].children[part] else {
                position.isWithin = position.isBelow
                return position
            }
            place = child
        }
        position.isBase = nodes[place].isBase
        position.isWithin = position.isBelow || position.isBase
        position.isAbove = nodes[place].hasBaseBelow
        return position
    }
}
