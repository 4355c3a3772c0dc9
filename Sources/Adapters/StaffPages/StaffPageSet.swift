internal import Foundation
internal import Mustache
internal import Organizations

/// Why the pages cannot be served: a resource of the program is missing or broken.
package struct StaffPageResourceError: Error, Hashable, Sendable {
    package let resource: String
}

/// What the staff's pages are made of, read once when the program starts.
package struct StaffPageSet: Sendable {
    struct Asset: Sendable {
        let type: String
        let octets: [UInt8]
    }

    let assets: [String: Asset]
    /// Sentences by code.
    package let texts: [String: String]
    private let templates: MustacheLibrary

    package init() throws(StaffPageResourceError) {
        var templates: [String: MustacheTemplate] = [:]
        for name in StaffTemplate.allCases.map(\.rawValue) + ["layout", "supervisor", "gate", "sites"] {
            let text = String(decoding: try StaffPageSet.resource("templates/\(name).mustache"), as: UTF8.self)
            guard let template = try? MustacheTemplate(string: text) else {
                throw StaffPageResourceError(resource: name)
            }
            templates[name] = template
        }
        self.templates = MustacheLibrary(templates: templates)
        let json = Data(try StaffPageSet.resource("texts.json"))
        guard let texts = try? JSONDecoder().decode([String: String].self, from: json) else {
            throw StaffPageResourceError(resource: "texts.json")
        }
        self.texts = texts
        var assets: [String: Asset] = [:]
        for (name, type) in [
            "staff.css": "text/css; charset=utf-8", "staff.js": "text/javascript; charset=utf-8",
            "akashi.svg": "image/svg+xml",
        ] {
            assets[name] = Asset(type: type, octets: try StaffPageSet.resource("assets/\(name)"))
        }
        self.assets = assets
    }

    private static func resource(_ path: String) throws(StaffPageResourceError) -> [UInt8] {
        let url = Bundle.module.bundleURL.appendingPathComponent("Resources/\(path)")
        guard let data = try? Data(contentsOf: url) else { throw StaffPageResourceError(resource: path) }
        return [UInt8](data)
    }

    /// The sentence of a code. A code without one shows itself: a test sees to it that there is none.
    func text(_ code: String) -> String { texts[code] ?? code }

    /// A whole page.
    func page(_ template: StaffTemplate, _ context: [String: Any], frame: StaffFrame) -> String {
        var whole = frame.context
        whole["body"] = fragment(template, context.merging(frame.shared) { own, _ in own })
        whole["page"] = template.rawValue
        return templates.render(whole, withTemplate: "layout") ?? ""
    }

    /// Where a refusal before the door leads.
    enum GateLink {
        case nowhere
        case home
    }

    /// A page without style and script, which would be refused like the page itself.
    func gate(_ code: String, status: Int, link: GateLink = .nowhere) -> String {
        templates.render(["sentence": text(code), "status": status, "link": link == .home], withTemplate: "gate") ?? ""
    }

    /// A part of a page, for a script that puts it in place.
    func fragment(_ template: StaffTemplate, _ context: [String: Any]) -> String {
        templates.render(context, withTemplate: template.rawValue) ?? ""
    }
}

/// The templates that a page's middle can be.
enum StaffTemplate: String, CaseIterable, Sendable {
    case signIn = "sign-in"
    case queue
    case queueRows = "queue-rows"
    case application
    case handOver = "hand-over"
    case crossed
    case sheets
    case day
    case refused

    static func isAtCounter(_ roles: Set<StaffMember.Role>) -> Bool {
        !roles.isDisjoint(with: [.counterClerk, .supervisor])
    }

    /// The first page of a member, by role.
    static func home(_ roles: Set<StaffMember.Role>) -> String { isAtCounter(roles) ? "/queue" : "/sheets" }

    /// The pages that a member may open, by role.
    static func navigation(_ roles: Set<StaffMember.Role>, current: StaffTemplate) -> [[String: Any]] {
        let entries: [(StaffTemplate, String, String)] =
            (isAtCounter(roles) ? [(.queue, "/queue", "受付一覧"), (.handOver, "/hand-over", "お渡し")] : [])
            + [(.sheets, "/sheets", "用紙"), (.day, "/day", "日計")]
        return entries.map { ["href": $0.1, "label": $0.2, "current": $0.0 == current] }
    }
}

/// What stands around a page's middle.
struct StaffFrame {
    var title: String
    /// Nil before somebody has signed in.
    var member: String?
    /// Proves that a form came from our own page.
    var formKey: String = ""
    /// What everybody must see, whatever the page.
    var banners: [[String: Any]] = []
    var navigation: [[String: Any]] = []

    var shared: [String: Any] { ["form_key": formKey] }

    var context: [String: Any] {
        var context: [String: Any] = ["title": title, "banners": banners, "form_key": formKey, "nav": navigation]
        if let member { context["member"] = member }
        return context
    }
}
