package import CounterApplications
internal import Foundation
internal import PaperLayout

/// A form of 書かない窓口 as data: its lines and captions, and where what is filled in goes. Lengths are millimetres
/// from the sheet's top left corner. A municipality's own PDF may lie beneath, instead of lines and captions.
package struct FormTemplate: Sendable {
    struct File: Decodable {
        struct Page: Decodable { let width, height: Double }
        struct Box: Decodable {
            let sheet: Int?
            let x, y, width, height: Double
            /// In points; 0.5 unless given.
            let thickness: Double?
        }
        struct Caption: Decodable {
            let sheet: Int?
            let text: String
            let x, y, width, height, size: Double
            let bold: Bool?
            let alignment: String?
        }
        struct Field: Decodable {
            enum Kind: String, Decodable { case text, date, check }
            let name: String
            let kind: Kind
            let sheet: Int?
            let x, y, width, height: Double
            /// In points, also the smallest; 14 and 8 unless given.
            let size, smallest: Double?
            /// Drawn in the register's font.
            let register: Bool?
            let alignment: String?
        }
        let formatVersion: Int
        let id, title: String
        let page: Page
        let boxes: [Box]
        let captions: [Caption]
        let fields: [Field]
    }

    let file: File
    /// The municipality's own PDF; nil for a form that the file draws whole.
    let base: [UInt8]?

    package var id: String { file.id }
    package var title: String { file.title }
    /// The names of the fields, in the order of the file.
    package var fields: [String] { file.fields.map(\.name) }

    /// Why a file is no template.
    package enum Fault: Error, Hashable, Sendable {
        case malformed
        case unsupportedFormat(version: Int)
        /// A name that stands twice, or a field that is not wholly on the sheet.
        case field(String)
    }

    /// - Parameter base: trusted as the configuration is.
    package init(json: [UInt8], base: [UInt8]? = nil) throws(Fault) {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let file = try? decoder.decode(File.self, from: Data(json)) else { throw .malformed }
        guard file.formatVersion == 1 else { throw .unsupportedFormat(version: file.formatVersion) }
        var seen: Set<String> = []
        for field in file.fields {
            let fits =
                field.x >= 0 && field.y >= 0 && field.width > 1 && field.height > 1
                && field.x + field.width <= file.page.width && field.y + field.height <= file.page.height
                && (1...20).contains(field.sheet ?? 1)
            guard fits, seen.insert(field.name).inserted else { throw .field(field.name) }
        }
        (self.file, self.base) = (file, base)
    }

    /// A template that comes with the program; nil for none of this name.
    package static func standard(_ id: String) -> FormTemplate? {
        guard
            let url = Bundle.module.url(forResource: id, withExtension: "json", subdirectory: "Resources/forms"),
            let data = try? Data(contentsOf: url)
        else { return nil }
        return try? FormTemplate(json: [UInt8](data))
    }
}

/// What goes into a field.
package enum FormValue: Hashable, Sendable {
    case text(String)
    /// Written in 和暦.
    case date(BirthDate)
    case checked
}
