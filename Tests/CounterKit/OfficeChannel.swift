internal import Foundation
internal import Synchronization

/// Questions and answers over one socket between a process of the counter and everything outside of it. Both ends ask,
/// both answer; whoever is killed answers nothing more.
///
/// A line is `?` or `:`, a number, and fields without tabs and line ends.
package final class OfficeChannel: Sendable {
    private struct State {
        var next = 1
        var waiting: [Int: CheckedContinuation<[String]?, Never>] = [:]
        var hasEnded = false
    }

    private let descriptor: Int32
    private let answer: @Sendable ([String]) async -> [String]
    private let onEnd: @Sendable () -> Void
    private let state = Mutex(State())
    private let writing = Mutex(())

    /// - Parameters:
    ///   - descriptor: a connected stream socket; closed when the other end is gone.
    ///   - answer: is called for each question, many at once.
    package init(
        descriptor: Int32,
        answer: @escaping @Sendable ([String]) async -> [String],
        onEnd: @escaping @Sendable () -> Void = {}
    ) {
        (self.descriptor, self.answer, self.onEnd) = (descriptor, answer, onEnd)
    }

    /// Two connected sockets; neither is inherited by other programs by itself.
    package static func pair() -> (own: Int32, other: Int32)? {
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        return socketpair(AF_UNIX, type, 0, &ends) == 0 ? (ends[0], ends[1]) : nil
    }

    /// Reads on a thread of its own until the other end is gone.
    package func start() { Thread.detachNewThread { self.read() } }

    package var hasEnded: Bool { state.withLock { $0.hasEnded } }

    /// The answer; nil when the other end is gone before it came, or when it takes longer than `limit`.
    package func ask(_ fields: [String], within limit: Duration? = nil) async -> [String]? {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        let alarm = limit.map { limit in
            Task {
                try? await Task.sleep(for: limit)
                self.finish(number, nil)
            }
        }
        defer { alarm?.cancel() }
        return await withCheckedContinuation { continuation in
            let isGone = state.withLock { state in
                guard !state.hasEnded else { return true }
                state.waiting[number] = continuation
                return false
            }
            if isGone { continuation.resume(returning: nil) } else { write("?", number, fields) }
        }
    }

    /// Tells without an answer.
    package func tell(_ fields: [String]) { write("?", 0, fields) }

    // MARK: Lines

    private func finish(_ number: Int, _ answer: [String]?) {
        state.withLock { $0.waiting.removeValue(forKey: number) }?.resume(returning: answer)
    }

    private func write(_ mark: String, _ number: Int, _ fields: [String]) {
        let octets = Array("\(mark)\(number)\t\(fields.joined(separator: "\t"))\n".utf8)
        writing.withLock { _ in
            // Afterwards the descriptor may be somebody else's.
            guard !hasEnded else { return }
            var sent = 0
            while sent < octets.count {
                let count = octets.withUnsafeBytes { all in
                    send(descriptor, all.baseAddress?.advanced(by: sent), octets.count - sent, Int32(MSG_NOSIGNAL))
                }
                // The other end is gone: the reader finds out.
                guard count > 0 else { return }
                sent += count
            }
        }
    }

    private func read() {
        var (pending, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 65_536))
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            pending += buffer[..<count]
            var start = 0
            while let end = pending[start...].firstIndex(of: 0x0A) {
                take(String(decoding: pending[start..<end], as: UTF8.self))
                start = end + 1
            }
            pending.removeFirst(start)
        }
        let left = state.withLock { state in
            state.hasEnded = true
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for continuation in left { continuation.resume(returning: nil) }
        writing.withLock { _ in _ = close(descriptor) }
        onEnd()
    }

    private func take(_ line: String) {
        var fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        guard let head = fields.first, let number = Int(head.dropFirst()) else { return }
        fields.removeFirst()
        if head.hasPrefix(":") { return finish(number, fields) }
        let question = fields
        Task {
            let answer = await self.answer(question)
            if number != 0 { self.write(":", number, answer) }
        }
    }
}
