package import HTTPSupport
internal import HTTPTypes
package import Hummingbird
internal import NIOCore

/// The page at the counter: one document, its assets, the screens that it asks for, and what people press.
///
/// - Parameter authority: host and port that are served, once they are known: `127.0.0.1:8765`.
package func kioskRouter(
    _ desk: KioskDesk, pages: PageSet, authority: @escaping @Sendable () -> String
) -> Router<PeerContext> {
    let router = Router(context: PeerContext.self)
    let routes = KioskRoutes(desk: desk, pages: pages)
    let table =
        [
            RouteTable.Route(.get, "/"), .init(.get, "/screen"), .init(.get, "/assets/{name}"), .init(.post, "/secret"),
            .init(.post, "/answer"),
        ]
        + KioskAction.allCases.map { .init(.post, "/\($0.rawValue)") }
    router.add(middleware: PageFields(forms: .nowhere))
    router.add(middleware: RequestEnvelope(routes: RouteTable(table)))
    router.add(middleware: PageGate(authority: authority))
    router.get("/") { _, _ in await routes.document() }
    router.get("/assets/:name") { _, context in try routes.asset(context.parameters.get("name")) }
    router.get("/screen") { request, _ in try await routes.screen(request) }
    router.post("/secret") { request, _ in try await routes.secret(request) }
    router.post("/answer") { request, _ in try await routes.answer(request) }
    for action in KioskAction.allCases {
        router.post("/\(action.rawValue)") { request, _ in try await routes.act(action, request) }
    }
    return router
}

/// What can be pressed.
enum KioskAction: String, CaseIterable, Sendable {
    case next
    case stay
    /// A key of the entry field was touched.
    case touched
    case languageJapanese = "language-ja"
    case languageEasyJapanese = "language-easy"
    case languageEnglish = "language-en"
    case languageSimplifiedChinese = "language-zh"
    case languageKorean = "language-ko"
    case languageBrazilianPortuguese = "language-pt"
    case languageVietnamese = "language-vi"
}

struct KioskRoutes: Sendable {
    let desk: KioskDesk
    let pages: PageSet

    func document() async -> Response {
        let key = await desk.open()
        return html(pages.document(key: key.text))
    }

    func asset(_ name: String?) throws -> Response {
        guard let name, let asset = pages.assets[name] else { throw Problem(.notFound) }
        return Response(
            status: .ok, headers: [.contentType: asset.type],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: asset.octets)))
    }

    /// The next screen, or 204 when nothing has changed for long.
    func screen(_ request: Request) async throws -> Response {
        let key = request.headers[.akashiPage]
        let shown = request.uri.queryParameters["after"].flatMap { Int($0) }
        if let refusal = await refusal(of: key) { return refusal }
        guard let screen = await desk.screen(after: shown, for: key) else {
            return await refusal(of: key) ?? Response(status: .noContent)
        }
        var response = html(pages.screen(screen, warning: desk.times.warning))
        response.headers[.akashiVersion] = String(screen.version)
        response.headers[.akashiScene] = String(screen.scene)
        return response
    }

    func act(_ action: KioskAction, _ request: Request) async throws -> Response {
        if let refusal = await refusal(of: request.headers[.akashiPage]) { return refusal }
        _ = try await request.octets(within: BodyLimits(maximumSize: 0, deadline: .seconds(2)))
        switch action {
        case .next: await desk.next()
        case .stay: await desk.stay()
        case .touched: await desk.touched()
        case .languageJapanese: await desk.speak(.japanese)
        case .languageEasyJapanese: await desk.speak(.easyJapanese)
        case .languageEnglish: await desk.speak(.english)
        case .languageSimplifiedChinese: await desk.speak(.simplifiedChinese)
        case .languageKorean: await desk.speak(.korean)
        case .languageBrazilianPortuguese: await desk.speak(.brazilianPortuguese)
        case .languageVietnamese: await desk.speak(.vietnamese)
        }
        return Response(status: .noContent)
    }

    /// The secret is the whole body, as octets of ASCII: no parser copies it.
    func secret(_ request: Request) async throws -> Response {
        if let refusal = await refusal(of: request.headers[.akashiPage]) { return refusal }
        guard request.headers[.contentType] == "application/octet-stream" else { throw Problem(.unsupportedMediaType) }
        guard let secret = try await SecretReading.secret(from: request), await desk.submit(secret) else {
            return Response(status: .unprocessableContent)
        }
        return Response(status: .noContent)
    }

    /// What was chosen in an application: a form of a few fields.
    func answer(_ request: Request) async throws -> Response {
        if let refusal = await refusal(of: request.headers[.akashiPage]) { return refusal }
        guard request.holdsForm else { throw Problem(.unsupportedMediaType) }
        let limits = BodyLimits(maximumSize: FormFields.sizeLimit, deadline: .seconds(2))
        guard let fields = FormFields(try await request.octets(within: limits)), await taken(fields) else {
            return Response(status: .unprocessableContent)
        }
        return Response(status: .noContent)
    }

    private func taken(_ fields: FormFields) async -> Bool {
        if let answer = CounterAnswer(fields) { return await desk.answer(answer) }
        if let answer = FormPageAnswer(fields) { return await desk.answer(answer) }
        return false
    }

    /// 410 for a page from before a restart, which opens itself anew; 409 for one that another has replaced.
    private func refusal(of key: String?) async -> Response? {
        switch await desk.standing(of: key) {
        case .newest: nil
        case .replaced: Response(status: .conflict)
        case .foreign: Response(status: .gone)
        }
    }

    private func html(_ text: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: "text/html; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
