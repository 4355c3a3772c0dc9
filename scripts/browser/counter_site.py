"""A municipality with a counter, in a folder: sandbox, 証明発行サーバ over mutual TLS, cupsd with two queues, platform with
staff's pages, pcscd and the resident's terminal."""
import base64
import hashlib
import hmac
import json
import pathlib
import re
import struct
import subprocess
import time
import urllib.request

from real_parts import Site
from spooler import QUEUES, Spooler

MUNICIPALITY = "992011"
HALL = "hall-992011"
# Never anything else's: both are looked for after everything has been wiped.
PASSWORD = "kasumi no naka de"
ALWAYS = {"weekdays": {day: ["00:00-24:00"] for day in
                       ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]}}


def procedures(limits):
    """`limits` are those of every procedure; only 所得証明書 is taken back as soon as `holding_seconds` says."""
    usual = {key: value for key, value in limits.items() if key != "holding_seconds"}
    return [
        {"id": "juminhyo", "kind": "resident_record", "names": {
            "ja": "住民票の写し", "ja_easy": "住民票（じゅうみんひょう）", "en": "Copy of resident record"},
         "scopes": ["self", "household"], "details": ["relationship", "domicile"], "copies": 10, "fee": 300,
         "exemptions": [{"id": "kouteki-nenkin", "names": {"ja": "公的年金の請求"}, "fee": 0}], "limits": usual},
        {"id": "inkan", "kind": "seal_registration", "names": {
            "ja": "印鑑登録証明書", "en": "Certificate of seal registration"},
         "scopes": ["self"], "copies": 10, "fee": 300, "minimum_age": 15,
         "exemptions": [{"id": "techo", "names": {"ja": "障害者手帳をお持ちの方"}, "fee": 150}], "limits": usual},
        {"id": "shotoku", "kind": "income_certificate", "names": {"ja": "所得証明書", "en": "Certificate of income"},
         "scopes": ["self"], "fiscal_years": [2024, 2025, 2026], "fee": 300, "limits": limits},
        {"id": "koseki-zenbu", "kind": "family_register_full", "names": {
            "ja": "戸籍全部事項証明書（戸籍謄本）", "en": "Full family register"},
         "scopes": ["household"], "fee": 450, "limits": usual},
        # One that stands still, to be looked at.
        {"id": "fuhyo", "kind": "family_register_residence_history", "names": {
            "ja": "戸籍の附票の写し", "en": "Residence history of the family register"},
         "scopes": ["self", "household"], "details": ["domicile"], "fee": 300, "limits": usual,
         "hours": {"planned_stops": [{"starts_at": "2026-01-01T00:00:00+09:00",
                                      "ends_at": "2099-01-01T00:00:00+09:00"}]}},
    ]


class CounterSite(Site):
    """Started in order; every address is free when it is taken, everything ends with the test."""

    def __init__(self, binary, folder, limits=None):
        self.akashi, self.folder, self.running = pathlib.Path(binary), pathlib.Path(folder), []
        self.spooler = Spooler(self.akashi, self.folder / "printers")
        self.platform_folder = self.folder / "platform"
        try:
            self.begin(limits or {})
        except BaseException:
            self.end()
            raise

    def begin(self, limits):
        self.sandbox_process = self.start(self.akashi, "sandbox", "serve", "--port", "0", "--platform-folder",
                                          self.platform_folder, "--platform-port", "0")
        self.sandbox = self.sandbox_process.line(r"^sandbox ready at (\S+)")
        self.issuer_process = self.start(
            self.akashi, "sandbox", "issuing-server", "--sandbox", self.sandbox, "--platform-folder",
            self.platform_folder, "--port", "0", "--control-port", "0")
        self.issuer = self.issuer_process.line(MUNICIPALITY + r" \S+ at (\S+)")
        self.issuer_control = self.issuer_process.line(r"^issuing servers ready, control at (\S+)")
        self.configuration = self.platform_folder / "akashi.yaml"
        self.configure(limits)
        self.secrets = {}
        self.serve()
        self.pcscd()

    def configure(self, limits):
        text = self.configuration.read_text()
        text = re.sub(r"(?ms)^(counter|staff):\n(?:[ #].*?\n|\n)*", "", text)
        text = re.sub(r"(?m)^(\s+port:) (9443)$", r"\1 0", text)
        text = re.sub(r"(?m)^(\s+(?:port|enrolment_port):) \d+$", r"\1 0", text)
        text = re.sub(r'(  - id: counter-system\n(?:    .*\n)*?)    scopes: \[([^]]*)\]',
                      lambda found: found[1] + ("" if "site:" in found[1] else f"    site: {HALL}\n")
                      + f"    scopes: [{found[2]}{'' if 'counter' in found[2] else ', counter'}]", text, count=1)
        own = self.platform_folder / "issuing" / MUNICIPALITY
        staff = [{"id": name, "municipality": MUNICIPALITY, "roles": [role]} for name, role in [
            ("E1", "counter_clerk"), ("E2", "counter_clerk"), ("S1", "supervisor"), ("A1", "auditor")]]
        counter = {
            "lease_seconds": 60,
            "printers": {name: {"uri": f"ipp://127.0.0.1:{self.spooler.port}/printers/{name}"} for name in QUEUES},
            "municipalities": [{
                "code": MUNICIPALITY, "identification_policy": "counter-default", "hours": ALWAYS,
                "issuing_server": {"url": self.issuer, "certificate_chain": str(own / "centre.pem"),
                                   "private_key": str(own / "centre.key"), "authorities": str(own / "authority.pem"),
                                   "seconds": 5},
                "sites": [{"id": HALL, "papers": {
                    "receipt_slip": {"printer": "slips", "media": "iso_a6_105x148mm"},
                    "certified_copy": {"printer": "counter", "tray": "tray-2", "sides": "two"},
                    "application_form": {"printer": "counter", "tray": "tray-1"},
                    "fee_receipt": {"printer": "counter", "tray": "tray-1"}}}],
                "procedures": procedures(limits)}]}
        self.configuration.write_text(
            f"{text}\nstaff: {json.dumps(staff)}\ncounter: {json.dumps(counter, ensure_ascii=False)}\n")

    def serve(self):
        super().serve()
        event = json.loads(self.platform.line(r'.*"event":"staff pages listening".*'))
        self.staff = f"https://127.0.0.1:{event['port']}"
        # The same after a new start: browsers stay where they are.
        self.configuration.write_text(re.sub(r"(?m)^(staff_pages:\n(?:  .*\n)*?  port:) 0$", rf"\1 {event['port']}",
                                             self.configuration.read_text()))

    def terminal_page(self, port=0):
        """What the resident's browser opens."""
        tls = self.platform_folder / "tls"
        self.terminal = self.start(
            self.akashi.parent / "akashi-terminal", "counter", "--port", port, "--reader", "Counter 0 00 00",
            "--platform", f"https://127.0.0.1:{self.port}", "--certificate", tls / "counter-system.pem", "--key",
            tls / "counter-system.key", "--authority", tls / "authority.pem", "--purpose", "certificate_issuance")
        return self.terminal.line(r"^\S+ ready at (\S+)")

    def issue(self, method, path, body=None):
        """The sandbox's 証明発行サーバ: faults and registers."""
        request = urllib.request.Request(
            f"{self.issuer_control}/sandbox/v1/issuing/{MUNICIPALITY}/{path}", method=method,
            data=None if body is None else json.dumps(body).encode(), headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as response:
            text = response.read()
            return json.loads(text) if text else None

    def enrol(self, member):
        """A password and an authenticator, as the member gets them; former ones no longer count."""
        done = subprocess.run([self.akashi, "staff", "enrol", member, "--config", self.configuration, "--json"],
                              input=PASSWORD + "\n", capture_output=True, text=True, timeout=60)
        if done.returncode:
            raise RuntimeError(f"staff enrol: {done.stdout[-300:]} {done.stderr[-300:]}")
        self.secrets[member] = json.loads(done.stdout)["secret"]

    def code(self, member):
        """What the member's authenticator shows, of a step that was not used yet (RFC 6238)."""
        secret = base64.b32decode(self.secrets[member] + "=" * (-len(self.secrets[member]) % 8))
        mac = hmac.new(secret, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
        at = mac[-1] & 15
        return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 1_000_000:06d}"

    def end(self):
        super().end()
        self.spooler.end()
