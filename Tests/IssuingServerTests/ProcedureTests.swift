import ConfigurationFiles
import CounterApplications
import CounterService
import Demonstration
import Foundation
import IssuingServerClient
import PKIX
import SandboxAuthority
import SandboxIssuingServer
import Testing

/// What the sandbox's counters offer, as its platform reads it, against the sandbox's issuing server.
@Suite("What is offered is issued")
struct ProcedureTests {
    @Test(
        "Every procedure of the sandbox with every scope, detail and year: accepted at the counter, issued, and judged good",
        arguments: [Archetype.regular, .largeHousehold])
    func everyOrder(_ archetype: Archetype) async throws {
        try await IssuingTown.with { town in
            let resident = try await town.resident(archetype)
            let procedures = try ProcedureTests.procedures(town)
            #expect(Set(procedures.map(\.kind)) == Set(CertificateKindOfCounter.allCases))
            var issued = 0
            for procedure in procedures {
                for order in ProcedureTests.orders(of: procedure, resident) {
                    let words =
                        ([procedure.id, order.scope.name] + order.details.map(\.rawValue).sorted()
                        + (order.fiscalYear.map { [String($0)] } ?? [])).joined(separator: "-")
                    let accepted = try procedure.accept(order, from: resident, at: IssuingTown.time).order
                    let request = try town.request(resident.residentID, accepted)
                    guard case .answered(let answer) = await town.client.issue(request, deadline: 120) else {
                        Issue.record("\(words) is offered and not issued")
                        continue
                    }
                    let inspection = try PaperReading.inspection(answer.pdf, "\(archetype.rawValue)-\(words)")
                    let verdict = judge(
                        answer, for: request, inspection: inspection, showing: ExpectedNames(accepted, of: resident))
                    #expect(verdict == .accepted, "\(words)")
                    issued += 1
                }
            }
            // 住民票 3 × 4, 印鑑, taxes 2 × 3, 戸籍 2, 附票 2 × 2.
            #expect(issued == 25)
        }
    }

    @Test("A 戸籍の附票 is of everybody or of one, with 本籍・筆頭者 for whoever asks alone")
    func residenceHistory() async throws {
        try await IssuingTown.with { town in
            let resident = try await town.resident(.largeHousehold)
            func pages(_ scope: OrderScope, _ details: Set<OrderDetail>) async throws -> [String] {
                let order = CertificateOrder(
                    procedureID: "fuhyo", kind: .familyRegisterResidenceHistory, scope: scope, details: details)
                return try PaperReading.pages(
                    try await town.answer(try town.request(resident.residentID, order)).pdf)
            }
            let (one, everybody) = (try await pages(.individual, []), try await pages(.household, []))
            #expect(resident.household.count { PaperReading.contains(one, $0.name) } == 1)
            #expect(resident.household.count { PaperReading.contains(everybody, $0.name) } >= 3)
            let shown = try await pages(.individual, [.domicile])
            #expect(one.joined().components(separatedBy: "省略").count == 3)
            // 本籍 ends with 番地, the 住所 of the same block with 番 and 号.
            func hasDomicile(_ pages: [String]) -> Bool {
                pages.joined().filter { !$0.isWhitespace }
                    .range(of: "標本一丁目[０-９]+番地", options: .regularExpression) != nil
            }
            #expect(!hasDomicile(one) && hasDomicile(shown))
            #expect(!PaperReading.contains(shown, "省略"))
        }
    }

    @Test("An order that no paper of its kind can fulfil is refused, not fulfilled halfway")
    func impossible() async throws {
        try await IssuingTown.with { town in
            let resident = try await town.resident(.regular)
            let orders = [
                CertificateOrder(procedureID: "koseki-zenbu", kind: .familyRegisterFull, scope: .individual),
                CertificateOrder(procedureID: "koseki-kojin", kind: .familyRegisterIndividual, scope: .household),
                CertificateOrder(procedureID: "inkan", kind: .sealRegistration, details: [.domicile]),
                CertificateOrder(
                    procedureID: "fuhyo", kind: .familyRegisterResidenceHistory, details: [.relationship]),
            ]
            for order in orders {
                let exchange = await town.client.issue(try town.request(resident.residentID, order), deadline: 120)
                #expect(exchange == .refused(.orderNotAccepted), "\(order.kind) \(order.scope)")
            }
        }
    }

    /// As `akashi serve` reads them from the folder that the sandbox writes.
    private static func procedures(_ town: IssuingTown) throws -> [CounterProcedure] {
        let path = IssuingTown.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let folder = try PlatformFolder(
            at: path, sandbox: town.sandbox.description, port: 0, adminPort: 0, counter: SandboxCounterPorts(),
            now: IssuingTown.time
        )
        let counter = try #require(try ConfigurationFile.load(folder.configuration).counter)
        return try #require(counter.settings.municipalities[town.code]).procedures
    }

    /// Every order that a terminal could send.
    private static func orders(of procedure: CounterProcedure, _ resident: ResidentRecord) -> [CertificateOrder] {
        let details = procedure.details.reduce(into: [Set<OrderDetail>()]) { sets, detail in
            sets += sets.map { $0.union([detail]) }
        }
        let years: [Int?] = procedure.fiscalYears.isEmpty ? [nil] : procedure.fiscalYears.sorted()
        var orders: [CertificateOrder] = []
        for scope in CounterProcedure.ScopeName.allCases where procedure.scopes.contains(scope) {
            for shown in details {
                for year in years {
                    orders.append(
                        CertificateOrder(
                            procedureID: procedure.id, kind: procedure.kind, scope: whom(scope, resident),
                            details: shown, fiscalYear: year))
                }
            }
        }
        return orders
    }

    private static func whom(_ scope: CounterProcedure.ScopeName, _ resident: ResidentRecord) -> OrderScope {
        switch scope {
        case .individual: .individual
        case .household: .household
        case .selected: .selected(resident.household.prefix(2).map(\.reference))
        }
    }
}
