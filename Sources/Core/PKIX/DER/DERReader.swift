/// One decoded TLV: its tag, its contents and its whole encoding.
public struct DERElement: Sendable {
    public let tag: DERTag
    public let encoding: ArraySlice<UInt8>
    /// Index in ``encoding`` of the first content octet. One slice with a mark, not two slices: a slice holds a
    /// reference, and elements are what decoding passes around.
    @usableFromInline let contentStart: Int

    @inlinable
    init(tag: DERTag, encoding: ArraySlice<UInt8>, contentStart: Int) {
        self.tag = tag
        self.encoding = encoding
        self.contentStart = contentStart
    }

    @inlinable
    public var contents: ArraySlice<UInt8> { encoding[contentStart...] }

    /// A reader over the contents of a constructed value.
    @inlinable
    public var reader: DERReader { DERReader(contents) }
}

/// A cursor over concatenated DER values. A value type: copying it marks a position.
public struct DERReader: Sendable {
    @usableFromInline var rest: ArraySlice<UInt8>

    @inlinable
    public init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    @inlinable
    public init(_ bytes: [UInt8]) { rest = bytes[...] }

    @inlinable
    public var isAtEnd: Bool { rest.isEmpty }

    /// The tag of the next value, or nil at the end.
    @inlinable
    public var nextTag: DERTag? {
        guard let first = rest.first else { return nil }
        return DERTag(rawValue: first)
    }

    /// Reads the next value, whatever its tag.
    @inlinable
    public mutating func next() throws(DERError) -> DERElement {
        let header = try DERHeader.decode(rest.span, at: 0, limit: rest.count)
        let base = rest.startIndex
        let element = DERElement(
            tag: header.tag,
            encoding: rest[base..<(base &+ header.end)],
            contentStart: base &+ header.contentStart
        )
        rest = rest[(base &+ header.end)...]
        return element
    }

    /// Reads the next value and demands `tag`.
    @inlinable
    public mutating func next(_ tag: DERTag, in production: @autoclosure () -> String) throws(DERError) -> DERElement {
        guard let found = nextTag else { throw DERError(.truncated, in: production()) }
        guard found == tag else { throw DERError(.unexpectedTag, in: production()) }
        return try next()
    }

    /// Reads the next value when it has `tag`; otherwise stays where it is.
    @inlinable
    public mutating func nextIfPresent(_ tag: DERTag) throws(DERError) -> DERElement? {
        guard nextTag == tag else { return nil }
        return try next()
    }

    /// Demands that nothing is left.
    @inlinable
    public func finish(in production: @autoclosure () -> String) throws(DERError) {
        guard rest.isEmpty else { throw DERError(.trailingData, in: production()) }
    }

    /// Decodes `bytes` as exactly one value with `tag`.
    @inlinable
    public static func single(
        _ tag: DERTag,
        _ bytes: ArraySlice<UInt8>,
        in production: @autoclosure () -> String
    ) throws(DERError) -> DERElement {
        var reader = DERReader(bytes)
        let element = try reader.next(tag, in: production())
        try reader.finish(in: production())
        return element
    }
}
