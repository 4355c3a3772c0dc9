import CounterApplications
import CounterService
import Organizations
import Synchronization
import SystemClock
import Testing

/// What operators count from outside.
@Suite struct CensusTests {
    @Test("Operators see how many applications are where, which papers stand still and how many sheets are left")
    func readings() async throws {
        let bench = CounterBench()
        try await bench.desk().note(
            .received(100), printer: Sample.secure.printer, tray: Sample.secure.tray, by: Sample.clerk)
        let application = try await bench.submitted(as: "R-1", copies: 3)
        try await bench.settle()
        _ = try await bench.identified(as: "R-2")
        _ = try await bench.identified(as: "R-3", of: Sample.otherCity)
        let used = try await bench.fresh(application).papers.filter { $0.kind == .certifiedCopy }.reduce(0) {
            $0 + $1.usedSheets
        }
        let census = CounterCensus(driver: bench.driver())
        let readings = await census.readings()
        func value(_ label: String, _ dimensions: [String: String]) -> Int? {
            readings.first { reading in
                reading.label == label && dimensions.allSatisfy { reading.dimensions[$0.key] == $0.value }
            }?.value
        }
        let (city, other) = (Sample.city.digits, Sample.otherCity.digits)
        for (municipality, state, count) in [
            (city, "ready", 1), (city, "identified", 1), (city, "printing", 0), (other, "identified", 1),
            (other, "ready", 0),
        ] {
            let labels = ["municipality": municipality, "state": state]
            #expect(value("akashi_counter_applications", labels) == count, "\(municipality) \(state)")
        }
        for printer in [Sample.slip.printer, Sample.secure.printer] {
            #expect(value("akashi_counter_papers_held_up", ["municipality": city, "printer": printer]) == 0)
        }
        let tray = ["municipality": city, "printer": Sample.secure.printer, "tray": Sample.secure.tray ?? ""]
        #expect(used > 0 && value("akashi_counter_sheets_left", tray) == 100 - used)
        #expect(value("akashi_counter_issuing_stopped", ["municipality": city]) == 0)
        #expect(value("akashi_counter_issuer_away", ["municipality": other]) == 0)
        // Nothing of a person, and no more numbers with more people.
        let labels = Set(readings.flatMap(\.dimensions.keys))
        #expect(labels == ["municipality", "state", "printer", "tray"])
        _ = try await bench.submitted(as: "R-4")
        #expect(await census.readings().count == readings.count)
    }

    @Test("A printer that cannot be asked shows as papers that stand still, at that printer alone")
    func heldUp() async throws {
        let bench = CounterBench()
        let application = try await bench.submitted(as: "R-1")
        for _ in 0..<12 where try await bench.fresh(application).state != .printing {
            try await bench.drive()
            bench.clock.advance(bySeconds: 1)
        }
        bench.office.outside.withLock { _ = $0.isPrinterDown.insert("counter") }
        for _ in 0..<4 {
            try await bench.drive()
            bench.clock.advance(bySeconds: 1)
        }
        let held = await CounterCensus(driver: bench.driver()).readings().filter {
            $0.label == "akashi_counter_papers_held_up" && $0.value > 0
        }
        #expect(held.map { $0.dimensions["printer"] } == ["counter"] && held.allSatisfy { $0.value == 3 })
    }
}
