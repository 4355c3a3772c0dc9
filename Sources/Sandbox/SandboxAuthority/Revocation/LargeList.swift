package import CertificateIssuing
import Foundation
import JPKIProfile
import PKIX
import RevocationLists
import SignatureAlgorithms

extension LargeListRequest {
    /// The list as an authority would sign it.
    func list(by authority: IssuingAuthority) -> TBSCertList<MadeUpEntries> {
        var list = TBSCertList(
            signature: authority.key.scheme.identifier, issuer: authority.name, thisUpdate: thisUpdate,
            nextUpdate: thisUpdate.advanced(bySeconds: validity),
            entries: MadeUpEntries(serials, until: thisUpdate), crlNumber: CRLNumber(number),
            authorityKeyIdentifier: AuthorityKeyIdentifier(keyIdentifier: authority.keyIdentifier[...]))
        if scope == .municipality, let municipality = SandboxMunicipality.all.first {
            let name = SandboxNames.distributionPoint(.cardDigitalSignature, municipality)
            list.issuingDistributionPoint = IssuingDistributionPoint(name: .fullName([.directoryName(name)]))
        }
        return list
    }

    /// Writes the list to a file, which appears whole or not at all.
    package func write(to path: String, signedBy authority: IssuingAuthority) throws -> LargeListWriter.Written {
        let writer = try LargeListWriter(authority.key)
        return try replaceFile(path) { file in
            try writer.write(list(by: authority)) { try file.write(contentsOf: $0) }
        }
    }

    /// Writes `count` questions about the list with their answers, a line each.
    package func writeProbes(to path: String, count: Int) throws {
        try replaceFile(path) { file in
            var text: [UInt8] = []
            for probe in MadeUpProbes(serials, count: count) {
                text += Array(probe.line.utf8) + [0x0A]
                guard text.count >= 1 << 20 else { continue }
                try file.write(contentsOf: text)
                text = []
            }
            try file.write(contentsOf: text)
        }
    }
}

/// Makes a file under another name beside `path` and moves it there once it is whole.
private func replaceFile<Result>(_ path: String, _ body: (FileHandle) throws -> Result) throws -> Result {
    let partial = path + ".partial"
    guard FileManager.default.createFile(atPath: partial, contents: nil),
        let file = FileHandle(forWritingAtPath: partial)
    else { throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: path]) }
    do {
        let result = try body(file)
        try file.close()
        guard rename(partial, path) == 0 else {
            throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: path])
        }
        return result
    } catch {
        try? FileManager.default.removeItem(atPath: partial)
        throw error
    }
}
