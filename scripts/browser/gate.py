"""Who is let in: the page and nobody else. Other sites, other names for the address, other programs' habits are refused.

    gate.py KIOSKPROBE
"""
import http.client
import http.server
import os
import socket
import subprocess
import sys
import threading

from playwright.sync_api import sync_playwright

from probe import Checks, Probe, until

SECRET = {"step": "secret_needed", "kind": "four_digits", "tries": 3}


class Client:
    """What a browser on the page would send, changed as a test wants it."""

    def __init__(self, port):
        self.port = port
        self.host = f"127.0.0.1:{port}"
        self.origin = f"http://{self.host}"

    def ask(self, method, path, body=None, drop=(), **changes):
        headers = {"Host": self.host, "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors",
                   "Sec-Fetch-Dest": "empty"}
        if method == "POST":
            headers["Origin"] = self.origin
        for name, value in changes.items():
            headers[name.replace("_", "-")] = value
        for name in drop:
            headers.pop(name, None)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        if body is not None:
            headers["Content-Length"] = str(len(body))
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return response.status, response, text

    def status(self, *arguments, **changes):
        return self.ask(*arguments, **changes)[0]

    def page(self):
        """Opens the page as the address bar does; its key."""
        _, _, text = self.ask("GET", "/", Sec_Fetch_Site="none", Sec_Fetch_Mode="navigate", Sec_Fetch_Dest="document")
        return text.split('name="akashi-page" content="')[1].split('"')[0]


def names(checks, client):
    port = client.port
    for host in ["localhost:%d" % port, "evil.example", "evil.example:%d" % port, "127.0.0.1", "127.0.0.1:1",
                 "[::1]:%d" % port, "127.0.0.1.nip.example:%d" % port, "0.0.0.0:%d" % port, ""]:
        checks.equal(f"Host {host or '(empty)'} is refused", 421,
                     client.status("GET", "/", Host=host, Sec_Fetch_Site="none", Sec_Fetch_Mode="navigate",
                                   Sec_Fetch_Dest="document"))
    checks.that("no Host is refused", client.status("GET", "/", drop=("Host",)) in (400, 421))


def origins(checks, client, key):
    for origin in ["http://evil.example", "null", f"http://localhost:{client.port}", f"https://{client.host}",
                   "http://127.0.0.1", f"http://127.0.0.1:{client.port + 1}"]:
        checks.equal(f"a request from {origin} is refused", 403,
                     client.status("POST", "/next", Origin=origin, Akashi_Page=key))
    for site in ["cross-site", "same-site", "none"]:
        checks.equal(f"Sec-Fetch-Site {site} is refused", 403,
                     client.status("POST", "/next", Sec_Fetch_Site=site, Akashi_Page=key))
    checks.equal("no Sec-Fetch-Site is refused", 403, client.status("POST", "/next", drop=("Sec-Fetch-Site",),
                                                                    Akashi_Page=key))
    checks.equal("a POST without Origin is refused", 403,
                 client.status("POST", "/next", drop=("Origin",), Akashi_Page=key))
    checks.equal("the page inside another page is refused", 403,
                 client.status("GET", "/", Sec_Fetch_Site="none", Sec_Fetch_Mode="navigate", Sec_Fetch_Dest="iframe"))
    checks.equal("a link from another site is refused", 403,
                 client.status("GET", "/", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate",
                               Sec_Fetch_Dest="document"))
    for method in ["OPTIONS", "PUT", "DELETE", "HEAD", "TRACE"]:
        checks.that(f"{method} is refused", client.status(method, "/screen", Akashi_Page=key) in (403, 404, 405))


def keys(checks, client, probe, key):
    for path in ["/next", "/stay", "/touched", "/language-en"]:
        checks.equal(f"POST {path} without the page's key", 410, client.status("POST", path))
    checks.equal("the screen without the page's key", 410, client.status("GET", "/screen"))
    checks.equal("the screen with a made-up key", 410, client.status("GET", "/screen", Akashi_Page="0" * 65))
    octets = {"Content_Type": "application/octet-stream", "Akashi_Page": key}
    checks.equal("a secret that nobody asked for is not taken", 422, client.status("POST", "/secret", b"1234", **octets))
    probe.play(**SECRET)
    until(lambda: "entry" in client.ask("GET", "/screen", Akashi_Page=key)[2])
    checks.equal("a secret without the page's key", 410,
                 client.status("POST", "/secret", b"1234", Content_Type="application/octet-stream"))
    checks.equal("a secret as a form", 415, client.status(
        "POST", "/secret", b"pin=1234", Content_Type="application/x-www-form-urlencoded", Akashi_Page=key))
    for name, body in {"empty": b"", "short": b"123", "long": b"12345", "huge": b"1" * 100_000, "odd": b"12 4",
                       "full-width": "１２３４".encode()}.items():
        checks.that(f"a secret that is {name} is not taken",
                    client.status("POST", "/secret", body, **octets) in (413, 422))
    checks.that("none of them reached the check", not [e for e in probe.events if e.startswith("secret")])
    checks.equal("a right one is taken", 204, client.status("POST", "/secret", b"1234", **octets))
    checks.equal("and reaches the check", "secret 4", probe.expect("secret"))
    second = client.page()
    checks.equal("a page that another has replaced is refused", 409, client.status("GET", "/screen", Akashi_Page=key))
    checks.equal("the newest is answered", 200, client.status("GET", "/screen", Akashi_Page=second))


def answers(checks, client, probe):
    wanted = {"cache-control": "no-store", "x-frame-options": "DENY", "referrer-policy": "no-referrer",
              "x-content-type-options": "nosniff", "cross-origin-opener-policy": "same-origin",
              "cross-origin-resource-policy": "same-origin"}
    key = client.page()
    for path in ["/screen", "/assets/kiosk.js", "/assets/kiosk.css", "/assets/nothing", "/nothing"]:
        _, response, _ = client.ask("GET", path, Akashi_Page=key)
        seen = {name: response.headers.get(name) for name in wanted}
        checks.that(f"{path}: nothing is cached, framed or shared", seen == wanted, seen)
        policy = response.headers.get("content-security-policy", "")
        checks.that(f"{path}: nothing inline and nothing from elsewhere",
                    "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy, policy)
        checks.that(f"{path}: no other site may read it", not response.headers.get("access-control-allow-origin"))
    for path in ["/assets/../texts.json", "/assets/%2e%2e%2ftexts.json", "/assets/..%2Ftemplates%2Flayout.mustache",
                 "//etc/passwd", "/assets/texts.json"]:
        checks.that(f"{path} is not there", client.status("GET", path, Akashi_Page=key) in (400, 404))
    checks.that("no digit of a secret is in the log, nor any address with one",
                not any("1234" in line for line in probe.log))


def reach(checks, port):
    listening = subprocess.run(["ss", "-Hltn", f"sport = :{port}"], capture_output=True, text=True).stdout.split()
    checks.equal("it listens on one address", f"127.0.0.1:{port}", listening[3] if len(listening) > 3 else listening)
    addresses = subprocess.run(["hostname", "-I"], capture_output=True, text=True).stdout.split()
    for address in addresses[:3]:
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as other:
            other.settimeout(2)
            checks.that("the machine's own address is refused", other.connect_ex((address, port)) != 0)


EVIL = """<!DOCTYPE html><title>evil</title><h1>evil</h1>
<iframe src="{kiosk}"></iframe><img src="{kiosk}"><form id="f" method="post" action="{kiosk}next" target="t"></form>
<iframe name="t"></iframe><script src="{kiosk}assets/kiosk.js"></script><script>
(async () => {{
  const seen = [];
  for (const [path, options] of [["", {{}}], ["screen", {{}}], ["next", {{method: "POST"}}],
      ["next", {{method: "POST", mode: "no-cors"}}], ["", {{mode: "no-cors"}}],
      ["secret", {{method: "POST", mode: "no-cors", body: "1234"}}],
      ["screen", {{headers: {{"Akashi-Page": "x"}}}}]])
    try {{ const r = await fetch("{kiosk}" + path, options); seen.push(r.type === "opaque" ? "opaque" : await r.text()); }}
    catch (e) {{ seen.push("refused"); }}
  document.getElementById("f").submit();
  document.title = JSON.stringify(seen);
}})();
</script>"""


def other_sites(checks, playwright, probe):
    """A real browser on a real other site, and a name that was pointed at this machine."""
    body = EVIL.format(kiosk=probe.url).encode()

    class Evil(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Evil)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=[
        "--no-sandbox", "--host-resolver-rules=MAP evil.example 127.0.0.1"])
    context = browser.new_context()
    victim = context.new_page()
    victim.goto(probe.url)
    until(lambda: victim.locator("h1#heading").count() == 1)
    probe.play(step="finished", verdict="confirmed", details=[["name", "CANARY"]])
    until(lambda: "CANARY" in victim.content())
    evil = context.new_page()
    statuses = []
    evil.on("response", lambda response: statuses.append((response.status, response.url))
            if response.url.startswith(probe.url) else None)
    for site in [f"http://127.0.0.1:{server.server_port}/", f"http://localhost:{server.server_port}/",
                 f"http://evil.example:{server.server_port}/"]:
        evil.goto(site)
        until(lambda: evil.title().startswith("["))
        evil.wait_for_timeout(200)
        seen = evil.title()
        checks.that(f"from {site.rsplit(':', 1)[0]}: nothing can be read", "CANARY" not in seen and "akashi" not in seen,
                    seen)
    passed = [one for one in statuses if one[0] not in (403, 421)]
    checks.that(f"every one of {len(statuses)} requests from other sites was refused", len(statuses) >= 3 and not passed,
                passed or len(statuses))
    checks.that("the person at the counter noticed nothing", "CANARY" in victim.content())
    answer = evil.goto(f"http://evil.example:{probe.port}/")
    checks.equal("a name that was pointed at this machine (DNS rebinding) is refused", 421, answer.status)
    browser.close()
    server.shutdown()


def main():
    binary = os.path.abspath(sys.argv[1])
    checks = Checks()
    with Probe(binary) as probe:
        client = Client(probe.port)
        names(checks, client)
        key = client.page()
        origins(checks, client, key)
        keys(checks, client, probe, key)
        answers(checks, client, probe)
        reach(checks, probe.port)
    with sync_playwright() as playwright, Probe(binary) as probe:
        other_sites(checks, playwright, probe)
    sys.exit(checks.summary())


if __name__ == "__main__":
    main()
