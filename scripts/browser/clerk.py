"""A member of staff at their browser. Every scan, press and entry is counted."""
from counter_site import PASSWORD
from probe import until
from looks import findings, reachable, small


class Clerk:
    """One browser of one member, signed in with both factors."""

    def __init__(self, site, browser, member, pictures="", width=1280, height=800):
        self.site, self.member, self.pictures, self.acts = site, member, pictures, 0
        self.context = browser.new_context(viewport={"width": width, "height": height}, ignore_https_errors=True,
                                           accept_downloads=True)
        self.page = self.context.new_page()
        self.errors = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda message: self.errors.append(message.text)
                     if message.type == "error" and "status of 4" not in message.text else None)

    def picture(self, name):
        if self.pictures:
            self.page.screenshot(path=f"{self.pictures}/staff-{name}.png", full_page=True)

    def look(self, checks, name):
        """A page as it is: a picture, axe, and whether all of it can be reached at 200 % and at 320 pixels."""
        page, size = self.page, self.page.viewport_size
        self.picture(name)
        found = findings(page)
        checks.that(f"staff, {name}: axe finds nothing", not found, found)
        for width, words in [(size["width"], "at its size"), (size["width"] // 2, "at 200 %"), (320, "at 320 pixels")]:
            page.set_viewport_size({"width": width, "height": 720})
            lost = [one for one in reachable(page) if "unseen" not in one] + small(page)
            checks.that(f"staff, {name}: {words} all of it can be reached and touched", not lost, lost)
            if width != size["width"]:
                self.picture(f"{name}-{width}")
        page.set_viewport_size(size)

    def go(self, path):
        self.page.goto(self.site.staff + path)

    def sign_in(self, code=None, password=PASSWORD):
        self.go("/sign-in")
        self.page.fill("#staff", self.member)
        self.page.fill("#password", password)
        self.page.fill("#code", code or self.site.code(self.member))
        self.page.press("#code", "Enter")
        self.page.wait_for_load_state()

    def heading(self):
        return self.page.locator("main h1").first.inner_text()

    def text(self):
        return self.page.locator("main").inner_text()

    def focus(self):
        return self.page.evaluate("document.activeElement.tagName")

    def press(self, selector):
        self.acts += 1
        self.page.locator(selector).click()
        self.page.wait_for_load_state()

    def scan(self, code):
        """A scanner is a keyboard: the code's text and Enter go where the cursor stands."""
        self.acts += 1
        until(lambda: self.focus() == "INPUT")
        self.page.keyboard.insert_text(code)
        self.page.keyboard.press("Enter")
        self.page.wait_for_load_state()

    def hand_over(self, receipt, copy, keep=""):
        """お渡し, from the page that stands open: scan, scan, press."""
        self.acts = 0
        self.scan(receipt)
        until(lambda: self.page.locator("#copy").count() == 1)
        if keep:
            self.picture(f"{keep}-asked")
        self.scan(copy)
        until(lambda: self.page.locator("[name=fee]").count() == 1 and self.focus() == "BUTTON")
        if keep:
            self.picture(f"{keep}-matched")
        self.acts += 1
        self.page.keyboard.press("Enter")
        until(lambda: "渡しました" in self.text())
        if keep:
            self.picture(f"{keep}-done")
        return self.acts

    def row(self, number):
        """The line of the queue: its cells' words, and its colour."""
        row = self.page.locator("#rows tbody tr", has=self.page.locator(f"text={number}"))
        return row.inner_text() if row.count() else ""

    def sees(self, number, *words, seconds=20):
        """The queue, which nobody reloads, comes to say so."""
        try:
            until(lambda: all(word in self.row(number) for word in words), seconds)
        except TimeoutError:
            raise TimeoutError(f"wanted {words} at {number}, seen {self.row(number)!r}") from None
        return self.row(number)

    def open(self, number):
        """One application, from the queue."""
        self.go("/queue")
        self.page.locator("#rows a", has_text=number).click()
        self.page.wait_for_load_state()

    def supervise(self, form, supervisor):
        """The supervisor's own two factors, at the clerk's page."""
        self.page.fill(f"{form} [name=supervisor]", supervisor)
        self.page.fill(f"{form} [name=supervisor_password]", PASSWORD)
        self.page.fill(f"{form} [name=supervisor_code]", self.site.code(supervisor))
