package import PKIX

/// `issuingDistributionPoint` (RFC 5280 §5.2.5): which certificates and reasons a list is about.
package struct IssuingDistributionPoint: Hashable, Sendable {
    /// The kinds of certificate that a list is limited to: at most one (§5.2.5).
    package enum Contents: Hashable, Sendable {
        case everyCertificate
        case onlyUserCertificates
        case onlyCACertificates
        case onlyAttributeCertificates
    }

    /// Whether entries may name another certificate issuer than the list's.
    package enum Kind: Hashable, Sendable {
        case direct
        case indirect
    }

    package let name: DistributionPointName?
    package let contents: Contents
    /// nil: every reason.
    package let onlySomeReasons: ReasonFlags?
    package let kind: Kind

    package init(
        name: DistributionPointName? = nil,
        contents: Contents = .everyCertificate,
        onlySomeReasons: ReasonFlags? = nil,
        kind: Kind = .direct
    ) {
        (self.name, self.contents, self.onlySomeReasons, self.kind) = (name, contents, onlySomeReasons, kind)
    }

    /// Decodes the extension's value.
    ///
    /// - Throws: ``DERError`` also when nothing at all is said, which §5.2.5 forbids, or
    ///   when the list is limited to two kinds of certificate at once.
    package init(value: ArraySlice<UInt8>) throws(DERError) {
        let production = "IssuingDistributionPoint"
        var reader = try DERReader.single(.sequence, value, in: production).reader
        name = try reader.nextIfPresent(.contextConstructed(0)).map { wrapper throws(DERError) in
            try DistributionPointName(contents: wrapper.contents, in: production)
        }
        let user = try reader.flag(1, in: production)
        let authority = try reader.flag(2, in: production)
        onlySomeReasons = try reader.nextIfPresent(.context(3)).map { flags throws(DERError) in
            ReasonFlags(try flags.bitString(in: production))
        }
        kind = try reader.flag(4, in: production) ? .indirect : .direct
        let attribute = try reader.flag(5, in: production)
        try reader.finish(in: production)
        switch (user, authority, attribute) {
        case (false, false, false): contents = .everyCertificate
        case (true, false, false): contents = .onlyUserCertificates
        case (false, true, false): contents = .onlyCACertificates
        case (false, false, true): contents = .onlyAttributeCertificates
        default: throw DERError(.invalidStructure, in: production)
        }
        guard name != nil || contents != .everyCertificate || onlySomeReasons != nil || kind == .indirect else {
            throw DERError(.invalidStructure, in: production)
        }
    }

    /// The extension's value.
    package var der: [UInt8] {
        DERWriter.encode(.sequence) { writer in
            if let name { writer.distributionPointName(name) }
            if contents == .onlyUserCertificates { writer.append(.context(1), [0xFF]) }
            if contents == .onlyCACertificates { writer.append(.context(2), [0xFF]) }
            if let reasons = onlySomeReasons { writer.namedBits(reasons.bits, tag: .context(3)) }
            if kind == .indirect { writer.append(.context(4), [0xFF]) }
            if contents == .onlyAttributeCertificates { writer.append(.context(5), [0xFF]) }
        }
    }

    /// The distribution point as text for answers: its first URI, or its first directory name.
    package func label(below issuer: DistinguishedName) -> String? {
        let names = name?.names(below: issuer) ?? []
        for case .uniformResourceIdentifier(let uri) in names { return uri }
        for case .directoryName(let name) in names { return name.description }
        return nil
    }
}

extension DERReader {
    /// `[n] IMPLICIT BOOLEAN DEFAULT FALSE`.
    fileprivate mutating func flag(_ number: UInt8, in production: String) throws(DERError) -> Bool {
        try nextIfPresent(.context(number))?.boolean(in: production) ?? false
    }
}
