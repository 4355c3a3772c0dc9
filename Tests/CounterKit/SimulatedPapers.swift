package import CounterApplications
package import CounterService

/// A certificate as the simulated issuer prints it: a text that says whose it is.
package enum SimulatedPDF {
    package static func octets(resident: String, control: String, pages: Int) -> [UInt8] {
        Array("%PDF|\(resident)|\(control)|\(pages)".utf8)
    }

    /// As it stands on the paper; every resident of the samples has one name.
    package static func name(of resident: String) -> String {
        switch resident {
        case "R-somebody": "標本　次郎"
        case "R-unreadable": "見本　花\u{FFFD}"
        default: "見本　花子"
        }
    }

    package static func parts(_ octets: [UInt8]) -> (resident: String, control: String, pages: Int)? {
        let parts = String(decoding: octets, as: UTF8.self).split(separator: "|").map(String.init)
        guard parts.count == 4, parts[0] == "%PDF", let pages = Int(parts[3]) else { return nil }
        return (parts[1], parts[2], pages)
    }
}

package struct SimulatedInspector: PDFInspector {
    package init() {}

    package func inspect(_ pdf: [UInt8]) throws(RenderingError) -> PDFInspection {
        guard let parts = SimulatedPDF.parts(pdf) else { throw RenderingError("not a simulated PDF") }
        return PDFInspection(
            pageCount: parts.pages,
            pageTexts: Array(
                repeating: "氏名\(SimulatedPDF.name(of: parts.resident))\n\(parts.control)", count: parts.pages),
            fontsAllEmbedded: true)
    }
}

package struct SimulatedRenderer: PaperRenderer {
    package init() {}

    package func render(_ document: PaperDocument) throws(RenderingError) -> [UInt8] {
        switch document {
        case .receiptSlip(let slip):
            SimulatedPDF.octets(resident: "slip", control: slip.receptionNumber.printed, pages: 1)
        case .applicationForm(let form):
            SimulatedPDF.octets(resident: "form", control: form.controlNumber.printed, pages: 1)
        case .feeReceipt(let receipt):
            SimulatedPDF.octets(resident: "fee", control: receipt.receptionNumber.printed, pages: 1)
        case .daySheet(let sheet):
            SimulatedPDF.octets(resident: "day", control: String(sheet.total.amount), pages: 1)
        }
    }
}
