import CertificateIssuing
import PKIX
import RevocationUpdating
import Synchronization
import Testing
import Verification

@Suite("Lists against the order, and the two operators who may put them in force")
struct AcceptanceTests {
    let authority: IssuingAuthority
    let bench = Bench()
    let reason: AcceptanceReason

    init() throws {
        authority = try Authorities.generation(2)
        reason = try #require(AcceptanceReason("J-LIS の通知で番号の付け直しを確認"))
    }

    private func list(_ number: UInt64, minute: Int64, _ change: (inout ListRecipe) -> Void = { _ in }) throws
        -> [UInt8]
    {
        try ListRecipe(authority).with {
            $0.number = CRLNumber(number)
            $0.thisUpdate = noon.advanced(bySeconds: 60 * minute - 36_000)
            change(&$0)
        }.der()
    }

    private func by(_ actor: String) -> UpdateCause { .operatorRequest(actor: actor, requestID: "req_\(actor)") }

    private func offer(_ octets: [UInt8], _ updater: RevocationUpdater) async throws -> String {
        bench.fetcher.put(octets)
        return try await updater.refreshed()
    }

    /// Number 90 in force, number 1 a minute later pending.
    private func reset() async throws -> (updater: RevocationUpdater, id: String) {
        let updater = bench.updater([source(of: authority)])
        #expect(try await offer(list(90, minute: 0), updater) == "activated")
        #expect(try await offer(list(1, minute: 1), updater) == "number_reset")
        return (updater, try #require(bench.pending.lists.first).id)
    }

    @Test("are kept aside only where nothing but their order speaks against them")
    func keptAside() async throws {
        let updater = bench.updater([source(of: authority)])
        #expect(try await offer(list(90, minute: 10), updater) == "activated")
        for (octets, refusal) in [
            (try list(1, minute: 11) { $0.signer = try? SigningKey.pooledRSA(9) }, "signature_invalid"),
            (try list(1, minute: 11) { $0.point = cityPoint("01100") }, "scope_mismatch"),
            (try list(1, minute: 2_000), "this_update_in_future"), (try list(1, minute: 9), "older_than_held"),
        ] {
            #expect(try await offer(octets, updater) == refusal)
            #expect(bench.pending.lists.isEmpty, "\(refusal)")
        }
        #expect(try await offer(list(91, minute: 9), updater) == "this_update_earlier")
        #expect(bench.pending.lists.map(\.refusal) == [.thisUpdateEarlier])
        let overruled = CRLRefusal.allCases.filter(\.mayBeOverruled)
        #expect(Set(overruled) == [.numberReset, .numberReused, .thisUpdateEarlier, .sameTimeOtherContent])
    }

    @Test("come into force by two, who both stand in the trail with their reasons")
    func two() async throws {
        let (updater, id) = try await reset()
        guard case .proposed(let pending) = try await updater.accept(id, reason, by: by("first")) else {
            Issue.record("a proposal was expected")
            return
        }
        #expect(pending.proposal?.expiresAt == noon.advanced(bySeconds: AcceptanceProposal.lifetime))
        await #expect(throws: AcceptanceRefusal.secondPersonRequired) {
            try await updater.accept(id, reason, by: by("first"))
        }
        #expect(updater.holder.current.lists.map(\.crlNumber) == [CRLNumber(90)])
        let other = try #require(AcceptanceReason("電話で確認"))
        guard case .inForce(let list) = try await updater.accept(id, other, by: by("second")) else {
            Issue.record("a list in force was expected")
            return
        }
        #expect(list.crlNumber == CRLNumber(1) && list.epoch == 1)
        #expect(updater.holder.current.lists.map(\.crlNumber) == [CRLNumber(1)])
        #expect(bench.pending.lists.isEmpty)

        let events = bench.log.all.suffix(2)
        #expect(events.map(\.kind) == [.crlAcceptanceProposed, .crlAccepted])
        #expect(events.map(\.actor) == ["first", "second"])
        #expect(events.first?.details["reason"] == reason.text)
        let accepted = try #require(events.last).details
        #expect(accepted["reason"] == other.text && accepted["proposal_reason"] == reason.text)
        #expect(accepted["proposed_by"] == "first" && accepted["overruled"] == "number_reset")
        #expect(accepted["former_crl_number"] == "90" && accepted["crl_number"] == "1")
    }

    @Test("begin a new order, which a restart keeps and the former one does not undo")
    func newOrder() async throws {
        let (updater, id) = try await reset()
        _ = try await updater.accept(id, reason, by: by("first"))
        _ = try await updater.accept(id, reason, by: by("second"))
        let restarted = bench.updater([source(of: authority)])
        try await restarted.load()
        #expect(restarted.holder.current.lists.map(\.crlNumber) == [CRLNumber(1)])
        #expect(try await offer(list(90, minute: 0), restarted) == "this_update_earlier")
        #expect(try await offer(list(2, minute: 2), restarted) == "activated")
        #expect(try await offer(list(1, minute: 1), restarted) == "older_than_held")
    }

    @Test("wait a day for the second operator; after it the second is a first again")
    func expiry() async throws {
        let (updater, id) = try await reset()
        _ = try await updater.accept(id, reason, by: by("first"))
        bench.clock.set(noon.advanced(bySeconds: AcceptanceProposal.lifetime))
        guard case .proposed(let again) = try await updater.accept(id, reason, by: by("second")) else {
            Issue.record("a new proposal was expected")
            return
        }
        #expect(again.proposal?.actor == "second")
        #expect(updater.holder.current.lists.map(\.crlNumber) == [CRLNumber(90)])
        guard case .inForce = try await updater.accept(id, reason, by: by("first")) else {
            Issue.record("a list in force was expected")
            return
        }
    }

    @Test("are judged again: what was changed on the disk is not accepted by any number of people")
    func changedOnDisk() async throws {
        let (updater, id) = try await reset()
        _ = try await updater.accept(id, reason, by: by("first"))
        bench.pending.content.withLock { $0[id]?.octets[60] ^= 1 }
        var refused: AcceptanceRefusal?
        do throws(AcceptanceRefusal) {
            _ = try await updater.accept(id, reason, by: by("second"))
        } catch {
            refused = error
        }
        guard case .notAcceptable = refused else {
            Issue.record("\(String(describing: refused))")
            return
        }
        #expect(updater.holder.current.lists.map(\.crlNumber) == [CRLNumber(90)])
    }

    @Test("give way when the authority goes on in the former order")
    func goesOn() async throws {
        let (updater, id) = try await reset()
        _ = try await updater.accept(id, reason, by: by("first"))
        #expect(try await offer(list(91, minute: 2), updater) == "activated")
        await #expect(throws: AcceptanceRefusal.notPending) { try await updater.accept(id, reason, by: by("second")) }
    }

    @Test("are replaced by later ones, but not under a proposal")
    func replaced() async throws {
        let (updater, id) = try await reset()
        #expect(try await offer(list(2, minute: 2), updater) == "number_reset")
        let later = try #require(bench.pending.lists.first).id
        #expect(bench.pending.lists.count == 1 && later != id)
        _ = try await updater.accept(later, reason, by: by("first"))
        #expect(try await offer(list(3, minute: 3), updater) == "number_reset")
        #expect(bench.pending.lists.map(\.id) == [later])
        _ = try await updater.accept(later, reason, by: by("second"))
        #expect(try await offer(list(3, minute: 3), updater) == "activated")
    }

    @Test("need a reason with a word, of limited length, without control characters")
    func reasons() {
        for text in ["", " ", "---", "a\nb", "a\u{7}", String(repeating: "あ", count: 501)] {
            #expect(AcceptanceReason(text) == nil)
        }
        #expect(AcceptanceReason(String(repeating: "あ", count: 500)) != nil)
    }
}
