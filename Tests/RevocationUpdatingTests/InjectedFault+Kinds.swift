import CertificateIssuing
import PKIX
import RevocationUpdating

/// One kind of fault and its share of 10,000.
struct FaultKind: Sendable {
    let name: String
    let share: Int
    let lanes: FaultLane.Kind
    /// The fault of a number within its kind.
    let make: @Sendable (Int, FaultLane, inout SeededChance) throws -> InjectedFault

    static let all: [FaultKind] = [
        FaultKind(name: "truncation", share: 1_200, lanes: .quick, make: InjectedFault.truncation),
        FaultKind(name: "bit flip", share: 4_000, lanes: .quick, make: InjectedFault.bitFlip),
        FaultKind(name: "wrong issuer", share: 400, lanes: .quick, make: InjectedFault.wrongIssuer),
        FaultKind(name: "page with 200", share: 400, lanes: .quick, make: InjectedFault.page),
        FaultKind(name: "wrong 206", share: 600, lanes: .quick, make: InjectedFault.wrongPart),
        FaultKind(name: "gzip garbage", share: 400, lanes: .quick, make: InjectedFault.encoded),
        FaultKind(name: "endless body", share: 120, lanes: .quick, make: InjectedFault.endless),
        FaultKind(name: "slow loris", share: 360, lanes: .slow, make: InjectedFault.slow),
        FaultKind(name: "rollback", share: 500, lanes: .quick, make: InjectedFault.rollback),
        FaultKind(name: "changed scope", share: 400, lanes: .pinned, make: InjectedFault.scope),
        FaultKind(name: "wrong length", share: 700, lanes: .quick, make: InjectedFault.length),
        FaultKind(name: "reset", share: 500, lanes: .quick, make: InjectedFault.reset),
        FaultKind(name: "resumption", share: 420, lanes: .quick, make: InjectedFault.resumption),
    ]
}

extension InjectedFault {
    /// At every 4 KiB of a list of 1 MB, in each of the ways in which a body can end.
    @Sendable static func truncation(_ number: Int, _ lane: FaultLane, _ chance: inout SeededChance) -> InjectedFault {
        let blocks = (lane.next.count - 1) / 4_096
        let list = Array(lane.next.prefix(number / 4 % (blocks + 1) * 4_096))
        let count = lane.next.count
        switch number % 4 {
        case 0: return InjectedFault("truncation", ["malformed"]) { connection, _ in connection.answer([], list) }
        case 1:
            return InjectedFault("truncation", ["connection_failed"]) { connection, _ in
                connection.answer([], list, length: count)
            }
        case 2:
            return InjectedFault("truncation", ["malformed"]) { connection, _ in
                connection.send(["HTTP/1.1 200 OK", "connection: close"], list)
            }
        default:
            return InjectedFault("truncation", ["connection_failed"]) { connection, _ in
                connection.send(["HTTP/1.1 200 OK", "transfer-encoding: chunked"])
                if !list.isEmpty { connection.send(Array("\(String(count, radix: 16))\r\n".utf8) + list) }
            }
        }
    }

    /// Anywhere: of a list of 20 KB, and each fourth time of one of 1 MB.
    @Sendable static func bitFlip(_ number: Int, _ lane: FaultLane, _ chance: inout SeededChance) -> InjectedFault {
        var list = number % 4 == 0 ? lane.next : lane.small
        let bit = Int.random(in: 0..<list.count * 8, using: &chance)
        list[bit / 8] ^= 1 << UInt8(bit % 8)
        let spoilt = list
        return InjectedFault("bit flip", []) { connection, _ in connection.answer([], spoilt) }
    }

    @Sendable static func wrongIssuer(
        _ number: Int,
        _ lane: FaultLane,
        _ chance: inout SeededChance
    ) throws -> InjectedFault {
        let list = try lane.list(UInt64(number)) { recipe in
            switch number % 3 {
            case 0: recipe.authority = try Authorities.authority(Authorities.otherName, lane.authority.key)
            case 1: recipe.authority = try Authorities.generation(3)
            default: recipe.signer = try SigningKey.pooledRSA(9)
            }
        }
        let code = number % 3 == 0 ? "issuer_mismatch" : "signature_invalid"
        return InjectedFault("wrong issuer", [code]) { connection, _ in connection.answer([], list) }
    }

    @Sendable static func page(_ number: Int, _ lane: FaultLane, _ chance: inout SeededChance) -> InjectedFault {
        let rows = Int.random(in: 0..<2_000, using: &chance)
        let body = "<!DOCTYPE html><html>" + String(repeating: "<p>只今メンテナンス中です</p>", count: rows) + "</html>"
        let type = number % 2 == 0 ? "content-type: text/html" : "content-type: application/pkix-crl"
        return InjectedFault("page with 200", ["malformed"]) { connection, _ in
            connection.answer([type], Array(body.utf8))
        }
    }

    /// Parts that nobody has asked for.
    @Sendable static func wrongPart(_ number: Int, _ lane: FaultLane, _ chance: inout SeededChance) -> InjectedFault {
        let list = lane.small
        let first = Int.random(in: 0..<list.count, using: &chance)
        let range =
            switch number % 4 {
            case 0: ["content-range: bytes \(first)-\(list.count - 1)/\(list.count)"]
            case 1: ["content-range: bytes 0-\(list.count - 1)/\(list.count)"]
            case 2: ["content-type: multipart/byteranges; boundary=b"]
            default: [String]()
            }
        let body = number % 4 == 0 ? Array(list[first...]) : list
        return InjectedFault("wrong 206", ["http_status"]) { connection, _ in
            connection.answer(range, body, status: "206 Partial Content")
        }
    }

    @Sendable static func encoded(_ number: Int, _ lane: FaultLane, _ chance: inout SeededChance) -> InjectedFault {
        let count = Int.random(in: 0..<3_000, using: &chance)
        let body: [UInt8] =
            [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + (0..<count).map { _ in UInt8.random(in: 0...255, using: &chance) }
        guard number % 3 > 0 else {
            return InjectedFault("gzip garbage", ["malformed"]) { connection, _ in connection.answer([], body) }
        }
        let name = number % 3 == 1 ? "gzip" : "br"
        return InjectedFault("gzip garbage", ["encoded"]) { connection, _ in
            connection.answer(["content-encoding: \(name)"], body)
        }
    }

    @Sendable static func endless(_ number: Int, _ lane: FaultLane, _ chance: inout SeededChance) -> InjectedFault {
        let piece = Array(lane.small.prefix(16_384))
        return InjectedFault("endless body", ["too_large"]) { connection, _ in
            switch number % 3 {
            case 0:
                connection.send(["HTTP/1.1 200 OK", "connection: close"])
                while connection.send(piece) {}
            case 1:
                connection.send(["HTTP/1.1 200 OK", "transfer-encoding: chunked"])
                let chunk = Array("\(String(piece.count, radix: 16))\r\n".utf8) + piece + Array("\r\n".utf8)
                while connection.send(chunk) {}
            default:
                connection.answer([], piece, length: 1_000_000_000_000)
            }
        }
    }

    @Sendable static func slow(_ number: Int, _ lane: FaultLane, _ chance: inout SeededChance) -> InjectedFault {
        let list = lane.small
        switch number % 4 {
        case 0:
            return InjectedFault("slow loris", ["too_slow"]) { connection, _ in
                connection.answer([], [], length: list.count)
                for octet in list {
                    guard connection.send([octet]) else { return }
                    connection.pause(0.02)
                }
            }
        case 1:
            return InjectedFault("slow loris", ["timed_out"]) { connection, _ in
                connection.send(Array("HTTP/1.1 200 OK\r\nx: ".utf8))
                while connection.send([0x61]) { connection.pause(0.02) }
            }
        case 2: return InjectedFault("slow loris", ["timed_out"]) { connection, _ in connection.waitForOctets() }
        default:
            return InjectedFault("slow loris", ["timed_out", "too_slow"]) { connection, _ in
                connection.answer([], Array(list.prefix(list.count / 2)), length: list.count)
                connection.waitForOctets()
            }
        }
    }

    @Sendable static func rollback(
        _ number: Int,
        _ lane: FaultLane,
        _ chance: inout SeededChance
    ) throws -> InjectedFault {
        let earlier = noon.advanced(bySeconds: -2 * day)
        let list = try lane.list(UInt64(number)) { recipe in
            switch number % 4 {
            case 0: (recipe.number, recipe.thisUpdate) = (CRLNumber(9), earlier)
            case 1: (recipe.number, recipe.thisUpdate) = (nil, earlier)
            case 2: recipe.thisUpdate = earlier
            default: recipe.number = CRLNumber(1)
            }
        }
        let code = ["older_than_held", "older_than_held", "this_update_earlier", "number_reset"][number % 4]
        return InjectedFault("rollback", [code]) { connection, _ in connection.answer([], list) }
    }

    @Sendable static func scope(_ number: Int, _ lane: FaultLane, _ chance: inout SeededChance) throws -> InjectedFault
    {
        let list = try lane.list(UInt64(number)) { recipe in
            recipe.point = number % 2 == 0 ? nil : cityPoint("elsewhere-\(number)")
        }
        return InjectedFault("changed scope", ["scope_changed"]) { connection, _ in connection.answer([], list) }
    }

    @Sendable static func length(_ number: Int, _ lane: FaultLane, _ chance: inout SeededChance) -> InjectedFault {
        let list = lane.small
        let off = Int.random(in: 1..<list.count, using: &chance)
        let head: [String] =
            switch number % 6 {
            case 0: ["content-length: \(list.count - off)"]
            case 1: ["content-length: \(list.count + off)"]
            case 2: ["content-length: \(list.count)", "content-length: \(list.count - off)"]
            case 3: ["content-length: -\(off)"]
            case 4: ["content-length: 0x\(String(list.count, radix: 16))"]
            default: ["content-length: \(list.count)", "transfer-encoding: chunked"]
            }
        return InjectedFault("wrong length", ["malformed", "connection_failed"]) { connection, _ in
            connection.send(["HTTP/1.1 200 OK", "connection: close"] + head, list)
        }
    }

    @Sendable static func reset(_ number: Int, _ lane: FaultLane, _ chance: inout SeededChance) -> InjectedFault {
        let list = number % 4 == 0 ? lane.next : lane.small
        let count = Int.random(in: 0..<list.count, using: &chance)
        return InjectedFault("reset", ["connection_failed"]) { connection, _ in
            connection.answer([], Array(list.prefix(count)), length: list.count)
            connection.reset()
        }
    }

    /// A cut that is gone on with, and a server that has something else by then.
    @Sendable static func resumption(
        _ number: Int,
        _ lane: FaultLane,
        _ chance: inout SeededChance
    ) throws -> InjectedFault {
        let list = lane.next
        let cut = Int.random(in: list.count / 2..<list.count - 1, using: &chance)
        let first: FaultAnswer = { connection, _ in
            connection.answer(["etag: \"\(number)\""], Array(list.prefix(cut)), length: list.count)
        }
        let failed: FaultAnswer = { connection, _ in
            connection.answer([], [], status: "500 Internal Server Error")
        }
        let older = try lane.list(UInt64(number)) { recipe in
            (recipe.number, recipe.thisUpdate) = (CRLNumber(9), noon.advanced(bySeconds: -2 * day))
        }
        // The rest of another list, from where the request says; all of what was cut may not have arrived.
        let rest: @Sendable (_ tag: String, _ shift: Int) -> FaultAnswer = { tag, shift in
            { connection, request in
                let start = (Int(request.headers["range"]?.dropFirst(6).dropLast() ?? "") ?? 1) - shift
                let range = "content-range: bytes \(start)-\(list.count - 1)/\(list.count)"
                connection.answer(
                    ["etag: \"\(tag)\"", range], list.dropFirst(start).map { $0 ^ 0x10 }, status: "206 Partial Content")
            }
        }
        switch number % 6 {
        case 0: return InjectedFault("resumption", [], first, rest("\(number)", 0), failed)
        case 1: return InjectedFault("resumption", ["http_status"], first, rest("other", 0), failed)
        case 2:
            return InjectedFault(
                "resumption", ["http_status"], first, rest("\(number)", 1), failed)
        case 3:
            return InjectedFault(
                "resumption", ["http_status"], first,
                { connection, _ in
                    connection.answer([], [], status: "416 Range Not Satisfiable")
                }, failed)
        case 4:
            return InjectedFault(
                "resumption", ["older_than_held"], first,
                { connection, _ in
                    connection.answer([], older)
                })
        default: return InjectedFault("resumption", ["connection_failed"], first, { _, _ in })
        }
    }
}

extension ScriptedConnection {
    fileprivate func answer(_ headers: [String], _ body: [UInt8], length: Int? = nil, status: String = "200 OK") {
        // It is closed after each answer: a client that kept it would ask a connection that is gone.
        answer(status, headers + ["connection: close"], body, length: length)
    }
}
