import CounterApplications

/// The answer of a queue: what is decoded says something of a job or that nothing is known, and what of it can be written
/// comes back.
enum PrintingTarget {
    static func run(_ input: [UInt8]) {
        guard let message = try? IPPMessage(decoding: input) else { return }
        hold(message.groups.reduce(0) { $0 + $1.attributes.count } <= input.count, "attributes are in the input")
        let state = PrinterReport(job: message, printer: message).state
        let number = message.value("job-state", in: .job)?.number
        hold((3...9).contains(number ?? 0) || state.phase == .unknown, "a job without a state is unknown")
        hold(Set(state.reasons).count == state.reasons.count, "a reason is told once")
        var plain = message
        plain.groups = message.groups.map { group in
            IPPGroup(kind: group.kind, attributes: group.attributes.filter { $0.values.allSatisfy(isWritten) })
        }
        hold((try? IPPMessage(decoding: plain.encoded)) == plain, "a message comes back after writing")
    }

    private static func isWritten(_ value: IPPValue) -> Bool {
        switch value {
        case .integer, .enumeration, .boolean, .keyword, .name, .uri: true
        case .charset, .language, .mediaType, .collection, .other: false
        }
    }
}
