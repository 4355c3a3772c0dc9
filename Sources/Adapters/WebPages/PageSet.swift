internal import Foundation
internal import Mustache

/// Why the page cannot be served: a resource of the program is missing or broken.
package struct PageResourceError: Error, Hashable, Sendable {
    package let resource: String
}

/// Everything that the page is made of, read once when the program starts.
package struct PageSet: Sendable {
    struct Asset: Sendable {
        let type: String
        let octets: [UInt8]
    }

    let assets: [String: Asset]
    package let texts: PageTexts
    private let templates: MustacheLibrary
    private let shuffle: KeypadOrder
    private let service: PageService

    /// - Parameter keypad: whether the digits of the keypad on the screen change their places with each person.
    /// - Parameter service: what the page is for.
    package init(keypad: KeypadOrder = .usual, service: PageService = .identification) throws(PageResourceError) {
        shuffle = keypad
        self.service = service
        texts = try PageTexts(json: [
            PageSet.resource("texts.json"), PageSet.resource("counter-texts.json"), PageSet.resource("form-texts.json"),
        ])
        var templates: [String: MustacheTemplate] = [:]
        for name in PageSet.templateNames {
            let text = String(decoding: try PageSet.resource("templates/\(name).mustache"), as: UTF8.self)
            guard let template = try? MustacheTemplate(string: text) else { throw PageResourceError(resource: name) }
            templates[name] = template
        }
        self.templates = MustacheLibrary(templates: templates)
        var assets: [String: Asset] = [:]
        for (name, type) in PageSet.assetTypes {
            assets[name] = Asset(type: type, octets: try PageSet.resource("assets/\(name)"))
        }
        self.assets = assets
    }

    private static let templateNames = [
        "document", "layout", "waiting", "working", "secret", "finished", "wiped", "counter-choose", "counter-options",
        "counter-members", "counter-confirm", "counter-receipt", "counter-window", "form-choose", "form-way",
        "form-type", "form-fill",
        "form-check",
        "form-printed",
    ]

    private static let assetTypes: [String: String] = {
        let script = "text/javascript; charset=utf-8"
        var types = ["kiosk.css": "text/css; charset=utf-8"]
        for name in ["kiosk.js", "connection.js", "entry.js", "counter.js", "forms.js", "countdown.js"] {
            types[name] = script
        }
        for name in [
            "akashi", "place-card", "take-card", "reader-missing", "confirmed", "refused", "undetermined", "queued",
            "attention", "wiped",
        ] { types["\(name).svg"] = "image/svg+xml" }
        return types
    }()

    private static func resource(_ path: String) throws(PageResourceError) -> [UInt8] {
        let url = Bundle.module.bundleURL.appendingPathComponent("Resources/\(path)")
        guard let data = try? Data(contentsOf: url) else { throw PageResourceError(resource: path) }
        return [UInt8](data)
    }

    // MARK: Rendering

    /// The one document. It shows nothing of anybody; its script asks for the screens.
    func document(key: String) -> String {
        let lost = PageLanguage.allCases.map { language in
            ["tag": language.tag, "title": texts["lost_title", language], "body": texts["lost_body", language]]
        }
        let replaced = PageLanguage.allCases.map { language in
            [
                "tag": language.tag, "title": texts["replaced_title", language],
                "button": texts["replaced_button", language],
            ]
        }
        let context: [String: Any] = [
            "key": key, "title": texts[service.brand, .japanese], "no_script": texts["no_script", .japanese],
            "lost": lost,
            "replaced": replaced,
        ]
        return templates.render(context, withTemplate: "document") ?? ""
    }

    package func screen(_ screen: KioskScreen, warning: Int) -> String {
        let view = ScreenView(screen, texts: texts, keypad: shuffle, service: service)
        var context = view.context
        context["body"] = templates.render(context, withTemplate: view.template) ?? ""
        context["warning_seconds"] = warning
        return templates.render(context, withTemplate: "layout") ?? ""
    }
}

/// What the page at the counter is for.
package enum PageService: Hashable, Sendable {
    /// 本人確認
    case identification
    /// 窓口申請
    case application
    /// 書かない窓口
    case forms

    var brand: String {
        switch self {
        case .identification: "brand"
        case .application: "counter_brand"
        case .forms: "form_brand"
        }
    }

    /// Keys of the steps that are shown at the top.
    var steps: [String] {
        switch self {
        case .identification: ["step_card", "step_secret", "step_result"]
        case .application:
            ["counter_step_choose", "step_card", "step_secret", "counter_step_confirm", "counter_step_receipt"]
        // By a card or typed.
        case .forms: ["counter_step_choose", "form_step_person", "form_step_fill", "form_step_print"]
        }
    }

    /// The place among ``steps`` of the identification's own `index`.
    func place(ofIdentification index: Int) -> Int {
        switch self {
        case .identification: index
        case .application: min(index + 1, 2)
        case .forms: 1
        }
    }
}
