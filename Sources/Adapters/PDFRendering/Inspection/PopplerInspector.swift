package import CounterApplications
package import CounterService

/// Reads other people's PDF with poppler's programs, each in a process of its own: the file is hostile until it was
/// read, and a crash there is an answer here.
package struct PopplerInspector: PDFInspector {
    package struct Limits: Hashable, Sendable {
        /// Of the file.
        package var octets = 20 * 1_048_576
        package var pages = 200
        /// Of each program, in real time and of the processor.
        package var seconds = 10
        /// Address space of each program, in octets.
        package var memory = 1_073_741_824
        /// What each program may write, in octets.
        package var output = 16 * 1_048_576

        package init() {}
    }

    let limits: Limits

    package init(limits: Limits = Limits()) { self.limits = limits }

    /// - Throws: a reason: `too_large`, `not_pdf`, `encrypted`, `active_content`, `too_many_pages`, `unreadable`,
    ///   and of this machine `timed_out`, `reader_missing`, `reader_killed`.
    package func inspect(_ pdf: [UInt8]) throws(RenderingError) -> PDFInspection {
        guard pdf.count <= limits.octets else { throw RenderingError("too_large") }
        // ISO 32000-1 §7.5.2; readers forgive what comes before, printers may not.
        guard pdf.starts(with: Array("%PDF-".utf8)) else { throw RenderingError("not_pdf") }
        let facts = PopplerOutput.facts(try run("pdfinfo", [], pdf))
        guard let encrypted = facts["Encrypted"], let scripts = facts["JavaScript"] else {
            throw RenderingError("unreadable")
        }
        guard encrypted == "no" else { throw RenderingError("encrypted") }
        guard scripts == "no" else { throw RenderingError("active_content") }
        guard let pages = facts["Pages"].flatMap({ Int($0) }), pages > 0 else { throw RenderingError("unreadable") }
        guard pages <= limits.pages else { throw RenderingError("too_many_pages") }
        guard let texts = PopplerOutput.pages(try run("pdftotext", ["-raw", "-enc", "UTF-8"], pdf), count: pages),
            let embedded = PopplerOutput.areFontsEmbedded(try run("pdffonts", [], pdf))
        else { throw RenderingError("unreadable") }
        return PDFInspection(pageCount: pages, pageTexts: texts, fontsAllEmbedded: embedded)
    }

    private func run(_ program: String, _ options: [String], _ pdf: [UInt8]) throws(RenderingError) -> String {
        // Both programs that extract take the output's name behind the file's; pdfinfo and pdffonts take none.
        let names = program == "pdftotext" ? ["-", "-"] : ["-"]
        let confined = ConfinedProcess(
            program: program, arguments: options + names, seconds: limits.seconds, memory: limits.memory,
            output: limits.output)
        do throws(ConfinedProcess.Failure) {
            return String(decoding: try confined.run(input: pdf), as: UTF8.self)
        } catch {
            switch error {
            case .missing: throw RenderingError("reader_missing", isLocal: true)
            case .timedOut: throw RenderingError("timed_out", isLocal: true)
            case .killed: throw RenderingError("reader_killed", isLocal: true)
            case .failed: throw RenderingError("unreadable")
            }
        }
    }
}
