/// An entry of the seal register (印鑑登録).
struct SealRegistration: Hashable, Sendable {
    /// What is cut into the seal: one to four characters, read from the right column down.
    let inscription: String
    let registeredOn: RegisterDate
    /// 印鑑登録番号.
    let number: String
    let form: Form

    enum Form: CaseIterable, Hashable, Sendable {
        case round
        case square
    }
}
