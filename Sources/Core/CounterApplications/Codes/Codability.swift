package import Organizations
package import PKIX

/// Values of the sealed body as one text or number each; a text that is none of them is refused on decoding.
private func decoded<Value>(_ decoder: any Decoder, _ value: (String) -> Value?) throws -> Value {
    let container = try decoder.singleValueContainer()
    guard let value = value(try container.decode(String.self)) else {
        throw DecodingError.dataCorruptedError(in: container, debugDescription: "no \(Value.self)")
    }
    return value
}

private func encode(_ text: String, to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
}

extension ApplicationID: Codable {
    package init(from decoder: any Decoder) throws { self = try decoded(decoder) { ApplicationID($0) } }
    package func encode(to encoder: any Encoder) throws {
        try CounterApplications.encode(rawValue, to: encoder)
    }
}

extension ControlNumber: Codable {
    package init(from decoder: any Decoder) throws { self = try decoded(decoder) { ControlNumber(typed: $0) } }
    package func encode(to encoder: any Encoder) throws {
        try CounterApplications.encode(rawValue, to: encoder)
    }
}

extension ReceptionNumber: Codable {
    package init(from decoder: any Decoder) throws { self = try decoded(decoder) { ReceptionNumber(typed: $0) } }
    package func encode(to encoder: any Encoder) throws {
        try CounterApplications.encode(rawValue, to: encoder)
    }
}

extension MunicipalityCode: Codable {
    package init(from decoder: any Decoder) throws { self = try decoded(decoder) { MunicipalityCode($0) } }
    package func encode(to encoder: any Encoder) throws { try CounterApplications.encode(digits, to: encoder) }
}

extension ValidationTime: Codable {
    package init(from decoder: any Decoder) throws {
        self.init(secondsSince1970: try decoder.singleValueContainer().decode(Int64.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(secondsSince1970)
    }
}
