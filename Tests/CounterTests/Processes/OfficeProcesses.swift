import CounterKit
import Foundation
import Synchronization

/// The platform's processes on one store: each is killed again and again, and begun again at once.
final class OfficeProcesses: Sendable {
    private struct State {
        var channels: [Int: OfficeChannel] = [:]
        var isOver = false
        var isFinished = false
        /// Places that processes told of, with how often one died there.
        var places: [String: Int] = [:]
        var killedFromOutside = 0
    }

    private let state = Mutex(State())
    private let program: URL
    private let setting: OfficeSetting
    private let books: OutsideBooks
    /// Milliseconds that a process lives at least and about.
    private let life: Int
    /// Each dies at the first place at which nobody has died; else half of them are killed from outside, half die at a
    /// place of their own.
    private let isThorough: Bool

    init(program: URL, setting: OfficeSetting, books: OutsideBooks, life: Int, isThorough: Bool = false) {
        (self.program, self.setting, self.books, self.life) = (program, setting, books, life)
        self.isThorough = isThorough
    }

    var deaths: (places: [String: Int], fromOutside: Int) {
        state.withLock { ($0.places, $0.killedFromOutside) }
    }

    /// Places at which nobody has died yet.
    var spared: [String] { deaths.places.filter { $0.value == 0 }.keys.sorted() }

    /// The answer of some process; nil when it died before it gave one. Waits for one that lives.
    func ask(_ fields: [String]) async -> [String]? {
        for _ in 0..<3_000 {
            let live = state.withLock { $0.channels.values.filter { !$0.hasEnded } }
            if !live.isEmpty { return await live[books.numbers.below(live.count)].ask(fields) }
            try? await Task.sleep(for: .milliseconds(10))
        }
        return nil
    }

    var isFinished: Bool { state.withLock { $0.isFinished } }

    /// Every process is killed for good.
    func finish() { state.withLock { $0.isFinished = true } }

    /// From now on no process is killed before ``finish()``.
    func end() { state.withLock { $0.isOver = true } }

    /// Keeps one process running until ``finish()``.
    func keep(_ index: Int) async {
        while !isFinished {
            guard await live(index) else { return }
        }
    }

    /// One life. False when no process can be begun.
    private func live(_ index: Int) async -> Bool {
        guard let (own, other) = OfficeChannel.pair() else { return false }
        let (ended, end) = AsyncStream<Void>.makeStream()
        let channel = OfficeChannel(descriptor: own) { [self] in
            await take($0, index)
        } onEnd: {
            end.finish()
        }
        let kills = state.withLock {
            !$0.isOver && !isThorough && ($0.places.isEmpty || books.numbers.happens(500))
        }
        let place = kills ? "-" : self.place()
        let after = life / 2 + books.numbers.below(life)
        channel.start()
        // The channel joins when the process has said that it is ready.
        state.withLock { $0.channels[index] = nil }
        pendingChannels.withLock { $0[index] = channel }
        guard let number = spawn(["office"] + setting.arguments + [place, String(after)], input: other) else {
            return false
        }
        let killer = Task { [self] in
            let doom = ContinuousClock.now + .milliseconds(kills ? after : 10 * life)
            while !Task.isCancelled, !isFinished {
                if ContinuousClock.now >= doom, state.withLock({ !$0.isOver }) { break }
                try? await Task.sleep(for: .milliseconds(20))
            }
            guard !Task.isCancelled else { return }
            if !isFinished { state.withLock { $0.killedFromOutside += 1 } }
            kill(number, SIGKILL)
        }
        for await _ in ended {}
        killer.cancel()
        state.withLock { $0.channels[index] = nil }
        // Nobody else's process has this number before it has been waited for.
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var status: Int32 = 0
                while waitpid(number, &status, 0) < 0, errno == EINTR {}
                continuation.resume()
            }
        }
        return true
    }

    /// Where the next process dies, as the program takes it.
    private func place() -> String {
        state.withLock { state in
            if state.isOver { return "-" }
            if isThorough { return "+" + state.places.filter { $0.value > 0 }.keys.joined(separator: "|") }
            let least = state.places.values.min()
            let rare = state.places.filter { $0.value == least }.keys.sorted()
            return rare.isEmpty ? "-" : rare[books.numbers.below(rare.count)]
        }
    }

    /// Begins the program with a socket as its standard input, which this process then has no more.
    private func spawn(_ arguments: [String], input: Int32) -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            close(input)
        }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        let words = ([program.path] + arguments).map { strdup($0) }
        defer { for word in words { free(word) } }
        var number: pid_t = 0
        return posix_spawn(&number, program.path, &actions, nil, words + [nil], environ) == 0 ? number : nil
    }

    private let pendingChannels = Mutex<[Int: OfficeChannel]>([:])

    private func take(_ question: [String], _ index: Int) async -> [String] {
        switch question.first {
        case "ready":
            let channel = pendingChannels.withLock { $0[index] }
            state.withLock { $0.channels[index] = channel }
        case "place" where question.count == 2:
            state.withLock { if !$0.isOver { $0.places[question[1], default: 0] += 0 } }
        case "dead" where question.count == 2: state.withLock { $0.places[question[1], default: 0] += 1 }
        default: return await books.answer(question)
        }
        return []
    }
}
