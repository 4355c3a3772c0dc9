import Foundation

/// Seeds for what the counter reads: codes, names, forms, messages of issuing servers, an answer of a queue. Made up.
enum CounterSeeds {
    static let all: [String: [Data]] = [
        "paper-code": texts(["AKASHI1:R:781EZ6DJ", "781e-z6dj", "AKASHI1:C:0123456789ABCDE4", "0123-4567-89ab-cde4\n"]),
        "printed-name": texts([
            "見本　花子\n氏名　見本　花子", "髙﨑　𠮷江\n高崎 吉\n江", "葛\u{E0102}城 一\n葛城一", "ＮＧＵＹＥＮ　ＡＮＨ\nNguyen Anh",
            "見\u{E001}本\n見〓本", "塚\u{FA10}\n塚",
        ]),
        "form": texts([
            "first=AKASHI1%3AR%3A781EZ6DJ&second=0123456789ABCDE4", "reason=spoilt&version=12",
            "code=%E3%80%80123456+%0D%0A", "step=members&member_m1=on&member_m3=on",
        ]),
        "issuing": texts([lookup, answer, refused, state, cancellation, submission]),
        "printing": [printing],
        "form-request": texts([typed, ticket]),
        "pdf-reading": texts([
            "Title:           見本\nCustom Metadata: no\nJavaScript:      no\nPages:           2\nEncrypted:       no\n",
            "name                                 type              encoding         emb sub uni object ID\n"
                + "------------------------------------ ----------------- ---------------- --- --- --- ---------\n"
                + "AAAAAA+BIZ UDMincho                  CID TrueType      Identity-H       yes yes yes      7  0\n"
                + "Helvetica                            Type 1            Custom           no  no  no   [none]\n",
            "氏名 見本　花子\n0123-4567-89AB-CDE4\n\u{C}二枚目\n\u{C}",
        ]),
    ]

    private static func texts(_ texts: [String]) -> [Data] { texts.map { Data($0.utf8) } }

    private static let lookup =
        #"{"request_id":"rlq_1","municipality_code":"992011","issuer_key_identifier":"00112233445566778899AABBCCDDEEFF00112233","serial_number":"01AB","certificate_kind":"card_user_authentication"}"#
    private static let answer =
        #"{"request_id":"rlq_1","municipality_code":"992011","outcome":"found","resident":{"resident_id":"R-1","name":"見本　花子","address":"見本県","birth_date":"1980-04-02","household":[{"reference":"m-1","name":"見本　花子"}]}}"#
    private static let refused =
        #"{"request_id":"rlq_1","municipality_code":"992011","outcome":"refused","refusal_code":"not_linked"}"#
    private static let state =
        #"{"request_id":"isq_1","municipality_code":"992011","state":"issued","order_digest":"\#(digest)","control_number":"0123456789ABCDE4","document":{"sha256":"\#(digest)","size":10,"page_count":1,"recipient_digest":"\#(digest)","issued_at":"2026-11-23T01:00:00Z"}}"#
    private static let digest = String(repeating: "0f", count: 32)
    private static let cancellation = #"{"reason":"timed_out"}"#
    private static let submission =
        #"{"procedure_id":"juminhyo","scope":"selected","members":["m1","m2"],"details":["relationship"],"copies":2,"version":2}"#

    private static let typed =
        #"{"template_id":"resident-move","output":"preview","person":{"source":"typed","name":"見本　花子","address":"見本県見本市","birthdate":"1980-04-02","gender":"male","document":"passport","document_check":"staff"},"values":{"phone":"03-0000-0000","day":"2026-11-24","self":true,"other":false}}"#
    private static let ticket =
        #"{"template_id":"resident-move","person":{"source":"ticket","ticket":"AAAA"},"values":{"day":"2026-11"}}"#

    /// Status successful-ok, a job that is held and its printer.
    private static let printing: Data = {
        var octets: [UInt8] = [2, 0, 0, 0, 0, 0, 0, 1]
        func add(_ tag: UInt8, _ name: String, _ value: [UInt8]) {
            octets += [tag, 0, UInt8(name.utf8.count)] + Array(name.utf8) + [0, UInt8(value.count)] + value
        }
        octets.append(1)
        add(0x47, "attributes-charset", Array("utf-8".utf8))
        octets.append(2)
        add(0x21, "job-id", [0, 0, 0, 7])
        add(0x42, "job-name", Array("ak-TOKEN".utf8))
        add(0x23, "job-state", [0, 0, 0, 4])
        add(0x44, "job-state-reasons", Array("job-hold-until-specified".utf8))
        octets.append(4)
        add(0x23, "printer-state", [0, 0, 0, 5])
        add(0x44, "printer-state-reasons", Array("media-empty-error".utf8))
        add(0x44, "", Array("offline-report".utf8))
        octets.append(3)
        return Data(octets)
    }()
}
