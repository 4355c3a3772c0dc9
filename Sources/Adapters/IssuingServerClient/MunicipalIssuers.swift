package import CounterService
internal import Foundation
internal import JPKIProfile
internal import Metrics
package import Organizations
package import OutgoingHTTP
internal import PKIX
internal import WireFormat

/// Asks the municipalities' issuing servers over mutually authenticated TLS (docs/issuing-server.md).
///
/// Each 団体 has connections, certificates and authorities of its own: one that hangs takes nothing from the others.
package final class MunicipalIssuers: Sendable {
    private struct Line: Sendable {
        let client: OutgoingHTTPClient
        let baseURL: String
    }

    private let lines: [MunicipalityCode: Line]
    private let observe: @Sendable (IssuingServerFault, MunicipalityCode) -> Void

    /// - Parameters:
    ///   - limits: of the connections to one 団体. A request that finds all of them taken waits as long as one that
    ///     connects, and is then not sent.
    ///   - observe: is told of each fault, for the log.
    package init(
        _ links: [IssuingServerLink],
        limits: OutgoingLimits = OutgoingLimits(connect: .seconds(3), idle: .seconds(30), connectionsPerHost: 32),
        observe: @escaping @Sendable (IssuingServerFault, MunicipalityCode) -> Void = { _, _ in }
    ) throws(IssuingServerLinkError) {
        var lines: [MunicipalityCode: Line] = [:]
        for link in links {
            let line = Line(
                client: OutgoingHTTPClient(limits: limits, tls: try link.tlsConfiguration()), baseURL: link.baseURL)
            guard lines.updateValue(line, forKey: link.municipality) == nil else {
                throw .duplicate(link.municipality)
            }
        }
        (self.lines, self.observe) = (lines, observe)
    }

    /// Closes the connections. Calls under way fail.
    package func shutdown() async {
        for line in lines.values { await line.client.shutdown() }
    }

    // MARK: One exchange

    /// A response, or why there is none; and how far the request got.
    struct Reply {
        let result: Result<OutgoingResponse, IssuingServerFault>
        let reach: RequestReach
    }

    func send(
        _ method: OutgoingRequest.Method,
        _ path: String,
        body: (any Encodable)? = nil,
        accept: String = "application/json",
        to municipality: MunicipalityCode,
        within deadline: Duration,
        maximumBody: Int = IssuingLimit.message
    ) async -> Reply {
        guard let line = lines[municipality] else {
            return Reply(result: .failure(.notConfigured), reach: .nothingSent)
        }
        var request = OutgoingRequest(method, url: line.baseURL + path, headers: [("accept", accept)])
        guard let body else {
            let result = await line.client.exchange(request, within: deadline, maximumBody: maximumBody)
            return Reply(result: result.mapError { IssuingServerFault.unreachable($0) }, reach: .mayHaveArrived)
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // The protocol's bodies hold texts and numbers, which always encode.
        request.body = (try? encoder.encode(body)).map { [UInt8]($0) } ?? []
        request.headers.append(("content-type", "application/json"))
        let (result, reach) = await line.client.exchangeTellingReach(
            request, within: deadline, maximumBody: maximumBody)
        return Reply(result: result.mapError { IssuingServerFault.unreachable($0) }, reach: reach)
    }

    func note(_ fault: IssuingServerFault, _ municipality: MunicipalityCode) {
        Counter(
            label: "akashi_issuing_server_faults_total",
            dimensions: [("municipality", municipality.digits), ("fault", fault.word)]
        ).increment()
        observe(fault, municipality)
    }

    func path(_ requestID: String, _ rest: String = "") -> String { "/v1/certificate_requests/\(requestID)\(rest)" }
}

extension MunicipalIssuers: ResidentLookup {
    package func resident(_ query: ResidentQuery, deadline: Int) async -> ResidentLookupAnswer {
        do throws(IssuingServerFault) {
            return try await lookUp(query, within: .seconds(max(deadline, 1)))
        } catch {
            note(error, query.municipality)
            return .failed(error.failure)
        }
    }

    private func lookUp(
        _ query: ResidentQuery, within deadline: Duration
    ) async throws(IssuingServerFault) -> ResidentLookupAnswer {
        guard let kind = CertificateKind(rawValue: query.certificateKind), IssuingLimit.isIdentifier(query.requestID)
        else { throw .notConfigured }
        let question = ResidentLookupRequestBody(
            requestID: query.requestID, municipality: query.municipality,
            issuerKeyIdentifier: query.issuerKeyIdentifier, serialNumber: query.serial, kind: kind)
        let reply = await send(
            .post, "/v1/resident_lookups", body: question, to: query.municipality, within: deadline)
        switch try IssuingServerAnswers.lookup(try reply.result.get(), for: question).outcome {
        case .found(let resident): return .found(resident)
        case .refused(let refusal): return .refused(refusal)
        }
    }
}
