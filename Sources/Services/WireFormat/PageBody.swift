/// One page of a collection, newest first.
package struct PageBody<Item: Codable & Hashable & Sendable>: Codable, Hashable, Sendable {
    package var items: [Item]
    /// Null on the last page.
    @ExplicitNull package var nextPageToken: String?

    enum CodingKeys: String, CodingKey {
        case items
        case nextPageToken = "next_page_token"
    }

    package init(items: [Item], nextPageToken: String?) { (self.items, self.nextPageToken) = (items, nextPageToken) }
}

/// A collection that is given whole.
package struct CollectionBody<Item: Codable & Hashable & Sendable>: Codable, Hashable, Sendable {
    package var items: [Item]

    package init(items: [Item]) { self.items = items }
}
