/// One of `GET /v1/notices`: a planned stop, service hours.
package struct NoticeBody: Codable, Hashable, Sendable {
    package var id: String
    package var kind: String
    @ExplicitNull package var startsAt: String?
    @ExplicitNull package var endsAt: String?
    /// Keyed `staff_ja` and so on.
    package var messages: [String: String]

    enum CodingKeys: String, CodingKey {
        case id, kind, messages
        case startsAt = "starts_at"
        case endsAt = "ends_at"
    }

    package init(id: String, kind: String, startsAt: String?, endsAt: String?, messages: [String: String]) {
        (self.id, self.kind, self.messages) = (id, kind, messages)
        self.startsAt = startsAt
        self.endsAt = endsAt
    }
}
