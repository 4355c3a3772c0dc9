import HTTPAPI
import HTTPSupport
import HTTPTypes
import Hummingbird
import JPKIProfile
import Organizations
import PKIX
import PathValidation
import SignatureValidation
import Testing
import WireFormat

/// The document as a tree.
struct APIDocument {
    let root: JSONValue

    init() throws { root = try JSONValue(OpenAPIDocument.octets) }

    var schemas: [String: JSONValue] { root["components"]?["schemas"]?.members ?? [:] }
    var checker: SchemaChecker { SchemaChecker(schemas: schemas) }

    struct Operation: Hashable {
        let method: String
        let path: String
        let id: String
        let scopes: Set<String>
    }

    var operations: Set<Operation> {
        var found: Set<Operation> = []
        for (path, item) in root["paths"]?.members ?? [:] {
            for (method, operation) in item.members {
                found.insert(
                    Operation(
                        method: method.uppercased(), path: path, id: operation["operationId"]?.text ?? "",
                        scopes: Set((operation["x-akashi-scopes"]?.elements ?? []).compactMap(\.text))))
            }
        }
        return found
    }

    /// The values of an enumeration in a schema's property, null left out.
    func values(_ schema: String, _ property: String) -> Set<String> {
        let rules = schemas[schema]?["properties"]?[property]
        let owner = rules?["enum"] == nil ? rules?["items"] : rules
        return Set((owner?["enum"]?.elements ?? []).compactMap(\.text))
    }

    /// The faults of an answer against a schema.
    func faults(_ exchange: Exchange, _ schema: String) -> [String] {
        checker.faults(exchange.json, against: .object(["$ref": .string("#/components/schemas/\(schema)")]))
    }
}

@Suite("The OpenAPI document says what the server does")
struct OpenAPITests {
    @Test("Each route is described, and each description is a route, with the same scopes")
    func bothWays() throws {
        let routes = Set(
            APIRoute.allCases.map {
                APIDocument.Operation(
                    method: $0.method.rawValue, path: $0.path, id: $0.rawValue,
                    scopes: Set(($0.scopes ?? []).map(\.rawValue)))
            })
        let described = try APIDocument().operations
        #expect(described.subtracting(routes) == [])
        #expect(routes.subtracting(described) == [])
    }

    @Test("The router has exactly the routes of the table")
    func registered() throws {
        let registered = try APIFixture().router.routes.map { "\($0.method.rawValue) \($0.path.description)" }
        #expect(Set(registered) == Set(APIRoute.allCases.map { "\($0.method.rawValue) \($0.path)" }))
        #expect(registered.count == APIRoute.allCases.count)
    }

    @Test("The described vocabularies are those of the program")
    func vocabularies() throws {
        let document = try APIDocument()
        #expect(document.values("Check", "code") == Set(CheckCode.allCases.map(\.rawValue)))
        #expect(document.values("Check", "outcome") == Set(Check.Outcome.allCases.map(\.rawValue)))
        #expect(document.values("Verification", "sub_indications") == Set(SubIndication.allCases.map(\.rawValue)))
        #expect(document.values("Verification", "result") == Set(ValidationResult.allCases.map(\.rawValue)))
        #expect(document.values("Verification", "indication") == Set(Indication.allCases.map(\.rawValue)))
        #expect(document.values("Verification", "environment") == Set(DeploymentEnvironment.allCases.map(\.rawValue)))
        #expect(document.values("Verification", "assurance_level") == Set(AssuranceLevel.allCases.map(\.rawValue)))
        #expect(document.values("Certificate", "type") == Set(CertificateKind.allCases.map(\.rawValue)))
        #expect(
            document.values("CertificateStatus", "status") == Set(CertificateStatus.Status.allCases.map(\.rawValue)))
        #expect(
            document.values("CertificateStatus", "undetermined_reason")
                == Set(CertificateStatus.UndeterminedReason.allCases.map(\.rawValue)))
        #expect(
            document.values("CertificateStatus", "revocation_reason") == Set(RevocationReason.allCases.map(\.name)))
        #expect(document.values("CertificateStatus", "rung") == Set(Rung.allCases.map(\.rawValue)))
        #expect(document.values("Problem", "code") == Set(ProblemCode.allCases.map(\.rawValue)))
    }

    @Test("Every reference in the document leads somewhere")
    func references() throws {
        let document = try APIDocument()
        var missing: [String] = []
        func walk(_ value: JSONValue) {
            if let reference = value["$ref"]?.text {
                var target: JSONValue? = document.root
                for part in reference.split(separator: "/").dropFirst() { target = target?[String(part)] }
                if target == nil { missing.append(reference) }
            }
            for member in value.members.values { walk(member) }
            for element in value.elements { walk(element) }
        }
        walk(document.root)
        #expect(missing == [])
    }

    @Test("The document is served to any known client")
    func served() async throws {
        let exchange = try await APIFixture(scopes: [.counter]).send(.get, "/openapi.json")
        #expect(exchange.status == 200)
        #expect(exchange.octets == OpenAPIDocument.octets)
    }
}
