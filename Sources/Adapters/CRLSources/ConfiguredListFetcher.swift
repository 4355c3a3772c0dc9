package import RevocationUpdating

/// Fetches each source in the way that its location names.
package struct ConfiguredListFetcher: CRLFetcher {
    private let http: HTTPListFetcher
    private let directories: LDAPListFetcher
    private let files: FileListFetcher

    package init(http: HTTPListFetcher, directories: LDAPListFetcher, files: FileListFetcher) {
        (self.http, self.directories, self.files) = (http, directories, files)
    }

    package func fetch(_ source: CRLSource, ifChangedSince validators: CacheValidators?) async -> CRLFetch {
        switch source.location {
        case .http(let url):
            await http.fetch(source, url: url, ifChangedSince: validators)
        case .ldap(let entry):
            await directories.fetch(source, entry: entry, ifChangedSince: validators)
        case .file(let path):
            await files.fetch(path: path, maximumSize: source.maximumSize)
        case .directory(let path):
            await files.fetch(directory: path, maximumSize: source.maximumSize)
        }
    }
}
