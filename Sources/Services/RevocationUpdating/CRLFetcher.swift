package import PKIX

/// Why a source gave no list to look at. Each stands in the audit event, the metric,
/// the log line and the operator's answer under its raw value.
package enum CRLFetchFailure: String, Error, Hashable, Sendable, CaseIterable {
    /// No connection, or one that ended before the list did.
    case connectionFailed = "connection_failed"
    /// The whole took longer than the deadline, or the sender paused longer than the idle limit.
    case timedOut = "timed_out"
    /// The sender goes on, but slower than is waited for.
    case tooSlow = "too_slow"
    /// A status other than 200 and 304; also a 206 that answers no range, or another one than was asked for.
    case httpStatus = "http_status"
    /// The server sends elsewhere; only configured hosts are asked.
    case redirected
    /// A content encoding that was not asked for.
    case encoded
    case tooLarge = "too_large"
    /// The URL has no scheme that is asked, no host, or user information; the directory's name cannot be written.
    case badLocation = "bad_location"
    /// The file or folder cannot be read, or holds no list.
    case unreadable
    /// The directory has no entry of the name.
    case noSuchEntry = "no_such_entry"
    /// The directory's entry has no revocation list.
    case noListInEntry = "no_list_in_entry"
    /// The directory wants other credentials, or more protection.
    case accessRefused = "access_refused"
    /// TLS could not be begun, or the server's certificate does not stand.
    case tlsFailed = "tls_failed"
    /// Any other answer of a directory that is none: busy, unwilling, no LDAP.
    case directoryError = "directory_error"
    /// No room where lists are kept while they come.
    case spoolFull = "spool_full"
    /// The folder where lists are kept while they come cannot be written.
    case spoolFailed = "spool_failed"
    case cancelled
}

/// What a server said about a list's version, given back when asking again (RFC 9110 §13.1).
package struct CacheValidators: Hashable, Sendable {
    package let entityTag: String?
    package let lastModified: String?

    /// Nil when there is nothing to compare with.
    package init?(entityTag: String?, lastModified: String?) {
        guard entityTag != nil || lastModified != nil else { return nil }
        (self.entityTag, self.lastModified) = (entityTag, lastModified)
    }
}

/// Octets that claim to be a list. Nothing is known about them yet.
package struct FetchedList: Hashable, Sendable {
    /// DER, or PEM with the label `X509 CRL`.
    package let octets: StoredOctets
    /// The file in which `octets` lie, when they were written to one that may be taken over.
    package let spool: SpooledFile?
    package let validators: CacheValidators?

    package init(octets: StoredOctets, spool: SpooledFile? = nil, validators: CacheValidators? = nil) {
        (self.octets, self.spool, self.validators) = (octets, spool, validators)
    }

    package init(octets: [UInt8], validators: CacheValidators? = nil) {
        self.init(octets: StoredOctets(octets), validators: validators)
    }
}

/// What came of asking a source.
package enum CRLFetch: Hashable, Sendable {
    /// One list, or each list of a folder.
    case fetched([FetchedList])
    /// The server still has what the validators name (304).
    case unchanged
    case failure(CRLFetchFailure)
}

/// Fetches from a configured source. Never throws: what went wrong is a value.
package protocol CRLFetcher: Sendable {
    /// - Parameter validators: those of the list in use; nil fetches unconditionally.
    func fetch(_ source: CRLSource, ifChangedSince validators: CacheValidators?) async -> CRLFetch
}
