internal import CounterApplications
internal import Logging
internal import Organizations
internal import PKIX
internal import Verification

/// Municipalities of which the store holds something and the configuration nothing.
///
/// Retention follows what is stored. What runs out or has ended is brought to its end by ``CounterDriver``, by the limits
/// that stand in each application's own order; papers that nobody can hand over any more are taken back after
/// `CounterApplication.mostUnservedSeconds`, and the 受払簿 goes after the last application has.
struct UnservedMunicipalities: Sendable {
    private let driver: CounterDriver
    private let skeletonSeconds: Int64

    init(_ driver: CounterDriver, skeletonSeconds: Int64) {
        (self.driver, self.skeletonSeconds) = (driver, skeletonSeconds)
    }

    /// Nil when the store does not answer.
    func find() async -> [CounterHolding]? {
        let served = Set(driver.settings().municipalities.keys)
        do throws(CounterStoreError) {
            return try await driver.ports.store.holdings(except: served)
        } catch {
            return nil
        }
    }

    /// Says in the log what is held of whom, and whether it goes by itself.
    func tell(_ holdings: [CounterHolding]) {
        for holding in holdings {
            CounterMetrics.unserved(holding.unfinished, of: holding.municipality)
            driver.logger.warning(
                "counter: a municipality is not in the configuration and has rows in the store; they go by retention",
                metadata: [
                    "municipality": .string(holding.municipality.digits),
                    "applications": .stringConvertible(holding.applications),
                    "unfinished": .stringConvertible(holding.unfinished),
                    "sheet_lines": .stringConvertible(holding.sheetLines),
                ])
        }
    }

    /// Takes back what waits for staff who are not there, and closes the books once everything else has gone.
    func end(_ holding: CounterHolding) async {
        let (ports, municipality) = (driver.ports, holding.municipality)
        let environment = driver.settings().environment
        let actor = CounterActor(environment: environment, id: "akashi", requestID: ports.random(.request))
        let query = CounterQuery(municipality: municipality, states: [.printing, .ready], limit: 1_000)
        for application in (try? await ports.store.list(query)) ?? [] {
            // Refused while it may be waited for.
            _ = try? await ports.apply([.serviceEnded], to: application, by: actor)
        }
        guard holding.applications == 0 else { return }
        let before = ports.now.advanced(bySeconds: -skeletonSeconds)
        _ = try? await ports.store.closeBooks(
            of: municipality, before: before,
            audit: AuditEvent(
                kind: .recordsPurged, occurredAt: ports.now, environment: environment, municipality: municipality,
                actor: "akashi", requestID: actor.requestID, result: "deleted",
                details: ["record_kind": "counter_sheet", "count": String(holding.sheetLines)]))
    }
}
