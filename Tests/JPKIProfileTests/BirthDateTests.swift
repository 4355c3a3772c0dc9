import JPKIProfile
import Testing

@Suite("Birth dates with an era digit and Gregorian years")
struct BirthDateTests {
    @Test(
        "What is no such date keeps its raw text and has no value",
        arguments: [
            "", "4", "41990010", "4199001020", "919900102", "41990-1-2", "４１９９００１０２", "419901302", "419900132",
            "420010229", "419900002", "419901233", "abcdefghi",
        ])
    func malformed(_ raw: String) {
        let date = BirthDate(raw: raw)
        #expect(date.value == nil)
        #expect(date.raw == raw)
        #expect(date.faults == [.malformed])
        #expect(!date.isComplete)
    }

    @Test(
        "A date outside its era is read and marked",
        arguments: [
            ("519900102", "1990-01-02"), ("418991201", "1899-12-01"), ("319890108", "1989-01-08"),
            ("420190501", "2019-05-01"), ("520190430", "2019-04-30"), ("118670101", "1867-01-01"),
        ])
    func eraMismatch(_ raw: String, _ value: String) {
        #expect(BirthDate(raw: raw).value == value)
        #expect(BirthDate(raw: raw).faults == [.eraMismatch])
    }

    @Test(
        "Every era's dates are read, leap days and era borders included",
        arguments: [
            ("118991201", "1899-12-01"), ("119120730", "1912-07-30"), ("219120730", "1912-07-30"),
            ("219261225", "1926-12-25"), ("319261225", "1926-12-25"), ("319890107", "1989-01-07"),
            ("419890108", "1989-01-08"), ("420190430", "2019-04-30"), ("520190501", "2019-05-01"),
            ("420000229", "2000-02-29"), ("520240229", "2024-02-29"), ("019500505", "1950-05-05"),
        ])
    func complete(_ raw: String, _ value: String) {
        let date = BirthDate(raw: raw)
        #expect(date.value == value)
        #expect(date.faults.isEmpty)
        #expect(date.isComplete)
    }

    @Test(
        "Unknown parts leave a partial date",
        arguments: [
            ("319500000", "1950"), ("319500500", "1950-05"), ("300000505", "0000-05-05"), ("300000229", "0000-02-29"),
        ])
    func partial(_ raw: String, _ value: String) {
        #expect(BirthDate(raw: raw).value == value)
        #expect(BirthDate(raw: raw).faults.isEmpty)
        #expect(!BirthDate(raw: raw).isComplete)
    }

    @Test("An era alone, and nothing at all, are regular and have no value", arguments: ["400000000", "000000000"])
    func unknown(_ raw: String) {
        #expect(BirthDate(raw: raw).value == nil)
        #expect(BirthDate(raw: raw).faults.isEmpty)
        #expect(BirthDate(raw: raw).era != nil)
    }
}
