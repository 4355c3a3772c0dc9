internal import PKIX
internal import SignatureAlgorithms

/// One depth-first search for a path that is accepted, within its budget.
///
/// The first pass follows only signatures that verify, so that junk in the
/// pool costs a signature each and hides nothing. When it reaches no anchor,
/// a second pass follows names alone to find the path whose report says most.
struct PathSearch {
    private enum Pass {
        case verifiedLinks
        case namedLinks
    }

    private enum Issuer: Hashable {
        case anchor(Int)
        case pool(Int)
    }

    private struct Link: Hashable {
        /// Position in the pool; -1 is the target.
        let subject: Int
        let issuer: Issuer
    }

    private let builder: PathBuilder
    private let target: Certificate
    private let time: ValidationTime
    private var budget = WorkBudget()
    /// By position in the pool.
    private var candidates: [Int: [Issuer]] = [:]
    /// Anchors and pool by name, where there are many: looked through once, not once for each certificate.
    private var index: [DistinguishedName: [Issuer]]?
    /// From so many candidates on the index is worth being built.
    private static let indexed = 16
    private var outcomes: [Link: SignatureOutcome] = [:]
    private var keys: [Int: Result<PublicKey, AlgorithmError>] = [:]
    private var best: RankedReport?
    /// Certificates of the longest path that is followed now, and of the longest that has been followed before.
    private var (lengthLimit, lengthDone) = (WorkLimit.pathLength, 0)
    /// Whether a path was longer than ``lengthLimit``.
    private var isCut = false
    /// Set when a path was given up because of its length.
    private var skipped: BudgetOverrun?
    private let targetKey: Result<PublicKey, AlgorithmError>

    private var certificates: [Certificate]
    private var positions = [-1]
    private var signatures: [SignatureOutcome] = []

    init(_ builder: PathBuilder, _ target: Certificate, at time: ValidationTime) {
        (self.builder, self.target, self.time) = (builder, target, time)
        certificates = [target]
        let suite = builder.constraints.algorithms
        targetKey = Result { () throws(AlgorithmError) in
            try PublicKey(target.subjectPublicKeyInfo, suite: suite)
        }
    }

    mutating func run(_ accept: (ValidatedPath) -> PathAcceptance) -> PathReport {
        do throws(BudgetOverrun) {
            // Shorter paths first: in a mesh of cross-certificates the first descent would go astray.
            for limit in [1, 2, 3, 4, 6, 8, 12, 16, 32, WorkLimit.pathLength] {
                (lengthLimit, isCut) = (limit, false)
                if let report = try extend(.verifiedLinks, accept) { return report }
                if !isCut { break }
                lengthDone = limit
            }
        } catch {
            return finish(error)
        }
        if best == nil { explainMissingPath() }
        return finish(skipped)
    }

    /// No anchor can be reached: looks for the path that shows best why. Whatever is found here is a failure.
    private mutating func explainMissingPath() {
        let refuse = { (_: ValidatedPath) in PathAcceptance.refused(.invalid, [.noCertificateChainFound], []) }
        let known = skipped
        defer { skipped = known }
        budget = WorkBudget()
        (lengthLimit, lengthDone) = (WorkLimit.pathLength, 0)
        do throws(BudgetOverrun) {
            _ = try extend(.namedLinks, refuse)
        } catch {
            guard best == nil else { return }
            budget = WorkBudget()
            _ = try? process(nil, refuse)
        }
    }

    // MARK: Depth first

    /// Tries every issuer of the last certificate; the report of an accepted path ends the search.
    private mutating func extend(
        _ pass: Pass,
        _ accept: (ValidatedPath) -> PathAcceptance
    ) throws(BudgetOverrun) -> PathReport? {
        try budget.spendExtension()
        guard let last = certificates.last else { return nil }
        var isDeadEnd = true
        for issuer in try issuers(of: last) where !repeats(issuer) {
            if case .pool = issuer, certificates.count == lengthLimit {
                isCut = true
                if lengthLimit == WorkLimit.pathLength { skipped = .pathLength }
                continue
            }
            let outcome = try signature(of: last, by: issuer)
            guard outcome == .verified || (pass == .namedLinks && !hasOtherKey(last, issuer)) else { continue }
            isDeadEnd = false
            signatures.append(outcome)
            defer { signatures.removeLast() }
            switch issuer {
            case .anchor(let index):
                guard certificates.count > lengthDone else { continue }
                if let report = try process(builder.anchors[index], accept) { return report }
            case .pool(let index):
                certificates.append(builder.pool[index])
                positions.append(index)
                defer {
                    certificates.removeLast()
                    positions.removeLast()
                }
                if let report = try extend(pass, accept) { return report }
            }
        }
        if isDeadEnd, pass == .namedLinks { _ = try process(nil, accept) }
        return nil
    }

    /// Candidates for the issuer of `certificate`: same name, best key identifier first. Found once for each.
    private mutating func issuers(of certificate: Certificate) throws(BudgetOverrun) -> [Issuer] {
        let position = positions.last ?? -1
        if let known = candidates[position] { return known }
        var found: [(issuer: Issuer, rank: Int)] = []
        for issuer in try namesakes(certificate.issuer) {
            switch issuer {
            case .anchor(let index): found.append((issuer, 2 * rank(certificate, builder.anchors[index].keyIdentifier)))
            case .pool(let index):
                let own = builder.pool[index]
                let late = own.extensions.basicConstraints?.isCA != true || time > own.notAfter ? 6 : 0
                found.append((issuer, 2 * rank(certificate, own.extensions.subjectKeyIdentifier) + 1 + late))
            }
        }
        if found.count > 1 { found.sort { $0.rank < $1.rank } }
        let issuers = found.map(\.issuer)
        if position >= 0 || issuers.count > 1 { candidates[position] = issuers }
        return issuers
    }

    /// Anchors, then certificates of the pool, whose subject is `name`.
    private mutating func namesakes(_ name: DistinguishedName) throws(BudgetOverrun) -> [Issuer] {
        let count = builder.anchors.count + builder.pool.count
        guard count > PathSearch.indexed else {
            try budget.spendNames(count)
            return builder.anchors.indices.filter { builder.anchors[$0].name == name }.map { .anchor($0) }
                + builder.pool.indices.filter { builder.pool[$0].subject == name }.map { .pool($0) }
        }
        if let index { return index[name] ?? [] }
        try budget.spendNames(count)
        var index: [DistinguishedName: [Issuer]] = [:]
        for place in builder.anchors.indices { index[builder.anchors[place].name, default: []].append(.anchor(place)) }
        for place in builder.pool.indices { index[builder.pool[place].subject, default: []].append(.pool(place)) }
        self.index = index
        return index[name] ?? []
    }

    /// 0 when the key identifiers agree, 1 when one is missing, 2 when they differ.
    private func rank(_ certificate: Certificate, _ identifier: ArraySlice<UInt8>?) -> Int {
        guard let wanted = certificate.extensions.authorityKeyIdentifier?.keyIdentifier, let identifier else {
            return 1
        }
        return wanted == identifier ? 0 : 2
    }

    /// Whether the name and key stand on the path already (RFC 4158 §5.2): a loop.
    private func repeats(_ issuer: Issuer) -> Bool {
        guard case .pool(let index) = issuer else { return false }
        let issuer = builder.pool[index]
        return certificates.contains {
            $0.subjectPublicKeyInfo == issuer.subjectPublicKeyInfo && $0.subject == issuer.subject
        }
    }

    /// Whether key identifiers say that the issuer's key is another one.
    private func hasOtherKey(_ certificate: Certificate, _ issuer: Issuer) -> Bool {
        switch issuer {
        case .anchor(let index): rank(certificate, builder.anchors[index].keyIdentifier) == 2
        case .pool(let index): rank(certificate, builder.pool[index].extensions.subjectKeyIdentifier) == 2
        }
    }

    // MARK: Signatures

    private mutating func signature(of certificate: Certificate, by issuer: Issuer) throws(BudgetOverrun)
        -> SignatureOutcome
    {
        let link = Link(subject: positions.last ?? -1, issuer: issuer)
        if let known = outcomes[link] { return known }
        try budget.spendSignature()
        let outcome = outcome(of: certificate, by: issuer)
        outcomes[link] = outcome
        return outcome
    }

    private mutating func outcome(of certificate: Certificate, by issuer: Issuer) -> SignatureOutcome {
        guard let scheme = SignatureScheme(certificate.signatureAlgorithm) else {
            return .refused(.unsupportedAlgorithm)
        }
        guard let signature = certificate.signature.wholeOctets else { return .wrong }
        do throws(AlgorithmError) {
            let isRight = try key(of: issuer).verifies(signature, over: certificate.tbsEncoding, scheme: scheme)
            return isRight ? .verified : .wrong
        } catch {
            return .refused(error)
        }
    }

    private mutating func key(of issuer: Issuer) throws(AlgorithmError) -> PublicKey {
        let suite = builder.constraints.algorithms
        switch issuer {
        case .anchor(let index): return try builder.anchors[index].publicKey(for: suite)
        case .pool(let index):
            if let known = keys[index] { return try known.get() }
            let info = builder.pool[index].subjectPublicKeyInfo
            let imported = Result { () throws(AlgorithmError) in try PublicKey(info, suite: suite) }
            keys[index] = imported
            return try imported.get()
        }
    }
}

// MARK: - Outcomes

extension PathSearch {
    /// Processes the path that now ends at `anchor`, or nowhere; returns the report when it is accepted.
    private mutating func process(
        _ anchor: TrustAnchor?,
        _ accept: (ValidatedPath) -> PathAcceptance
    ) throws(BudgetOverrun) -> PathReport? {
        try budget.spendPath()
        let path = CandidatePath(
            certificates: certificates, signatures: signatures, anchor: anchor, targetKey: targetKey)
        var processor = PathProcessor(path, constraints: builder.constraints, time: time)
        let policies = try processor.process(&budget)
        guard let anchor, !processor.ledger.hasFailures else {
            keep(RankedReport(failed: path, processor.ledger, key: issuerKey(anchor)))
            return nil
        }
        let validated = ValidatedPath(certificates: certificates, anchor: anchor, policies: policies)
        switch accept(validated) {
        case .accepted(let checks):
            return report(validated, .valid, [], processor.ledger.checks + checks)
        case .refused(let result, let indications, let checks):
            let refused = report(validated, result, indications, processor.ledger.checks + checks)
            keep(RankedReport(refused: refused))
            return nil
        }
    }

    private func report(
        _ path: ValidatedPath,
        _ result: ValidationResult,
        _ indications: [SubIndication],
        _ checks: [Check]
    ) -> PathReport {
        PathReport(
            result: result, subIndications: indications, policies: result == .valid ? path.policies : [],
            path: path.certificates, anchor: path.anchor, issuerKey: path.issuerKey(of: 0),
            subjectKey: try? targetKey.get(), checks: checks)
    }

    /// The key that the target's issuer on the present path has.
    private func issuerKey(_ anchor: TrustAnchor?) -> SubjectPublicKeyInfo? {
        certificates.count > 1 ? certificates[1].subjectPublicKeyInfo : anchor?.subjectPublicKeyInfo
    }

    private mutating func keep(_ candidate: RankedReport) {
        guard let best else { return best = candidate }
        if candidate.precedes(best) { self.best = candidate }
    }

    /// The best failure; after an overrun, with the check that names the limit and nothing decided.
    private func finish(_ overrun: BudgetOverrun?) -> PathReport {
        let found =
            best?.report
            ?? PathReport(
                result: .undetermined, subIndications: [.noCertificateChainFound], policies: [], path: [target],
                anchor: nil, issuerKey: nil, checks: [])
        guard let overrun else { return found }
        return PathReport(
            result: .undetermined,
            subIndications: found.subIndications.isEmpty ? [.certificateChainGeneralFailure] : found.subIndications,
            policies: [], path: found.path, anchor: found.anchor, issuerKey: found.issuerKey,
            checks: found.checks + [overrun.check])
    }
}
