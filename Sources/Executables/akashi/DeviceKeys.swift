import ConfigurationFiles
import DeviceEnrolment
import Foundation
import HTTPAPI
import HTTPSupport
import KeyFiles
import Organizations
import PKIX
import SQLiteStore
import ServiceLifecycle
import SystemClock
import Verification

/// The keys that a platform has for its devices: its own authority, and the keys that open sealed records.
///
/// Made at the first start with `devices` in the configuration, and never again silently: once a device is enrolled, a
/// missing key file stops the start.
struct DeviceKeys {
    let authority: DeviceAuthority
    let sealing: SealingKeyring

    /// - Returns: nil where no devices are configured.
    init?(_ configuration: Configuration, store: SQLiteStore) throws {
        guard configuration.devices != nil else { return nil }
        let isNew = try !store.hasDevices()
        let folder = configuration.keyFolder
        let signer = try FileSigner(path: folder + "/devices.key", whenMissing: isNew ? .create(.p256) : .refuse)
        let path = folder + "/devices.pem"
        if isNew, !FileManager.default.fileExists(atPath: path) {
            // From a day before, so that a clock that is put right does not make it invalid.
            let made = try DeviceAuthority.selfSigned(
                signer, environment: configuration.environment.rawValue, serial: SystemRandomness().octets(16),
                at: try SystemClock(markPath: nil).reading().now.advanced(bySeconds: -86_400))
            try PEM.Block(label: "CERTIFICATE", bytes: made.der).text
                .write(toFile: path, atomically: true, encoding: .utf8)
        }
        let text = try String(contentsOfFile: path, encoding: .utf8)
        guard let block = PEM.blocks(in: text).first(where: { $0.label == "CERTIFICATE" }) else {
            throw KeyFileError.malformed(path, reason: "no PEM block CERTIFICATE")
        }
        authority = try DeviceAuthority(signer: signer, certificate: Certificate(der: block.bytes))
        sealing = try SealingKeyring(path: folder + "/sealing.keys", whenMissing: isNew ? .create : .refuse)
    }

    func registry(
        _ store: SQLiteStore,
        _ clock: SystemClock,
        _ configuration: ConfigurationBox
    ) throws -> DeviceRegistry {
        let settings = configuration.current.devices
        return DeviceRegistry(
            ports: .init(
                store: store, clock: clock, randomness: SystemRandomness(), authority: authority, opener: sealing),
            settings: .init(
                certificateSeconds: Int64(settings?.certificateDays ?? 90) * 86_400,
                codeSeconds: Int64(settings?.codeSeconds ?? 900)),
            directory: { configuration.current.organizations })
    }
}

/// Closes connections of devices that were revoked, also by another process on the same store.
struct DeviceWatch: Service {
    let registry: DeviceRegistry
    let connections: ClientConnections

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: .seconds(5))) != nil {
                await connections.closeRefused(by: registry)
            }
        }
    }
}
