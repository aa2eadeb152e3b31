"""Every relative link and picture in the documentation leads somewhere; every lesson has its page."""

import re

from checks import ROOT, Checks

LINK = re.compile(r"\]\(([^)\s#]+)(#[^)\s]*)?\)")


def pages():
    yield ROOT / "README.md"
    yield from sorted((ROOT / "docs").rglob("*.md"))


def main():
    checks = Checks()
    for page in pages():
        for target, _ in LINK.findall(page.read_text()):
            if not re.match(r"[a-z]+:", target):
                name = page.relative_to(ROOT)
                checks.that((page.parent / target).exists(), f"{name} links to {target}: not there")
    for program in sorted((ROOT / "lessons").glob("*/main.cpp")):
        lesson = re.sub(r"^\d+_", "", program.parent.name)
        for page in ("README.md", "README.ko.md"):
            found = ROOT / "docs" / "lessons" / lesson / page
            checks.that(found.exists(), f"{lesson} has no {found.relative_to(ROOT)}")
    checks.done()


if __name__ == "__main__":
    main()
