import Foundation

/// Octets that must not be found in clear.
struct Needle: Sendable, Hashable {
    /// What may not stand beside it, so that a short number is not found inside a longer one.
    enum Border: Sendable, Hashable {
        case any
        case noDigit
        case noHexDigit
    }

    /// What it is, never the value itself.
    let what: String
    let octets: [UInt8]
    let border: Border

    init(_ what: String, _ octets: [UInt8], border: Border = .any) {
        (self.what, self.octets, self.border) = (what, octets, border)
    }

    init(_ what: String, _ text: String, border: Border = .any) { self.init(what, Array(text.utf8), border: border) }
}

/// Looks for thousands of needles in one pass over a file.
struct NeedleSearch: Sendable {
    static let shortest = 4

    private var byPrefix: [UInt32: [Needle]] = [:]
    /// Which prefixes there may be, by their low sixteen bits mixed: most positions end here.
    private var filter = [Bool](repeating: false, count: 65_536)
    private(set) var count = 0

    /// - Returns: nil for needles of fewer than ``shortest`` octets, which would be found anywhere.
    init(_ needles: [Needle]) {
        for needle in Set(needles) where needle.octets.count >= NeedleSearch.shortest {
            let prefix = needle.octets.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            byPrefix[prefix, default: []].append(needle)
            filter[NeedleSearch.mixed(prefix)] = true
            count += 1
        }
    }

    private static func mixed(_ prefix: UInt32) -> Int { Int((prefix &* 0x9E37_79B1) >> 16) }

    /// The needles in `haystack`, each with where it was found first.
    func found(in haystack: [UInt8]) -> [(needle: Needle, offset: Int)] {
        guard haystack.count >= 4 else { return [] }
        var found: [Needle: Int] = [:]
        haystack.withUnsafeBufferPointer { octets in
            filter.withUnsafeBufferPointer { filter in
                var prefix = UInt32(octets[0]) << 16 | UInt32(octets[1]) << 8 | UInt32(octets[2])
                for start in 0..<(octets.count - 3) {
                    prefix = prefix << 8 | UInt32(octets[start + 3])
                    guard filter[NeedleSearch.mixed(prefix)], let needles = byPrefix[prefix] else { continue }
                    for needle in needles where stands(needle, at: start, in: octets) && found[needle] == nil {
                        found[needle] = start
                    }
                }
            }
        }
        return found.map { ($0.key, $0.value) }
    }

    private func stands(_ needle: Needle, at start: Int, in octets: UnsafeBufferPointer<UInt8>) -> Bool {
        let end = start + needle.octets.count
        guard end <= octets.count, octets[start..<end].elementsEqual(needle.octets) else { return false }
        func isFree(_ index: Int) -> Bool {
            guard octets.indices.contains(index) else { return true }
            let octet = octets[index]
            let isDigit = (0x30...0x39).contains(octet)
            return switch needle.border {
            case .any: true
            case .noDigit: !isDigit && octet != UInt8(ascii: ".")
            case .noHexDigit: !isDigit && !(0x41...0x46).contains(octet) && !(0x61...0x66).contains(octet)
            }
        }
        return isFree(start - 1) && isFree(end)
    }

    /// Every file below `folder`, of any name: what was found, by path below the folder.
    func found(below folder: String) throws -> (hits: [String], files: Int, octets: Int) {
        var (hits, files, size) = ([String](), 0, 0)
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        for name in names.sorted() {
            var isFolder: ObjCBool = false
            let path = folder + "/" + name
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else {
                continue
            }
            let octets = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
            (files, size) = (files + 1, size + octets.count)
            hits += found(in: octets).map { "\($0.needle.what) in \(name) at \($0.offset)" }
            hits += found(in: Array(name.utf8)).map { "\($0.needle.what) in the name of a file" }
        }
        return (hits, files, size)
    }
}
