package import RevocationUpdating

/// Fetches each source in the way that its location names.
package struct ConfiguredListFetcher: CRLFetcher {
    private let http: HTTPListFetcher
    private let files = FileListFetcher()

    package init(http: HTTPListFetcher) { self.http = http }

    package func fetch(_ source: CRLSource, ifChangedSince validators: CacheValidators?) async -> CRLFetch {
        switch source.location {
        case .http(let url):
            await http.fetch(url: url, maximumSize: source.maximumSize, ifChangedSince: validators)
        case .file(let path):
            files.fetch(path: path, maximumSize: source.maximumSize)
        case .directory(let path):
            files.fetch(directory: path, maximumSize: source.maximumSize)
        }
    }
}
