/// The nine bits of `ReasonFlags` (RFC 5280 §4.2.1.13).
package struct ReasonFlags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Every reason a list can cover: bits 1 (keyCompromise) to 8 (aACompromise). Bit 0 is unused.
    package static let all = ReasonFlags(rawValue: 0b1_1111_1110)

    package init(_ bits: BitString) {
        var raw: UInt16 = 0
        for bit in 1..<9 where bits[bit] { raw |= 1 << UInt16(bit) }
        rawValue = raw
    }

    /// The bit numbers that are set.
    package var bits: Set<Int> { Set((0..<9).filter { rawValue & (1 << UInt16($0)) != 0 }) }
}

/// `DistributionPointName`: whole names, or one RDN below the CRL issuer's name.
package enum DistributionPointName: Hashable, Sendable {
    case fullName([GeneralName])
    case nameRelativeToCRLIssuer([NameAttribute])

    /// Decodes the contents of the explicit `[0]` around the CHOICE.
    package init(contents: ArraySlice<UInt8>, in production: String) throws(DERError) {
        var reader = DERReader(contents)
        let choice = try reader.next()
        try reader.finish(in: production)
        switch choice.tag {
        case .contextConstructed(0):
            self = .fullName(try GeneralName.sequence(choice.contents, in: production))
        case .contextConstructed(1):
            self = .nameRelativeToCRLIssuer(try DistinguishedName.relativeName(choice, in: production))
        default:
            throw DERError(.unexpectedTag, in: production)
        }
    }

    /// The general names that this stands for, given the name of the CRL issuer.
    package func names(below crlIssuer: DistinguishedName) -> [GeneralName] {
        switch self {
        case .fullName(let names): names
        case .nameRelativeToCRLIssuer(let relative): [.directoryName(crlIssuer.appending(relativeName: relative))]
        }
    }
}

/// `DistributionPoint` (RFC 5280 §4.2.1.13).
package struct DistributionPoint: Hashable, Sendable {
    package let name: DistributionPointName?
    package let reasons: ReasonFlags?
    package let cRLIssuer: [GeneralName]

    package init(name: DistributionPointName?, reasons: ReasonFlags? = nil, cRLIssuer: [GeneralName] = []) {
        (self.name, self.reasons, self.cRLIssuer) = (name, reasons, cRLIssuer)
    }

    init(_ element: DERElement) throws(DERError) {
        let production = "DistributionPoint"
        var reader = element.reader
        if let wrapper = try reader.nextIfPresent(.contextConstructed(0)) {
            name = try DistributionPointName(contents: wrapper.contents, in: production)
        } else {
            name = nil
        }
        reasons = try reader.nextIfPresent(.context(1)).map { flags throws(DERError) in
            ReasonFlags(try flags.bitString(in: production))
        }
        if let names = try reader.nextIfPresent(.contextConstructed(2)) {
            cRLIssuer = try GeneralName.sequence(names.contents, in: production)
        } else {
            cRLIssuer = []
        }
        try reader.finish(in: production)
        // A point of reasons alone says nothing about where the list is.
        guard name != nil || !cRLIssuer.isEmpty else { throw DERError(.invalidStructure, in: production) }
    }

    /// `CRLDistributionPoints`, the value of that extension and of `freshestCRL`.
    package static func sequence(_ value: ArraySlice<UInt8>) throws(DERError) -> [DistributionPoint] {
        try elements(value, "CRLDistributionPoints") { element throws(DERError) in try DistributionPoint(element) }
    }

    package static func der(_ points: [DistributionPoint]) -> [UInt8] {
        DERWriter.encode(.sequence) { sequence in
            for point in points { sequence.append(.sequence) { point.write(to: &$0) } }
        }
    }

    private func write(to writer: inout DERWriter) {
        if let name { writer.distributionPointName(name) }
        if let reasons { writer.namedBits(reasons.bits, tag: .context(1)) }
        if !cRLIssuer.isEmpty {
            writer.append(.contextConstructed(2)) { inner in cRLIssuer.forEach { inner.generalName($0) } }
        }
    }
}

extension DERWriter {
    /// `distributionPoint [0] DistributionPointName`, in certificates and in issuingDistributionPoint.
    package mutating func distributionPointName(_ name: DistributionPointName) {
        append(.contextConstructed(0)) { wrapper in
            switch name {
            case .fullName(let names):
                wrapper.append(.contextConstructed(0)) { inner in names.forEach { inner.generalName($0) } }
            case .nameRelativeToCRLIssuer(let attributes):
                wrapper.relativeName(attributes, tag: .contextConstructed(1))
            }
        }
    }
}
