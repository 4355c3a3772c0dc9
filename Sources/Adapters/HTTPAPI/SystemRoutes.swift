internal import HTTPSupport
internal import Hummingbird
internal import JPKIProfile
internal import Organizations
internal import PKIX
internal import RevocationUpdating
internal import Verification
internal import WireFormat

/// Issuers, notices and what this node is.
extension APICall {
    func listIssuers() async throws -> Response {
        _ = try query([])
        return json(CollectionBody(items: environment.facts().trust.issuers.map { IssuerBody($0) }))
    }

    func listNotices() async throws -> Response {
        _ = try query([])
        return json(CollectionBody(items: environment.facts().notices))
    }

    func getSystemStatus() async throws -> Response {
        _ = try query([])
        let facts = environment.facts()
        let reading = environment.clock.reading()
        let set = environment.lists.current
        let lists = set.lists.map { list in
            SystemStatusBody.List(
                id: list.id, issuerID: list.issuerID, crlNumber: list.crlNumber?.description,
                thisUpdate: wireTime(list.thisUpdate), state: list.state(at: reading.now).rawValue)
        }
        return json(
            SystemStatusBody(
                environment: requester.environment.rawValue, build: facts.build,
                configurationDigest: facts.configurationDigest, trustListDigest: facts.trustListDigest,
                time: wireTime(reading.now), clock: reading.trust == .trusted ? "trusted" : "untrusted",
                crls: lists, missingSources: set.missingSources.map(\.id).sorted()))
    }
}

/// `GET /v1/system/status`: two nodes of a site that answer alike judge alike.
struct SystemStatusBody: Codable, Hashable, Sendable {
    struct List: Codable, Hashable, Sendable {
        var id: String
        var issuerID: String
        var crlNumber: String?
        var thisUpdate: String
        var state: String

        enum CodingKeys: String, CodingKey {
            case id, state
            case issuerID = "issuer_id"
            case crlNumber = "crl_number"
            case thisUpdate = "this_update"
        }
    }

    var environment: String
    var build: String
    var configurationDigest: String
    var trustListDigest: String
    var time: String
    var clock: String
    var crls: [List]
    var missingSources: [String]

    enum CodingKeys: String, CodingKey {
        case environment, build, time, clock, crls
        case configurationDigest = "configuration_digest"
        case trustListDigest = "trust_list_digest"
        case missingSources = "missing_sources"
    }
}
