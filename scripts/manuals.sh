#!/usr/bin/env bash
# Makes docs/ja/manual-*.pdf, one A4 page each, from the HTML beside them. Needs the virtual environment that kiosk.sh makes.
set -euo pipefail
cd "$(dirname "$0")/.."
.build/browser-tests/bin/python - <<'PYTHON'
import pathlib
from playwright.sync_api import sync_playwright

with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    for source in sorted(pathlib.Path("docs/ja").resolve().glob("manual-*.html")):
        page = browser.new_page()
        page.goto(source.as_uri())
        page.pdf(path=source.with_suffix(".pdf"), prefer_css_page_size=True)
        page.close()
    browser.close()
PYTHON
for file in docs/ja/manual-*.pdf; do
    pages=$(pdfinfo "$file" | awk '/^Pages:/ { print $2 }')
    [[ $pages == 1 ]] || { echo "manuals: $file has $pages pages" >&2; exit 1; }
    echo "$file"
done
