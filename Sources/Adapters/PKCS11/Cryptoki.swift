internal import CPKCS11

/// The functions of a module, and what is read without a session.
struct Cryptoki {
    private let pointer: UnsafeMutablePointer<CK_FUNCTION_LIST>

    init(_ pointer: UnsafeMutablePointer<CK_FUNCTION_LIST>) { self.pointer = pointer }

    var list: CK_FUNCTION_LIST { pointer.pointee }

    struct Slot {
        let id: CK_SLOT_ID
        let flags: CK_FLAGS

        func has(_ flag: UInt) -> Bool { UInt(flags) & flag != 0 }
    }

    /// The one slot that holds the token.
    func slot(of token: TokenSelection) throws(TokenError) -> Slot {
        var found: [Slot] = []
        for id in try slotsWithTokens() {
            var info = CK_TOKEN_INFO()
            // A token that is pulled out meanwhile is not the one.
            guard list.C_GetTokenInfo.map({ $0(id, &info) }) == CKR_OK, token.fits(info) else { continue }
            found.append(Slot(id: id, flags: info.flags))
        }
        guard let first = found.first else { throw .tokenMissing(token.label) }
        guard found.count == 1 else { throw .severalTokens(token.label) }
        return first
    }

    private func slotsWithTokens() throws(TokenError) -> [CK_SLOT_ID] {
        var slots = [CK_SLOT_ID](repeating: 0, count: 256)
        var count = CK_ULONG(slots.count)
        try check("C_GetSlotList", list.C_GetSlotList.map { $0(CK_BBOOL(CK_TRUE), &slots, &count) })
        return Array(slots.prefix(Int(count)))
    }
}

extension TokenSelection {
    fileprivate func fits(_ info: CK_TOKEN_INFO) -> Bool {
        func isWanted(_ wanted: String?, _ field: some Any) -> Bool {
            guard let wanted else { return true }
            return withUnsafeBytes(of: field) { octets in
                // Filled up with blanks (PKCS #11 2.40 §3.2), by some modules with zeros.
                let end = octets.lastIndex { $0 != 0x20 && $0 != 0 }.map { $0 + 1 } ?? 0
                return octets[..<end].elementsEqual(wanted.utf8)
            }
        }
        return isWanted(label, info.label) && isWanted(serial, info.serialNumber)
            && isWanted(manufacturer, info.manufacturerID) && isWanted(model, info.model)
    }
}

/// - Parameter code: nil when the module does not have the function.
func check(_ function: String, _ code: CK_RV?) throws(TokenError) {
    let code = code.map { UInt($0) } ?? UInt(CKR_FUNCTION_NOT_SUPPORTED)
    guard code == CKR_OK else { throw .failed(function: function, code: code) }
}

/// A template: attributes with their values, as functions take them.
struct Template {
    private var attributes: [(type: UInt, value: [UInt8])] = []

    mutating func set(_ type: UInt, _ value: [UInt8]) { attributes.append((type, value)) }

    mutating func set(_ type: UInt, number value: UInt) {
        attributes.append((type, withUnsafeBytes(of: value) { Array($0) }))
    }

    /// CK_TRUE.
    mutating func require(_ type: UInt) { attributes.append((type, [1])) }

    /// CK_FALSE.
    mutating func forbid(_ type: UInt) { attributes.append((type, [0])) }

    /// The attributes as C has them, which stay valid while `body` runs.
    func withAttributes<Value>(_ body: (UnsafeMutablePointer<CK_ATTRIBUTE>?, CK_ULONG) -> Value) -> Value {
        var octets = attributes.flatMap(\.value)
        return octets.withUnsafeMutableBytes { buffer in
            var offset = 0
            var list = attributes.map { attribute in
                defer { offset += attribute.value.count }
                return CK_ATTRIBUTE(
                    type: CK_ATTRIBUTE_TYPE(attribute.type), pValue: buffer.baseAddress?.advanced(by: offset),
                    ulValueLen: CK_ULONG(attribute.value.count))
            }
            return list.withUnsafeMutableBufferPointer { body($0.baseAddress, CK_ULONG($0.count)) }
        }
    }
}
