internal import Foundation

/// OpenSC's spy: a module that writes down each call and hands it on.
package struct SpyModule: Sendable {
    package let path: String

    package init() throws { path = try Tool.library("pkcs11/pkcs11-spy.so", package: "opensc-pkcs11") }

    package func environment(for token: any TestToken, log: String) -> [String: String] {
        token.environment.merging(["PKCS11SPY": token.module, "PKCS11SPY_OUTPUT": log]) { $1 }
    }

    /// How often `function` was called.
    package static func calls(_ function: String, in log: String) throws -> Int {
        try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").count { $0.hasSuffix(": \(function)") }
    }
}
