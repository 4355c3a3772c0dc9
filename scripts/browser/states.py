"""Every state that the kiosk's page can show, in every language, as looks.py looks at it; and what stands in all
languages at once.

    states.py KIOSKPROBE [FOLDER FOR PICTURES or '' [LANGUAGE]]
"""
from looks import LANGUAGES, findings, in_every_language, narrow
from runs import SCREEN

DETAILS = [["checked_at", "2026-11-23 14:05"], ["reference", "VER-7K2M-9QXT"]]
STATES = {
    "waiting": {"step": "waiting_for_card"},
    "reader-missing": {"step": "reader_missing"},
    "reading": {"step": "reading"},
    "pin": {"step": "secret_needed", "kind": "four_digits", "tries": 3},
    "pin-wrong": {"step": "secret_needed", "kind": "four_digits", "tries": 2, "wrong": True},
    "password": {"step": "secret_needed", "kind": "password", "tries": 5},
    "pin-on-reader": {"step": "secret_needed", "kind": "four_digits", "tries": 3, "place": "reader"},
    "working": {"step": "working"},
    "confirmed": {"step": "finished", "verdict": "confirmed", "details": DETAILS},
    "confirmed-expiring": {"step": "finished", "verdict": "confirmed", "details": DETAILS, "notices": [{
        "staff_ja": "有効期限まで2か月。本日更新できます。更新をご案内ください。",
        "resident_ja": "有効期限まで2か月。本日更新できます。", "resident_easy_ja": "あと 2か月で 使えなくなります。",
        "resident_en": "Your certificate expires in 2 months. You can renew it today.",
        "resident_zh": "电子证书的有效期还剩2个月。今天就可以在窗口更新。",
        "resident_ko": "전자증명서의 유효기간이 2개월 남았습니다. 오늘 창구에서 갱신할 수 있습니다.",
        "resident_pt": "O seu certificado vence em 2 meses. Você pode renová-lo hoje no balcão.",
        "resident_vi": "Chứng thư điện tử còn hiệu lực 2 tháng. Quý vị có thể gia hạn ngay hôm nay tại quầy."}]},
    "refused": {"step": "finished", "verdict": "refused"},
    "undetermined": {"step": "finished", "verdict": "undetermined"},
    "queued": {"step": "finished", "verdict": "queued", "details": [["queue_number", "42"]]},
    "take-card": {"step": "take_card"},
} | {
    f"trouble-{code}": {"step": "trouble", "code": code} for code in [
        "secret_blocked", "last_try", "face_only", "no_certificate", "foreign_card", "card_itself", "removed_early",
        "card_unreadable", "line_down", "internal_fault"]
} | {"offline": {"step": "trouble", "code": "removed_early", "line": "offline", "waiting": 3}}


def without_a_language(checks, probe, page, pictures):
    """What stands in all languages at once: the page that another replaced, and the one whose terminal has gone."""
    other = page.context.new_page()
    other.set_viewport_size(SCREEN)
    other.goto(probe.url)
    other.wait_for_selector("h1#heading")
    page.wait_for_selector("[data-reload]")
    probe.stop()
    other.wait_for_selector(".notice")
    for name, shown in [("replaced", page), ("lost", other)]:
        shown.bring_to_front()
        if pictures:
            shown.screenshot(path=f"{pictures}/{name}.png")
        found = findings(shown)
        checks.that(f"{name}: axe finds nothing", not found, found)
        checks.equal(f"{name}: in every language", len(LANGUAGES), shown.locator(".notice section").count())
        narrow(checks, shown, name, "all", pictures)
    other.close()


if __name__ == "__main__":
    in_every_language([], STATES, afterwards=without_a_language)
