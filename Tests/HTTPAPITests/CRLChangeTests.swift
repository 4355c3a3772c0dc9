import CertificateIssuing
import HTTPTypes
import Organizations
import PKIX
import RevocationLists
import RevocationUpdating
import SignatureAlgorithms
import Testing
import Verification

/// Certificates that ``APIFixture/city`` has: those of these serial numbers.
struct EnrolledInHand: EnrolledCertificates, SerialSealer {
    static let serials: Set<UInt64> = [5, 6, 7]

    func enrolled(
        _ searchKeys: [[UInt8]], of municipality: MunicipalityCode
    ) async throws(StoreError) -> [EnrolledCertificate] {
        guard municipality.digits == APIFixture.city else { return [] }
        let own = Set(EnrolledInHand.serials.map { Array(SerialNumber($0).octets) })
        return searchKeys.filter(own.contains).map {
            EnrolledCertificate(searchKey: $0, recordID: "ver_1", checkedAt: present)
        }
    }

    func seal(
        _ serial: SerialNumber, issuerKeyIdentifier: [UInt8], of municipality: MunicipalityCode
    ) throws -> SealedSerial { throw StoreError.unavailable(reason: "not here") }

    func searchKey(
        _ serial: SerialNumber, issuerKeyIdentifier: [UInt8], of municipality: MunicipalityCode
    ) throws -> [UInt8] { Array(serial.octets) }

    func open(_ sealed: SealedSerial, of municipality: MunicipalityCode) throws -> SerialNumber {
        throw StoreError.unavailable(reason: "not here")
    }
}

@Suite("What changed between two lists")
struct CRLChangeTests {
    private typealias Entry = (serial: UInt64, reason: RevocationReason)
    private static let path = "/v1/crl_changes?issuer_id=issuer-a&purpose=certificate_issuance"

    private func list(_ number: UInt64, secondsAgo: Int64, _ entries: [Entry]) throws -> [UInt8] {
        let authority = try APIFixture().authority
        let list = TBSCertList(
            signature: authority.scheme.identifier, issuer: authority.name,
            thisUpdate: present.advanced(bySeconds: -secondsAgo), nextUpdate: present.advanced(bySeconds: 86_400),
            entries: entries.map {
                RevokedEntry(
                    serialNumber: SerialNumber($0.serial), revokedAt: present.advanced(bySeconds: -90_000),
                    reason: $0.reason)
            },
            crlNumber: CRLNumber(number))
        return try signedEnvelope(tbs: list.der, algorithm: list.signature) {
            try authority.key.signature(over: $0, scheme: authority.scheme)
        }
    }

    /// Of the certificates 5, 6 and 7, which are the municipality's own: 5 leaves the list, 6 comes, 7's hold becomes
    /// a revocation. 8 and 9 are others'.
    private func fixture(scopes: Set<Scope> = [.status]) async throws -> APIFixture {
        let fixture = try APIFixture(scopes: scopes)
        let older = try list(1, secondsAgo: 1_200, [(5, .superseded), (7, .certificateHold), (8, .superseded)])
        let newer = try list(2, secondsAgo: 600, [(9, .keyCompromise), (7, .keyCompromise), (6, .certificateHold)])
        for octets in [older, newer] {
            let outcome = try await fixture.updater.offer(FetchedList(octets: octets), to: "whole", by: .schedule)
            #expect(outcome.code == "activated")
        }
        return fixture
    }

    @Test("Without scope, purpose, issuer or lists there is no answer")
    func refused() async throws {
        let fixture = try await fixture()
        let path = CRLChangeTests.path
        #expect(try await fixture.send(.get, path).faults == ["from_number missing"])
        #expect(try await fixture.send(.get, path + "&from_number=1&to_number=3").faults == ["to_number not_allowed"])
        #expect(try await fixture.send(.get, path + "&from_number=0&to_number=2").faults == ["from_number not_allowed"])
        let both = "&from_number=1&to_number=2"
        #expect(try await fixture.send(.get, path + both + "&source_id=none").faults == ["source_id not_allowed"])
        let other = path.replacing("issuer-a", with: "issuer-b")
        #expect(try await fixture.send(.get, other + both).faults == ["issuer_id not_allowed"])
        let tax = path.replacing("certificate_issuance", with: "tax")
        #expect(try await fixture.send(.get, tax + both).problem == "purpose_not_allowed")
        #expect(try await self.fixture(scopes: [.batch]).send(.get, path + both).problem == "scope_missing")
    }

    @Test("The municipality's own certificates come with what became of them; nobody else's do")
    func own() async throws {
        let fixture = try await fixture()
        let exchange = try await fixture.send(.get, CRLChangeTests.path + "&from_number=1&to_number=2")
        #expect(exchange.status == 200)
        #expect(try APIDocument().faults(exchange, "CRLChanges") == [])
        let items = exchange.json["items"]?.elements ?? []
        #expect(items.map { $0["serial_number"]?.text } == ["05", "06", "07"])
        #expect(items.map { $0["change"]?.text } == ["removed", "on_hold", "revoked"])
        #expect(items.last?["revocation_reason"]?.text == "keyCompromise")
        #expect(exchange.json["from"]?["crl_number"]?.text == "1")
        let table = try await fixture.send(
            .get, CRLChangeTests.path + "&from_number=1&to_number=2", headers: [.accept: "text/csv"])
        let rows = table.text.split(separator: "\r\n")
        #expect(rows.count == 4 && rows[1].hasPrefix("05,removed,") && rows[3].contains("keyCompromise"))
        let same = try await fixture.send(.get, CRLChangeTests.path + "&from_number=2&to_number=2")
        #expect(same.json["items"]?.elements.isEmpty == true)
    }

    @Test("Another municipality sees none of them")
    func others() async throws {
        let exchange = try await fixture().send(
            .get, CRLChangeTests.path + "&from_number=1&to_number=2", as: "other")
        #expect(exchange.status == 200 && exchange.json["items"]?.elements.isEmpty == true)
    }
}
