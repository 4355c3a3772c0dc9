internal import CounterApplications

/// What a file of a template must be. A municipality writes these files: what is wrong with one is said by name.
extension FormTemplate {
    /// Why a file is no template.
    package enum Fault: Error, Hashable, Sendable, CustomStringConvertible {
        case malformed
        case unsupportedFormat(version: Int)
        /// More than ``FormTemplate/largestMap`` octets, or too many parts.
        case tooLarge
        /// An id that is not of a–z, 0–9, `-` and `_`.
        case identifier
        /// A sheet of no size that is printed.
        case page
        /// A box or a caption that is not wholly on the sheet, of impossible thickness or size, or too long; its place
        /// in the file, from 0.
        case ground(index: Int)
        /// A group that stands twice, has no mark or no label in Japanese.
        case group(String)
        /// A name that stands twice or is none, a field that is not wholly on the sheet, sizes that contradict one
        /// another, no label in Japanese, or a kind that the source or the group does not go with.
        case field(String)

        package var description: String {
            switch self {
            case .malformed: "is not JSON of a form"
            case .unsupportedFormat(let version): "has format_version \(version); this program reads 1"
            case .tooLarge: "is larger than a form can be"
            case .identifier: "id: must be of a-z, 0-9, - and _"
            case .page: "page: width and height must be 10 to 1200 mm"
            case .ground(let index): "box or caption \(index): must be wholly on the sheet"
            case .group(let id): "group \(id.prefix(40)): must stand once, with a label in ja and a mark"
            case .field(let name):
                "field \(name.prefix(40)): must stand once, wholly on the sheet, with fitting size, kind, source and label"
            }
        }
    }

    static let largestMap = 1_048_576
    private static let mostParts = 2_000
    private static let mostFields = 200
    /// Octets.
    private static let longestCaption = 2_000

    static func isPlain(_ id: String, upTo limit: Int) -> Bool {
        (1...limit).contains(id.utf8.count)
            && id.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x5F
            }
    }

    static func check(_ file: File) throws(Fault) {
        guard isPlain(file.id, upTo: 64) else { throw .identifier }
        let sides = 10.0...1_200.0
        guard sides.contains(file.page.width), sides.contains(file.page.height) else { throw .page }
        guard file.boxes.count + file.captions.count <= mostParts, file.fields.count <= mostFields else {
            throw .tooLarge
        }
        let boxes = file.boxes.map { Area(x: $0.x, y: $0.y, width: $0.width, height: $0.height, sheet: $0.sheet) }
        let captions = file.captions.map {
            Area(x: $0.x, y: $0.y, width: $0.width, height: $0.height, sheet: $0.sheet)
        }
        for (index, area) in (boxes + captions).enumerated() where !area.isOn(file.page) { throw .ground(index: index) }
        for (index, box) in file.boxes.enumerated() where !(0...20).contains(box.thickness ?? 0.5) {
            throw .ground(index: index)
        }
        for (index, caption) in file.captions.enumerated()
        where !(4...200).contains(caption.size) || caption.text.utf8.count > longestCaption {
            throw .ground(index: boxes.count + index)
        }
        var seen: Set<String> = []
        for field in file.fields {
            let area = Area(
                x: field.x, y: field.y, width: field.width, height: field.height, sheet: field.sheet)
            let (size, smallest) = (field.size ?? 14, field.smallest ?? 8)
            let fits =
                area.isOn(file.page) && field.width > 2 && field.height > 1 && (4...200).contains(size)
                && (4...200).contains(smallest) && isPlain(field.name, upTo: 64)
                && (1...FormField.longestText).contains(field.longest ?? FormField.longestText)
            guard fits, seen.insert(field.name).inserted else { throw .field(field.name) }
        }
    }

    private struct Area {
        let x, y, width, height: Double
        let sheet: Int?

        func isOn(_ page: File.Page) -> Bool {
            x >= 0 && y >= 0 && width >= 0 && height >= 0 && x + width <= page.width && y + height <= page.height
                && (1...20).contains(sheet ?? 1)
        }
    }

    static func outline(_ file: File) throws(Fault) -> FormOutline {
        var groups: [FormGroup] = []
        for group in file.groups ?? [] {
            let marks = file.fields.filter { $0.group == group.id }
            guard isPlain(group.id, upTo: 64), isTold(group.labels), !marks.isEmpty,
                !groups.contains(where: { $0.id == group.id }), !file.fields.contains(where: { $0.name == group.id })
            else { throw .group(group.id) }
            groups.append(
                FormGroup(id: group.id, labels: group.labels, need: group.required == true ? .required : .optional))
        }
        let known = Set(groups.map(\.id))
        var fields: [FormField] = []
        for field in file.fields {
            guard let source = FormSource(word: field.source ?? "entered"),
                let kind = FormField.Kind(rawValue: field.kind.rawValue), source.kind == nil || source.kind == kind,
                field.labels.map(isTold) ?? true
            else { throw .field(field.name) }
            if let group = field.group {
                guard kind == .check, source == .entered, known.contains(group) else { throw .field(field.name) }
            }
            fields.append(
                FormField(
                    name: field.name, kind: kind, labels: field.labels ?? ["ja": field.name], source: source,
                    need: field.required == true ? .required : .optional, group: field.group,
                    longest: field.longest ?? FormField.longestText))
        }
        let names = file.names ?? ["ja": file.title]
        guard isTold(names) else { throw .malformed }
        return FormOutline(id: file.id, names: names, groups: groups, fields: fields)
    }

    /// Labels in Japanese at least, in languages and lengths that a page can show.
    private static func isTold(_ labels: [String: String]) -> Bool {
        labels["ja"]?.isEmpty == false && labels.count <= 20
            && labels.allSatisfy { isPlain($0.key.lowercased(), upTo: 16) && $0.value.count <= 200 }
    }
}
