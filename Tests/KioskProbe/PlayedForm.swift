import Foundation
import TerminalSession
import WebPages
import WireFormat

/// A form of 書かない窓口, for the pages: one that comes with the program, with the labels that it has.
enum PlayedForm {
    /// Where `scripts/browser/forms.py` runs, the package's folder.
    private static let folder = "Sources/Adapters/PDFRendering/Resources/forms/"

    static func step(_ name: String, _ code: String) -> FormStep? {
        guard let move = template("resident-move", ["preview", "print"]),
            let record = template("resident-record", ["preview"])
        else { return nil }
        let person = TypedPerson(
            name: code == "faults" ? "" : "見本 花子", address: "見本県見本市中央一丁目2番3号", birthDate: "1990-05-03",
            document: code == "faults" ? "" : "driving_licence")
        let faults = [
            "/values/notification": "missing", "/values/new_address": "too_long", "/person/name": "missing",
            "/person/document": "missing",
        ]
        let inputs: [String: FormInput] = ["moving_in": .checked, "new_address": .text("例示町本町1-2-3")]
        return switch name {
        case "form_loading": .loading()
        case "form_choosing": .choosing([move, record])
        case "form_way": .way(move)
        case "form_typing": .typing(move, person, faults: code == "faults" ? faults : [:])
        case "form_filling": .filling(move, body(code), [:], faults: [:])
        case "form_faults": .filling(move, body(), inputs, faults: faults)
        case "form_checking": .checking(move, body(code))
        case "form_printing": .printing
        case "form_printed": .printed
        case "form_not_printed": .notPrinted
        case "form_perhaps_printed": .perhapsPrinted
        case "form_window": .atTheWindow(code: code, staff: nil)
        default: nil
        }
    }

    /// As `GET /v1/form_templates` writes it.
    private static func template(_ id: String, _ outputs: [String]) -> FormTemplateBody? {
        guard let data = FileManager.default.contents(atPath: folder + id + ".json"),
            let map = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
        else { return nil }
        func whole(_ part: [String: Any]) -> [String: Any] {
            var part = part
            part["required"] = part["required"] ?? false
            part["labels"] = part["labels"] ?? ["ja": part["name"] ?? ""]
            part["source"] = part["source"] ?? "entered"
            part["longest"] = part["longest"] ?? 200
            return part
        }
        let body: [String: Any] = [
            "id": id, "names": map["names"] ?? [:], "outputs": outputs,
            "groups": (map["groups"] as? [[String: Any]] ?? []).map(whole),
            "fields": (map["fields"] as? [[String: Any]] ?? []).map(whole),
        ]
        return (try? JSONSerialization.data(withJSONObject: body)).flatMap {
            try? JSONDecoder().decode(FormTemplateBody.self, from: $0)
        }
    }

    /// - Parameter source: `typed`; of a signature unless given.
    private static func body(_ source: String = "") -> FormBody {
        let text = """
            {"id": "frm_1", "template_id": "resident-move", "output": "preview", "refusal": null,
             "person": {"source": "\(source == "typed" ? source : "signature")", "name": "見本 花子", "address": "見本県見本市中央一丁目2番3号",
              "birthdate": "1990-05-03", "gender": "female", "card_proof": null, "document": null,
              "substituted_in": ["name"]},
             "fields": [{"name": "moving_in", "text": "✓", "source": "entered"},
              {"name": "filed_on", "text": "令和8年11月23日（2026年）", "source": "today"},
              {"name": "new_address", "text": "例示町本町1-2-3", "source": "entered"},
              {"name": "old_address", "text": "見本県見本市中央一丁目2番3号", "source": "address"},
              {"name": "filer_name", "text": "見本 花子", "source": "name"}],
             "missing": [], "substituted": ["U+E000"], "sheets": 1, "pdf": null, "ticket": null,
             "ticket_expires_at": null, "verification": null}
            """
        return (try? JSONDecoder().decode(FormBody.self, from: Data(text.utf8)))
            ?? FormBody(id: "frm_1", templateID: "resident-move", output: "preview")
    }
}
