import Crypto
import Foundation
import PKIX
import TerminalFiles

/// A device's private key lies where it must not.
struct KeyFound: Error, CustomStringConvertible {
    let description: String
}

/// Looks for the private key of the device's certificate in every file of its folder: as octets, in hexadecimal and in
/// base64, at every place.
func searchForKey(_ device: DeviceFolder) throws {
    let publicKey = try P256.Signing.PublicKey(derRepresentation: device.identityPublicKey())
    var windows = 0
    for name in FileManager.default.enumerator(atPath: device.path)?.compactMap({ $0 as? String }) ?? [] {
        guard let data = FileManager.default.contents(atPath: device.path + "/" + name) else { continue }
        if data.range(of: Data("PRIVATE KEY".utf8)) != nil {
            throw KeyFound(description: "\(name) holds a private key")
        }
        for form in [Array(data)] + decodings(String(decoding: data, as: UTF8.self)) where form.count >= 32 {
            for start in 0...(form.count - 32) {
                windows += 1
                let octets = form[start..<(start + 32)]
                guard let key = try? P256.Signing.PrivateKey(rawRepresentation: octets) else { continue }
                if key.publicKey.x963Representation == publicKey.x963Representation {
                    throw KeyFound(description: "\(name) holds the device's key")
                }
            }
        }
    }
    guard windows > 500 else { throw KeyFound(description: "there was nothing to search in") }
}

/// What stands in a text in base64 or hexadecimal digits.
private func decodings(_ text: String) -> [[UInt8]] {
    let blocks = PEM.blocks(in: text).map { Array($0.bytes) }
    let words = text.split { !$0.isASCII || !($0.isLetter || $0.isNumber || "+/=".contains($0)) }.map(String.init)
        .filter { $0.count >= 40 }
    return blocks + words.compactMap { decodeBase64($0) }
        + words.compactMap { word in
            guard word.count % 2 == 0, word.allSatisfy(\.isHexDigit) else { return nil }
            return stride(from: 0, to: word.count, by: 2).compactMap { offset in
                let start = word.index(word.startIndex, offsetBy: offset)
                return UInt8(word[start..<word.index(start, offsetBy: 2)], radix: 16)
            }
        }
}
