import CounterApplications
import Organizations
import PKIX
import SignatureAlgorithms
import Testing

/// Codes, hours, ages, orders, and the judgement of an issuer's answer.
@Suite struct CounterValuesTests {
    @Test("A 管理番号 with one wrong symbol, or with two symbols exchanged, is none")
    func checkSymbol() throws {
        let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
        for seed in 0..<8 as Range<UInt8> {
            let symbols = Array(Sample.control(seed &* 31).rawValue)
            for place in symbols.indices {
                for symbol in alphabet where symbol != symbols[place] {
                    var wrong = symbols
                    wrong[place] = symbol
                    #expect(ControlNumber(typed: String(wrong)) == nil)
                }
                for other in symbols.indices where symbols[other] != symbols[place] {
                    var wrong = symbols
                    wrong.swapAt(place, other)
                    #expect(ControlNumber(typed: String(wrong)) == nil)
                }
            }
        }
    }

    @Test("A code is read as people type and scanners send it, and nothing else is")
    func paperCodes() throws {
        let (reception, control) = (Sample.reception(3), Sample.control(3))
        #expect(PaperCode("  \(reception.printed.lowercased())\n") == .receipt(reception))
        #expect(PaperCode(reception.rawValue) == .receipt(reception))
        let wide = String(
            String.UnicodeScalarView(
                reception.printed.unicodeScalars.map { scalar in
                    scalar == "-" ? "ー" : Unicode.Scalar(scalar.value + 0xFEE0) ?? scalar
                }))
        #expect(PaperCode("\u{3000}\(wide)") == .receipt(reception))
        #expect(PaperCode("akashi1:r:\(reception.rawValue)") == .receipt(reception))
        #expect(PaperCode(PaperCode.certifiedCopy(control).text + "\t") == .certifiedCopy(control))
        #expect(
            PaperCode(control.printed.replacing("0", with: "O").replacing("1", with: "l")) == .certifiedCopy(control))
        for text in [
            "", "-", "AKASHI1:R:", "AKASHI1:C:\(reception.rawValue)", "AKASHI2:R:\(reception.rawValue)",
            String(reception.rawValue.dropLast()), reception.rawValue + "0", String(repeating: "0", count: 200),
            "AKASHI1:R:\(reception.rawValue)é",
        ] { #expect(PaperCode(text) == nil, "\(text)") }
        #expect(ApplicationID(Sample.id().rawValue) == Sample.id())
        #expect(ApplicationID("app_") == nil && ApplicationID(Sample.id().rawValue + "0") == nil)
    }

    @Test("A person completes a year of age on the day before the birthday; unknown days count as late as they can be")
    func ages() throws {
        let birth = try #require(BirthDate(year: 2011, month: 11, day: 24))
        let before = try #require(ValidationTime(rfc3339: "2026-11-22T23:59:59+09:00"))
        let onEve = try #require(ValidationTime(rfc3339: "2026-11-23T00:00:00+09:00"))
        #expect(birth.age(at: before) == 14 && birth.age(at: onEve) == 15)
        let leap = try #require(BirthDate(year: 2012, month: 2, day: 29))
        let february = try #require(ValidationTime(rfc3339: "2027-02-28T00:00:00+09:00"))
        #expect(leap.age(at: february.advanced(bySeconds: -1)) == 14 && leap.age(at: february) == 15)
        let unknown = try #require(BirthDate(year: 2011, month: 11))
        #expect(unknown.age(at: onEve) == 14)
        #expect(BirthDate(year: 2011, month: 2, day: 29) == nil && BirthDate(year: 2011, day: 3) == nil)
    }

    @Test("開庁時間 is Japan's: weekdays, closed days and planned stops, to the minute")
    func hours() throws {
        var hours = OpeningHours(weekly: Sample.weekdays)
        func state(_ text: String) throws -> OpeningHours.State {
            hours.state(at: try #require(ValidationTime(rfc3339: text)))
        }
        #expect(try state("2026-11-23T08:29:59+09:00") == .closed)
        #expect(try state("2026-11-22T23:30:00Z") == .open)
        #expect(try state("2026-11-23T17:14:59+09:00") == .open)
        #expect(try state("2026-11-23T17:15:00+09:00") == .closed)
        // Saturday in Japan, Friday in UTC.
        #expect(try state("2026-11-27T23:30:00Z") == .closed)
        hours.closedDays = [try #require(OpeningHours.Day(year: 2026, month: 11, day: 23))]
        #expect(try state("2026-11-23T10:00:00+09:00") == .closed)
        #expect(try state("2026-11-24T10:00:00+09:00") == .open)
        let end = Sample.start.advanced(bySeconds: 100_000)
        hours.stops = [try #require(OpeningHours.Stop(start: Sample.start, end: end))]
        #expect(hours.state(at: Sample.start) == .plannedStop(until: end))
        #expect(OpeningHours.Stop(start: end, end: Sample.start) == nil)
        #expect(OpeningHours.Interval(opens: 10, closes: 10) == nil)
    }

    @Test("An order that its procedure does not offer is refused, each for its own reason")
    func orders() {
        let procedure = Sample.procedure()
        func refusal(
            _ change: (inout CertificateOrder) -> Void, _ procedure: CounterProcedure = Sample.procedure(),
            birthYear: Int = 1_980, at time: ValidationTime = Sample.start
        ) -> OrderRefusal? {
            var order = CertificateOrder(procedureID: "juminhyo", kind: .residentRecord)
            change(&order)
            do throws(OrderRefusal) {
                _ = try procedure.accept(order, from: Sample.resident(birthYear: birthYear), at: time)
                return nil
            } catch {
                return error
            }
        }
        #expect(refusal { _ in } == nil)
        #expect(refusal { $0.procedureID = "other" } == .unknownProcedure)
        #expect(refusal { $0.kind = .sealRegistration } == .unknownProcedure)
        for copies in [0, -1, 6, Int.max] { #expect(refusal { $0.copies = copies } == .copies) }
        for members in [[], ["m-1", "m-1"], ["m-9"], Array(repeating: "m-1", count: 31)] {
            #expect(refusal { $0.scope = .selected(members) } == .members)
        }
        #expect(refusal { $0.scope = .selected(["m-2"]) } == nil)
        #expect(refusal { $0.exemption = "none" } == .exemption)
        #expect(refusal { $0.fiscalYear = 2_025 } == .fiscalYear)
        #expect(refusal({ _ in }, Sample.procedure(.residentRecord, fiscalYears: [2_025])) == .fiscalYear)
        #expect(refusal({ $0.fiscalYear = 2_025 }, Sample.procedure(.residentRecord, fiscalYears: [2_025])) == nil)
        #expect(refusal({ _ in }, birthYear: 2_012) == .tooYoung)
        // A municipality cannot go below 15.
        #expect(refusal({ _ in }, Sample.procedure(minimumAge: 0), birthYear: 2_012) == .tooYoung)
        #expect(refusal({ _ in }, at: Sample.start.advanced(bySeconds: 12 * 3_600)) == .closed)
        #expect(procedure.fees.quote(copies: 3, exemption: nil)?.total == 900)
        #expect(procedure.fees.quote(copies: 3, exemption: "pension")?.total == 0)
    }

    @Test("The request's digest changes with every field, and two orders never have one encoding")
    func digests() throws {
        func request(
            application: UInt8 = 1, city: MunicipalityCode = Sample.city, resident: String = "R-1",
            control: UInt8 = 1, nonce: UInt8 = 1, _ change: (inout CertificateOrder) -> Void = { _ in }
        ) -> [UInt8] {
            var order = CertificateOrder(procedureID: "juminhyo", kind: .residentRecord)
            change(&order)
            return IssueRequest(
                requestID: "isq_1", application: Sample.id(application), municipality: city, residentID: resident,
                order: order, controlNumber: Sample.control(control), nonce: Sample.octets(32, nonce)
            ).orderDigest
        }
        let digests = [
            request(), request(application: 2), request(city: Sample.otherCity), request(resident: "R-2"),
            request(control: 2), request(nonce: 2), request { $0.copies = 2 }, request { $0.scope = .household },
            request { $0.scope = .selected(["a", "b"]) }, request { $0.scope = .selected(["ab"]) },
            request { $0.scope = .selected(["b", "a"]) }, request { $0.details = [.domicile] },
            request { $0.details = [.domicile, .relationship] }, request { $0.fiscalYear = 2_025 },
            request { $0.procedureID = "juminhyo2" }, request { $0.kind = .taxCertificate },
        ]
        #expect(Set(digests).count == digests.count && digests.allSatisfy { $0.count == 32 })
        // What the applicant states of the fee is no matter of the issuer's.
        #expect(request { $0.exemption = "pension" } == request())
    }

    @Test("An answer that differs in one thing from what its request demands is not accepted, and says in which")
    func judgement() throws {
        let (application, _) = Situation.requested.application()
        let request = try #require(application.issueRequest)
        let pdf: [UInt8] = [1, 2, 3]
        let named = "見本 花子 \(request.controlNumber.printed)"
        let names = ExpectedNames.all([try #require(PrintedName("見本　花子"))])
        let good = PDFInspection(
            pageCount: 2, pageTexts: [named, request.controlNumber.printed], fontsAllEmbedded: true)
        func verdict(
            requestID: String? = nil, order: [UInt8]? = nil, control: ControlNumber? = nil, recipient: String? = nil,
            digest: [UInt8]? = nil, pages: Int = 2, _ inspection: PDFInspection? = nil
        ) -> IssueVerdict {
            let answer = IssueAnswer(
                requestID: requestID ?? request.requestID, orderDigest: order ?? request.orderDigest,
                controlNumber: control ?? request.controlNumber,
                recipientDigest: IssueRequest.recipientDigest(
                    nonce: request.nonce, residentID: recipient ?? request.residentID),
                pdf: pdf, pdfDigest: digest ?? HashAlgorithm.sha256.digest(of: pdf), pageCount: pages,
                issuedAt: Sample.start)
            return judge(answer, for: request, inspection: inspection ?? good, showing: names)
        }
        #expect(verdict() == .accepted)
        #expect(verdict(requestID: "isq_2") == .mismatched([.requestID]))
        #expect(verdict(order: Sample.octets(32, 1)) == .mismatched([.orderDigest]))
        #expect(verdict(control: Sample.control(9)) == .mismatched([.controlNumber]))
        #expect(verdict(recipient: "R-2") == .mismatched([.recipient]))
        #expect(verdict(digest: Sample.octets(32, 1)) == .mismatched([.pdfDigest]))
        #expect(verdict(pages: 3) == .mismatched([.pageCount]))
        let bare = PDFInspection(
            pageCount: 2, pageTexts: [named, ""], fontsAllEmbedded: true)
        #expect(verdict(bare) == .mismatched([.controlNumberMissingOnPage]))
        let loose = PDFInspection(pageCount: 2, pageTexts: good.pageTexts, fontsAllEmbedded: false)
        #expect(verdict(loose) == .mismatched([.fontNotEmbedded]))
        let empty = PDFInspection(pageCount: 0, pageTexts: [], fontsAllEmbedded: true)
        #expect(verdict(pages: 0, empty) == .mismatched([.pageCount, .name]))
        let somebody = PDFInspection(
            pageCount: 2, pageTexts: Array(repeating: "標本 次郎" + request.controlNumber.printed, count: 2),
            fontsAllEmbedded: true)
        #expect(verdict(somebody) == .mismatched([.name]))
        let unread = PDFInspection(
            pageCount: 2, pageTexts: Array(repeating: "見本 花〓" + request.controlNumber.printed, count: 2),
            fontsAllEmbedded: true)
        #expect(verdict(unread) == .undetermined)
        // What does not fit is said, whatever the name is.
        #expect(verdict(recipient: "R-2", unread) == .mismatched([.recipient]))
        let answer = IssueAnswer(
            requestID: "", orderDigest: [], controlNumber: Sample.control(9), recipientDigest: [], pdf: pdf,
            pdfDigest: [], pageCount: 0, issuedAt: Sample.start)
        #expect(
            judge(answer, for: request, inspection: nil, showing: names)
                == .mismatched([
                    .requestID, .orderDigest, .controlNumber, .recipient, .pdfDigest, .unreadablePDF,
                ]))
    }
}
