import BatchStatus
import CertificateIssuing
import Foundation
import JPKIProfile
import PKIX
import SignatureAlgorithms
import Testing

/// `AKASHI_PROOFS=100000` for the full number; the build servers take 2,000.
@Suite("Many proofs", .serialized)
struct ProofRateTests {
    private static let lines = ProcessInfo.processInfo.environment["AKASHI_PROOFS"].flatMap { Int($0) } ?? 2_000

    @Test("Every proof is judged; what a line costs beside its two RSA operations is printed")
    func rate() async throws {
        let fixture = try ProofFixture()
        try fixture.archive(1)
        try fixture.archive(2)
        let certificates = try (0..<200).map { number in
            let key = try SigningKey.pooledRSA(3 + number % 12)
            return (key, try fixture.issue(SerialNumber(UInt64(100_000 + number)), key))
        }
        let distinct = try certificates.enumerated().map { number, one in
            try fixture.line("p\(number)", fixture.time(Int64(number % 2 + 1)), key: one.0, certificate: one.1)
        }
        let text = (0..<ProofRateTests.lines).map { distinct[$0 % distinct.count] }.joined()
        let floor = try ProofRateTests.floor(fixture, certificates)

        let service = try fixture.base.service(BatchSettings(maximumLines: ProofRateTests.lines))
        let id = try await BatchFixture.submit(text, to: service, ProofFixture.order()).job.id
        let (cpu, wall) = (ProofRateTests.cpuSeconds, ProofRateTests.wallSeconds)
        let job = try await fixture.base.running(service) {
            try await BatchFixture.finished(id, service, kind: .verification, attempts: 60_000)
        }
        let (cost, seconds) = (ProofRateTests.cpuSeconds - cpu, ProofRateTests.wallSeconds - wall)
        #expect(job.progress.counts == ["confirmed": ProofRateTests.lines])
        let line = cost / Double(ProofRateTests.lines)
        print(
            "proofs: \(ProofRateTests.lines) lines in \(seconds) s, \(Double(ProofRateTests.lines) / seconds) lines/s; "
                + "CPU \(line * 1e6) us a line, its two RSA verifications \(floor * 1e6) us, \(floor / line * 100) %")
    }

    /// CPU seconds of importing a certificate's key, and of the two verifications that no validator escapes.
    private static func floor(
        _ fixture: ProofFixture, _ certificates: [(SigningKey, Certificate)]
    ) throws -> Double {
        let issuer = try PublicKey(fixture.base.authority.key.publicKeyInfo, suite: .current)
        let scheme = SignatureScheme.rsaPKCS1(.sha256)
        let proofs = try certificates.map { key, certificate in
            (certificate, try key.signature(over: ProofFixture.challenge, scheme: scheme))
        }
        let begin = cpuSeconds
        var good = 0
        for _ in 0..<10 {
            for (certificate, signature) in proofs {
                let key = try PublicKey(certificate.subjectPublicKeyInfo, suite: .current)
                if try key.verifies(signature[...], over: ProofFixture.challenge[...], scheme: scheme),
                    try issuer.verifies(
                        certificate.signature.wholeOctets ?? [], over: certificate.tbsEncoding, scheme: scheme)
                {
                    good += 1
                }
            }
        }
        #expect(good == proofs.count * 10)
        return (cpuSeconds - begin) / Double(good)
    }

    private static var cpuSeconds: Double { seconds(CLOCK_PROCESS_CPUTIME_ID) }
    private static var wallSeconds: Double { seconds(CLOCK_MONOTONIC) }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
