internal import CounterApplications
internal import Logging
internal import SignatureAlgorithms
internal import Verification

/// Papers: drawn, held, released together, watched, taken back.
extension CounterDriver {
    func render(_ work: Work) async -> Step {
        let application = work.application
        guard let composer = DocumentComposer(application, counter: work.counter, words: ports.words),
            let issue = application.issue,
            let pdfDigest = issue.pdfDigest, let pages = issue.pages
        else { return await record([.renderingFailed], work) }
        var papers: [RenderedPaper] = []
        let (renderer, inspector) = (ports.renderer, ports.inspector)
        for paper in application.papers where paper.stage == .planned {
            guard let document = composer.document(paper.kind) else {
                papers.append(RenderedPaper(kind: paper.kind, digest: pdfDigest, pages: pages))
                continue
            }
            let drawn = await ports.heavy { () -> (octets: [UInt8], pages: Int)? in
                guard let octets = try? renderer.render(document), let inspection = try? inspector.inspect(octets)
                else { return nil }
                return (octets, inspection.pageCount)
            }
            guard let drawn else {
                logger.error("counter: a paper cannot be drawn", metadata: ["paper": .string(paper.kind.rawValue)])
                return await record([.renderingFailed], work)
            }
            let digest = HashAlgorithm.sha256.digest(of: drawn.octets)
            do throws(CounterStoreError) {
                try await ports.store.putDocument(
                    drawn.octets, digest: digest, of: application.id, municipality: application.municipality)
            } catch {
                return CounterDriver.step(after: error)
            }
            papers.append(RenderedPaper(kind: paper.kind, digest: digest, pages: drawn.pages))
        }
        return await record([.rendered(papers)], work)
    }

    /// Does `body` for each paper at once.
    private func each<Value: Sendable>(
        _ kinds: [PaperKind],
        _ work: Work,
        _ body: @escaping @Sendable (Paper) async -> Value
    ) async -> [(PaperKind, Value)] {
        let papers = kinds.compactMap { work.application.paper($0) }
        return await withTaskGroup(of: (Int, Value).self) { group in
            for (index, paper) in papers.enumerated() { group.addTask { (index, await body(paper)) } }
            var values: [(Int, Value)] = []
            for await value in group { values.append(value) }
            return values.sorted { $0.0 < $1.0 }.map { (papers[$0.0].kind, $0.1) }
        }
    }

    // MARK: Holding

    func hold(_ kinds: [PaperKind], _ former: Work) async -> Step {
        var work = former
        let holding = await record(kinds.map { .holding($0) }, work)
        guard case .advanced(let application) = holding else { return holding }
        work.application = application
        let outcomes = await each(kinds, work) { await self.hold($0, of: application) }
        let events = outcomes.map { kind, outcome -> CounterEvent in
            switch outcome {
            case .held(let job): .held(kind, job)
            case .rejected: .notHeld(kind)
            case .unknown: .holdUndecided(kind)
            }
        }
        let step = await record(events, work)
        if case .conflict = step { await cancelOrphans(outcomes.map(\.1), of: application) }
        return step
    }

    /// Gives the stored octets to the queue; nothing else than what stands in the application is ever printed.
    private func hold(_ paper: Paper, of application: CounterApplication) async -> HoldOutcome {
        var stored: [UInt8]?
        do throws(CounterStoreError) {
            guard let digest = paper.digest else { return .rejected("no_document") }
            stored = try await ports.store.document(
                digest, of: application.id, municipality: application.municipality)
        } catch {
            return .rejected("store")
        }
        guard let octets = stored, HashAlgorithm.sha256.digest(of: octets) == paper.digest else {
            CounterMetrics.alarm("document_mismatch", of: application.municipality)
            logger.critical("counter: stored octets are not those of the application's digest")
            return .rejected("no_document")
        }
        return await ports.printer.hold(octets, token: paper.token, copies: paper.copies, at: paper.target)
    }

    /// Jobs that were made while somebody else changed the application belong to nobody unless it has taken them.
    private func cancelOrphans(_ outcomes: [HoldOutcome], of application: CounterApplication) async {
        var fresh: CounterApplication?
        do throws(CounterStoreError) {
            fresh = try await ports.store.application(application.id, of: application.municipality)
        } catch {
            return
        }
        let known = Set(fresh?.papers.compactMap(\.job) ?? [])
        for case .held(let job) in outcomes where !known.contains(job) { _ = await ports.printer.cancel(job) }
    }

    func findJobs(_ kinds: [PaperKind], _ work: Work) async -> Step {
        let printer = ports.printer
        let events = await each(kinds, work) { paper -> CounterEvent in
            switch await printer.find(token: paper.token, at: paper.target) {
            case .notFound: return .notHeld(paper.kind)
            case .noSuchPrinter, .unknown: return .holdUndecided(paper.kind)
            case .found(let jobs):
                var kept: PrintJobReference?
                for job in jobs {
                    let phase = await printer.state(of: job).phase
                    if phase == .unknown { return .holdUndecided(paper.kind) }
                    if phase == .cancelled || phase == .aborted || phase == .gone { continue }
                    if kept == nil { kept = job } else { _ = await printer.cancel(job) }
                }
                return kept.map { .held(paper.kind, $0) } ?? .notHeld(paper.kind)
            }
        }
        return await record(events.map(\.1), work)
    }

    // MARK: Releasing and watching

    func release(_ kinds: [PaperKind], _ work: Work) async -> Step {
        let printer = ports.printer
        let events = await each(kinds, work) { paper -> CounterEvent in
            guard let job = paper.job else { return .releaseUndecided(paper.kind) }
            switch await printer.release(job) {
            // Of a refusal the job's own state says more.
            case .done, .rejected: return .released(paper.kind)
            case .unknown: return .releaseUndecided(paper.kind)
            }
        }
        return await record(events.map(\.1), work)
    }

    func watch(_ kinds: [PaperKind], _ work: Work) async -> Step {
        let printer = ports.printer
        let states = await each(kinds, work) { paper -> PrintJobState? in
            guard let job = paper.job else { return nil }
            let state = await printer.state(of: job)
            return state == paper.printer && state.phase != .held ? nil : state
        }
        return await record(states.compactMap { kind, state in state.map { .observed(kind, $0) } }, work)
    }
}
