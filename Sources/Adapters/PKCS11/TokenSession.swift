internal import CPKCS11
internal import ProtectedMemory

/// A session with a token, used on the module's thread alone.
final class TokenSession {
    private let functions: Cryptoki
    private var handle = CK_SESSION_HANDLE()
    /// Handles of private keys by their id; they hold as long as the session.
    private var keys: [[UInt8]: CK_OBJECT_HANDLE] = [:]

    init(_ functions: Cryptoki, slot: Cryptoki.Slot) throws(TokenError) {
        self.functions = functions
        let flags = CK_FLAGS(CKF_SERIAL_SESSION | CKF_RW_SESSION)
        var handle = CK_SESSION_HANDLE()
        try check("C_OpenSession", functions.list.C_OpenSession.map { $0(slot.id, flags, nil, nil, &handle) })
        self.handle = handle
    }

    func close() { _ = functions.list.C_CloseSession.map { $0(handle) } }

    /// Logs the user in, once: a token locks when a wrong PIN is tried again and again.
    func logIn(_ slot: Cryptoki.Slot, _ source: PINSource, _ mark: PINRefusalMark) throws(TokenError) {
        guard slot.has(CKF_LOGIN_REQUIRED) else { return }
        guard slot.has(CKF_USER_PIN_INITIALIZED) else { throw .noPIN }
        guard !slot.has(CKF_USER_PIN_LOCKED) else { throw .pinLocked }
        guard !slot.has(CKF_USER_PIN_FINAL_TRY) else { throw .pinNearlyLocked }
        let pin = try source.read()
        let code = pin.withOctets { octets in
            let start = UnsafeMutablePointer(mutating: octets.assumingMemoryBound(to: UInt8.self).baseAddress)
            return functions.list.C_Login.map { $0(handle, CK_USER_TYPE(CKU_USER), start, CK_ULONG(octets.count)) }
        }
        pin.erase()
        switch code.map({ UInt($0) }) {
        case CKR_USER_ALREADY_LOGGED_IN: return
        case CKR_PIN_INCORRECT, CKR_PIN_INVALID, CKR_PIN_LEN_RANGE:
            mark.set()
            throw .pinRefused(mark: mark.path)
        case CKR_PIN_LOCKED: throw .pinLocked
        case CKR_USER_PIN_NOT_INITIALIZED: throw .noPIN
        default: try check("C_Login", code)
        }
    }

    // MARK: Keys

    /// CKA_EC_POINT of the public key of this label and id, and its id; nil when there is none.
    func publicPoint(_ uri: TokenURI) throws(TokenError) -> [UInt8]? {
        guard let key = try object(CKO_PUBLIC_KEY, uri) else { return nil }
        return try value(CKA_EC_POINT, of: key)
    }

    /// Makes a P-256 pair that never leaves the token (FIPS 186-5; PKCS #11 2.40 §2.3.5).
    func generatePair(_ uri: TokenURI) throws(TokenError) {
        var (open, secret) = (Template(), Template())
        open.require(CKA_TOKEN)
        open.forbid(CKA_PRIVATE)
        open.require(CKA_VERIFY)
        // prime256v1 as a named curve.
        open.set(CKA_EC_PARAMS, [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07])
        open.set(CKA_LABEL, Array(uri.object.utf8))
        open.set(CKA_ID, uri.id ?? [])
        secret.require(CKA_TOKEN)
        secret.require(CKA_PRIVATE)
        secret.require(CKA_SENSITIVE)
        secret.forbid(CKA_EXTRACTABLE)
        secret.require(CKA_SIGN)
        secret.set(CKA_LABEL, Array(uri.object.utf8))
        secret.set(CKA_ID, uri.id ?? [])
        var mechanism = CK_MECHANISM(
            mechanism: CK_MECHANISM_TYPE(CKM_ECDSA_KEY_PAIR_GEN), pParameter: nil, ulParameterLen: 0)
        var (openHandle, secretHandle) = (CK_OBJECT_HANDLE(), CK_OBJECT_HANDLE())
        let code = open.withAttributes { openStart, openCount in
            secret.withAttributes { secretStart, secretCount in
                functions.list.C_GenerateKeyPair.map {
                    $0(
                        handle, &mechanism, openStart, openCount, secretStart, secretCount, &openHandle, &secretHandle)
                }
            }
        }
        try check("C_GenerateKeyPair", code)
        // Some tokens leave out what they cannot do instead of refusing it.
        guard try value(CKA_SENSITIVE, of: secretHandle) == [1], try value(CKA_EXTRACTABLE, of: secretHandle) == [0]
        else {
            for object in [secretHandle, openHandle] { _ = functions.list.C_DestroyObject.map { $0(handle, object) } }
            throw .keyUnsuitable("the token would let it out")
        }
    }

    /// ECDSA over a digest: r and s, 32 octets each.
    func sign(_ digest: [UInt8], _ uri: TokenURI) throws(TokenError) -> [UInt8] {
        let key = try privateKey(uri)
        var mechanism = CK_MECHANISM(mechanism: CK_MECHANISM_TYPE(CKM_ECDSA), pParameter: nil, ulParameterLen: 0)
        try check("C_SignInit", functions.list.C_SignInit.map { $0(handle, &mechanism, key) })
        var digest = digest
        var signature = [UInt8](repeating: 0, count: 256)
        var count = CK_ULONG(signature.count)
        let code = functions.list.C_Sign.map { $0(handle, &digest, CK_ULONG(digest.count), &signature, &count) }
        try check("C_Sign", code)
        return Array(signature.prefix(Int(count)))
    }

    /// Removes both halves. What is not there is not missed.
    func destroyPair(_ uri: TokenURI) throws(TokenError) {
        if let id = uri.id { keys[id] = nil }
        for type in [CKO_PRIVATE_KEY, CKO_PUBLIC_KEY] {
            guard let object = try object(type, uri) else { continue }
            try check("C_DestroyObject", functions.list.C_DestroyObject.map { $0(handle, object) })
        }
    }

    private func privateKey(_ uri: TokenURI) throws(TokenError) -> CK_OBJECT_HANDLE {
        if let id = uri.id, let known = keys[id] { return known }
        guard let key = try object(CKO_PRIVATE_KEY, uri) else { throw .keyMissing(uri.keyName) }
        if let id = uri.id { keys[id] = key }
        return key
    }

    // MARK: Objects

    /// The one object of this class with the URI's label and id.
    private func object(_ type: UInt, _ uri: TokenURI) throws(TokenError) -> CK_OBJECT_HANDLE? {
        var wanted = Template()
        wanted.set(CKA_CLASS, number: type)
        wanted.set(CKA_LABEL, Array(uri.object.utf8))
        if let id = uri.id { wanted.set(CKA_ID, id) }
        let start = wanted.withAttributes { start, count in
            functions.list.C_FindObjectsInit.map { $0(handle, start, count) }
        }
        try check("C_FindObjectsInit", start)
        var found = [CK_OBJECT_HANDLE](repeating: 0, count: 2)
        var count = CK_ULONG()
        let code = functions.list.C_FindObjects.map { $0(handle, &found, 2, &count) }
        _ = functions.list.C_FindObjectsFinal.map { $0(handle) }
        try check("C_FindObjects", code)
        guard count < 2 else { throw .severalKeys(uri.keyName) }
        return count == 1 ? found.first : nil
    }

    private func value(_ type: UInt, of object: CK_OBJECT_HANDLE) throws(TokenError) -> [UInt8] {
        var octets = [UInt8](repeating: 0, count: 512)
        var count = 0
        let code: CK_RV? = octets.withUnsafeMutableBytes { buffer in
            var attribute = CK_ATTRIBUTE(
                type: CK_ATTRIBUTE_TYPE(type), pValue: buffer.baseAddress, ulValueLen: CK_ULONG(buffer.count))
            let code = functions.list.C_GetAttributeValue.map { $0(handle, object, &attribute, 1) }
            // A length that is not available is the largest number there is.
            count = Int(exactly: attribute.ulValueLen) ?? 0
            return code
        }
        try check("C_GetAttributeValue", code)
        return Array(octets.prefix(count))
    }
}
