import CounterApplications
import Foundation
import IssuingServerClient
import Testing
import WireFormat

/// The OpenAPI document says what the code does.
@Suite("docs/issuing-server.openapi.json")
struct ProtocolDocumentTests {
    private func document() throws -> [String: Any] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let data = try Data(contentsOf: root.appendingPathComponent("docs/issuing-server.openapi.json"))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    private func value(_ path: String) throws -> Any? {
        path.split(separator: "/").reduce(try document() as Any?) { ($0 as? [String: Any])?[String($1)] }
    }

    private func words(_ path: String) throws -> Set<String> {
        Set(try #require(try value("components/schemas/" + path + "/enum") as? [String]))
    }

    @Test("Its vocabularies are the code's")
    func vocabularies() throws {
        #expect(try words("ResidentRefusal") == Set(ResidentRefusal.allCases.map(\.rawValue)))
        #expect(
            try words("CertificateRequestState/properties/refusal_code")
                == Set(IssuerRefusal.allCases.map(\.rawValue)))
        #expect(
            try words("CertificateRequestState/properties/state") == Set(IssuingState.allCases.map(\.rawValue)))
        #expect(try words("Order/properties/kind") == Set(CertificateKindOfCounter.allCases.map(\.rawValue)))
        #expect(try words("Order/properties/details/items") == Set(OrderDetail.allCases.map(\.rawValue)))
        #expect(
            try words("Cancellation/properties/reason") == Set(CancellationBody.Reason.allCases.map(\.rawValue)))
        let codes = Set(IssuingProblemCode.allCases.map(\.rawValue)).subtracting(["unknown"])
        #expect(codes.isSubset(of: try words("Problem/properties/code")))
    }

    @Test("Its limits are the code's")
    func limits() throws {
        let document = "components/schemas/Document/properties/"
        #expect(try value(document + "size/maximum") as? Int == IssuingLimit.document)
        #expect(try value(document + "page_count/maximum") as? Int == IssuingLimit.pages)
        #expect(
            try value("components/schemas/Resident/properties/household/maxItems") as? Int == IssuingLimit.members)
    }

    @Test("Every reference in it leads somewhere, and every object is closed")
    func references() throws {
        let whole = try document()
        var pending: [Any] = [whole]
        var references = 0
        while let next = pending.popLast() {
            if let object = next as? [String: Any] {
                if let reference = object["$ref"] as? String {
                    references += 1
                    #expect(try value(String(reference.dropFirst(2))) != nil, "\(reference)")
                }
                if object["type"] as? String == "object", object["properties"] != nil,
                    (object["required"] as? [String])?.contains("title") != true
                {
                    let isItem = object["additionalProperties"] as? Bool == false
                    let isError = (object["required"] as? [String]) == ["pointer", "code", "detail"]
                    #expect(isItem || isError)
                }
                pending += object.values
            } else if let array = next as? [Any] {
                pending += array
            }
        }
        #expect(references > 20)
    }
}
