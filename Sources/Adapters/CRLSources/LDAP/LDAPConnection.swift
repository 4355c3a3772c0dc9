internal import CLDAP
internal import Foundation
internal import RevocationUpdating

/// One connection to a directory, used by one thread. Closed with the last reference.
///
/// LDAP version 3, no referrals, and the server's certificate is always checked where there is TLS.
final class LDAPConnection {
    let handle: OpaquePointer
    private(set) var descriptor: Int32 = -1

    /// Connects, protects the connection and binds.
    ///
    /// - Parameter patience: for the connection and for TLS, within the watch's time.
    init(to server: DirectoryServer, patience: Duration, _ watch: SocketWatch) throws(CRLFetchFailure) {
        guard let left = watch.remaining else { throw .timedOut }
        let host = server.host.contains(":") ? "[\(server.host)]" : server.host
        var isTLS = false
        if case .tls = server.protection { isTLS = true }
        var pointer: OpaquePointer?
        guard ldap_initialize(&pointer, "\(isTLS ? "ldaps" : "ldap")://\(host):\(server.port)") == LDAP_SUCCESS,
            let pointer
        else { throw .badLocation }
        handle = pointer
        try configure(server, within: min(patience, left))
        let connected = ldap_connect(handle)
        guard connected == LDAP_SUCCESS else {
            if watch.remaining == nil || connected == LDAP_TIMEOUT { throw .timedOut }
            throw isTLS ? tlsOrConnectionFailure() : .connectionFailed
        }
        guard ldap_get_option(handle, LDAP_OPT_DESC, &descriptor) == LDAP_OPT_SUCCESS, descriptor >= 0 else {
            throw .connectionFailed
        }
        try watch.during(descriptor) { () throws(CRLFetchFailure) in
            do throws(CRLFetchFailure) {
                if case .startTLS = server.protection { try startTLS() }
                try bind(server.credentials, watch)
            } catch {
                throw watch.reason ?? error
            }
        }
    }

    deinit { ldap_unbind_ext_s(handle, nil, nil) }

    private func configure(_ server: DirectoryServer, within time: Duration) throws(CRLFetchFailure) {
        var version = Int32(LDAP_VERSION3)
        var time = timeval(time)
        var isSet =
            ldap_set_option(handle, LDAP_OPT_PROTOCOL_VERSION, &version) == LDAP_OPT_SUCCESS
            && ldap_set_option(handle, LDAP_OPT_NETWORK_TIMEOUT, &time) == LDAP_OPT_SUCCESS
            && ldap_set_option(handle, LDAP_OPT_TIMEOUT, &time) == LDAP_OPT_SUCCESS
            // LDAP_OPT_OFF is a null pointer.
            && ldap_set_option(handle, LDAP_OPT_REFERRALS, nil) == LDAP_OPT_SUCCESS
        switch server.protection {
        case .none: break
        case .startTLS(let authorities), .tls(let authorities):
            var demand = Int32(LDAP_OPT_X_TLS_DEMAND)
            var client: Int32 = 0
            isSet = isSet && ldap_set_option(handle, LDAP_OPT_X_TLS_REQUIRE_CERT, &demand) == LDAP_OPT_SUCCESS
            if let authorities {
                isSet = isSet && ldap_set_option(handle, LDAP_OPT_X_TLS_CACERTFILE, authorities) == LDAP_OPT_SUCCESS
            }
            // Also reads the authorities: a file that is none ends here.
            guard isSet, ldap_set_option(handle, LDAP_OPT_X_TLS_NEWCTX, &client) == LDAP_OPT_SUCCESS else {
                throw .tlsFailed
            }
        }
        guard isSet else { throw .directoryError }
    }

    private func startTLS() throws(CRLFetchFailure) {
        switch ldap_start_tls_s(handle, nil, nil) {
        case LDAP_SUCCESS: return
        case LDAP_TIMEOUT: throw .timedOut
        default: throw .tlsFailed
        }
    }

    /// A simple bind; without a name an anonymous one (RFC 4513 §5.1).
    private func bind(_ credentials: DirectoryServer.Credentials?, _ watch: SocketWatch) throws(CRLFetchFailure) {
        var password: [UInt8] = []
        if let credentials {
            guard let data = FileManager.default.contents(atPath: credentials.passwordFile), data.count <= 1_024 else {
                throw .accessRefused
            }
            password = Array(data.prefix { $0 != 0x0A && $0 != 0x0D })
            // A name without a password would be bound as nobody (RFC 4513 §5.1.2).
            guard !password.isEmpty else { throw .accessRefused }
        }
        var message: Int32 = 0
        let sent = password.withUnsafeMutableBufferPointer { octets in
            octets.withMemoryRebound(to: CChar.self) { text in
                var value = berval(bv_len: ber_len_t(text.count), bv_val: text.baseAddress)
                return ldap_sasl_bind(handle, credentials?.name ?? "", nil, &value, nil, nil, &message)
            }
        }
        guard sent == LDAP_SUCCESS else { throw CRLFetchFailure(ldap: sent) }
        _ = try result(of: message, watch)
    }

    /// Waits for the whole answer to a request.
    func result(of message: Int32, _ watch: SocketWatch) throws(CRLFetchFailure) -> LDAPAnswer {
        guard let left = watch.remaining else { throw .timedOut }
        var time = timeval(left)
        var pointer: OpaquePointer?
        errno = 0
        let kind = ldap_result(handle, message, Int32(LDAP_MSG_ALL), &time, &pointer)
        let number = errno
        if kind > 0, let pointer {
            let answer = LDAPAnswer(of: self, pointer)
            let code = answer.code
            guard code == LDAP_SUCCESS else { throw CRLFetchFailure(ldap: code) }
            return answer
        }
        if let reason = watch.reason { throw reason }
        guard kind != 0 else { throw .timedOut }
        // What liblber says of a message beyond LBER_SB_OPT_SET_MAX_INCOMING.
        guard number != ERANGE else { throw .tooLarge }
        var code: Int32 = LDAP_OTHER
        _ = ldap_get_option(handle, LDAP_OPT_RESULT_CODE, &code)
        throw CRLFetchFailure(ldap: code)
    }

    /// After a failed `ldaps` connection: whether TCP stood.
    private func tlsOrConnectionFailure() -> CRLFetchFailure {
        var text: UnsafeMutablePointer<CChar>?
        guard ldap_get_option(handle, LDAP_OPT_DIAGNOSTIC_MESSAGE, &text) == LDAP_OPT_SUCCESS, let text else {
            return .connectionFailed
        }
        defer { ldap_memfree(text) }
        return text.pointee == 0 ? .connectionFailed : .tlsFailed
    }
}

/// The messages that answer one request. Freed with the last reference.
final class LDAPAnswer {
    let connection: LDAPConnection
    let message: OpaquePointer

    init(of connection: LDAPConnection, _ message: OpaquePointer) {
        (self.connection, self.message) = (connection, message)
    }

    deinit { ldap_msgfree(message) }

    /// The result code of RFC 4511 §4.1.9.
    var code: Int32 {
        var code: Int32 = LDAP_OTHER
        let parsed = ldap_parse_result(connection.handle, message, &code, nil, nil, nil, nil, 0)
        return parsed == LDAP_SUCCESS ? code : parsed
    }
}

extension CRLFetchFailure {
    /// What a result code of a directory, or of its library, means for a list.
    init(ldap code: Int32) {
        self =
            switch code {
            case LDAP_NO_SUCH_OBJECT: .noSuchEntry
            case LDAP_INVALID_DN_SYNTAX: .badLocation
            case LDAP_REFERRAL: .redirected
            case LDAP_TIMEOUT, LDAP_TIMELIMIT_EXCEEDED: .timedOut
            case LDAP_SERVER_DOWN, LDAP_CONNECT_ERROR: .connectionFailed
            case LDAP_INSUFFICIENT_ACCESS, LDAP_INVALID_CREDENTIALS, LDAP_INAPPROPRIATE_AUTH,
                LDAP_CONFIDENTIALITY_REQUIRED, LDAP_STRONG_AUTH_REQUIRED:
                .accessRefused
            default: .directoryError
            }
    }
}

extension timeval {
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self.init(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
    }
}
