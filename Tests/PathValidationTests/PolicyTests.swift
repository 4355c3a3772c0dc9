import CertificateIssuing
import PKIX
import PathValidation
import Testing

/// RFC 5280 §6.1.3 (d) to (f), §6.1.4 (a), (b), (h) to (j), §6.1.5 (a), (b), (g); RFC 9618.
@Suite("Certificate policies")
struct PolicyTests {
    private let a = TestPKI.policyA
    private let b = TestPKI.policyB
    private let c = TestPKI.policyC

    private func required(_ constraints: inout PathConstraints) { constraints.explicitPolicy = .required }

    @Test("A policy that every certificate asserts is the result (d)(1)")
    func commonPolicy() throws {
        let root = try TestPKI.root()
        let ca = try root.ca("CA", [.policies(a, b)])
        let report = root.judge(try ca.leaf([.policies(a, c)]), through: [ca], required)
        #expect(report.result == .valid && report.policies == [a])
    }

    @Test("Certificates without a common policy fail where one is required (d), (f)")
    func noCommonPolicy() throws {
        let root = try TestPKI.root()
        let ca = try root.ca("CA", [.policies(a)])
        let leaf = try ca.leaf([.policies(b)])
        let report = root.judge(leaf, through: [ca], required)
        #expect(report.result == .invalid && report.failed == [.certificatePolicy])
        #expect(report.subIndications == [.chainConstraintsFailure])
        let free = root.judge(leaf, through: [ca])
        #expect(free.result == .valid && free.policies.isEmpty)
    }

    @Test("A certificate without policies ends all of them (e)")
    func missingPolicies() throws {
        let root = try TestPKI.root()
        let ca = try root.ca("CA")
        #expect(root.judge(try ca.leaf([.policies(a)]), through: [ca], required).failed == [.certificatePolicy])
        #expect(root.judge(try root.leaf(), required).result == .invalid)
    }

    @Test("anyPolicy in a CA stands for every policy below it (d)(2)")
    func anyPolicy() throws {
        let root = try TestPKI.root()
        let ca = try root.ca("CA", [.policies(.anyPolicy)])
        #expect(root.judge(try ca.leaf([.policies(a)]), through: [ca], required).policies == [a])
        #expect(root.judge(try ca.leaf([.policies(.anyPolicy)]), through: [ca], required).policies == [.anyPolicy])
    }

    @Test("inhibitAnyPolicy ends anyPolicy after its number of certificates (j), and self-issued ones are free (h)")
    func inhibitAnyPolicy() throws {
        let root = try TestPKI.root()
        let ca = try root.ca("CA", [.policies(.anyPolicy), .inhibitAnyPolicy(0)])
        #expect(root.judge(try ca.leaf([.policies(.anyPolicy)]), through: [ca], required).result == .invalid)
        let next = try ca.ca("CA", seed: "next", [.policies(.anyPolicy)])
        let leaf = try next.leaf([.policies(a)])
        #expect(root.judge(leaf, through: [ca, next], required).policies == [a])
        let other = try ca.ca("Other", [.policies(.anyPolicy)])
        #expect(root.judge(try other.leaf([.policies(a)]), through: [ca, other], required).result == .invalid)
    }

    @Test("initial-any-policy-inhibit ends anyPolicy at once")
    func initialInhibit() throws {
        let root = try TestPKI.root()
        let report = root.judge(try root.leaf([.policies(.anyPolicy)])) {
            required(&$0)
            $0.anyPolicy = .inhibited
        }
        #expect(report.result == .invalid)
    }

    @Test(
        "requireExplicitPolicy takes effect after its number of certificates, the wrap-up counting as one (i), (a)",
        arguments: [0, 1, 2, 3] as [UInt64])
    func requireExplicitPolicy(skip: UInt64) throws {
        let root = try TestPKI.root()
        let first = try root.ca("First", [.policies(a), .policyConstraints(explicit: skip)])
        let second = try first.ca("Second", [.policies(a)])
        let report = root.judge(try second.leaf(), through: [first, second])
        #expect(report.result == (skip < 3 ? .invalid : .valid))
    }

    @Test("requireExplicitPolicy beyond the end of the path has no effect (i), (a)")
    func requireExplicitPolicyTooFar() throws {
        let root = try TestPKI.root()
        let ca = try root.ca("CA", [.policies(a), .policyConstraints(explicit: 2)])
        #expect(root.judge(try ca.leaf(), through: [ca]).result == .valid)
        let near = try root.ca("Near", [.policies(a), .policyConstraints(explicit: 1)])
        #expect(root.judge(try near.leaf(), through: [near]).result == .invalid)
    }

    @Test("requireExplicitPolicy 0 in the target itself takes effect (§6.1.5 (b))")
    func requireExplicitPolicyInTarget() throws {
        let root = try TestPKI.root()
        #expect(root.judge(try root.leaf([.policyConstraints(explicit: 0)])).failed == [.certificatePolicy])
        #expect(root.judge(try root.leaf([.policyConstraints(explicit: 0), .policies(a)])).result == .valid)
    }

    @Test("anyPolicy may not be mapped (a)", arguments: [true, false])
    func anyPolicyMapped(isIssuerSide: Bool) throws {
        let root = try TestPKI.root()
        let pair = isIssuerSide ? (OID.anyPolicy, a) : (a, OID.anyPolicy)
        let ca = try root.ca("CA", [.policies(a), .mappings([pair])])
        let report = root.judge(try ca.leaf([.policies(a)]), through: [ca])
        #expect(report.result == .invalid && report.failed == [.policyMapping])
    }

    @Test("A mapped policy is known by its name in the anchor's domain (b)(1)")
    func mapping() throws {
        let root = try TestPKI.root()
        let ca = try root.ca("CA", [.policies(a), .mappings([(a, b)])])
        let report = root.judge(try ca.leaf([.policies(b)]), through: [ca], required)
        #expect(report.result == .valid && report.policies == [a])
        #expect(root.judge(try ca.leaf([.policies(a)]), through: [ca], required).result == .invalid)
    }

    @Test("A policy that only anyPolicy covers can be mapped (b)(1)")
    func mappingUnderAnyPolicy() throws {
        let root = try TestPKI.root()
        let ca = try root.ca("CA", [.policies(.anyPolicy), .mappings([(a, b)])])
        let report = root.judge(try ca.leaf([.policies(b)]), through: [ca], required)
        #expect(report.result == .valid && report.policies.contains(a))
    }

    @Test("A mapping that is inhibited removes the policy (b)(2)")
    func mappingInhibited() throws {
        let root = try TestPKI.root()
        let ca = try root.ca("CA", [.policies(a, c), .mappings([(a, b)])])
        let leaf = try ca.leaf([.policies(a, b, c)])
        let report = root.judge(leaf, through: [ca]) {
            required(&$0)
            $0.policyMapping = .inhibited
        }
        #expect(report.policies == [c])
        let upper = try root.ca("Upper", [.policies(a, c), .policyConstraints(mapping: 0)])
        let lower = try upper.ca("CA", [.policies(a, c), .mappings([(a, b)])])
        let under = root.judge(try lower.leaf([.policies(a, b, c)]), through: [upper, lower], required)
        #expect(under.policies == [c])
    }

    @Test("Only policies of the initial set count (§6.1.5 (g))")
    func initialPolicySet() throws {
        let root = try TestPKI.root()
        let leaf = try root.leaf([.policies(a, b)])
        #expect(
            root.judge(leaf) {
                required(&$0)
                $0.initialPolicySet = [b, c]
            }.policies == [b])
        let report = root.judge(leaf) {
            required(&$0)
            $0.initialPolicySet = [c]
        }
        #expect(report.result == .invalid && report.policies.isEmpty && report.failed == [.certificatePolicy])
        let any = try root.leaf([.policies(.anyPolicy)])
        #expect(root.judge(any) { $0.initialPolicySet = [c] }.policies == [c])
    }

    @Test("A ladder of 64 CAs that map two policies crosswise ends with both, without growing")
    func ladder() throws {
        let root = try TestPKI.root()
        var authorities: [IssuingAuthority] = []
        let crosswise: [(OID, OID)] = [(a, a), (a, b), (b, a), (b, b)]
        for depth in 1...64 {
            let above = authorities.last ?? root
            authorities.append(try above.ca("CA \(depth)", [.policies(a, b), .mappings(crosswise)]))
        }
        let leaf = try (authorities.last ?? root).leaf([.policies(a, b)])
        let report = root.judge(leaf, through: authorities.shuffled(), required)
        #expect(report.result == .valid && report.policies == [a, b])
        let foreign = try (authorities.last ?? root).leaf([.policies(c)])
        #expect(root.judge(foreign, through: authorities, required).failed == [.certificatePolicy])
    }
}
