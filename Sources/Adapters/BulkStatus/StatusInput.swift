internal import Glibc
internal import PKIX
internal import WireFormat

/// Reads what `akashi status` is asked about, piece by piece, from a file of any size.
///
/// Four forms, told apart by how the input begins: DER certificates one after the other, PEM, CSV with a header,
/// and serial numbers, one a line in hexadecimal digits. Empty lines are passed over.
package struct StatusInput {
    enum Form: Hashable {
        case der
        case pem
        case csv(column: Int, columns: Int, isCertificate: Bool)
        case serials
    }

    private static let chunk = 1 << 18
    /// Octets of a line or a certificate; what is longer is none.
    private static let longest = 1 << 17

    private let descriptor: Int32
    private let column: String?
    private var buffer: [UInt8] = []
    private var position = 0
    private var isAtEnd = false
    private var form: Form?
    /// Octets that were used up before ``buffer``.
    private var passed = 0

    /// - Parameter column: the column of a CSV input; nil takes `serial_number` or `certificate`.
    package init(descriptor: Int32, column: String? = nil) { (self.descriptor, self.column) = (descriptor, column) }

    /// Octets that have been used up.
    package var consumed: Int { passed + position }

    /// The next one; nil at the end.
    package mutating func next() throws(StatusInputFailure) -> StatusTarget? {
        switch try knownForm() {
        case .der: return try nextDER()
        case .pem: return try nextPEM()
        case .serials: return try nextSerial()
        case .csv(let column, let columns, let isCertificate):
            return try nextRow(column, of: columns, isCertificate: isCertificate)
        }
    }

    // MARK: Octets

    /// Reads until `count` octets are at hand, or the input ends.
    private mutating func fill(_ count: Int) throws(StatusInputFailure) {
        guard buffer.count - position < count, !isAtEnd else { return }
        passed += position
        buffer.removeFirst(position)
        position = 0
        while buffer.count < count, !isAtEnd {
            let start = buffer.count
            buffer.append(contentsOf: repeatElement(0, count: StatusInput.chunk))
            let room = StatusInput.chunk
            let read = buffer.withUnsafeMutableBytes { octets in
                Glibc.read(descriptor, octets.baseAddress.map { $0 + start }, room)
            }
            let code = errno
            buffer.removeLast(room - max(read, 0))
            if read == 0 { isAtEnd = true }
            if read < 0, code != EINTR { throw .unreadable(code) }
        }
    }

    /// The next line without its end and without white space around it; nil at the end of the input.
    private mutating func line() throws(StatusInputFailure) -> ArraySlice<UInt8>? {
        try fill(1)
        guard position < buffer.count else { return nil }
        var end = buffer[position...].firstIndex(of: 0x0A)
        if end == nil {
            try fill(StatusInput.longest)
            end = buffer[position...].firstIndex(of: 0x0A)
        }
        let stop = end ?? buffer.count
        defer { position = end.map { $0 + 1 } ?? stop }
        return buffer[position..<stop].trimmingSpace
    }

    // MARK: Forms

    private mutating func knownForm() throws(StatusInputFailure) -> Form {
        if let form { return form }
        try fill(4_096)
        if buffer.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        let start = buffer[position...]
        let found: Form
        if column == nil, start.first == DERTag.sequence.rawValue, let length = start.dropFirst().first, length >= 0x80
        {
            found = .der
        } else if column == nil, start.prefix(4_096).containsText("-----BEGIN ") {
            found = .pem
        } else {
            found = try table() ?? .serials
        }
        form = found
        return found
    }

    /// Reads the header when there is one.
    private mutating func table() throws(StatusInputFailure) -> Form? {
        let start = position
        guard let header = try line(), let names = BatchCSVReader.fields(header) else {
            guard column == nil else { throw .noColumn }
            return nil
        }
        let wanted = column.map { [$0] } ?? ["serial_number", "certificate"]
        for name in wanted {
            guard let index = names.firstIndex(of: name) else { continue }
            // A column of another name holds what its rows look like; see ``nextRow(_:of:isCertificate:)``.
            return .csv(column: index, columns: names.count, isCertificate: name == "certificate")
        }
        guard column == nil, names.count == 1 else { throw .noColumn }
        position = start
        return nil
    }

    private mutating func nextSerial() throws(StatusInputFailure) -> StatusTarget? {
        while let text = try line() {
            guard !text.isEmpty else { continue }
            return .serial(Array(text.prefix(StatusTarget.longestSerial)))
        }
        return nil
    }

    private mutating func nextRow(
        _ column: Int, of columns: Int, isCertificate: Bool
    ) throws(StatusInputFailure) -> StatusTarget? {
        while let text = try line() {
            guard !text.isEmpty else { continue }
            guard let fields = BatchCSVReader.fields(text), fields.count == columns, fields.indices.contains(column)
            else { return isCertificate ? .certificate([]) : .serial([]) }
            let field = fields[column]
            // Hexadecimal digits of a serial are few; whatever is longer is base64.
            guard isCertificate || field.utf8.count > StatusTarget.longestSerial else {
                return .serial(Array(field.utf8))
            }
            return .certificate(decodeBase64(field) ?? [])
        }
        return nil
    }

    private mutating func nextPEM() throws(StatusInputFailure) -> StatusTarget? {
        var body: [UInt8]?
        while let text = try line() {
            if text.elementsEqual("-----BEGIN CERTIFICATE-----".utf8) {
                body = []
            } else if text.starts(with: "-----END ".utf8), let whole = body {
                return .certificate(decodeBase64(String(decoding: whole, as: UTF8.self)) ?? [])
            } else if let whole = body, whole.count <= StatusInput.longest {
                body = whole + text
            }
        }
        return body.map { _ in .certificate([]) }
    }

    private mutating func nextDER() throws(StatusInputFailure) -> StatusTarget? {
        try fill(4)
        guard position < buffer.count else { return nil }
        let head = Array(buffer[position...].prefix(4))
        guard head.count == 4, head[0] == DERTag.sequence.rawValue, let size = StatusInput.size(head) else {
            throw .notDER(offset: consumed)
        }
        try fill(size)
        guard buffer.count - position >= size else { throw .notDER(offset: consumed) }
        defer { position += size }
        return .certificate(Array(buffer[position..<(position + size)]))
    }

    /// Octets of an element of 128 to 65,535 octets and its head (X.690 §8.1.3.5).
    private static func size(_ head: [UInt8]) -> Int? {
        switch head[1] {
        case 0x81: 3 + Int(head[2])
        case 0x82: 4 + Int(head[2]) << 8 + Int(head[3])
        default: nil
        }
    }
}

extension ArraySlice<UInt8> {
    fileprivate var trimmingSpace: ArraySlice<UInt8> {
        var text = self
        while let last = text.last, last == 0x20 || last == 0x09 || last == 0x0D { text.removeLast() }
        while let first = text.first, first == 0x20 || first == 0x09 { text.removeFirst() }
        return text
    }

    fileprivate func containsText(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { wanted in
            indices.contains { self[$0...].starts(with: wanted) }
        }
    }
}
