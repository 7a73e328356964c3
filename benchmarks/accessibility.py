"""Accessibility of pages, as axe-core finds it in a Chromium without a window: violations by rule; exit code 1 on any.

    python benchmarks/accessibility.py RUN/report RUN/advice [--axe axe-core-4.14.1.tgz] [--widths 1366,390] [--tags wcag2aa]

A folder stands for every page in it. Each page is copied, its security policy taken out of the copy, every folded part opened,
and axe run in it; the page itself is never changed. Without --axe, `npm pack axe-core` fetches it into a temporary folder.
axe-core (MPL 2.0) is no dependency of the program and is not kept. A machine finds perhaps half of what hinders a reader.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
SCRIPT = "package/axe.min.js"
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>', re.IGNORECASE)
RESULT = re.compile(r'<pre id="axe-result">(.*?)</pre>', re.DOTALL)
RUN = """
document.querySelectorAll("details").forEach(one => one.open = true);
const tags = TAGS;
axe.run(document, tags.length ? {runOnly: tags} : {}).then(found => {
  const kept = list => list.map(one => ({id: one.id, impact: one.impact, help: one.help,
    nodes: one.nodes.map(node => ({target: node.target.join(" "), html: node.html.slice(0, 160)}))}));
  const told = document.createElement("pre");
  told.id = "axe-result";
  told.textContent = JSON.stringify(
    {violations: kept(found.violations), incomplete: kept(found.incomplete), passes: found.passes.length});
  document.body.appendChild(told);
});
"""


def axe_source(given: Path | None, folder: Path) -> str:
    """The script of axe-core: from a .js or .tgz file, or packed by npm into `folder`."""
    if given is None:
        subprocess.run(["npm", "pack", "axe-core", "--silent"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        (given,) = folder.glob("axe-core-*.tgz")
    if given.suffix == ".js":
        return given.read_text(encoding="utf-8")
    with tarfile.open(given) as archive:
        member = archive.extractfile(SCRIPT)
        if member is None:
            raise SystemExit(f"{given} holds no {SCRIPT}")
        return member.read().decode("utf-8")


def pages(places: list[Path]) -> Iterator[Path]:
    """The pages named, and those of folders named."""
    for place in places:
        yield from sorted(place.rglob("*.html")) if place.is_dir() else [place]


def looked_at(page: Path, script: str, tags: list[str], width: int, browser: str, folder: Path) -> dict[str, Any]:
    """What axe finds in a copy of a page at a width of the window."""
    text = POLICY.sub("", page.read_text(encoding="utf-8"))
    inside = f"<script>{script}</script><script>{RUN.replace('TAGS', json.dumps(tags))}</script></body>"
    head, _, tail = text.rpartition("</body>")
    copy = folder / "copy.html"
    copy.write_text(f"{head}{inside}{tail}", encoding="utf-8")
    rooted = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
    command = [
        browser, "--headless", "--disable-gpu", *rooted, f"--user-data-dir={folder / 'profile'}",
        f"--window-size={width},3000", "--virtual-time-budget=60000", "--dump-dom", copy.as_uri(),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, timeout=600, check=False)
    found = RESULT.search(done.stdout.decode("utf-8", errors="replace"))
    if not found:
        raise SystemExit(f"axe said nothing of {page}: {done.stderr.decode(errors='replace').strip()[-300:]}")
    return dict(json.loads(html.unescape(found[1])))


def tell(page: Path, width: int, found: dict[str, Any], most: int) -> int:
    """Print what was found in a page; return the number of violations."""
    count = sum(len(one["nodes"]) for one in found["violations"])
    unsure = sum(len(one["nodes"]) for one in found["incomplete"])
    print(f"{page}  {width} wide: {count} violations, {found['passes']} rules passed, {unsure} places to be looked at by eye")
    for one in found["violations"]:
        print(f"  {one['id']} ({one['impact']}): {one['help']}; {len(one['nodes'])} places")
        for node in one["nodes"][:most]:
            print(f"    {node['target']}  {node['html']}")
    return count


def main() -> int:
    """Look at every page at every width; exit code 1 where anything was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("places", nargs="+", type=Path)
    parser.add_argument("--axe", type=Path, help="axe-core as .tgz or axe.min.js (default: npm pack)")
    parser.add_argument("--widths", default="1366,390")
    parser.add_argument("--tags", default="", help="such as wcag2a,wcag2aa (default: every rule, best practice too)")
    parser.add_argument("--browser", default="", help="a Chromium (default: the first found)")
    parser.add_argument("--most", type=int, default=3, help="places printed for each rule")
    options = parser.parse_args()
    browser = options.browser or next((b for name in BROWSERS if (b := shutil.which(name))), "")
    if not browser:
        raise SystemExit("no Chromium was found; name one with --browser")
    tags = [one for one in options.tags.split(",") if one]
    count = 0
    with tempfile.TemporaryDirectory() as name:
        script = axe_source(options.axe, Path(name))
        for page in pages(options.places):
            for width in options.widths.split(","):
                found = looked_at(page, script, tags, int(width), browser, Path(name))
                count += tell(page, int(width), found, options.most)
    print("no violations" if not count else f"{count} violations")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
