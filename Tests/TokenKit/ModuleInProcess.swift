internal import CPKCS11
internal import Foundation

/// The module that this process has loaded, used behind the adapter's back.
package enum ModuleInProcess {
    private static func functions(_ path: String) throws -> CK_FUNCTION_LIST {
        typealias GetFunctionList =
            @convention(c) (UnsafeMutablePointer<UnsafeMutablePointer<CK_FUNCTION_LIST>?>?) -> CK_RV
        guard let library = dlopen(path, RTLD_NOW), let symbol = dlsym(library, "C_GetFunctionList") else {
            throw TokenFault("\(path) is not loaded")
        }
        var list: UnsafeMutablePointer<CK_FUNCTION_LIST>?
        _ = unsafeBitCast(symbol, to: GetFunctionList.self)(&list)
        guard let list else { throw TokenFault("\(path) has no functions") }
        return list.pointee
    }

    /// What a reset of the token does: every session is gone.
    package static func closeAllSessions(_ path: String) throws {
        let functions = try functions(path)
        var slots = [CK_SLOT_ID](repeating: 0, count: 64)
        var count = CK_ULONG(slots.count)
        _ = functions.C_GetSlotList.map { $0(CK_BBOOL(CK_TRUE), &slots, &count) }
        for slot in slots.prefix(Int(count)) { _ = functions.C_CloseAllSessions.map { $0(slot) } }
    }

    /// Lets go of everything, for example of a TPM that takes one process at a time.
    package static func finalize(_ path: String) throws { _ = try functions(path).C_Finalize.map { $0(nil) } }
}
