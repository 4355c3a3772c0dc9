package import CounterApplications
package import CounterService
package import PaperLayout

/// The platform's own papers: 受付票, 申請書, 領収書 and 日計 as PDF/A-2b.
package struct PaperRendering: PaperRenderer {
    package enum SlipFormat: String, CaseIterable, Hashable, Sendable {
        case a6
        /// A roll of 80 mm.
        case roll80 = "roll_80mm"
    }

    let composer: PaperComposer
    let labels: PaperLabels
    /// What 受付票 are printed on.
    let slips: SlipFormat

    /// - Throws: a reason when a font or the labels cannot be read.
    package init(fonts: FontFiles = .debian, slips: SlipFormat = .a6) throws(RenderingError) {
        do throws(FontError) {
            composer = PaperComposer(fonts: try FontSet(fonts))
        } catch {
            throw RenderingError("font: \(error)")
        }
        guard let labels = PaperLabels() else { throw RenderingError("labels_missing") }
        (self.labels, self.slips) = (labels, slips)
    }

    package func render(_ document: PaperDocument) throws(RenderingError) -> [UInt8] {
        let (paper, created) =
            switch document {
            case .receiptSlip(let slip): (paper(slip), slip.issuedAt)
            case .applicationForm(let form): (paper(form), form.appliedAt)
            case .feeReceipt(let receipt): (paper(receipt), receipt.issuedAt)
            case .daySheet(let sheet): (paper(sheet), sheet.drawnAt)
            }
        do throws(LayoutError) {
            return try composer.compose(paper, created: created).octets
        } catch {
            throw RenderingError("layout: \(error)")
        }
    }
}
