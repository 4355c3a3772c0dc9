/// A session with a card as a state machine: each answer gives the next action. Pure: whoever runs it does the sending.
///
/// A PIN is presented only by a step that has read its counter just before, on the same selection. A wrong PIN ends
/// the procedure; nothing is ever tried twice.
package struct CardProcedure: Hashable, Sendable {
    private var steps: [CardStep]
    private var phase = Phase.between
    private var reading = CardReading()
    private let lastTry: LastTryRule
    /// What was collected over 61xx.
    private var pending: [UInt8] = []
    private var lastCommand: CommandAPDU?
    private var commands = 0

    private enum Phase: Hashable {
        case between
        case selecting(CardApplication)
        case opening(CardFile, CardStep.Need)
        case reading(FileAssembly, CardStep.Need)
        case openingPIN(CardPIN, presents: Bool)
        case counting(CardPIN, presents: Bool)
        case presenting(CardPIN)
        case openingKey(CardKey, CardMessage)
        case signing(CardKey, CardAlgorithm)
        case ended
    }

    /// Commands of one procedure at most; the longest has about sixty.
    package static let mostCommands = 200

    /// - Parameter certificates: certificates read earlier in the same session, for a procedure that reads none.
    package init(_ steps: [CardStep], lastTry: LastTryRule = .refused, certificates: [CardFile: [UInt8]] = [:]) {
        self.steps = steps
        self.lastTry = lastTry
        reading.files = certificates
    }

    /// What the next answer belongs to; nil at both ends.
    package var operation: CardOperation? {
        switch phase {
        case .between, .ended: nil
        case .selecting(let application): .select(application)
        case .opening(let file, _): .read(file)
        case .reading(let assembly, _): .read(assembly.file)
        case .openingPIN(let pin, _), .counting(let pin, _): .countTries(pin)
        case .presenting(let pin): .verify(pin)
        case .openingKey(let key, _), .signing(let key, _): .sign(key)
        }
    }

    /// The first action.
    package mutating func start() -> CardAction {
        guard case .between = phase else { return end(.malformedAnswer(.unexpectedContents)) }
        return nextStep()
    }

    /// The action after an answer. After ``CardAction/finished(_:)`` or ``CardAction/failed(_:)`` there is none.
    package mutating func receive(_ response: ResponseAPDU) -> CardAction {
        do throws(CardFault) {
            // Some cards answer a SELECT with data unasked; more than a short answer holds is none of theirs.
            guard response.data.count <= lastCommand?.expected ?? 256 else { throw .malformedAnswer(.tooLong) }
            if let again = try continuation(of: response) { return again }
            let whole = ResponseAPDU(data: pending + response.data, status: response.status)
            pending = []
            return try take(whole)
        } catch {
            return end(error)
        }
    }

    private mutating func end(_ fault: CardFault) -> CardAction {
        (phase, steps) = (.ended, [])
        return .failed(fault)
    }

    private mutating func send(_ command: CommandAPDU, _ next: Phase) -> CardAction {
        commands += 1
        guard commands <= CardProcedure.mostCommands else { return end(.malformedAnswer(.endless)) }
        (phase, lastCommand) = (next, command)
        return .transmit(command)
    }

    /// 61xx and 6Cxx (ISO/IEC 7816-4 §5.6): fetch the rest, or ask again with the right length. Never for a VERIFY.
    private mutating func continuation(of response: ResponseAPDU) throws(CardFault) -> CardAction? {
        switch response.status {
        case .moreData(let count):
            pending += response.data
            guard pending.count <= CardFile.largest else { throw .malformedAnswer(.tooLong) }
            if case .presenting = phase { return nil }
            return send(.getResponse(count: count == 0 ? 256 : count), phase)
        case .wrongExpectedLength(let count):
            guard let lastCommand, lastCommand.expected != nil, lastCommand.expected != (count == 0 ? 256 : count)
            else {
                return nil
            }
            return send(lastCommand.expecting(count == 0 ? 256 : count), phase)
        default: return nil
        }
    }

    private mutating func nextStep() -> CardAction {
        guard !steps.isEmpty else {
            phase = .ended
            return .finished(reading)
        }
        switch steps.removeFirst() {
        case .select(let application): return send(.select(application), .selecting(application))
        case .read(let file, let need): return send(.select(file: file.identifier), .opening(file, need))
        case .countTries(let pin): return send(.select(file: pin.file), .openingPIN(pin, presents: false))
        case .verify(let pin): return send(.select(file: pin.file), .openingPIN(pin, presents: true))
        case .sign(let key, let message): return send(.select(file: key.file), .openingKey(key, message))
        }
    }
}

// MARK: - Answers

extension CardProcedure {
    private mutating func take(_ response: ResponseAPDU) throws(CardFault) -> CardAction {
        switch phase {
        case .between, .ended: throw .malformedAnswer(.unexpectedContents)
        case .selecting(let application): return try selected(application, response.status)
        case .opening(let file, let need): return try opened(file, need, response.status)
        case .reading(let assembly, let need): return try read(assembly, need, response)
        case .openingPIN(let pin, let presents): return try openedPIN(pin, presents, response.status)
        case .counting(let pin, let presents): return try counted(pin, presents, response.status)
        case .presenting(let pin): return try presented(pin, response.status)
        case .openingKey(let key, let message): return try openedKey(key, message, response.status)
        case .signing(let key, let algorithm): return try signed(key, algorithm, response)
        }
    }

    private mutating func selected(_ application: CardApplication, _ status: StatusWord) throws(CardFault) -> CardAction
    {
        switch status {
        case .success: return nextStep()
        case .notFound, .notSupported: throw .foreignCard
        default: throw .refused(status, .select(application))
        }
    }

    private mutating func opened(
        _ file: CardFile, _ need: CardStep.Need, _ status: StatusWord
    ) throws(CardFault) -> CardAction {
        guard status == .success else { return try missing(file, need, status) }
        let assembly = FileAssembly(file)
        guard let command = assembly.next else { throw .malformedAnswer(.unexpectedContents) }
        return send(command, .reading(assembly, need))
    }

    private mutating func read(
        _ assembly: FileAssembly, _ need: CardStep.Need, _ response: ResponseAPDU
    ) throws(CardFault) -> CardAction {
        guard response.status == .success || response.status == .endOfFile else {
            return try missing(assembly.file, need, response.status)
        }
        var assembly = assembly
        try assembly.append(response.data)
        if let command = assembly.next { return send(command, .reading(assembly, need)) }
        reading.files[assembly.file] = assembly.octets
        return nextStep()
    }

    /// A file that is not there, or not before a PIN.
    private mutating func missing(
        _ file: CardFile, _ need: CardStep.Need, _ status: StatusWord
    ) throws(CardFault) -> CardAction {
        let isAbsent = status == .notFound || status == .securityStatusNotSatisfied
        if isAbsent, need == .optional { return nextStep() }
        if status == .notFound, let key = CardKey.allCases.first(where: { $0.certificate == file }) {
            throw .certificateAbsent(key)
        }
        throw .refused(status, .read(file))
    }

    private mutating func openedPIN(
        _ pin: CardPIN, _ presents: Bool, _ status: StatusWord
    ) throws(CardFault) -> CardAction {
        switch status {
        case .success: return send(.countTries, .counting(pin, presents: presents))
        case .notFound where !presents:
            reading.pins[pin] = .absent
            return nextStep()
        case .notFound: throw .pinAbsent(pin)
        default: throw .refused(status, .countTries(pin))
        }
    }

    private mutating func counted(
        _ pin: CardPIN, _ presents: Bool, _ status: StatusWord
    ) throws(CardFault) -> CardAction {
        let state: PINState =
            switch status {
            case .triesLeft(let count): .triesLeft(count)
            case .pinBlocked: .blocked
            case .notFound: .absent
            case .success: .verified
            default: .unreadable(status)
            }
        reading.pins[pin] = state
        guard presents else { return nextStep() }
        switch state {
        case .triesLeft(let count) where count > 1 || lastTry == .allowedBySupervisor:
            commands += 1
            (phase, lastCommand) = (.presenting(pin), nil)
            return .verify(VerifyCommand(pin))
        case .triesLeft: throw .lastTry(pin)
        case .blocked: throw .pinBlocked(pin)
        case .absent: throw .pinAbsent(pin)
        case .verified, .unreadable: throw .counterUnreadable(pin)
        }
    }

    private mutating func presented(_ pin: CardPIN, _ status: StatusWord) throws(CardFault) -> CardAction {
        switch status {
        case .success:
            reading.pins[pin] = .verified
            return nextStep()
        case .triesLeft(let count): throw .wrongPIN(pin, triesLeft: count)
        case .pinBlocked: throw .pinBlocked(pin)
        default: throw .refused(status, .verify(pin))
        }
    }

    private mutating func openedKey(
        _ key: CardKey, _ message: CardMessage, _ status: StatusWord
    ) throws(CardFault) -> CardAction {
        guard status == .success else {
            if status == .notFound { throw .certificateAbsent(key) }
            throw .refused(status, .sign(key))
        }
        let algorithm = try CardAlgorithm(certificate: reading.files[key.certificate] ?? [])
        let input = algorithm.input(digest: try message.digest(for: algorithm))
        // 256 is what a short answer can hold, and what a 2048-bit signature has.
        return send(.sign(input, p1: algorithm.p1, expected: 256), .signing(key, algorithm))
    }

    private mutating func signed(
        _ key: CardKey, _ algorithm: CardAlgorithm, _ response: ResponseAPDU
    ) throws(CardFault) -> CardAction {
        guard response.status == .success else { throw .refused(response.status, .sign(key)) }
        guard algorithm.signatureLengths.contains(response.data.count) else {
            throw .malformedAnswer(
                response.data.count < algorithm.signatureLengths.lowerBound ? .truncated : .tooLong)
        }
        (reading.signature, reading.algorithm) = (response.data, algorithm)
        return nextStep()
    }
}
