internal import CLDAP
internal import Glibc
internal import PKIX
internal import RevocationUpdating

/// The search for the lists of one entry: its base alone, and no filter that a name could reach into.
struct LDAPListSearch {
    /// Values of one attribute that are looked at.
    static let mostValues = 64
    /// Octets of an answer beside the lists: names, attribute types, lengths.
    private static let envelope = 65_536
    /// Changes with each change of the entry (OpenLDAP's, draft-chu-ldap-csn).
    private static let changeNumber = "entryCSN"

    let connection: LDAPConnection
    let entry: DirectoryEntry
    let maximumSize: Int
    let watch: SocketWatch

    /// The entry's change number; nil when the server has none.
    func changeTag() throws(CRLFetchFailure) -> String? {
        let answer = try search([LDAPListSearch.changeNumber])
        var tag: String?
        forEachAttribute(of: answer) { name, values in
            if name == LDAPListSearch.changeNumber.lowercased(), let value = values.first {
                tag = "entrycsn:" + String(decoding: value, as: UTF8.self)
            }
        }
        return tag
    }

    /// The values of the list attribute with the entry's change number, written into the spool one by one.
    func lists(into spool: ListSpool) throws(CRLFetchFailure) -> [FetchedList] {
        let plain = entry.attribute.rawValue
        // RFC 4523 §2: transferred with `;binary`. Directories that keep the octets without it are asked too.
        let answer = try search([plain + ";binary", plain, LDAPListSearch.changeNumber])
        var outcomes: [Result<SpoolWriter, CRLFetchFailure>] = []
        var validators: CacheValidators?
        forEachAttribute(of: answer) { name, values in
            if name == LDAPListSearch.changeNumber.lowercased(), let value = values.first {
                validators = CacheValidators(
                    entityTag: "entrycsn:" + String(decoding: value, as: UTF8.self), lastModified: nil)
            }
            guard name.split(separator: ";").first.map(String.init) == plain.lowercased() else { return }
            for value in values.prefix(LDAPListSearch.mostValues) { outcomes.append(write(value, into: spool)) }
        }
        guard !outcomes.isEmpty else { throw .noListInEntry }
        var lists: [FetchedList] = []
        for outcome in outcomes { lists.append(try spool.finish(try outcome.get(), validators: validators)) }
        return lists
    }

    private func write(_ value: UnsafeRawBufferPointer, into spool: ListSpool) -> Result<SpoolWriter, CRLFetchFailure> {
        guard value.count <= maximumSize else { return .failure(.tooLarge) }
        do throws(CRLFetchFailure) {
            let writer = try spool.newFile()
            do throws(CRLFetchFailure) {
                try writer.write(value, at: 0)
                return .success(writer)
            } catch {
                ListDownload.remove(writer.path)
                throw error
            }
        } catch {
            return .failure(error)
        }
    }

    private func search(_ attributes: [String]) throws(CRLFetchFailure) -> LDAPAnswer {
        guard let left = watch.remaining else { throw .timedOut }
        limitAnswer()
        var time = timeval(left)
        var message: Int32 = 0
        var names: [UnsafeMutablePointer<CChar>?] = attributes.map { strdup($0) } + [nil]
        defer { for name in names { free(name) } }
        let sent = ldap_search_ext(
            connection.handle, entry.name, LDAP_SCOPE_BASE, "(objectClass=*)", &names, 0, nil, nil, &time, 2, &message)
        guard sent == LDAP_SUCCESS else { throw watch.reason ?? CRLFetchFailure(ldap: sent) }
        return try connection.result(of: message, watch)
    }

    /// The library refuses a message beyond this size before it takes memory for it.
    private func limitAnswer() {
        var buffer: OpaquePointer?
        guard ldap_get_option(connection.handle, LDAP_OPT_SOCKBUF, &buffer) == LDAP_OPT_SUCCESS, let buffer else {
            return
        }
        var limit = ber_len_t(maximumSize + LDAPListSearch.envelope)
        ber_sockbuf_ctrl(buffer, LBER_SB_OPT_SET_MAX_INCOMING, &limit)
    }

    /// The attributes of the first entry, names in lower case.
    private func forEachAttribute(of answer: LDAPAnswer, _ body: (String, [UnsafeRawBufferPointer]) -> Void) {
        let handle = connection.handle
        guard let entry = ldap_first_entry(handle, answer.message) else { return }
        var cursor: OpaquePointer?
        var name = ldap_first_attribute(handle, entry, &cursor)
        defer { if let cursor { ber_free(cursor, 0) } }
        while let current = name {
            if let values = ldap_get_values_len(handle, entry, current) {
                let count = Int(ldap_count_values_len(values))
                body(
                    String(cString: current).lowercased(),
                    (0..<count).compactMap { values[$0] }.map {
                        UnsafeRawBufferPointer(start: $0.pointee.bv_val, count: Int($0.pointee.bv_len))
                    })
                ldap_value_free_len(values)
            }
            ldap_memfree(current)
            name = ldap_next_attribute(handle, entry, cursor)
        }
    }
}
