internal import Glibc
internal import MappedFiles
internal import PKIX
package import RevocationLists

/// Serials as lines of hex in, answers as NDJSON out, in order: `akashi crl status`.
///
/// A line that is no serial is answered by an `error` of its own and stops nothing; empty lines are passed over.
/// Memory does not grow with the number of lines.
package struct StatusStream {
    private static let chunk = 1 << 18
    /// Octets of a line that can be a serial, white space included.
    private static let longestLine = 128

    private let image: RevocationIndexImage
    private let input: Int32
    private let output: Int32
    private var answers: [UInt8] = []
    private var line: [UInt8] = []

    package init(_ image: RevocationIndexImage, input: Int32 = 0, output: Int32 = 1) {
        (self.image, self.input, self.output) = (image, input, output)
        answers.reserveCapacity(StatusStream.chunk * 2)
    }

    /// Opens an index that `akashi crl check --index` wrote, or that the platform published.
    package static func open(_ path: String) throws(ListCheckFailure) -> RevocationIndexImage {
        let octets = try ListCheck.open(path, limit: .max, access: .random)
        do throws(ImageError) { return try RevocationIndexImage(octets) } catch {
            throw .notDone("\(path): no index that can be used: \(error)")
        }
    }

    /// Answers until the input ends.
    package mutating func run() -> BatchLoop.Ending {
        var buffer = [UInt8](repeating: 0, count: StatusStream.chunk)
        while true {
            let count = read(input, &buffer, buffer.count)
            if count < 0 {
                if errno == EINTR { continue }
                return .failed(errno)
            }
            if count == 0 { break }
            var rest = buffer[..<count]
            while let end = rest.firstIndex(of: 0x0A) {
                if line.isEmpty {
                    answer(rest[..<end])
                } else {
                    append(rest[..<end])
                    answerLine()
                }
                rest = rest[(end + 1)...]
                if answers.count > StatusStream.chunk, let failure = flush() { return .failed(failure) }
            }
            append(rest)
            if let failure = flush() { return .failed(failure) }
        }
        if !line.isEmpty { answerLine() }
        return flush().map { .failed($0) } ?? .endOfInput
    }

    private mutating func append(_ octets: ArraySlice<UInt8>) {
        line += octets.prefix(StatusStream.longestLine + 1 - min(line.count, StatusStream.longestLine + 1))
    }

    private mutating func answerLine() {
        let whole = line
        line.removeAll(keepingCapacity: true)
        answer(whole[...])
    }

    private mutating func answer(_ line: ArraySlice<UInt8>) {
        var text = line
        while let last = text.last, last == 0x20 || last == 0x09 || last == 0x0D { text.removeLast() }
        while let first = text.first, first == 0x20 || first == 0x09 { text.removeFirst() }
        guard !text.isEmpty else { return }
        if line.count <= StatusStream.longestLine,
            let answer = HexSerial.value(text).map({ SerialAnswer(image, image.find($0)) })
                ?? SerialNumber(hex: String(decoding: text, as: UTF8.self)).map({ SerialAnswer(image, $0) })
        {
            write(answer, text)
        } else {
            append(StatusStream.refusal)
        }
    }

    private mutating func write(_ answer: SerialAnswer, _ serial: ArraySlice<UInt8>) {
        append("{\"serial\":\"")
        answers.append(contentsOf: serial)
        append("\",\"status\":\"")
        answers.append(contentsOf: answer.status.rawValue.utf8)
        guard let revokedAt = answer.revokedAt else {
            return append("\",\"revocation_reason\":null,\"revoked_at\":null}\n")
        }
        append("\",\"revocation_reason\":")
        if let reason = answer.reason {
            append("\"")
            answers.append(contentsOf: reason.name.utf8)
            append("\"")
        } else {
            append("null")
        }
        append(",\"revoked_at\":\"")
        answers.append(revokedAt)
        append("\"}\n")
    }

    private static let refusal: StaticString =
        "{\"serial\":null,\"error\":{\"code\":\"invalid_serial\",\"detail\":\"1 to 40 hexadecimal digits\"}}\n"

    private mutating func append(_ text: StaticString) {
        answers.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Writes what is there; errno when that fails.
    private mutating func flush() -> Int32? {
        defer { answers.removeAll(keepingCapacity: true) }
        return answers.withUnsafeBytes { octets in
            var written = 0
            while written < octets.count {
                let rest = UnsafeRawBufferPointer(rebasing: octets[written...])
                let count = Glibc.write(output, rest.baseAddress, rest.count)
                if count >= 0 { written += count } else if errno != EINTR { return errno }
            }
            return nil
        }
    }
}

/// A serial of up to 16 hexadecimal digits.
private enum HexSerial {
    static func value(_ text: ArraySlice<UInt8>) -> UInt64? {
        guard text.count <= 16 else { return nil }
        var value: UInt64 = 0
        for octet in text {
            switch octet {
            case 0x30...0x39: value = value << 4 | UInt64(octet - 0x30)
            case 0x41...0x46: value = value << 4 | UInt64(octet - 0x37)
            case 0x61...0x66: value = value << 4 | UInt64(octet - 0x57)
            default: return nil
            }
        }
        return value
    }
}

extension [UInt8] {
    /// Appends a time as RFC 3339, as ``ValidationTime/description`` has it.
    fileprivate mutating func append(_ time: ValidationTime) {
        let civil = time.civil
        append(decimal: civil.year / 100, then: nil)
        append(decimal: civil.year % 100, then: UInt8(ascii: "-"))
        append(decimal: civil.month, then: UInt8(ascii: "-"))
        append(decimal: civil.day, then: UInt8(ascii: "T"))
        append(decimal: civil.hour, then: UInt8(ascii: ":"))
        append(decimal: civil.minute, then: UInt8(ascii: ":"))
        append(decimal: civil.second, then: UInt8(ascii: "Z"))
    }

    /// Two digits of a number below 100, then a mark.
    private mutating func append(decimal value: Int, then mark: UInt8?) {
        append(UInt8(0x30 + value / 10 % 10))
        append(UInt8(0x30 + value % 10))
        if let mark { append(mark) }
    }
}
