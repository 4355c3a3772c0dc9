/// UTCTime and GeneralizedTime in the only form RFC 5280 §4.1.2.5 allows:
/// seconds present, no fraction, `Z`.
extension DERElement {
    /// `Time ::= CHOICE { utcTime UTCTime, generalTime GeneralizedTime }`.
    ///
    /// GeneralizedTime before 2050 is read although CAs must not write it.
    package func time(in production: @autoclosure () -> String) throws(DERError) -> ValidationTime {
        switch tag {
        case .utcTime: try utcTime(in: production())
        case .generalizedTime: try generalizedTime(in: production())
        default: throw DERError(.unexpectedTag, in: production())
        }
    }

    /// `YYMMDDHHMMSSZ`; years 50 to 99 are of the twentieth century.
    package func utcTime(in production: @autoclosure () -> String) throws(DERError) -> ValidationTime {
        guard contents.count == 13, let fields = decimalPairs(6) else {
            throw DERError(.invalidContents, in: production())
        }
        let year = fields[0] >= 50 ? 1900 + fields[0] : 2000 + fields[0]
        return try instant(year: year, fields: fields[1...], in: production())
    }

    /// `YYYYMMDDHHMMSSZ`.
    package func generalizedTime(in production: @autoclosure () -> String) throws(DERError) -> ValidationTime {
        guard contents.count == 15, let fields = decimalPairs(7) else {
            throw DERError(.invalidContents, in: production())
        }
        return try instant(year: fields[0] * 100 + fields[1], fields: fields[2...], in: production())
    }

    /// `count` two-digit numbers followed by `Z`, or nil.
    private func decimalPairs(_ count: Int) -> [Int]? {
        guard contents.count == count * 2 + 1, contents.last == UInt8(ascii: "Z") else { return nil }
        var values: [Int] = []
        values.reserveCapacity(count)
        var pending: Int?
        for octet in contents.dropLast() {
            guard octet >= 0x30, octet <= 0x39 else { return nil }
            let digit = Int(octet - 0x30)
            if let tens = pending {
                values.append(tens * 10 + digit)
                pending = nil
            } else {
                pending = digit
            }
        }
        return values
    }

    private func instant(
        year: Int,
        fields: ArraySlice<Int>,
        in production: @autoclosure () -> String
    ) throws(DERError) -> ValidationTime {
        let rest = Array(fields)
        guard rest.count == 5,
            let time = ValidationTime(
                CivilTime(year: year, month: rest[0], day: rest[1], hour: rest[2], minute: rest[3], second: rest[4])
            )
        else { throw DERError(.invalidContents, in: production()) }
        return time
    }
}

extension DERWriter {
    /// `Time` as RFC 5280 §4.1.2.5 demands it: UTCTime through 2049, GeneralizedTime from 2050.
    package mutating func time(_ time: ValidationTime) {
        let civil = time.civil
        guard (1950...2049).contains(civil.year) else { return generalizedTime(time) }
        append(.utcTime, timeOctets([civil.year % 100], civil))
    }

    package mutating func generalizedTime(_ time: ValidationTime) {
        let civil = time.civil
        append(.generalizedTime, timeOctets([civil.year / 100, civil.year % 100], civil))
    }

    /// Two digits a field, without texts between: a large list has millions of times.
    private func timeOctets(_ year: [Int], _ civil: CivilTime) -> [UInt8] {
        var octets: [UInt8] = []
        octets.reserveCapacity(15)
        for field in year + [civil.month, civil.day, civil.hour, civil.minute, civil.second] {
            octets.append(UInt8(truncatingIfNeeded: 0x30 + field / 10))
            octets.append(UInt8(truncatingIfNeeded: 0x30 + field % 10))
        }
        octets.append(0x5A)
        return octets
    }
}

/// `value` with leading zeros to `width` digits.
func decimal(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
