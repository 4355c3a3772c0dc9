import CounterApplications
import CounterKit
import CounterService
import Organizations
import PKIX
import Synchronization
import SystemClock
import Testing
import Verification

/// An issuer that answers nobody of one municipality until it is told to.
private final class HangingIssuer: CertificateIssuer {
    let base: SimulatedIssuer
    let municipality: MunicipalityCode
    private let waiting = Mutex<(isOpen: Bool, callers: [CheckedContinuation<Void, Never>])>((false, []))

    init(_ base: SimulatedIssuer, of municipality: MunicipalityCode) {
        (self.base, self.municipality) = (base, municipality)
    }

    var callers: Int { waiting.withLock { $0.callers.count } }

    func open() {
        let callers = waiting.withLock { waiting in
            defer { waiting = (true, []) }
            return waiting.callers
        }
        for caller in callers { caller.resume() }
    }

    func issue(_ request: IssueRequest, deadline: Int) async -> IssueExchange {
        if request.municipality == municipality {
            await withCheckedContinuation { caller in
                let isOpen = waiting.withLock { waiting in
                    if !waiting.isOpen { waiting.callers.append(caller) }
                    return waiting.isOpen
                }
                if isOpen { caller.resume() }
            }
        }
        return await base.issue(request, deadline: deadline)
    }

    func outcome(of requestID: String, municipality: MunicipalityCode, deadline: Int) async -> IssueExchange {
        await base.outcome(of: requestID, municipality: municipality, deadline: deadline)
    }

    func cancel(_ requestID: String, municipality: MunicipalityCode, deadline: Int) async -> CancelExchange {
        await base.cancel(requestID, municipality: municipality, deadline: deadline)
    }
}

@Suite struct CounterEngineTests {
    @Test("While one municipality's issuer hangs, with more waiting than it has room for, the other's all come out")
    func hangingIssuer() async throws {
        let bench = CounterBench()
        var ports = bench.ports()
        let issuer = HangingIssuer(SimulatedIssuer(office: bench.office, life: Life()), of: Sample.city)
        ports.issuer = issuer
        let settings = bench.settings
        // Two processes on one store.
        let engines = (0..<2).map { _ in
            CounterEngine(
                driver: CounterDriver(
                    ports: ports, breaker: IssuerBreaker(), settings: { settings }, logger: CounterBench.silent),
                settings: .init(interval: .milliseconds(5)))
        }
        let running = engines.map { engine in Task { await engine.runUntilCancelled() } }
        var hanging: [CounterApplication] = []
        for index in 0..<12 { hanging.append(try await bench.submitted(as: "R-\(index)")) }
        var others: [CounterApplication] = []
        for index in 0..<12 { others.append(try await bench.submitted(as: "S-\(index)", of: Sample.otherCity)) }
        try await bench.wait(for: others, to: .ready)
        // Four at once of each process, and none of theirs came out.
        #expect(issuer.callers == 8)
        for application in hanging {
            let state = try await bench.fresh(application).state
            #expect(state == .requested || state == .applied)
        }
        issuer.open()
        try await bench.wait(for: hanging, to: .ready)
        for application in hanging + others {
            for paper in try await bench.fresh(application).papers {
                #expect(bench.office.printedCopies(paper.token).count == 1)
            }
        }
        for task in running { task.cancel() }
        for task in running { await task.value }
    }
}

extension CounterBench {
    /// Waits until each is in `state`, while printers work and time goes on.
    fileprivate func wait(for applications: [CounterApplication], to state: CounterApplication.State) async throws {
        for turn in 0..<4_000 {
            var isReached = true
            for application in applications where try await fresh(application).state != state { isReached = false }
            if isReached { return }
            office.printersWork()
            // Slowly: nothing may run out meanwhile.
            if turn % 100 == 0 { clock.advance(bySeconds: 1) }
            try await Task.sleep(for: .milliseconds(5))
        }
        Issue.record("not all came to \(state)")
    }
}
