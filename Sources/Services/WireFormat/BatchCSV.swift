internal import PKIX

/// Rows of CSV (RFC 4180, UTF-8, one row a line) as lines of JSON, so that everything behind reads one form.
///
/// The header names the columns, of those that a line of JSON has. A row that is not
/// one becomes an empty line, which costs itself.
package struct BatchCSVReader: Sendable {
    package enum Fault: Error, Hashable, Sendable {
        /// The header is missing, names a column twice or one that there is not.
        case header
    }

    private let known: [String]
    private let longestLine: Int
    private var columns: [String]?
    /// The beginning of a line whose end has not come yet.
    private var pending: [UInt8] = []

    /// - Parameters:
    ///   - known: names of columns.
    ///   - longestLine: octets; a longer row is answered as too long.
    package init(columns known: [String], longestLine: Int) { (self.known, self.longestLine) = (known, longestLine) }

    package static let statusColumns = ["ref", "issuer_id", "serial_number", "certificate"]

    package static let verificationColumns = [
        "ref", "certificate", "signature_algorithm", "hash_algorithm", "content", "digest", "challenge", "signature",
        "checked_at",
    ]

    /// Whether the header has been read.
    package var hasHeader: Bool { columns != nil }

    /// The lines of JSON for what has arrived; each ends with LF.
    package mutating func take(_ octets: [UInt8]) throws(Fault) -> [UInt8] {
        pending += octets
        guard let end = pending.lastIndex(of: 0x0A) else { return [] }
        let whole = pending[...end]
        var lines: [UInt8] = []
        lines.reserveCapacity(whole.count * 2)
        var start = whole.startIndex
        while start <= end {
            let stop = whole[start...].firstIndex(of: 0x0A) ?? end
            try append(whole[start..<stop], to: &lines)
            start = stop + 1
        }
        pending.removeFirst(end + 1)
        return lines
    }

    private mutating func append(_ line: ArraySlice<UInt8>, to lines: inout [UInt8]) throws(Fault) {
        guard let columns else { return try readHeader(line) }
        if line.count > longestLine {
            // As long, so that it is answered for what it is.
            lines += [UInt8](repeating: 0x20, count: longestLine + 1)
        } else if let fields = BatchCSVReader.fields(line), fields.count == columns.count {
            var members: [String] = []
            for (name, field) in zip(columns, fields) where !field.isEmpty {
                members.append("\"\(name)\":\"\(String(decoding: jsonText(field), as: UTF8.self))\"")
            }
            lines += Array("{\(members.joined(separator: ","))}".utf8)
        }
        lines.append(0x0A)
    }

    private mutating func readHeader(_ line: ArraySlice<UInt8>) throws(Fault) {
        let plain = line.starts(with: [0xEF, 0xBB, 0xBF]) ? line.dropFirst(3) : line
        guard let names = BatchCSVReader.fields(plain), !names.isEmpty, Set(names).count == names.count,
            names.allSatisfy(known.contains)
        else { throw .header }
        columns = names
    }

    /// The fields of one row; nil when a quotation mark is out of place or the text is not UTF-8.
    package static func fields(_ line: ArraySlice<UInt8>) -> [String]? {
        var rest = line.last == 0x0D ? line.dropLast() : line
        var fields: [String] = []
        while true {
            var field: [UInt8] = []
            if rest.first == 0x22 {
                rest = rest.dropFirst()
                while true {
                    let part = rest.prefix { $0 != 0x22 }
                    field += part
                    rest = rest.dropFirst(part.count)
                    guard rest.popFirst() != nil else { return nil }
                    guard rest.first == 0x22 else { break }
                    field.append(0x22)
                    rest = rest.dropFirst()
                }
                guard rest.isEmpty || rest.first == 0x2C else { return nil }
            } else {
                let part = rest.prefix { $0 != 0x2C }
                guard !part.contains(0x22) else { return nil }
                field += part
                rest = rest.dropFirst(part.count)
            }
            guard let text = String(validating: field, as: UTF8.self) else { return nil }
            fields.append(text)
            guard rest.popFirst() != nil else { return fields }
        }
    }
}

/// Items as rows of CSV: a header, then a row a line (RFC 4180).
package struct BatchCSVWriter: Sendable {
    private let columns: [String]
    private var pending: [UInt8] = []

    package static let statusColumns = [
        "line", "ref", "status", "undetermined_reason", "revocation_reason", "revoked_at", "method", "rung",
        "crl_number", "crl_distribution_point", "this_update", "next_update", "degraded", "error_code", "error_detail",
    ]

    package static let verificationColumns = [
        "line", "ref", "outcome", "result", "checked_at", "time_source", "certificate_type", "error_code",
        "error_detail",
    ]

    package init(columns: [String]) { self.columns = columns }

    package var header: [UInt8] { Array((columns.joined(separator: ",") + "\r\n").utf8) }

    /// The rows for the lines of JSON that end in `octets`.
    package mutating func rows(_ octets: [UInt8]) -> [UInt8] {
        pending += octets
        guard let end = pending.lastIndex(of: 0x0A) else { return [] }
        var rows: [UInt8] = []
        rows.reserveCapacity(end)
        for line in pending[..<end].split(separator: 0x0A) { append(line, to: &rows) }
        pending.removeFirst(end + 1)
        return rows
    }

    private func append(_ line: ArraySlice<UInt8>, to rows: inout [UInt8]) {
        guard case .object(var members) = try? JSONValue(Array(line)) else { return }
        if case .object(let error)? = members["error"] {
            (members["error_code"], members["error_detail"]) = (error["code"], error["detail"])
        }
        for (index, column) in columns.enumerated() {
            if index > 0 { rows.append(0x2C) }
            switch members[column] {
            case .string(let text)?: BatchCSVWriter.append(text, to: &rows)
            case .number(let text)?: rows += Array(text.utf8)
            case .boolean(let truth)?: rows += Array((truth ? "true" : "false").utf8)
            default: break
            }
        }
        rows += [0x0D, 0x0A]
    }

    private static func append(_ text: String, to rows: inout [UInt8]) {
        let needsMarks = text.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
        guard needsMarks else { return rows += Array(text.utf8) }
        rows.append(0x22)
        for octet in text.utf8 { rows += octet == 0x22 ? [0x22, 0x22] : [octet] }
        rows.append(0x22)
    }
}
