import PKIX
import SignatureAlgorithms

/// Finds where the entries of a list begin while its first octets arrive; decodes nothing else.
///
/// The frame is all of a list but its entries: what is in front of them, and extensions and signature behind.
struct FrameWalk {
    /// Octets in front of the entries.
    static let largestHead = 65_536
    /// Octets behind the entries.
    static let largestTail = 1_048_576

    private enum Stage {
        case outer
        case signed
        case fields
        case done
    }

    private var stage = Stage.outer
    private var position = 0
    private var sequences = 0
    /// Octets of the whole list; 0 until known.
    private(set) var total = 0
    /// The TBSCertList with its header.
    private(set) var signed = 0..<0
    /// Where the first field of the TBSCertList begins.
    private(set) var fieldsStart = 0
    /// Where the fields end that come before revokedCertificates.
    private(set) var fieldsEnd = 0
    /// The contents of revokedCertificates; empty where extensions or the end follow at once.
    private(set) var entries = 0..<0

    var isDone: Bool { stage == .done }

    /// Goes on as far as `head`, the first octets of the list, allows.
    mutating func advance(_ head: Span<UInt8>) throws(DERError) {
        while stage != .done {
            let limit = stage == .outer ? Int.max / 2 : stage == .signed ? total : signed.upperBound
            if stage == .fields, position == limit {
                if head.count >= position { finish(at: position) }
                return
            }
            guard position <= head.count, let header = try DERHeader.decode(arriving: head, at: position, limit: limit)
            else { return }
            switch stage {
            case .outer: try begin(header)
            case .signed:
                guard header.tag == .sequence else { throw DERError(.unexpectedTag, in: "TBSCertList") }
                signed = position..<header.end
                (fieldsStart, position, stage) = (header.contentStart, header.contentStart, .fields)
            case .fields: try field(header)
            case .done: return
            }
        }
    }

    private mutating func begin(_ header: DERHeader) throws(DERError) {
        guard header.tag == .sequence else { throw DERError(.unexpectedTag, in: "CertificateList") }
        guard header.end <= CertificateList.largestSize else { throw DERError(.limitExceeded, in: "CertificateList") }
        (total, position, stage) = (header.end, header.contentStart, .signed)
    }

    /// The third SEQUENCE, after signature and issuer, is revokedCertificates; [0] ends what may come before it.
    private mutating func field(_ header: DERHeader) throws(DERError) {
        if header.tag == .contextConstructed(0) { return finish(at: position) }
        guard header.tag == .sequence, sequences == 2 else {
            if header.tag == .sequence { sequences += 1 }
            position = header.end
            guard position <= FrameWalk.largestHead else { throw DERError(.limitExceeded, in: "TBSCertList") }
            return
        }
        // RFC 5280 §5.1.2.6: when there are no revoked certificates, the list MUST be absent.
        guard header.contentStart < header.end else { throw DERError(.invalidStructure, in: "revokedCertificates") }
        fieldsEnd = position
        entries = header.contentStart..<header.end
        stage = .done
    }

    private mutating func finish(at position: Int) {
        fieldsEnd = position
        entries = position..<position
        stage = .done
    }
}

/// A list without its entries: the octets in front of them and behind them, and where the parts are.
struct ListFrame {
    /// Head and tail, one after the other.
    let octets: [UInt8]
    let walk: FrameWalk

    /// Where the tail begins in ``octets``.
    private var tailStart: Int { walk.entries.lowerBound }

    /// The fields before revokedCertificates.
    var fields: DERReader { DERReader(slice(walk.fieldsStart, walk.fieldsEnd)) }

    /// The hash of the algorithm in the signed part; nil when it is none of the table.
    var signedHash: HashAlgorithm? {
        var reader = fields
        _ = try? reader.nextIfPresent(.integer)
        guard let element = try? reader.next(), let identifier = try? AlgorithmIdentifier(element, in: "signature")
        else { return nil }
        return SignatureScheme(identifier)?.hash
    }

    /// The list's issuer; nil when it does not decode.
    var issuer: DistinguishedName? {
        var reader = fields
        _ = try? reader.nextIfPresent(.integer)
        guard (try? reader.next()) != nil, let name = try? reader.next() else { return nil }
        return try? DistinguishedName(name, in: "TBSCertList.issuer")
    }

    /// What follows revokedCertificates in the TBSCertList.
    var extensions: DERReader { DERReader(slice(tailStart, behind(walk.signed.upperBound))) }

    /// What follows the TBSCertList.
    var signature: DERReader { DERReader(slice(behind(walk.signed.upperBound), behind(walk.total))) }

    /// The place in ``octets`` of an offset into the list that lies behind the entries.
    private func behind(_ offset: Int) -> Int { tailStart + max(0, offset - walk.entries.upperBound) }

    private func slice(_ start: Int, _ end: Int) -> ArraySlice<UInt8> {
        let end = min(end, octets.count)
        return octets[min(start, end)..<end]
    }
}
