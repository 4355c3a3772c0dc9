/// 市町村民税・都道府県民税 of one year, in yen. The amounts follow one another as the law computes them, in a
/// simplified way: no real person's tax can be read off here.
struct TaxRecord: Hashable, Sendable {
    /// 令和 year in which the tax is levied; the income is that of the year before.
    let year: Int
    let salary: Int
    /// 給与所得.
    let income: Int
    let basicDeduction: Int
    let socialInsurance: Int
    let dependants: Int
    let dependantDeduction: Int

    var deductions: Int { basicDeduction + socialInsurance + dependantDeduction }
    /// 課税標準額, whole thousands.
    var taxable: Int { max(0, income - deductions) / 1_000 * 1_000 }
    /// 所得割: 6 % and 4 %, whole hundreds.
    var municipalIncomeTax: Int { taxable * 6 / 100 / 100 * 100 }
    var prefecturalIncomeTax: Int { taxable * 4 / 100 / 100 * 100 }
    /// 均等割, and 森林環境税 of 1,000 yen with it.
    var municipalFlatTax: Int { isTaxed ? 3_000 : 0 }
    var prefecturalFlatTax: Int { isTaxed ? 1_000 : 0 }
    var forestTax: Int { isTaxed ? 1_000 : 0 }
    var isTaxed: Bool { income > 450_000 + 350_000 * dependants }
    var total: Int {
        guard isTaxed else { return 0 }
        return municipalIncomeTax + prefecturalIncomeTax + municipalFlatTax + prefecturalFlatTax + forestTax
    }

    init(year: Int, salary: Int, dependants: Int) {
        (self.year, self.salary, self.dependants) = (year, salary, dependants)
        // 給与所得控除 (所得税法第28条), in whole thousands.
        let deduction: Int =
            switch salary {
            case ..<1_900_000: 650_000
            case ..<3_600_000: salary * 30 / 100 + 80_000
            case ..<6_600_000: salary * 20 / 100 + 440_000
            case ..<8_500_000: salary * 10 / 100 + 1_100_000
            default: 1_950_000
            }
        income = max(0, salary - deduction) / 1_000 * 1_000
        basicDeduction = 430_000
        socialInsurance = salary * 15 / 100 / 1_000 * 1_000
        dependantDeduction = 330_000 * dependants
    }
}
