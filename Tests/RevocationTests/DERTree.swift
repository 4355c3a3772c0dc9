import PKIX

/// DER as a tree whose parts can be changed one by one; lengths follow.
struct DERTree {
    var tag: UInt8
    /// Of a primitive value that holds no DER.
    var contents: [UInt8] = []
    /// Of a constructed value, or of an OCTET STRING that wraps DER.
    var children: [DERTree]?

    init?(_ der: [UInt8]) {
        var reader = DERReader(der)
        guard let element = try? reader.next(), reader.isAtEnd else { return nil }
        self.init(element)
    }

    private init(_ element: DERElement) {
        tag = element.tag.rawValue
        contents = Array(element.contents)
        guard tag & 0x20 != 0 || element.tag == .octetString else { return }
        var reader = element.reader
        var parts: [DERTree] = []
        while !reader.isAtEnd {
            guard let part = try? reader.next() else { return }
            parts.append(DERTree(part))
        }
        if tag & 0x20 != 0 || parts.count == 1 { children = parts }
    }

    init(tag: UInt8, contents: [UInt8]) { (self.tag, self.contents) = (tag, contents) }

    var encoding: [UInt8] {
        var writer = DERWriter()
        writer.append(DERTag(rawValue: tag), children?.flatMap(\.encoding) ?? contents)
        return writer.bytes
    }

    /// Paths to every part, the whole first.
    var paths: [[Int]] {
        [[]] + (children ?? []).enumerated().flatMap { index, child in child.paths.map { [index] + $0 } }
    }

    enum Change: CaseIterable {
        /// A value of another type in its place.
        case otherTag
        /// Left out.
        case removed
        /// There twice.
        case repeated
        /// One value more at its end, or one octet.
        case longer
        /// Without contents.
        case emptied
        /// The last octet of its contents turned.
        case turned
        /// A long run of octets in place of its contents.
        case huge
    }

    /// The encoding with one change of the part at `path`.
    func changed(_ change: Change, at path: [Int]) -> [UInt8] {
        var copy = self
        copy.apply(change, path[...])
        return copy.encoding
    }

    private mutating func apply(_ change: Change, _ path: ArraySlice<Int>) {
        guard let first = path.first else { return apply(change) }
        if path.count == 1, change == .removed {
            children?.remove(at: first)
        } else if path.count == 1, change == .repeated {
            if let child = children?[first] { children?.insert(child, at: first) }
        } else {
            children?[first].apply(change, path.dropFirst())
        }
    }

    private mutating func apply(_ change: Change) {
        switch change {
        case .otherTag: tag = tag == 0x16 ? 0x1F ^ 0x02 : 0x16
        case .removed, .repeated: break
        case .longer:
            if children == nil { contents.append(0x55) } else { children?.append(DERTree(tag: 0x05, contents: [])) }
        case .emptied: (contents, children) = ([], children.map { _ in [] })
        case .turned: if children == nil, let last = contents.popLast() { contents.append(last ^ 0x81) }
        case .huge: (contents, children) = ([UInt8](repeating: 0x7F, count: 300), nil)
        }
    }
}
