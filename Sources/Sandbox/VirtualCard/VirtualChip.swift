package import CardProtocol
internal import CertificateIssuing
internal import JPKIProfile
internal import SignatureAlgorithms
internal import Synchronization

/// The card itself: commands in, answers out. Thread-safe.
///
/// It answers as `jpki.md` says a card does; where that is not known, as OpenSC expects.
package final class VirtualChip: Sendable {
    package let profile: CardProfile
    let files: CardFiles
    private let state: Mutex<State>

    /// One command as a trace shows it: nothing of its data.
    package struct TraceEntry: Hashable, Sendable {
        package let instruction: UInt8
        package let p1: UInt8
        package let p2: UInt8
        package let hasData: Bool
        /// The file that was selected afterwards.
        package let file: UInt16?
        package let status: UInt16
    }

    private struct State {
        var application: CardApplication?
        var file: UInt16?
        var verified: Set<CardPIN> = []
        var tries: [CardPIN: Int] = [:]
        var commands = 0
        var trace: [TraceEntry] = []
        var misbehaviour: Misbehaviour?
    }

    package init(_ profile: CardProfile) throws {
        (self.profile, files) = (profile, try CardFiles(profile))
        var state = State()
        for pin in CardPIN.allCases where profile.pins[pin] != nil {
            state.tries[pin] = profile.form == .face && pin.application == .publicPersonalAuthentication ? 0 : pin.tries
        }
        // 顔認証マイナンバーカード keep the file of a PIN that nobody can present.
        if profile.form == .face { state.tries[.userAuthentication] = 0 }
        self.state = Mutex(state)
    }

    /// Power on or reset: nothing is selected or verified; counters stay.
    package func reset() {
        state.withLock { state in
            (state.application, state.file, state.verified) = (nil, nil, [])
        }
    }

    /// The card was put into a reader: commands are counted anew.
    package func insert() {
        reset()
        state.withLock { $0.commands = 0 }
    }

    package func misbehave(_ misbehaviour: Misbehaviour?) { state.withLock { $0.misbehaviour = misbehaviour } }

    package var trace: [TraceEntry] { state.withLock { $0.trace } }

    package var tries: [CardPIN: Int] { state.withLock { $0.tries } }

    /// Sets a counter, for a card that comes with tries spent.
    package func setTries(_ count: Int, of pin: CardPIN) { state.withLock { $0.tries[pin] = count } }

    package enum Answer: Hashable, Sendable {
        case octets([UInt8], isSignature: Bool)
        case removed
        case none
    }

    package func answer(to command: [UInt8]) -> Answer {
        state.withLock { state in
            state.commands += 1
            let right = respond(to: command, &state)
            let isSignature = command.count > 1 && command[1] == 0x2A
            if let fault = state.misbehaviour, fault.command == state.commands {
                guard let wrong = fault.spoil(right) else { return fault.kind == .removed ? .removed : .none }
                return .octets(wrong, isSignature: isSignature)
            }
            return .octets(right, isSignature: isSignature)
        }
    }

    private func respond(to command: [UInt8], _ state: inout State) -> [UInt8] {
        guard let request = ChipCommand(command) else { return [0x67, 0x00] }
        let answer = execute(request, &state)
        let status = UInt16(answer[answer.count - 2]) << 8 | UInt16(answer[answer.count - 1])
        state.trace.append(
            TraceEntry(
                instruction: request.ins, p1: request.p1, p2: request.p2, hasData: !request.data.isEmpty,
                file: state.file, status: status))
        return answer
    }

    private func execute(_ request: ChipCommand, _ state: inout State) -> [UInt8] {
        switch (request.cla, request.ins) {
        case (0x00, 0xA4): return select(request, &state)
        case (0x00, 0xB0): return read(request, state)
        case (0x00, 0x20): return verify(request, &state)
        case (0x80, 0x2A): return sign(request, state)
        case (0x80, 0xFC): return profile.form == .iPhone ? [0x90, 0x00] : [0x67, 0x00]
        case (0x00, _), (0x80, _): return [0x6D, 0x00]
        default: return [0x6E, 0x00]
        }
    }

    // MARK: Commands

    private func select(_ request: ChipCommand, _ state: inout State) -> [UInt8] {
        switch request.p1 {
        case 0x04:
            guard profile.form != .foreign,
                let found = CardApplication.allCases.first(where: { $0.identifier == request.data }),
                found == .publicPersonalAuthentication || profile.form.medium == .card
            else { return [0x6A, 0x82] }
            (state.application, state.file, state.verified) = (found, nil, [])
            return [0x90, 0x00]
        case 0x02:
            guard request.data.count == 2, let application = state.application else { return [0x6A, 0x82] }
            let identifier = UInt16(request.data[0]) << 8 | UInt16(request.data[1])
            guard exists(identifier, application, state) else { return [0x6A, 0x82] }
            state.file = identifier
            return [0x90, 0x00]
        default: return [0x6A, 0x86]
        }
    }

    private func exists(_ identifier: UInt16, _ application: CardApplication, _ state: State) -> Bool {
        if files.contents[CardFiles.Place(application: application, identifier: identifier)] != nil { return true }
        if CardPIN.allCases.contains(where: { $0.application == application && $0.file == identifier }) {
            return pin(application, identifier, state) != nil
        }
        return application == .publicPersonalAuthentication
            && CardKey.allCases.contains { $0.file == identifier && profile.credentials[$0] != nil }
    }

    private func pin(_ application: CardApplication, _ file: UInt16?, _ state: State) -> CardPIN? {
        CardPIN.allCases.first { $0.application == application && $0.file == file && state.tries[$0] != nil }
    }

    private func read(_ request: ChipCommand, _ state: State) -> [UInt8] {
        guard let application = state.application, let file = state.file else { return [0x69, 0x86] }
        let place = CardFiles.Place(application: application, identifier: file)
        guard let contents = files.contents[place] else { return [0x69, 0x81] }
        let locks = files.locks[place] ?? []
        guard locks.isEmpty || !state.verified.isDisjoint(with: locks) else { return [0x69, 0x82] }
        guard request.p1 < 0x80 else { return [0x6A, 0x86] }
        let offset = Int(request.p1) << 8 | Int(request.p2)
        guard offset < contents.count else { return [0x6B, 0x00] }
        return Array(contents[offset...].prefix(request.expected ?? 0)) + [0x90, 0x00]
    }

    private func verify(_ request: ChipCommand, _ state: inout State) -> [UInt8] {
        guard request.p1 == 0, request.p2 == 0x80 else { return [0x6A, 0x86] }
        guard let application = state.application, let pin = pin(application, state.file, state) else {
            return [0x69, 0x85]
        }
        let left = state.tries[pin] ?? 0
        if request.data.isEmpty {
            return state.verified.contains(pin) ? [0x90, 0x00] : [0x63, 0xC0 | UInt8(left)]
        }
        guard left > 0 else { return [0x69, 0x84] }
        guard let right = profile.pins[pin], Array(right.utf8) == request.data else {
            state.tries[pin] = left - 1
            state.verified.remove(pin)
            return [0x63, 0xC0 | UInt8(left - 1)]
        }
        state.tries[pin] = pin.tries
        state.verified.insert(pin)
        return [0x90, 0x00]
    }

    private func sign(_ request: ChipCommand, _ state: State) -> [UInt8] {
        guard request.p1 == 0, request.p2 == 0x80 else { return [0x6A, 0x86] }
        guard let key = CardKey.allCases.first(where: { $0.file == state.file }),
            let credential = profile.credentials[key]
        else { return [0x69, 0x85] }
        guard state.verified.contains(key.pin) else { return [0x69, 0x82] }
        guard let signature = credential.signature(input: request.data) else { return [0x69, 0x85] }
        return signature + [0x90, 0x00]
    }
}

extension CardProfile.Credential {
    /// The signature over a DigestInfo or, by a key on a curve, over a digest; nil for anything else.
    fileprivate func signature(input: [UInt8]) -> [UInt8]? {
        if case .ecdsa(let hash) = key.scheme {
            return input.count == hash.digestLength ? try? key.signature(digest: input) : nil
        }
        for hash in HashAlgorithm.allCases {
            let prefix = hash.digestInfoPrefix
            guard input.starts(with: prefix), input.count == prefix.count + hash.digestLength else { continue }
            return try? key.signature(digest: Array(input.dropFirst(prefix.count)), scheme: .rsaPKCS1(hash))
        }
        return nil
    }
}

extension HashAlgorithm {
    /// What stands before a digest in a DigestInfo (RFC 8017 §9.2, notes).
    fileprivate var digestInfoPrefix: [UInt8] {
        func sha2(_ last: UInt8, _ total: UInt8) -> [UInt8] {
            [0x30, total + 0x11, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, last]
                + [0x05, 0x00, 0x04, total]
        }
        return switch self {
        case .sha1: [0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2B, 0x0E, 0x03, 0x02, 0x1A, 0x05, 0x00, 0x04, 0x14]
        case .sha256: sha2(1, 0x20)
        case .sha384: sha2(2, 0x30)
        case .sha512: sha2(3, 0x40)
        }
    }
}
