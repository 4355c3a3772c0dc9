internal import TerminalSession

/// The readers of this machine.
package enum PCSCReaders {
    package struct Reader: Hashable, Sendable {
        package let name: String
        package let hasCard: Bool
    }

    /// - Throws: ``CardChannelFailure/serviceGone`` when pcscd does not answer within the time.
    package static func list(within limit: Duration = .seconds(3)) async throws -> [Reader] {
        try await CallQueue("akashi.pcsc.list").call(within: limit) {
            do throws(CardChannelFailure) {
                let context = try PCSCContext()
                var readers: [Reader] = []
                for name in try context.readers() {
                    let state = try? context.state(of: name, known: nil, within: .zero)
                    readers.append(Reader(name: name, hasCard: state?.isPresent == true))
                }
                return .success(readers)
            } catch {
                return .failure(error)
            }
        }
    }
}
