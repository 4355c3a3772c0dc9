internal import Crypto
internal import Foundation
internal import GRDB

/// A row's own SHA-256, written with it and checked whenever it is read: a bit that turns on the disk is found
/// before the value is used. The SQLite of the distribution has no page checksums.
struct RowChecksum {
    private var hasher = SHA256()

    init(_ table: String) { update(1, Array(table.utf8)) }

    mutating func add(_ text: String?) { text.map { update(1, Array($0.utf8)) } ?? update(0, []) }
    mutating func add(_ octets: [UInt8]?) { octets.map { update(2, $0) } ?? update(0, []) }
    mutating func add(_ number: Int64) { update(3, withUnsafeBytes(of: number.bigEndian) { Array($0) }) }

    var digest: [UInt8] { Array(hasher.finalize()) }

    /// Tag, length, octets: no two rows feed the same octets.
    private mutating func update(_ tag: UInt8, _ octets: [UInt8]) {
        hasher.update(data: [tag] + withUnsafeBytes(of: UInt64(octets.count).bigEndian) { Array($0) })
        hasher.update(data: octets)
    }
}

/// A row whose checksum does not fit, or that holds what no program of ours wrote.
struct DamagedRow: Error { let table: String }

/// Reading columns without GRDB's subscript, which ends the process when a damaged page holds another type.
extension Row {
    func text(_ column: String) throws -> String {
        guard let value = optionalText(column) else { throw DamagedRow(table: "column \(column)") }
        return value
    }

    func optionalText(_ column: String) -> String? { value(column).flatMap { String.fromDatabaseValue($0) } }

    func integer(_ column: String) throws -> Int64 {
        guard let value = value(column).flatMap({ Int64.fromDatabaseValue($0) }) else {
            throw DamagedRow(table: "column \(column)")
        }
        return value
    }

    func octets(_ column: String) -> [UInt8]? {
        value(column).flatMap { Data.fromDatabaseValue($0) }.map { Array($0) }
    }

    private func value(_ column: String) -> DatabaseValue? {
        let value: DatabaseValue? = self[column]
        return value
    }
}
