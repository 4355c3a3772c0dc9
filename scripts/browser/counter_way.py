"""The counter, the whole way: virtual card → pcscd → the resident's page → akashi serve → 証明発行サーバ over mutual TLS →
cupsd with two queues → the papers → the staff's pages → hand-over. Run by isolated.py.

    counter_way.py AKASHI [FOLDER FOR PICTURES]
"""
import statistics

from counter_crossed import crossed
from probe import until
from town import play

# Ordinary, long, with a variation sequence, with characters outside the BMP, and a household of two sheets or more.
PEOPLE = ["regular", "variation_selector", "very_long", "rare_characters", "large_household", "common_name",
          "born_in_meiji", "leap_day", "former_name", "one_word_name"]
# They hold their phone to the reader instead.
PHONES = {"android_phone": ["--as", "android"], "iphone": ["--as", "iphone"]}


def issued(site):
    """The digests of what the issuing server has made."""
    return {document["sha256"] for document in site.issue("GET", "documents")["items"]}


def read_papers(town, resident, number, papers, procedure):
    """Everything that a person could see on the papers, read by other people's programs."""
    checks, name = town.checks, town.people[resident]["name"]
    checks.that(f"{resident}: the resident's queue has the 受付票 and nothing else, with the number {number}",
                papers.slip.kind == "receipt_slip" and papers.slip.holds(number), papers.slip.text[:300])
    checks.equal(f"{resident}: inside the counter", ["application_form", "certified_copy", "fee_receipt"],
                 papers.kinds())
    checks.that(f"{resident}: the issuing server's PDF, octet for octet, {len(papers.copy.pages)} pages",
                papers.copy.digest in issued(town.site), papers.copy.digest)
    loose = [font for paper in papers.all for font in paper.fonts_not_embedded()]
    checks.that(f"{resident}: every font of every paper is embedded", not loose, loose)
    # A 戸籍 has the family's name once and each given name by itself.
    parts = name.split() if procedure.startswith("koseki") else [name]
    checks.that(f"{resident}: pdftotext gives the name back on certificate and 申請書",
                all(paper.holds(part) for paper in papers.inside if paper.kind != "fee_receipt" for part in parts),
                papers.copy.text[:400])
    codes, control = papers.copy_codes(), papers.control_number()
    checks.that(f"{resident}: each page has the one 管理番号, as code and as text",
                all(page == codes[0] for page in codes) and all(control in page for page in papers.copy.pages),
                (codes, control))


def one_person(town, resident, keep="", **choice):
    """Applies, reads the papers, hands over. Returns the acts of the clerk and the machines' seconds."""
    clerk, spooler = town.clerk, town.site.spooler
    phone = PHONES.get(resident, [])
    number, identified, pressed = town.resident.apply(resident, keep=keep, options=phone, **choice)
    papers = town.papers()
    # Of the first paper at each printer the first sheet: its release was just before.
    released = max(min(when for when, job in spooler.sheets(queue) if job == paper[0].job) for queue, paper in
                   [("slips", papers.slips), ("counter", papers.inside)])
    read_papers(town, resident, number, papers, choice.get("procedure", "juminhyo"))
    clerk.sees(number, "お渡し待ち")
    clerk.go("/hand-over")
    acts = clerk.hand_over(papers.receipt_code(), papers.copy_codes()[0][0], f"{keep}-hand-over" if keep else "")
    town.checks.that(f"{resident}: handed over after {acts} acts of the clerk", acts <= 3, acts)
    clerk.go("/queue")
    until(lambda: clerk.row(number) == "", 10)
    which = "-".join([resident] + ([choice["procedure"]] if "procedure" in choice else []))
    for paper in papers.all if town.pictures else []:
        paper.picture(f"{town.pictures}/paper-{which}-{paper.kind}")
    return acts, identified + released - pressed


def whole_way(town):
    checks, clerk = town.checks, town.clerk
    town.site.enrol("E1")
    clerk.sign_in()
    checks.equal("the clerk is in with password and authenticator", "受付一覧", clerk.heading())
    clerk.picture("queue-empty")
    acts, times = [], []
    for place, resident in enumerate(PEOPLE + list(PHONES)):
        choice = {"scope": "household", "details": ["relationship", "domicile"]} if resident == "large_household" else {}
        done, machine = one_person(town, resident, keep="first" if place == 0 else "", **choice)
        acts.append(done)
        times.append(machine)
    one_person(town, "regular", procedure="koseki-zenbu", scope="household")
    checks.that(f"the clerk's acts per applicant: at most {max(acts)}", max(acts) <= 3, acts)
    middle = statistics.median(times)
    # A figure, not a check: the aim is 3 seconds, on a machine that does nothing else.
    print(f"      from 暗証番号 to both papers released: median {middle:.2f} s of {len(times)}, {min(times):.2f} to "
          f"{max(times):.2f} s, without the resident's own time at 申請する", flush=True)


if __name__ == "__main__":
    play(whole_way, crossed)
