internal import CounterApplications

/// What a job asks of the printer (RFC 8011 §5.2, PWG 5100.3).
enum JobTemplate {
    static func attributes(_ target: PrintTarget, copies: Int) -> [IPPAttribute] {
        var attributes = [
            IPPAttribute("job-hold-until", .keyword("indefinite")),
            IPPAttribute("copies", .integer(Int32(clamping: copies))),
            IPPAttribute("sides", .keyword(target.sides == .one ? "one-sided" : "two-sided-long-edge")),
            // A certificate is as large as its issuer drew it.
            IPPAttribute("print-scaling", .keyword("none")),
        ]
        if copies > 1 {
            attributes.append(
                IPPAttribute("multiple-document-handling", .keyword("separate-documents-collated-copies")))
        }
        return attributes + [media(target)]
    }

    /// The size by its name; with a tray, size and tray in one (PWG 5100.3 §3.13).
    private static func media(_ target: PrintTarget) -> IPPAttribute {
        guard let tray = target.tray, let size = size(of: target.media) else {
            return IPPAttribute("media", .keyword(target.media))
        }
        return IPPAttribute(
            "media-col",
            .collection([
                IPPAttribute(
                    "media-size",
                    .collection([
                        IPPAttribute("x-dimension", .integer(size.width)),
                        IPPAttribute("y-dimension", .integer(size.height)),
                    ])), IPPAttribute("media-source", .keyword(tray)),
            ]))
    }

    /// Hundredths of a millimetre out of a self-describing name: `iso_a4_210x297mm` (PWG 5101.1 §5); inches too.
    static func size(of media: String) -> (width: Int32, height: Int32)? {
        guard let last = media.split(separator: "_").last else { return nil }
        let factor: Double
        if last.hasSuffix("mm") {
            factor = 100
        } else if last.hasSuffix("in") {
            factor = 2_540
        } else {
            return nil
        }
        let numbers = last.dropLast(2).split(separator: "x").compactMap { Double($0) }
        guard numbers.count == 2, numbers.allSatisfy({ $0 > 0 && $0 * factor < 1e7 }) else { return nil }
        return (Int32((numbers[0] * factor).rounded()), Int32((numbers[1] * factor).rounded()))
    }
}
