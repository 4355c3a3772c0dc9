import Glibc

/// Reads request lines from one descriptor and writes answers to another, in order.
///
/// Memory does not grow with the number of lines: one line and one answer are held at a time.
package struct BatchLoop {
    private static let chunk = 1 << 16

    private let processor = BatchProcessor()
    private let input: Int32
    private let output: Int32
    private let longestLine: Int
    private var line: [UInt8] = []
    /// The line under way is longer than the limit: the rest of it is passed over.
    private var isOverlong = false

    /// How a run ended.
    package enum Ending: Sendable {
        /// Every line was answered.
        case endOfInput
        /// The descriptor could not be read or written; the value is errno.
        case failed(Int32)
    }

    package init(input: Int32 = 0, output: Int32 = 1, longestLine: Int = BatchLimit.line) {
        (self.input, self.output, self.longestLine) = (input, output, longestLine)
    }

    /// Answers until the input ends.
    package mutating func run() -> Ending {
        var buffer = [UInt8](repeating: 0, count: BatchLoop.chunk)
        while true {
            let count = read(input, &buffer, buffer.count)
            if count < 0 {
                if errno == EINTR { continue }
                return .failed(errno)
            }
            var answers: [UInt8] = []
            if count == 0 {
                if !line.isEmpty || isOverlong { answers = finishLine() }
                return write(answers).map { .failed($0) } ?? .endOfInput
            }
            var rest = buffer[..<count]
            while let end = rest.firstIndex(of: 0x0A) {
                append(rest[..<end])
                answers += finishLine()
                rest = rest[(end + 1)...]
                if answers.count > BatchLoop.chunk {
                    if let failure = write(answers) { return .failed(failure) }
                    answers.removeAll(keepingCapacity: true)
                }
            }
            append(rest)
            if let failure = write(answers) { return .failed(failure) }
        }
    }

    private mutating func append(_ octets: ArraySlice<UInt8>) {
        guard !isOverlong, line.count + octets.count <= longestLine else {
            isOverlong = true
            line = []
            return
        }
        line += octets
    }

    private mutating func finishLine() -> [UInt8] {
        let answer = isOverlong ? processor.answerToOverlongLine() : processor.answer(line)
        isOverlong = false
        line.removeAll(keepingCapacity: line.capacity <= 1 << 20)
        return answer + [0x0A]
    }

    /// Writes all of `octets`; errno when that fails.
    private func write(_ octets: [UInt8]) -> Int32? {
        var written = 0
        while written < octets.count {
            let count = octets.withUnsafeBytes { memory in
                Glibc.write(output, memory.baseAddress.map { $0 + written }, memory.count - written)
            }
            if count >= 0 { written += count } else if errno != EINTR { return errno }
        }
        return nil
    }
}
