internal import Logging
internal import PKIX
internal import RevocationLists
internal import Verification

/// What came of a list that an operator brought.
package struct ListImport: Sendable {
    /// The source that it came in place of; nil when none is configured for it.
    package let sourceID: String?
    package let outcome: ListOutcome
    /// SHA-256 of its DER.
    package let digest: [UInt8]

    static func digest(of fetched: FetchedList) -> [UInt8] { ListDigest.of(der(of: fetched) ?? fetched.octets) }

    /// The DER in `fetched`; nil for PEM without a list.
    static func der(of fetched: FetchedList) -> StoredOctets? {
        let isDER = fetched.octets.withSpan { $0.count > 0 && $0[0] == DERTag.sequence.rawValue }
        return isDER ? fetched.octets : PEM.der(fetched.octets.bytes, label: "X509 CRL").map { StoredOctets($0) }
    }
}

extension ListIntake {
    /// Records a list that no configured source can bring.
    func refuseImport(_ refusal: CRLRefusal, of list: FetchedList, _ origin: UpdateOrigin) async -> ListImport {
        let digest = ListImport.digest(of: list)
        reporting.count(refusal)
        let event = reporting.refusal(ofImport: refusal, digest, at: clock.reading().now, origin)
        do throws(StoreError) {
            try await stores.records.append(event)
        } catch {
            reporting.logger.error("The audit record of a refused list could not be written")
        }
        return ListImport(sourceID: nil, outcome: .refused(refusal), digest: digest)
    }
}

/// Finds the configured source that a list belongs to, from what it says and who signed it.
struct SourceMatch {
    let sources: [CRLSource]

    /// - Returns: the source, or why none is the right one.
    func source(of fetched: FetchedList, now: ValidationTime) -> Result<CRLSource, CRLRefusal> {
        guard let der = ListImport.der(of: fetched), let pass = try? ListPass.over(der) else {
            return .failure(.malformed)
        }
        let list = pass.list
        let named = sources.filter { $0.issuerName == list.issuer }
        guard !named.isEmpty else { return .failure(.issuerMismatch) }
        var refusal = CRLRefusal.scopeMismatch
        var known: [SubjectPublicKeyInfo: Bool] = [:]
        // The most particular first: one partition, the whole issuer, a folder of anything.
        for source in named.sorted(by: { $0.scope.breadth < $1.scope.breadth }) {
            let admission = ListAdmission(source: source, held: nil)
            do throws(CRLRefusal) {
                _ = try admission.check(list, now: now)
                let key = try admission.issuerKey()
                // Generations share a name: the signature tells them apart.
                let isSigned = known[source.issuerKey] ?? ((try? pass.verify(key)) != nil)
                known[source.issuerKey] = isSigned
                if isSigned { return .success(source) }
                refusal = .signatureInvalid
            } catch {
                if refusal != .signatureInvalid { refusal = error }
            }
        }
        return .failure(refusal)
    }
}

extension CRLSource.ExpectedScope {
    fileprivate var breadth: Int {
        switch self {
        case .distributionPoint: 0
        case .complete: 1
        case .pinnedByFirstList: 2
        case .any: 3
        }
    }
}
