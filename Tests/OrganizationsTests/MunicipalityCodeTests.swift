import Organizations
import Testing

@Suite("全国地方公共団体コード")
struct MunicipalityCodeTests {
    @Test(
        "A code with a wrong check digit, a wrong length or a foreign digit is refused",
        arguments: ["011003", "0110", "0110021", "", "01100a", "０１１００２", "-11002", " 011002"])
    func refused(text: String) {
        #expect(MunicipalityCode(text) == nil)
    }

    @Test(
        "Published codes hold their check digits",
        arguments: ["011002", "131016", "141003", "221309", "261009", "271004", "401307", "473821", "010006"])
    func published(text: String) {
        #expect(MunicipalityCode(text)?.digits == text)
    }

    @Test("Five digits are given their check digit", arguments: [("01100", "011002"), ("13101", "131016")])
    func fiveDigits(five: String, six: String) {
        #expect(MunicipalityCode(five)?.digits == six)
        #expect(MunicipalityCode(six)?.fiveDigits == five)
    }

    @Test("Any single wrong digit of a code is found, but for the check digit's own ambiguity of 0 and 10")
    func singleErrors() {
        let right = Array("131016".utf8)
        var missed = 0
        for position in right.indices {
            for digit in UInt8(0x30)...0x39 where digit != right[position] {
                var wrong = right
                wrong[position] = digit
                if MunicipalityCode(String(decoding: wrong, as: UTF8.self)) != nil { missed += 1 }
            }
        }
        #expect(missed == 0)
    }
}
