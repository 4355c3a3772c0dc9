/// A run of characters that stand in place of others, in counting units from the start of the text.
package struct SubstitutionRange: Hashable, Sendable {
    package let index: Int
    package let length: Int

    package init(index: Int, length: Int) { (self.index, self.length) = (index, length) }
}

/// 氏名 or 住所, verbatim, with the positions of its 代替文字.
///
/// The text is never normalised: NFC would already change 人名 characters, and
/// variation selectors must survive.
package struct SubstitutedText: Hashable, Sendable {
    package let text: String
    /// One digit a character, `1` where a 代替文字 stands; nil when the certificate has none.
    package let rawFlags: String?
    /// Runs of substituted characters. With flags of the wrong length, the positions that exist.
    package let substitutions: [SubstitutionRange]
    /// Of the flags; empty when they are one digit for each character.
    package let flagFaults: [AttributeIrregularity.Fault]

    package init(text: String, rawFlags: String?, rules: BasicFourRules = BasicFourRules()) {
        (self.text, self.rawFlags) = (text, rawFlags)
        guard let rawFlags else {
            (substitutions, flagFaults) = ([], [.missing])
            return
        }
        let flags = Array(rawFlags.unicodeScalars)
        var faults: [AttributeIrregularity.Fault] = []
        if flags.contains(where: { $0 != "0" && $0 != "1" }) { faults.append(.malformed) }
        let count = rules.count(text)
        if flags.count != count { faults.append(.wrongLength) }
        substitutions = SubstitutedText.runs(of: flags.prefix(count).map { $0 == "1" })
        flagFaults = faults
    }

    /// Whether staff must be told 「代替文字を含みます」. Flags that cannot be relied on count as a yes.
    package var mayContainSubstitutions: Bool { !substitutions.isEmpty || !flagFaults.isEmpty }

    private static func runs(of flags: [Bool]) -> [SubstitutionRange] {
        var runs: [SubstitutionRange] = []
        var start: Int?
        for (index, isSet) in (flags + [false]).enumerated() {
            if isSet {
                start = start ?? index
            } else if let begin = start {
                runs.append(SubstitutionRange(index: begin, length: index - begin))
                start = nil
            }
        }
        return runs
    }
}
