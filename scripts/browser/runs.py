"""How scripts in the browser are called, and how those on real parts begin and end."""
import os
import pathlib
import sys
import tempfile

from playwright.sync_api import sync_playwright

from probe import Checks, launch

SCREEN = {"width": 1280, "height": 800}


def arguments():
    """`SCRIPT BINARY [FOLDER FOR PICTURES or '' …]`; the folder is made."""
    binary, pictures = os.path.abspath(sys.argv[1]), (sys.argv[2:] or [""])[0]
    if pictures:
        pictures = os.path.abspath(pictures)
        os.makedirs(pictures, exist_ok=True)
    return binary, pictures


def on_parts(begin, walk):
    """Runs `walk(checks, site, browser, pictures)` on the site of real parts that `begin(binary, folder)` starts."""
    binary, pictures = arguments()
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        # What a program leaves among its temporary files is left here, and found by counter_canary.py.
        os.environ["TMPDIR"] = f"{folder}/tmp"
        os.mkdir(os.environ["TMPDIR"])
        on_site(checks, lambda: begin(binary, pathlib.Path(folder)), walk, pictures)
    sys.exit(checks.summary())


def on_site(checks, begin, walk, pictures):
    with sync_playwright() as playwright:
        site, browser = None, launch(playwright)
        try:
            site = begin()
            walk(checks, site, browser, pictures)
        except Exception as error:  # one line, and what was checked until then
            checks.that("the way went on to its end", False, f"{type(error).__name__}: {error}")
        finally:
            browser.close()
            if site:
                site.end()
