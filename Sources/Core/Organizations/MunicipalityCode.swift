/// 全国地方公共団体コード: five digits and a check digit (JIS X 0401, 0402).
package struct MunicipalityCode: Hashable, Comparable, Sendable {
    /// Six digits, the last of which is the check digit.
    package let digits: String

    /// From six digits with a right check digit, or from five, to which it is added. Nil for anything else.
    package init?(_ text: String) {
        let values = text.utf8.map { Int($0) - 0x30 }
        guard values.count == 5 || values.count == 6, values.allSatisfy({ (0...9).contains($0) }) else { return nil }
        let check = MunicipalityCode.checkDigit(values.prefix(5))
        if values.count == 6, values[5] != check { return nil }
        digits = values.prefix(5).map { String($0) }.joined() + String(check)
    }

    /// The form without the check digit, as in cards and certificates.
    package var fiveDigits: String { String(digits.prefix(5)) }

    /// Weights 6 to 2; 11 less the sum modulo 11, its last digit.
    private static func checkDigit(_ values: ArraySlice<Int>) -> Int {
        let sum = zip(values, [6, 5, 4, 3, 2]).reduce(0) { $0 + $1.0 * $1.1 }
        return (11 - sum % 11) % 10
    }

    package static func < (left: Self, right: Self) -> Bool { left.digits < right.digits }
}

extension MunicipalityCode: CustomStringConvertible {
    package var description: String { digits }
}
