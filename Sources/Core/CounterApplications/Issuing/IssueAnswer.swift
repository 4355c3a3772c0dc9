package import PKIX
internal import SignatureAlgorithms

/// What an issuer answers: a PDF, and what it says of it.
package struct IssueAnswer: Hashable, Sendable {
    package let requestID: String
    package let orderDigest: [UInt8]
    package let controlNumber: ControlNumber
    /// Over the 宛名番号 of the person whose entry was printed.
    package let recipientDigest: [UInt8]
    package let pdf: [UInt8]
    /// SHA-256 of ``pdf`` as the issuer computed it.
    package let pdfDigest: [UInt8]
    package let pageCount: Int
    package let issuedAt: ValidationTime

    package init(
        requestID: String,
        orderDigest: [UInt8],
        controlNumber: ControlNumber,
        recipientDigest: [UInt8],
        pdf: [UInt8],
        pdfDigest: [UInt8],
        pageCount: Int,
        issuedAt: ValidationTime
    ) {
        self.requestID = requestID
        self.orderDigest = orderDigest
        self.controlNumber = controlNumber
        self.recipientDigest = recipientDigest
        self.pdf = pdf
        self.pdfDigest = pdfDigest
        self.pageCount = pageCount
        self.issuedAt = issuedAt
    }
}

/// What was found in a PDF by reading it.
package struct PDFInspection: Hashable, Sendable {
    package let pageCount: Int
    /// The text of each page, in order.
    package let pageTexts: [String]
    package let fontsAllEmbedded: Bool

    package init(pageCount: Int, pageTexts: [String], fontsAllEmbedded: Bool) {
        (self.pageCount, self.pageTexts, self.fontsAllEmbedded) = (pageCount, pageTexts, fontsAllEmbedded)
    }
}

/// Where an answer does not fit its request. Any one of these stops the municipality's issuing.
package enum IssueMismatch: String, CaseIterable, Hashable, Sendable, Codable {
    case requestID = "request_id"
    case orderDigest = "order_digest"
    case controlNumber = "control_number"
    /// The issuer printed another person's entry.
    case recipient
    case pdfDigest = "pdf_digest"
    /// The PDF cannot be read.
    case unreadablePDF = "unreadable_pdf"
    case pageCount = "page_count"
    /// A page does not bear the 管理番号.
    case controlNumberMissingOnPage = "control_number_missing_on_page"
    /// A font is not in the file, so that what prints is not known.
    case fontNotEmbedded = "font_not_embedded"
    /// Another answer came before with other octets.
    case changedAnswer = "changed_answer"
    /// Nobody of the name that the look-up gave stands on the paper, whatever the digest says.
    case name
}

/// The judgement of one answer.
package enum IssueVerdict: Hashable, Sendable {
    case accepted
    /// Never empty; in the order of ``IssueMismatch``.
    case mismatched([IssueMismatch])
    /// Everything fits but the name, which could not be read for certain, or is not known: nothing prints, and staff
    /// look. It says nothing against the issuer.
    case undetermined
}

/// Pages of the largest certificate.
package let mostCertificatePages = 200

/// Whether `answer` belongs to `request`: every field is compared, and the PDF itself.
///
/// - Parameters:
///   - inspection: what was read in the answer's PDF; nil when it cannot be read.
///   - names: whose names the paper must show.
package func judge(
    _ answer: IssueAnswer,
    for request: IssueRequest,
    inspection: PDFInspection?,
    showing names: ExpectedNames
) -> IssueVerdict {
    var found: Set<IssueMismatch> = []
    var finding = PrintedName.Finding.found
    if answer.requestID != request.requestID { found.insert(.requestID) }
    if answer.orderDigest != request.orderDigest { found.insert(.orderDigest) }
    if answer.controlNumber != request.controlNumber { found.insert(.controlNumber) }
    if answer.recipientDigest != request.recipientDigest { found.insert(.recipient) }
    if answer.pdfDigest != HashAlgorithm.sha256.digest(of: answer.pdf) { found.insert(.pdfDigest) }
    if let inspection {
        let count = inspection.pageCount
        let fits = count == answer.pageCount && count == inspection.pageTexts.count
        if !fits || !(1...mostCertificatePages).contains(count) { found.insert(.pageCount) }
        let number = Array(request.controlNumber.printed.utf8)
        if !inspection.pageTexts.allSatisfy({ holds($0, number) }) { found.insert(.controlNumberMissingOnPage) }
        if !inspection.fontsAllEmbedded { found.insert(.fontNotEmbedded) }
        finding = names.search(inspection.pageTexts)
        if finding == .absent { found.insert(.name) }
    } else {
        found.insert(.unreadablePDF)
    }
    guard found.isEmpty else { return .mismatched(IssueMismatch.allCases.filter(found.contains)) }
    return finding == .found ? .accepted : .undetermined
}

/// Whether `octets` stand in `text`. Octet by octet: characters of a file of somebody else's could be of any length.
private func holds(_ text: String, _ octets: [UInt8]) -> Bool {
    var rest = text.utf8[...]
    while let start = rest.firstIndex(where: { $0 == octets.first }) {
        if rest[start...].starts(with: octets) { return true }
        rest = rest[rest.index(after: start)...]
    }
    return false
}
