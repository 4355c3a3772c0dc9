package import CardProtocol

/// The check that the page drives, one person at a time.
package protocol KioskFlow: Sendable {
    /// Begins with nobody. The steps of one check until it has finished, failed or been ended.
    func begin() async -> AsyncStream<KioskStep>

    /// Answers `secretNeeded`. The octets belong to the flow from here on; it erases them.
    func submit(_ secret: any SecretOctets) async

    /// Forgets the person: card session, secrets, result. Returns when nothing of them is held any more.
    func end() async

    /// Asked every few seconds while nobody is being checked.
    func line() async -> KioskLine

    /// An answer to a step of an application; false when nothing was asked.
    func answer(_ answer: CounterAnswer) async -> Bool

    /// An answer to a step of a form; false when nothing was asked.
    func answer(_ answer: FormPageAnswer) async -> Bool

    /// The language that the person has chosen.
    func speak(_ language: PageLanguage) async
}

/// A check alone asks for nothing but a secret.
extension KioskFlow {
    package func answer(_ answer: CounterAnswer) async -> Bool { false }
    package func answer(_ answer: FormPageAnswer) async -> Bool { false }
    package func speak(_ language: PageLanguage) async {}
}
