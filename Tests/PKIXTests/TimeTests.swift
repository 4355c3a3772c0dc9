import PKIX
import Testing

@Suite("Times")
struct TimeTests {
    private func decode(_ tag: DERTag, _ text: String) throws -> ValidationTime {
        var writer = DERWriter()
        writer.append(tag, Array(text.utf8))
        return try DERReader.single(tag, writer.bytes[...], in: "Time").time(in: "Time")
    }

    @Test(
        "UTCTime without seconds, with an offset, a fraction or an impossible date is refused",
        arguments: [
            "2611230322Z", "261123032241+0900", "26112303224", "261332032241Z", "260230000000Z", "261123240000Z",
            "261123032260Z", "26112303224Z", " 61123032241Z", "",
        ])
    func malformedUTCTime(_ text: String) { #expect(throws: DERError.self) { try decode(.utcTime, text) } }

    @Test(
        "GeneralizedTime with a fraction, without Z or on 29 February of a common year is refused",
        arguments: ["20261123032241.5Z", "20261123032241", "20270229000000Z", "19000229000000Z"])
    func malformedGeneralizedTime(_ text: String) {
        #expect(throws: DERError.self) { try decode(.generalizedTime, text) }
    }

    @Test("the century turns at 50")
    func century() throws {
        #expect(try decode(.utcTime, "491231235959Z").description == "2049-12-31T23:59:59Z")
        #expect(try decode(.utcTime, "500101000000Z").description == "1950-01-01T00:00:00Z")
    }

    @Test(
        "2038, leap days and the switch of 2050 are written and read",
        arguments: [
            "2038-01-19T03:14:08Z", "2028-02-29T23:59:59Z", "2000-02-29T00:00:00Z", "2049-12-31T23:59:59Z",
            "2050-01-01T00:00:00Z", "1950-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z",
        ])
    func roundTrip(_ text: String) throws {
        let time = try #require(ValidationTime(rfc3339: text))
        #expect(time.description == text)
        var writer = DERWriter()
        writer.time(time)
        let tag: DERTag = (1950...2049).contains(time.civil.year) ? .utcTime : .generalizedTime
        #expect(try DERReader.single(tag, writer.bytes[...], in: "Time").time(in: "Time") == time)
    }

    @Test("every day of 800 years is one after the other")
    func days() throws {
        var time = try #require(ValidationTime(rfc3339: "1600-01-01T00:00:00Z"))
        var last = time.civil
        for _ in 0..<292_194 {
            time = time.advanced(bySeconds: 86_400)
            let civil = time.civil
            let isNext =
                civil.day == last.day + 1
                || (civil.day == 1 && last.day == CivilTime.days(inMonth: last.month, of: last.year))
            #expect(isNext && ValidationTime(civil) == time)
            last = civil
        }
        #expect(time.description == "2400-01-01T00:00:00Z")
    }

    @Test(
        "text that is no RFC 3339 date-time is nil",
        arguments: [
            "", "2026-11-23", "2026-11-23T03:22:41", "2026-11-23T03:22:41.Z", "2026-11-23T25:00:00Z",
            "2026-11-23T03:22:41+9:00", "2026-11-23T03:22:41+09:60", "2026-13-01T00:00:00Z", "+026-11-23T03:22:41Z",
        ])
    func malformedText(_ text: String) { #expect(ValidationTime(rfc3339: text) == nil) }

    @Test("offsets mean the same instant")
    func offsets() throws {
        let utc = try #require(ValidationTime(rfc3339: "2026-11-22T18:22:41Z"))
        #expect(ValidationTime(rfc3339: "2026-11-23T03:22:41+09:00") == utc)
        #expect(ValidationTime(rfc3339: "2026-11-23T03:22:41.999+09:00") == utc)
        #expect(utc.rfc3339(offsetMinutes: 540) == "2026-11-23T03:22:41+09:00")
    }

    @Test("adding beyond the range stays at its end")
    func saturation() {
        let time = ValidationTime(secondsSince1970: 0)
        #expect(time.advanced(bySeconds: .max).description == "9999-12-31T23:59:59Z")
        #expect(time.advanced(bySeconds: .min).description == "0000-01-01T00:00:00Z")
    }
}
