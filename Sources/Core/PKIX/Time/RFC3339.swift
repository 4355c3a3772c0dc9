/// RFC 3339 date-times, whole seconds.
extension ValidationTime: CustomStringConvertible {
    /// `2026-11-23T03:22:41Z`.
    package var description: String { rfc3339(offsetMinutes: 0) }

    /// The same instant with an offset, for example 540 for `+09:00`.
    package func rfc3339(offsetMinutes: Int) -> String {
        let civil = advanced(bySeconds: Int64(offsetMinutes) * 60).civil
        let date = "\(decimal(civil.year, 4))-\(decimal(civil.month, 2))-\(decimal(civil.day, 2))"
        let time = "\(decimal(civil.hour, 2)):\(decimal(civil.minute, 2)):\(decimal(civil.second, 2))"
        guard offsetMinutes != 0 else { return "\(date)T\(time)Z" }
        let sign = offsetMinutes < 0 ? "-" : "+"
        return "\(date)T\(time)\(sign)\(decimal(abs(offsetMinutes) / 60, 2)):\(decimal(abs(offsetMinutes) % 60, 2))"
    }

    /// Parses an RFC 3339 date-time with offset. A fraction of a second is cut off. Nil when it is not one.
    package init?(rfc3339 text: String) {
        let octets = Array(text.utf8)
        guard octets.count >= 20, octets.count <= 40,
            octets[4] == UInt8(ascii: "-"), octets[7] == UInt8(ascii: "-"),
            octets[10] | 0x20 == UInt8(ascii: "t"),
            octets[13] == UInt8(ascii: ":"), octets[16] == UInt8(ascii: ":"),
            let year = number(octets[0..<4]), let month = number(octets[5..<7]), let day = number(octets[8..<10]),
            let hour = number(octets[11..<13]), let minute = number(octets[14..<16]),
            let second = number(octets[17..<19]),
            let offset = ValidationTime.offsetSeconds(octets[19...]),
            let local = ValidationTime(
                CivilTime(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
            )
        else { return nil }
        self = local.advanced(bySeconds: -offset)
    }

    private static func offsetSeconds(_ tail: ArraySlice<UInt8>) -> Int64? {
        var rest = tail
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix { $0 >= 0x30 && $0 <= 0x39 }
            guard !digits.isEmpty else { return nil }
            rest = rest.dropFirst(1 + digits.count)
        }
        if rest.count == 1, let mark = rest.first, mark | 0x20 == UInt8(ascii: "z") { return 0 }
        let form = Array(rest)
        guard form.count == 6, form[3] == UInt8(ascii: ":"), let hours = number(form[1..<3]), hours < 24,
            let minutes = number(form[4..<6]), minutes < 60
        else { return nil }
        let seconds = Int64(hours * 3_600 + minutes * 60)
        switch form[0] {
        case UInt8(ascii: "+"): return seconds
        case UInt8(ascii: "-"): return -seconds
        default: return nil
        }
    }
}

private func number(_ digits: ArraySlice<UInt8>) -> Int? {
    var value = 0
    for octet in digits {
        guard octet >= 0x30, octet <= 0x39 else { return nil }
        value = value * 10 + Int(octet - 0x30)
    }
    return value
}
