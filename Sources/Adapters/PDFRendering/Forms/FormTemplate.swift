package import CounterApplications
internal import Foundation

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
        struct Group: Decodable {
            let id: String
            let labels: [String: String]
            let required: Bool?
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
            /// By language; the name stands in for a field that is nobody's to fill in.
            let labels: [String: String]?
            /// A word of ``FormSource``; `entered` unless given.
            let source: String?
            let required: Bool?
            let group: String?
            /// Characters.
            let longest: Int?
        }
        let formatVersion: Int
        let id, title: String
        let names: [String: String]?
        let page: Page
        let boxes: [Box]
        let captions: [Caption]
        let groups: [Group]?
        let fields: [Field]
    }

    let file: File
    /// The municipality's own PDF; nil for a form that the file draws whole.
    let base: [UInt8]?
    /// The form as those see it who fill it in.
    package let outline: FormOutline

    package var id: String { file.id }
    package var title: String { file.title }
    /// The names of the fields, in the order of the file.
    package var fields: [String] { file.fields.map(\.name) }

    /// - Parameter base: trusted as the configuration is.
    package init(json: [UInt8], base: [UInt8]? = nil) throws(Fault) {
        guard json.count <= FormTemplate.largestMap else { throw .tooLarge }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let file = try? decoder.decode(File.self, from: Data(json)) else { throw .malformed }
        guard file.formatVersion == 1 else { throw .unsupportedFormat(version: file.formatVersion) }
        try FormTemplate.check(file)
        (self.file, self.base) = (file, base)
        outline = try FormTemplate.outline(file)
    }

    /// A template that comes with the program; nil for none of this name.
    package static func standard(_ id: String) -> FormTemplate? {
        guard isPlain(id, upTo: 64),
            let url = Bundle.module.url(forResource: id, withExtension: "json", subdirectory: "Resources/forms"),
            let data = try? Data(contentsOf: url)
        else { return nil }
        return try? FormTemplate(json: [UInt8](data))
    }
}
