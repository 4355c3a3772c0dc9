package import Organizations
package import PKIX

/// What every process of a simulated office is begun with, as arguments of a program.
package struct OfficeSetting: Sendable {
    /// The store's file, and the key that seals it.
    package let store: String
    package let key: String
    package let origin: UInt64
    package let pace: UInt64

    package init(store: String, key: String, origin: UInt64, pace: UInt64) {
        (self.store, self.key, self.origin, self.pace) = (store, key, origin, pace)
    }

    package init?(_ arguments: [String]) {
        guard arguments.count == 4, let origin = UInt64(arguments[2]), let pace = UInt64(arguments[3]) else {
            return nil
        }
        self.init(store: arguments[0], key: arguments[1], origin: origin, pace: pace)
    }

    package var arguments: [String] { [store, key, String(origin), String(pace)] }

    /// Monday, 2026-11-23, 10:00 in Japan.
    package static let start = ValidationTime(rfc3339: "2026-11-23T10:00:00+09:00") ?? .init(secondsSince1970: 0)

    package var clock: OfficeClock { OfficeClock(start: OfficeSetting.start, origin: origin, pace: pace) }

    package static let cities = ["131016", "141003", "011002", "271004"].compactMap { MunicipalityCode($0) }

    /// Seconds for one exchange with an issuer.
    package static let issuerSeconds = 30

    package static func slipPrinter(_ city: String) -> String { "slip-\(city)" }
    package static func counterPrinter(_ city: String) -> String { "counter-\(city)" }
    package static let secureTray = "tray-2"
}
