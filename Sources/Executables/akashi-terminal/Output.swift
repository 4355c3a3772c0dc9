import ArgumentParser
import Foundation
import MessageCatalogue
import TerminalSession

/// Diagnostics on stderr, one line, with the program's name.
func complain(_ message: String) {
    FileHandle.standardError.write(Data("akashi: \(message)\n".utf8))
}

/// One line on stdout, at once.
func show(_ line: String) {
    FileHandle.standardOutput.write(Data("\(line)\n".utf8))
}

/// A JSON object with sorted keys, on one line.
func show(json object: [String: Any]) {
    let options: JSONSerialization.WritingOptions = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? JSONSerialization.data(withJSONObject: object, options: options) else { return }
    show(String(decoding: data, as: UTF8.self))
}

/// Whose sentences are shown.
enum Language: String, CaseIterable, ExpressibleByArgument {
    case staff
    case resident
    case easy
    case english
    case chinese
    case korean
    case portuguese
    case vietnamese

    var audience: Audience {
        switch self {
        case .staff: .staffJapanese
        case .resident: .residentJapanese
        case .easy: .residentEasyJapanese
        case .english: .residentEnglish
        case .chinese: .residentChinese
        case .korean: .residentKorean
        case .portuguese: .residentPortuguese
        case .vietnamese: .residentVietnamese
        }
    }
}

/// Sentences of the catalogue for what a terminal has to say.
struct Sentences {
    let store: MessageStore

    init() throws { store = try MessageStore.standard() }

    func sentence(_ code: TerminalCode, for language: Language, _ values: [String: String] = [:]) -> String {
        store.sentence(MessageKey(.terminal, code.rawValue), for: language.audience, values: values) ?? code.rawValue
    }

    /// Keyed `staff_ja` and so on.
    func messages(_ code: TerminalCode, _ values: [String: String] = [:]) -> [String: String] {
        store.messages([MessageKey(.terminal, code.rawValue)], values: values)
    }
}
