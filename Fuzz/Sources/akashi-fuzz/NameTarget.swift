import PKIX

/// Two names, one after the other: comparison is an equivalence that hashing follows, writing keeps what was read.
enum NameTarget {
    static func run(_ input: [UInt8]) {
        var reader = DERReader(input)
        var names: [DistinguishedName] = []
        while names.count < 3, let element = try? reader.next() {
            if let name = try? DistinguishedName(element) { names.append(name) }
            if let general = try? GeneralName(element) { roundTrip(general) }
            if let list = try? GeneralName.sequence(element.contents, in: "fuzz") { list.forEach(roundTrip) }
        }
        names.forEach(roundTrip)
        for left in names {
            for right in names { compare(left, right) }
        }
        for name in names where !names.allSatisfy({ $0 == name }) {
            // Transitive: what equals one of two equal names equals the other.
            for other in names where other == name {
                hold(names.allSatisfy { ($0 == name) == ($0 == other) }, "equality is transitive")
            }
        }
    }

    private static func compare(_ left: DistinguishedName, _ right: DistinguishedName) {
        let isEqual = left == right
        hold(isEqual == (right == left), "equality is symmetric")
        if isEqual { hold(left.hashValue == right.hashValue, "equal names have one hash") }
        hold(isEqual == (left.preparedRelativeNames == right.preparedRelativeNames), "prepared names compare alike")
    }

    static func roundTrip(_ name: DistinguishedName) {
        _ = name.description
        let written = DistinguishedName(relativeNames: name.relativeNames)
        hold(written == name, "a written name is equal")
        guard let again = try? DistinguishedName(DERReader.single(.sequence, written.encoding, in: "fuzz")) else {
            return hold(false, "a written name decodes")
        }
        hold(again == name && again.hashValue == name.hashValue, "a name is the same after writing")
    }

    static func roundTrip(_ name: GeneralName) {
        var writer = DERWriter()
        writer.generalName(name)
        var reader = DERReader(writer.bytes)
        guard let element = try? reader.next(), reader.isAtEnd, let again = try? GeneralName(element) else {
            return hold(false, "a written general name decodes")
        }
        hold(again == name, "a general name is the same after writing")
    }
}
