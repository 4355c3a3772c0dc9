internal import CPKCS11
internal import Dispatch
internal import Foundation
internal import Synchronization

/// A PKCS #11 module in this process: loaded once, and called on a thread of its own, one call after the other.
///
/// What is not constant is touched on `queue` alone; that is what `@unchecked` stands for.
final class CryptokiModule: @unchecked Sendable {
    /// How long a caller waits. Making a key is the slowest: a second in a TPM, several in a card.
    static let patience: DispatchTimeInterval = .seconds(20)

    private static let modules = Mutex<[String: CryptokiModule]>([:])

    let path: String
    private let queue: DispatchQueue
    private var functions: UnsafeMutablePointer<CK_FUNCTION_LIST>?
    private var isRunning = false
    private var sessions: [TokenSelection: TokenSession] = [:]
    /// Tokens that refused the PIN, when not even the mark could be written.
    private var refusals: Set<TokenSelection> = []

    /// The module of this path. Nothing is loaded before the first call.
    static func at(_ path: String) -> CryptokiModule {
        modules.withLock { modules in
            if let known = modules[path] { return known }
            let made = CryptokiModule(path)
            modules[path] = made
            return made
        }
    }

    private init(_ path: String) {
        self.path = path
        queue = DispatchQueue(label: "PKCS #11")
    }

    private final class Answer<Value: Sendable>: Sendable {
        let value = Mutex<Result<Value, TokenError>?>(nil)
        let isThere = DispatchSemaphore(value: 0)
    }

    /// Runs `body` with a session in which the user is logged in. Blocks the caller, who is on no cooperative thread.
    ///
    /// A session that was lost, or a token that was out and in again, is opened anew once.
    ///
    /// - Throws: ``TokenError/noAnswer`` after ``patience``; the call itself cannot be interrupted, and those behind it
    ///   end the same way until it returns.
    func use<Value: Sendable>(
        _ uri: TokenURI,
        _ mark: PINRefusalMark,
        _ body: @escaping @Sendable (TokenSession) throws(TokenError) -> Value
    ) throws(TokenError) -> Value {
        let answer = Answer<Value>()
        queue.async {
            let result = Result { () throws(TokenError) in try self.run(uri, mark, body) }
            answer.value.withLock { $0 = result }
            answer.isThere.signal()
        }
        guard answer.isThere.wait(timeout: .now() + CryptokiModule.patience) == .success,
            let result = answer.value.withLock({ $0 })
        else { throw .noAnswer }
        return try result.get()
    }

    // MARK: On the queue

    private func run<Value>(
        _ uri: TokenURI,
        _ mark: PINRefusalMark,
        _ body: (TokenSession) throws(TokenError) -> Value
    ) throws(TokenError) -> Value {
        let wasRunning = isRunning
        do throws(TokenError) {
            return try body(try session(uri, mark))
        } catch {
            guard wasRunning, error.mayBeLostSession else { throw error }
            stop()
            return try body(try session(uri, mark))
        }
    }

    private func session(_ uri: TokenURI, _ mark: PINRefusalMark) throws(TokenError) -> TokenSession {
        let token = TokenSelection(uri)
        if let known = sessions[token] { return known }
        let functions = try start()
        let slot = try functions.slot(of: token)
        let session = try TokenSession(functions, slot: slot)
        do throws(TokenError) {
            guard !mark.isSet, !refusals.contains(token) else { throw .pinRefusedBefore(mark: mark.path) }
            try session.logIn(slot, uri.pinSource, mark)
        } catch {
            session.close()
            if case .pinRefused = error, !mark.isSet { refusals.insert(token) }
            throw error
        }
        sessions[token] = session
        return session
    }

    private func start() throws(TokenError) -> Cryptoki {
        let list = if let functions { functions } else { try load() }
        functions = list
        let functions = Cryptoki(list)
        guard !isRunning else { return functions }
        var arguments = CK_C_INITIALIZE_ARGS()
        arguments.flags = CK_FLAGS(CKF_OS_LOCKING_OK)
        let code = functions.list.C_Initialize.map { $0(&arguments) }
        // Somebody else in this process has initialised it: as good.
        if code != CKR_CRYPTOKI_ALREADY_INITIALIZED { try check("C_Initialize", code) }
        isRunning = true
        return functions
    }

    /// Ends the module's work: what it knew of tokens and keys is read anew at the next start.
    private func stop() {
        for session in sessions.values { session.close() }
        sessions = [:]
        _ = functions?.pointee.C_Finalize.map { $0(nil) }
        isRunning = false
    }

    private func load() throws(TokenError) -> UnsafeMutablePointer<CK_FUNCTION_LIST> {
        guard let library = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
            throw .moduleNotLoadable(path, reason: dlerror().map { String(cString: $0) } ?? "cannot be loaded")
        }
        guard let symbol = dlsym(library, "C_GetFunctionList") else {
            throw .moduleNotLoadable(path, reason: "it has no C_GetFunctionList")
        }
        typealias GetFunctionList =
            @convention(c) (UnsafeMutablePointer<UnsafeMutablePointer<CK_FUNCTION_LIST>?>?) -> CK_RV
        var list: UnsafeMutablePointer<CK_FUNCTION_LIST>?
        guard unsafeBitCast(symbol, to: GetFunctionList.self)(&list) == CKR_OK, let list else {
            throw .moduleNotLoadable(path, reason: "C_GetFunctionList failed")
        }
        guard list.pointee.version.major == 2 || list.pointee.version.major == 3 else {
            throw .moduleNotLoadable(path, reason: "it speaks neither version 2 nor 3")
        }
        return list
    }
}

/// Which token.
struct TokenSelection: Hashable, Sendable {
    let label: String
    let serial: String?
    let manufacturer: String?
    let model: String?

    init(_ uri: TokenURI) {
        (label, serial, manufacturer, model) = (uri.token, uri.serial, uri.manufacturer, uri.model)
    }
}

extension TokenError {
    /// Whether opening everything anew may help. Never after a refused PIN.
    fileprivate var mayBeLostSession: Bool {
        switch self {
        // A key that another process has made or renewed is found by a module that reads its token again.
        case .tokenMissing, .keyMissing: true
        case .failed(let function, let code): function != "C_Login" && TokenError.lost.contains(code)
        default: false
        }
    }

    private static let lost: Set<UInt> = [
        CKR_GENERAL_ERROR, CKR_FUNCTION_FAILED, CKR_DEVICE_ERROR, CKR_DEVICE_REMOVED, CKR_SLOT_ID_INVALID,
        CKR_KEY_HANDLE_INVALID, CKR_OBJECT_HANDLE_INVALID, CKR_SESSION_CLOSED, CKR_SESSION_HANDLE_INVALID,
        CKR_TOKEN_NOT_PRESENT, CKR_TOKEN_NOT_RECOGNIZED, CKR_USER_NOT_LOGGED_IN, CKR_CRYPTOKI_NOT_INITIALIZED,
    ]
}
