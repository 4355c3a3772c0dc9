import CertificateIssuing
import PKIX
import RevocationUpdating
import SignatureAlgorithms
import Testing
import Verification

/// One way in which an offered list is wrong, and the name of the refusal.
struct RefusedList: Sendable, CustomTestStringConvertible {
    let defect: String
    let refusal: CRLRefusal
    /// Changes a list that would otherwise replace the one in force: number 11, an hour later.
    let spoil: @Sendable (inout ListRecipe) throws -> Void

    var testDescription: String { defect }

    init(_ defect: String, _ refusal: CRLRefusal, _ spoil: @escaping @Sendable (inout ListRecipe) throws -> Void) {
        (self.defect, self.refusal, self.spoil) = (defect, refusal, spoil)
    }

    static let all: [RefusedList] = [
        RefusedList("another issuer's name over the right key", .issuerMismatch) {
            $0.authority = try Authorities.authority(Authorities.otherName, $0.authority.key)
        },
        RefusedList("the other generation of the same name", .signatureInvalid) {
            $0.authority = try Authorities.generation(3)
        },
        RefusedList("signed by somebody else", .signatureInvalid) { $0.signer = try SigningKey.pooledRSA(9) },
        RefusedList("signed with SHA-1", .algorithmRefused) {
            $0.authority = $0.authority.signing(with: .rsaPKCS1(.sha1))
        },
        RefusedList("an unknown critical extension", .unsupportedCriticalExtension) {
            $0.extensions = [
                Extension(id: OID(constant: 1, 3, 6, 1, 4, 1, 99_999, 1), critical: true, value: [0x05, 0x00])
            ]
        },
        RefusedList("a delta list at a source of whole ones", .formMismatch) { $0.base = CRLNumber(10) },
        RefusedList("a partition at a source of the whole issuer", .scopeMismatch) { $0.point = cityPoint("01100") },
        RefusedList("a list of tomorrow", .thisUpdateInFuture) {
            $0.thisUpdate = noon.advanced(bySeconds: day)
            $0.nextUpdate = noon.advanced(bySeconds: 2 * day)
        },
        RefusedList("nextUpdate before thisUpdate", .datesReversed) {
            $0.nextUpdate = noon.advanced(bySeconds: -day)
        },
        RefusedList("lower number and earlier", .olderThanHeld) {
            $0.number = CRLNumber(9)
            $0.thisUpdate = noon.advanced(bySeconds: -2 * day)
        },
        RefusedList("no number and earlier", .olderThanHeld) {
            $0.number = nil
            $0.thisUpdate = noon.advanced(bySeconds: -2 * day)
        },
        RefusedList("higher number but earlier", .thisUpdateEarlier) {
            $0.thisUpdate = noon.advanced(bySeconds: -2 * day)
        },
        RefusedList("later but with a lower number", .numberReset) { $0.number = CRLNumber(1) },
        RefusedList("later but without a number", .numberReset) { $0.number = nil },
        RefusedList("the held number on other content", .numberReused) { $0.number = CRLNumber(10) },
    ]
}

@Suite("Lists that are refused")
struct RefusalTests {
    /// In force in every test: number 10, an hour old.
    let authority: IssuingAuthority
    let held: ListRecipe
    let next: ListRecipe
    let bench = Bench()

    init() throws {
        authority = try Authorities.generation(2)
        held = ListRecipe(authority).with { $0.thisUpdate = noon.advanced(bySeconds: -3_600) }
        next = ListRecipe(authority).with { $0.number = CRLNumber(11) }
    }

    @Test("is refused by name, recorded, and leaves the former list in force", arguments: RefusedList.all)
    func refusal(_ example: RefusedList) async throws {
        let updater = bench.updater([source(of: authority)])
        bench.fetcher.put(try held.der())
        #expect(try await updater.refreshed() == "activated")
        let before = updater.holder.current

        var recipe = next
        try example.spoil(&recipe)
        bench.fetcher.put(try recipe.der())
        #expect(try await updater.refreshed() == example.refusal.rawValue)
        #expect(updater.holder.current.generation == before.generation)
        #expect(updater.holder.current.lists.map(\.digest) == before.lists.map(\.digest))
        let event = try #require(bench.log.all.last)
        #expect(event.kind == .crlRefused)
        #expect(event.details["reason"] == example.refusal.rawValue)

        // The list without the defect is taken, so it was the defect that was refused.
        bench.fetcher.put(try next.der())
        #expect(try await updater.refreshed() == "activated")
    }

    @Test("is too large for its source")
    func tooLarge() async throws {
        let der = try next.der()
        let updater = bench.updater([source(of: authority, maximumSize: der.count - 1)])
        bench.fetcher.put(der)
        #expect(try await updater.refreshed() == "too_large")
        #expect(updater.holder.current.lists.isEmpty)
    }

    @Test("is no list at all", arguments: ["<html><body>Service Temporarily Unavailable</body></html>", "", "0"])
    func malformed(_ text: String) async throws {
        let updater = bench.updater([source(of: authority)])
        bench.fetcher.put(Array(text.utf8))
        #expect(try await updater.refreshed() == "malformed")
        #expect(updater.holder.current.lists.isEmpty)
    }

    @Test("is of another city than the source's")
    func anotherCity() async throws {
        let updater = bench.updater([
            source("sapporo", of: authority, scope: .distributionPoint(cityPoint("01100")))
        ])
        bench.fetcher.put(try next.with { $0.point = cityPoint("13101") }.der())
        #expect(try await updater.refreshed("sapporo") == "scope_mismatch")
        bench.fetcher.put(try next.der())
        #expect(try await updater.refreshed("sapporo") == "scope_mismatch")
        bench.fetcher.put(try next.with { $0.point = cityPoint("01100") }.der())
        #expect(try await updater.refreshed("sapporo") == "activated")
    }

    @Test("changes the scope that the first list has set")
    func changedScope() async throws {
        let updater = bench.updater([source(of: authority, scope: .pinnedByFirstList)])
        bench.fetcher.put(try held.with { $0.point = cityPoint("01100") }.der())
        #expect(try await updater.refreshed() == "activated")
        bench.fetcher.put(try next.with { $0.point = cityPoint("13101") }.der())
        #expect(try await updater.refreshed() == "scope_changed")
        bench.fetcher.put(try next.der())
        #expect(try await updater.refreshed() == "scope_changed")
        #expect(updater.holder.current.lists.count == 1)
    }

    @Test("has the held thisUpdate, other content and no number")
    func sameTimeOtherContent() async throws {
        let updater = bench.updater([source(of: authority)])
        bench.fetcher.put(try held.with { $0.number = nil }.der())
        #expect(try await updater.refreshed() == "activated")
        bench.fetcher.put(
            try held.with {
                $0.number = nil
                $0.serials = []
            }.der())
        #expect(try await updater.refreshed() == "same_time_other_content")
    }

    @Test("is signed under an issuer key that the platform does not accept")
    func unusableKey() async throws {
        let weak = IssuingAuthority(certificate: authority.certificate, key: try SigningKey.insecureRSA1024())
        let updater = bench.updater([source(of: weak)])
        bench.fetcher.put(try ListRecipe(weak).der())
        #expect(try await updater.refreshed() == "issuer_key_unusable")
    }

    @Test("is recorded once, however often it is offered, and counted each time")
    func onceInTheTrail() async throws {
        let updater = bench.updater([source(of: authority)])
        bench.fetcher.put(Array("<html>".utf8))
        for _ in 0..<5 { #expect(try await updater.refreshed() == "malformed") }
        #expect(bench.log.kinds == [.crlRefused])
        bench.fetcher.put(Array("<html >".utf8))
        #expect(try await updater.refreshed() == "malformed")
        #expect(bench.log.kinds == [.crlRefused, .crlRefused])
    }

    @Test("has a test here for every name there is")
    func everyRefusalIsTested() {
        let elsewhere: Set<CRLRefusal> = [
            .tooLarge, .malformed, .scopeChanged, .sameTimeOtherContent, .issuerKeyUnusable, .storedListDamaged,
            .deltaWithoutBase, .deltaBaseNotHeld, .deltaSuperseded,
        ]
        let tested = elsewhere.union(RefusedList.all.map(\.refusal))
        #expect(tested == Set(CRLRefusal.allCases))
    }
}
