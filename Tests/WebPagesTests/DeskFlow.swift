import CardProtocol
import Synchronization
import WebPages

/// A check whose steps a test gives, and which tells what the desk asked of it.
final class DeskFlow: KioskFlow {
    private struct State {
        var steps: AsyncStream<KioskStep>.Continuation?
        var begun = 0
        var language = PageLanguage.japanese
        var held: CheckedContinuation<Void, Never>?
        var holdsNextEnd = false
    }

    private let state = Mutex(State())

    var begun: Int { state.withLock { $0.begun } }
    /// As a flow has it: forgotten with the person.
    var language: PageLanguage { state.withLock { $0.language } }
    var isEnding: Bool { state.withLock { $0.held != nil } }

    func play(_ step: KioskStep) { state.withLock { _ = $0.steps?.yield(step) } }

    /// The next `end` takes as long as a centre that is slow to answer.
    func holdNextEnd() { state.withLock { $0.holdsNextEnd = true } }

    func letEnd() {
        let held = state.withLock { state in
            defer { state.held = nil }
            return state.held
        }
        held?.resume()
    }

    // MARK: KioskFlow

    func begin() async -> AsyncStream<KioskStep> {
        await end()
        let (stream, continuation) = AsyncStream.makeStream(of: KioskStep.self)
        state.withLock {
            $0.steps = continuation
            $0.begun += 1
        }
        return stream
    }

    func submit(_ secret: any SecretOctets) async { secret.erase() }

    func end() async {
        let holds = state.withLock { state in
            state.steps?.finish()
            state.steps = nil
            state.language = .japanese
            defer { state.holdsNextEnd = false }
            return state.holdsNextEnd
        }
        guard holds else { return }
        await withCheckedContinuation { continuation in state.withLock { $0.held = continuation } }
    }

    func line() async -> KioskLine { KioskLine(.online) }

    func speak(_ language: PageLanguage) async { state.withLock { $0.language = language } }
}
