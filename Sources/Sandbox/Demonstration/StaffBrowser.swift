internal import Authenticators
internal import Foundation
internal import OutgoingHTTP
internal import PKIX

/// A browser at the staff's pages, as far as their forms need one: one session's cookie, a form's key read from its
/// page, requests that say where they come from.
struct StaffBrowser: Sendable {
    struct Page: Sendable {
        let status: Int
        let text: String

        /// What another site cannot know; stands in every form.
        var key: String { match(#/name="key" value="([0-9A-Fa-f]{64})"/#) ?? "" }
        /// The state of the application that the form was made from.
        var version: String { match(#/name="version" value="([0-9]+)"/#) ?? "" }

        private func match(_ pattern: Regex<(Substring, Substring)>) -> String? {
            text.firstMatch(of: pattern).map { String($0.1) }
        }
    }

    private let http: OutgoingHTTPClient
    private let origin: String
    private let cookie: String

    /// Comes in with two factors.
    ///
    /// - Parameter secret: of the authenticator, in base 32.
    /// - Throws: `Refused` when the door stays shut.
    init(
        at origin: String, authorities: String, member: String, password: String, secret: String
    ) async throws {
        self.origin = origin
        http = try OutgoingHTTPClient(trusting: authorities)
        let now = ValidationTime(secondsSince1970: Int64(Date().timeIntervalSince1970))
        let code = OneTimePassword(secret: StaffBrowser.octets(base32: secret))?.password(at: .init(at: now)) ?? ""
        let answer = try await StaffBrowser.send(
            .post, "/sign-in", ["staff": member, "password": password, "code": code], cookie: nil, origin, http)
        let set = answer.headers.first { $0.name.lowercased() == "set-cookie" }?.value
        guard answer.status == 303, let pair = set?.split(separator: ";").first else {
            await http.shutdown()
            throw Refused(status: answer.status)
        }
        cookie = String(pair)
    }

    struct Refused: Error {
        let status: Int
    }

    func get(_ path: String) async throws -> Page { try await page(.get, path, nil) }

    /// Sends the form of `page`.
    func post(_ path: String, _ fields: [String: String], from page: Page) async throws -> Page {
        try await self.page(.post, path, fields.merging(["key": page.key]) { own, _ in own })
    }

    func close() async { await http.shutdown() }

    private func page(_ method: OutgoingRequest.Method, _ path: String, _ form: [String: String]?) async throws -> Page
    {
        let answer = try await StaffBrowser.send(method, path, form, cookie: cookie, origin, http)
        return Page(status: answer.status, text: String(decoding: answer.body, as: UTF8.self))
    }

    private static func send(
        _ method: OutgoingRequest.Method, _ path: String, _ form: [String: String]?, cookie: String?,
        _ origin: String, _ http: OutgoingHTTPClient
    ) async throws -> OutgoingResponse {
        var headers = [(name: "sec-fetch-site", value: "same-origin")]
        if let cookie { headers.append((name: "cookie", value: cookie)) }
        var body: [UInt8]?
        if let form {
            headers += [
                (name: "origin", value: origin), (name: "content-type", value: "application/x-www-form-urlencoded"),
            ]
            body = Array(form.map { "\($0.key)=\(encoded($0.value))" }.joined(separator: "&").utf8)
        }
        let request = OutgoingRequest(method, url: origin + path, headers: headers, body: body)
        return try await http.exchange(request, within: .seconds(10), maximumBody: 1_000_000).get()
    }

    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }

    /// RFC 4648 §6; what is none of its letters is passed over.
    static func octets(base32 text: String) -> [UInt8] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        var (octets, bits, held) = ([UInt8](), 0, 0)
        for letter in text {
            guard let value = alphabet.firstIndex(of: letter) else { continue }
            (bits, held) = ((bits << 5 | value) & 0xFFFF, held + 5)
            if held >= 8 {
                held -= 8
                octets.append(UInt8(truncatingIfNeeded: bits >> held))
            }
        }
        return octets
    }
}
