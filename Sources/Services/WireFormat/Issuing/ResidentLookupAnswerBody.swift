package import CounterApplications
package import Organizations
internal import PKIX

/// What a register answers to a look-up: one resident, or why there is none.
package struct ResidentLookupAnswerBody: Hashable, Sendable {
    package enum Outcome: Hashable, Sendable {
        case found(ResidentRecord)
        /// For staff; the resident is told one neutral sentence whatever it is.
        case refused(ResidentRefusal)
    }

    /// The question's id, given back.
    package let requestID: String
    package let municipality: MunicipalityCode
    package let outcome: Outcome

    package init(requestID: String, municipality: MunicipalityCode, outcome: Outcome) {
        (self.requestID, self.municipality, self.outcome) = (requestID, municipality, outcome)
    }

    private enum OutcomeWord: String, CaseIterable {
        case found
        case refused
    }

    package init(json: [UInt8]) throws(RequestRefusal) {
        self = try ObjectReader.read(json) { reader in
            let requestID = reader.identifier("request_id")
            let municipality = reader.municipality("municipality_code")
            let word = reader.requiredChoice("outcome", of: OutcomeWord.self)
            let resident = reader.optionalObject("resident") { ResidentLookupAnswerBody.resident($0) }
            let refusal = reader.optionalChoice("refusal_code", of: ResidentRefusal.self)
            guard let requestID, let municipality, let word else { return nil }
            if (word == .found) != reader.has("resident") {
                reader.note(.conflict, "stands with the outcome found alone", at: "resident")
            }
            if (word == .refused) != reader.has("refusal_code") {
                reader.note(.conflict, "stands with the outcome refused alone", at: "refusal_code")
            }
            guard let outcome = resident.map(Outcome.found) ?? refusal.map(Outcome.refused) else { return nil }
            return ResidentLookupAnswerBody(requestID: requestID, municipality: municipality, outcome: outcome)
        }
    }

    private static func resident(_ reader: ObjectReader) -> ResidentRecord? {
        let id = reader.text("resident_id")
        let name = reader.optionalText("name", upTo: IssuingLimit.name)
        let address = reader.optionalText("address", upTo: IssuingLimit.address)
        let birth = reader.text("birth_date", upTo: 10).flatMap { text in
            let date = BirthDate(iso: text)
            if date == nil {
                reader.note(.malformedTime, "must be YYYY, YYYY-MM or YYYY-MM-DD", at: "birth_date")
            }
            return date
        }
        let household = reader.objects("household", upTo: IssuingLimit.members) { member in
            let reference = member.text("reference")
            let name = member.text("name", upTo: IssuingLimit.name)
            guard let reference, let name else { return nil as ResidentRecord.Member? }
            return ResidentRecord.Member(reference: reference, name: name)
        }
        guard let id, let birth else { return nil }
        return ResidentRecord(residentID: id, name: name, address: address, birthDate: birth, household: household)
    }
}

extension BirthDate {
    /// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    init?(iso text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let lengths = [4, 2, 2]
        guard (1...3).contains(parts.count), zip(parts, lengths).allSatisfy({ $0.utf8.count == $1 }) else { return nil }
        let numbers = parts.compactMap { part in part.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(part) : nil }
        guard numbers.count == parts.count else { return nil }
        self.init(
            year: numbers[0], month: numbers.count > 1 ? numbers[1] : nil, day: numbers.count > 2 ? numbers[2] : nil)
    }

    var iso: String {
        func padded(_ number: Int, _ width: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
        }
        return ([padded(year, 4)] + [month, day].compactMap { $0.map { padded($0, 2) } }).joined(separator: "-")
    }
}

extension ResidentLookupAnswerBody: Encodable {
    private enum CodingKeys: String, CodingKey {
        case requestID = "request_id"
        case municipalityCode = "municipality_code"
        case outcome, resident
        case refusalCode = "refusal_code"
    }

    private struct Resident: Encodable {
        struct Member: Encodable {
            let reference: String
            let name: String
        }

        let resident_id: String
        let name: String?
        let address: String?
        let birth_date: String
        let household: [Member]
    }

    package func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(requestID, forKey: .requestID)
        try members.encode(municipality.digits, forKey: .municipalityCode)
        switch outcome {
        case .found(let resident):
            try members.encode(OutcomeWord.found.rawValue, forKey: .outcome)
            try members.encode(
                Resident(
                    resident_id: resident.residentID, name: resident.name, address: resident.address,
                    birth_date: resident.birthDate.iso,
                    household: resident.household.map { .init(reference: $0.reference, name: $0.name) }),
                forKey: .resident)
        case .refused(let code):
            try members.encode(OutcomeWord.refused.rawValue, forKey: .outcome)
            try members.encode(code.rawValue, forKey: .refusalCode)
        }
    }
}
