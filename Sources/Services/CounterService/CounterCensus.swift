internal import CounterApplications
internal import Logging
internal import Organizations

/// How many applications are where, which papers stand still and how many sheets are left: what no single event says,
/// counted from time to time for operators. Of each municipality the same few numbers, however many people there are.
package struct CounterCensus: Sendable {
    /// One number of one municipality.
    package struct Reading: Hashable, Sendable {
        package let label: String
        package let dimensions: [String: String]
        package let value: Int
    }

    private let driver: CounterDriver

    package init(driver: CounterDriver) { self.driver = driver }

    /// Of every municipality whose store answers.
    package func readings() async -> [Reading] {
        var all: [Reading] = []
        for counter in driver.settings().municipalities.values.sorted(by: { $0.code < $1.code }) {
            do throws(CounterStoreError) {
                all += try await readings(of: counter)
            } catch {
                driver.logger.error("counter: the store does not answer")
            }
        }
        return all
    }

    func record() async {
        CounterMetrics.clock(driver.ports.isClockTrusted)
        for reading in await readings() { CounterMetrics.record(reading) }
    }

    private func readings(of counter: MunicipalCounter) async throws(CounterStoreError) -> [Reading] {
        let store = driver.ports.store
        let states = CounterApplication.State.allCases.filter { !$0.isFinal }
        let open = try await store.list(
            CounterQuery(municipality: counter.code, states: Set(states), limit: 10_000))
        let code = counter.code.digits
        var found = states.map { state in
            Reading(
                label: "akashi_counter_applications", dimensions: ["municipality": code, "state": state.rawValue],
                value: open.count { $0.state == state })
        }
        let waiting = open.flatMap(\.papers).filter(\.isHeldUp)
        let printers = Set(counter.sites.values.flatMap { $0.targets.values.map(\.printer) })
        found += printers.sorted().map { printer in
            Reading(
                label: "akashi_counter_papers_held_up", dimensions: ["municipality": code, "printer": printer],
                value: waiting.count { $0.target.printer == printer })
        }
        found += try await store.sheetBalances(of: counter.code).map { balance in
            Reading(
                label: "akashi_counter_sheets_left",
                dimensions: ["municipality": code, "printer": balance.printer, "tray": balance.tray ?? ""],
                value: balance.left)
        }
        let isStopped = try await store.issuingStop(of: counter.code) != nil
        let isAway = driver.breaker.isAway(counter.code)
        return found + [
            Reading(
                label: "akashi_counter_issuing_stopped", dimensions: ["municipality": code], value: isStopped ? 1 : 0),
            Reading(label: "akashi_counter_issuer_away", dimensions: ["municipality": code], value: isAway ? 1 : 0),
        ]
    }
}

extension Paper {
    /// Its printer says why it does not come out, or nobody can ask the printer.
    fileprivate var isHeldUp: Bool {
        guard let printer, !printer.phase.isFinal else { return false }
        return !printer.reasons.isEmpty || printer.phase == .unknown
    }
}
