internal import CPCSC
internal import TerminalSession

/// A return code of PC/SC as a value of its low 32 bits: `LONG` has 64 on some systems and 32 on others.
struct PCSCCode: Hashable {
    let value: UInt32

    init(_ code: Int) { value = UInt32(truncatingIfNeeded: code) }

    private init(_ value: UInt32) { self.value = value }

    static let success = PCSCCode(UInt32(0))
    static let cancelled = PCSCCode(UInt32(0x8010_0002))
    static let invalidHandle = PCSCCode(UInt32(0x8010_0003))
    static let unknownReader = PCSCCode(UInt32(0x8010_0009))
    static let timeout = PCSCCode(UInt32(0x8010_000A))
    static let sharingViolation = PCSCCode(UInt32(0x8010_000B))
    static let noSmartcard = PCSCCode(UInt32(0x8010_000C))
    static let protocolMismatch = PCSCCode(UInt32(0x8010_000F))
    static let readerUnavailable = PCSCCode(UInt32(0x8010_0017))
    static let noService = PCSCCode(UInt32(0x8010_001D))
    static let serviceStopped = PCSCCode(UInt32(0x8010_001E))
    static let noReaders = PCSCCode(UInt32(0x8010_002E))
    static let unsupportedCard = PCSCCode(UInt32(0x8010_0065))
    static let unresponsiveCard = PCSCCode(UInt32(0x8010_0066))
    static let unpoweredCard = PCSCCode(UInt32(0x8010_0067))
    static let resetCard = PCSCCode(UInt32(0x8010_0068))
    static let removedCard = PCSCCode(UInt32(0x8010_0069))

    /// What it means for a card that is connected or about to be.
    var failure: CardChannelFailure {
        switch self {
        case .removedCard, .noSmartcard, .resetCard, .unpoweredCard: .removed
        case .unknownReader, .readerUnavailable, .noReaders: .readerGone
        // A handle of a service that has gone is invalid for the next.
        case .noService, .serviceStopped, .invalidHandle: .serviceGone
        case .sharingViolation: .inUse
        case .timeout: .timedOut
        case .unresponsiveCard, .unsupportedCard, .protocolMismatch: .unresponsive
        // pcscd says this of any error of the reader's driver: the card is lost in any case.
        default: .removed
        }
    }
}
