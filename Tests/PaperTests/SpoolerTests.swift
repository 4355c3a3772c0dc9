import CounterApplications
import CounterService
import Foundation
import OutgoingHTTP
import Printing
import SandboxPrinters
import Testing

/// What the sandbox's printers promise beside what a counter needs of CUPS.
@Suite(.serialized, .enabled(if: Spooler.isInstalled, "PrintingTests says loudly that cupsd is absent"))
struct SpoolerTests {
    private func withFolder(_ body: (String) async throws -> Void) async throws {
        // A blank: cupsd and the back-end must quote it.
        let folder = FileManager.default.temporaryDirectory.appending(path: "akashi printers \(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    private func ended(_ printing: IPPPrinting, _ job: PrintJobReference) async -> PrintJobState {
        await reached(.completed, printing, job)
    }

    private func reached(
        _ phase: PrintJobState.Phase, _ printing: IPPPrinting, _ job: PrintJobReference
    ) async -> PrintJobState {
        var state = await printing.state(of: job)
        for _ in 0..<200 where state.phase != phase {
            try? await Task.sleep(for: .milliseconds(50))
            state = await printing.state(of: job)
        }
        return state
    }

    @Test("a port that another program has is refused before cupsd is started: nobody talks to the wrong one")
    func portTaken() async throws {
        try await withFolder { folder in
            let first = try await Spooler.start(at: folder + "/first")
            await #expect(throws: SpoolerError.portTaken(first.port)) {
                try await Spooler.start(at: folder + "/second", port: first.port)
            }
            await first.stop()
            #expect(!first.isRunning)
        }
    }

    @Test("a folder whose name would be something else in a configuration is refused")
    func folderName() async throws {
        for name in ["a#b", "a\nListen 0.0.0.0:1"] {
            await #expect(throws: SpoolerError.folder("/tmp/\(name)")) { try await Spooler.start(at: "/tmp/\(name)") }
        }
    }

    @Test("sheets are counted as a printer does: pages on both sides, for each copy; the paper appears whole, once")
    func sheets() async throws {
        try await withFolder { folder in
            let spooler = try await Spooler.start(at: folder)
            let http = OutgoingHTTPClient()
            let printing = IPPPrinting(queues: try spooler.queues(), http: http)
            let paper = PDFSample.pages(3)
            let both = PrintTarget(printer: "counter", tray: nil, media: "iso_a4_210x297mm", sides: .two)
            if case .held(let job) = await printing.hold(paper, token: "t", copies: 2, at: both) {
                #expect(await printing.release(job) == .done)
                let state = await ended(printing, job)
                #expect(state == PrintJobState(.completed, sheets: 4))
                #expect(spooler.printed(.counter) == [paper])
            } else {
                Issue.record("not held")
            }
            await http.shutdown()
            await spooler.stop()
        }
    }

    @Test("a jam in the middle of a set spares papers of one sheet; every sheet that came out is noted")
    func jamInASet() async throws {
        try await withFolder { folder in
            let spooler = try await Spooler.start(at: folder)
            let http = OutgoingHTTPClient()
            let printing = IPPPrinting(queues: try spooler.queues(), http: http)
            let target = PrintTarget(printer: "counter", tray: nil, media: "iso_a4_210x297mm", sides: .one)
            spooler.set(.counter, .jam(behind: 2))
            for (token, pages) in [("one", 1), ("two", 2), ("three", 3)] {
                let hold = await printing.hold(PDFSample.pages(pages), token: token, copies: 1, at: target)
                let job = try #require(hold.job)
                #expect(await printing.release(job) == .done)
                if pages == 3 {
                    let state = await reached(.stopped, printing, job)
                    #expect(state == PrintJobState(.stopped, sheets: 2, reasons: ["media-jam"]))
                    spooler.set(.counter, .printing)
                }
                #expect(await reached(.completed, printing, job) == PrintJobState(.completed, sheets: pages))
            }
            let lines = try String(contentsOfFile: folder + "/counter/sheets", encoding: .utf8).split(separator: "\n")
            #expect(lines.map { $0.split(separator: " ").suffix(1).joined() } == ["1", "1", "2", "1", "2", "3"])
            await http.shutdown()
            await spooler.stop()
        }
    }

    @Test("killed as by a loss of power and started again on its folder, it has its held jobs, and prints them once")
    func crash() async throws {
        try await withFolder { folder in
            let http = OutgoingHTTPClient()
            let first = try await Spooler.start(at: folder)
            let octets = PDFSample.pages(1)
            let slip = PrintTarget(printer: "slips", tray: nil, media: "iso_a6_105x148mm", sides: .one)
            let held = await IPPPrinting(queues: try first.queues(), http: http)
                .hold(octets, token: "t", copies: 1, at: slip)
            #expect(held.job != nil)
            await first.crash()
            let again = try await Spooler.start(at: folder)
            let printing = IPPPrinting(queues: try again.queues(), http: http)
            if case .found(let jobs) = await printing.find(token: "t", at: slip), let job = jobs.first {
                #expect(jobs.count == 1)
                #expect(await printing.release(job) == .done)
                #expect(await ended(printing, job).phase == .completed)
            } else {
                Issue.record("the held job is lost")
            }
            #expect(again.printed(.slips) == [octets])
            await http.shutdown()
            await again.stop()
        }
    }
}

extension HoldOutcome {
    fileprivate var job: PrintJobReference? { if case .held(let job) = self { job } else { nil } }
}

/// The smallest PDF with so many empty pages.
private enum PDFSample {
    static func pages(_ count: Int) -> [UInt8] {
        var (text, offsets) = ("%PDF-1.4\n", [Int]())
        let kids = (0..<count).map { "\($0 + 3) 0 R" }.joined(separator: " ")
        let objects =
            ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count \(count)/Kids[\(kids)]>>"]
            + Array(repeating: "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>", count: count)
        for (index, object) in objects.enumerated() {
            offsets.append(text.utf8.count)
            text += "\(index + 1) 0 obj\(object)endobj\n"
        }
        let start = text.utf8.count
        text += "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n"
        for offset in offsets { text += String(format: "%010d 00000 n \n", offset) }
        text += "trailer<</Size \(objects.count + 1)/Root 1 0 R>>\nstartxref\n\(start)\n%%EOF\n"
        return Array(text.utf8)
    }
}
