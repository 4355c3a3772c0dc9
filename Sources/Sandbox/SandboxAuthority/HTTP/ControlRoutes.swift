import CertificateIssuing
import Foundation
import Hummingbird
import JPKIProfile
import NIOCore
import PKIX

/// `/sandbox/v1`: the control API. It gives out PINs and signs for anybody: it listens on the loopback
/// interface alone unless it is told otherwise.
struct ControlRoutes: Sendable {
    let holder: SandboxHolder

    private static let largestBody = 1_048_576

    func add(to router: Router<SandboxContext>) {
        let group = router.group("/sandbox/v1")
        group.get("/configuration") { _, _ in
            try respond { ConfigurationDocument(try holder.sandbox().description) }
        }
        addResidents(to: group)
        addRevocation(to: group)
        addFaults(to: group)
    }

    private func addResidents(to group: RouterGroup<SandboxContext>) {
        group.get("/residents") { request, _ in
            let offset = request.uri.queryParameters.get("offset", as: Int.self) ?? 0
            let limit = min(request.uri.queryParameters.get("limit", as: Int.self) ?? 100, 1_000)
            return try respond {
                ControlDocument.Page(
                    items: try holder.sandbox().residents(offset: offset, count: limit)
                        .map { ControlDocument.Resident($0) })
            }
        }
        group.get("/residents/:id") { _, context in
            let id = try context.parameters.require("id")
            return try respond { ControlDocument.Resident(try holder.sandbox().resident(id)) }
        }
        group.post("/residents") { request, _ in
            let body: ControlRequest.Mint = try await decode(request)
            return try await respondAsync(.created) { try await mint(body) }
        }
        group.post("/residents/:id/signatures") { request, context in
            let id = try context.parameters.require("id")
            let body: ControlRequest.Sign = try await decode(request)
            return try respond(.created) { try sign(body, as: id) }
        }
    }

    private func mint(_ body: ControlRequest.Mint) async throws -> ControlDocument.Page<ControlDocument.Resident> {
        let sandbox = try holder.sandbox()
        let request = try body.request(in: sandbox) { kind in
            let other: Generation = body.generation == 1 ? .second : .first
            return sandbox.authorities.all[AuthorityID(kind, other)]?.issuing.key
        }
        let count = body.count ?? 1
        guard (1...ControlRequest.Mint.largestCount).contains(count) else {
            throw SandboxError.invalidRequest("count")
        }
        let residents = try await sandbox.mint(Array(repeating: request, count: count))
        return ControlDocument.Page(items: residents.map { ControlDocument.Resident($0) })
    }

    private func sign(_ body: ControlRequest.Sign, as id: String) throws -> ControlDocument.Signature {
        let sandbox = try holder.sandbox()
        let (kind, scheme) = (try CertificateKind.parse(body.kind), try body.scheme())
        let digest = try body.digest(scheme)
        let signature = try sandbox.sign(digest: digest, as: id, kind: kind, pin: body.pin, scheme: scheme)
        guard let certificate = try sandbox.resident(id).certificate(kind) else {
            throw SandboxError.noSuchCertificate
        }
        return ControlDocument.Signature(
            certificate: base64(certificate.certificate.der), signature: base64(signature),
            signatureAlgorithm: body.signatureAlgorithm ?? "sha256WithRSAEncryption")
    }

    private func addRevocation(to group: RouterGroup<SandboxContext>) {
        group.post("/residents/:id/revocations") { request, context in
            let id = try context.parameters.require("id")
            let body: ControlRequest.Revoke = try await decode(request)
            return try respond(.created) {
                guard let reason = RevocationReason(name: body.reason) else {
                    throw SandboxError.invalidRequest("reason")
                }
                let sandbox = try holder.sandbox()
                try sandbox.revoke(id, kind: try CertificateKind.parse(body.kind), reason: reason)
                return ControlDocument.Resident(try sandbox.resident(id))
            }
        }
        group.post("/residents/:id/moves") { request, context in
            let id = try context.parameters.require("id")
            let body: ControlRequest.Move = try await decode(request)
            return try respond(.created) {
                let sandbox = try holder.sandbox()
                let municipality = try sandbox.municipality(body.municipalityCode)
                try sandbox.move(id, to: municipality)
                return ControlDocument.Resident(try sandbox.resident(id))
            }
        }
        group.get("/crls") { _, _ in try respond { try lists() } }
        group.post("/crls") { request, _ in
            let body: ControlRequest.PublishLists = try await decode(request)
            return try respond(.created) {
                try holder.sandbox().publishLists(id: body.list)
                return try lists()
            }
        }
    }

    private func lists() throws -> ControlDocument.Page<ControlDocument.List> {
        let sandbox = try holder.sandbox()
        return ControlDocument.Page(items: try sandbox.lists().map { ControlDocument.List($0, sandbox: sandbox) })
    }

    private func addFaults(to group: RouterGroup<SandboxContext>) {
        group.get("/faults") { _, _ in try respond { try faults() } }
        group.post("/faults") { request, _ in
            let body: ControlRequest.SetFault = try await decode(request)
            return try respond(.created) {
                guard let target = FaultTarget(body.target) else { throw SandboxError.unknownTarget }
                guard Fault.names.contains(body.fault) else {
                    throw SandboxError.unknownWord(field: "fault", known: Fault.names)
                }
                guard let fault = Fault(name: body.fault, milliseconds: body.milliseconds) else {
                    throw SandboxError.invalidRequest("slow needs milliseconds, 0 to \(Fault.longestDelay)")
                }
                try holder.sandbox().set(fault, on: target)
                return try faults()
            }
        }
        group.delete("/faults") { request, _ in
            let target = request.uri.queryParameters.get("target")
            return try respond {
                let board = try holder.sandbox().faults
                if let target {
                    guard let target = FaultTarget(target) else { throw SandboxError.unknownTarget }
                    board.clear(target)
                } else {
                    board.clearAll()
                }
                return try faults()
            }
        }
        group.post("/responders") { request, _ in
            let body: ControlRequest.SetSigner = try await decode(request)
            return try respond(.created) {
                guard let signer = SandboxSettings.ResponseSigner(rawValue: body.signer) else {
                    throw SandboxError.unknownWord(
                        field: "signer", known: SandboxSettings.ResponseSigner.allCases.map(\.rawValue))
                }
                guard case .responder(let medium) = FaultTarget("ocsp/\(body.medium)") else {
                    throw SandboxError.unknownTarget
                }
                try holder.sandbox().setSigner(signer, of: medium)
                return ["medium": body.medium, "signer": body.signer]
            }
        }
    }

    private func faults() throws -> ControlDocument.Page<ControlDocument.FaultEntry> {
        let all = try holder.sandbox().faults.all.sorted { $0.key.text < $1.key.text }
        return ControlDocument.Page(items: all.map { ControlDocument.FaultEntry($0.key, $0.value) })
    }

    /// The body as JSON; an empty one as `{}`.
    private func decode<Body: Decodable>(_ request: Request) async throws -> Body {
        let buffer = try await request.body.collect(upTo: ControlRoutes.largestBody)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let data = buffer.readableBytes == 0 ? Data("{}".utf8) : Data(buffer.readableBytesView)
        do {
            return try decoder.decode(Body.self, from: data)
        } catch DecodingError.keyNotFound(let key, _) {
            throw SandboxError.invalidRequest("\(key.stringValue) is missing")
        } catch DecodingError.typeMismatch(_, let context) {
            throw SandboxError.invalidRequest(
                "\(context.codingPath.last?.stringValue ?? "the body") is of another type")
        } catch {
            throw SandboxError.invalidRequest("the body is not JSON")
        }
    }
}
