internal import HTTPSupport

extension CounterAnswer {
    /// Reads what the page sent; nil when it is none of its forms. Whether it fits the offer is the flow's to say.
    init?(_ fields: FormFields) {
        switch fields["step"] {
        case "procedure" where !fields["procedure"].isEmpty && fields["procedure"].utf8.count <= 64:
            self = .procedure(fields["procedure"])
        case "options":
            guard let copies = Int(fields["copies"]), (1...99).contains(copies) else { return nil }
            let details = ["relationship", "domicile"].filter { fields["detail_\($0)"] == "on" }
            var year: Int?
            if !fields["fiscal_year"].isEmpty {
                guard let number = Int(fields["fiscal_year"]), (1_900...2_200).contains(number) else { return nil }
                year = number
            }
            let exemption = fields["exemption"]
            guard fields["scope"].utf8.count <= 16, exemption.utf8.count <= 64 else { return nil }
            self = .choice(
                scope: fields["scope"], details: Set(details), fiscalYear: year, copies: copies,
                exemption: exemption.isEmpty ? nil : exemption)
        case "members":
            // A browser sends a checked box, and no unchecked one.
            let ids = (1...30).map { "m\($0)" }.filter { fields["member_" + $0] == "on" }
            guard !ids.isEmpty else { return nil }
            self = .members(ids)
        case "confirm": self = .confirmed
        case "back": self = .back
        default: return nil
        }
    }
}
