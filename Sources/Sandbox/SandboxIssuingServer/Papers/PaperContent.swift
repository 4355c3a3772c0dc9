internal import CounterApplications

/// What stands on one certificate, before it is laid out.
struct PaperContent: Hashable, Sendable {
    /// A labelled box. Boxes of a row share its width by their weights.
    struct Cell: Hashable, Sendable {
        let label: String
        let value: String
        let weight: Int

        init(_ label: String, _ value: String, weight: Int = 1) {
            (self.label, self.value, self.weight) = (label, value, weight)
        }
    }

    enum Block: Hashable, Sendable {
        case heading(String)
        /// Rows of boxes that stay together on one page where they fit.
        case grid([[Cell]])
        /// 印影, with boxes beside it.
        case seal(SealRegistration, [Cell])
        /// Label and value with the value ranged right: amounts.
        case amounts([(label: String, value: String)])
        case text(String)

        static func == (left: Block, right: Block) -> Bool { left.key == right.key }
        func hash(into hasher: inout Hasher) { hasher.combine(key) }

        private var key: String { String(describing: self) }
    }

    /// 宛名番号 of the person whose entry this is: what the recipient's digest is computed from.
    var recipient: String
    var title: String
    var blocks: [Block]
    /// 認証文
    var certification: String
    /// 和暦
    var issuedOn: String
    var mayorTitle: String
    var mayorName: String
    var controlNumber: ControlNumber
}

/// Thrown where a certificate is written.
extension IssuerRefusal: Error {}
