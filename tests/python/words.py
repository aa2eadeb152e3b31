"""The catalogues against the code, and a pseudo-language against all that is said.

The pseudo-language has every letter of the English words replaced, so that English that is left in
what a program says was never asked of a catalogue.
"""

import gettext
import html
import io
import json
import os
import re
import subprocess
import tempfile
from pathlib import Path

from checks import ROOT, Checks, program, run, text

CODE = "xx"  # of the pseudo-language
ENGINE = sorted(
    str(file.relative_to(ROOT))
    for pattern in ("engine/*.h", "engine/*.cpp", "engine/*/*.h", "engine/*/*.cpp", "lessons/*.h",
                    "lessons/*.cpp")
    for file in ROOT.glob(pattern)
)
LESSONS = sorted(path.parent for path in ROOT.glob("lessons/*/lesson.en.md"))
LABELS = "\n<!-- labels\n"
PLACE = r"\{\{\w+\}\}|\{\w+\}"
CODE_SPAN = r"```.*?```|`[^`]*`|\]\([^)]*\)"


# ---- catalogues ----------------------------------------------------------------------------------


def compiled(po):
    """What msgfmt makes of a catalogue: translations by their keys, context and text."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "words.mo"
        subprocess.run(["msgfmt", "--check-format", "-o", out, "-"], input=po.encode(), check=True)
        keys = gettext.GNUTranslations(io.BytesIO(out.read_bytes()))._catalog
    return {key: value for key, value in keys.items() if key}


def said_in(files):
    """The words that these files say: a catalogue without translations, and its keys."""
    listing = subprocess.run(
        [ROOT / "engine/words/update", "--list", *files], cwd=ROOT, check=True, capture_output=True
    ).stdout.decode()
    filled = subprocess.run(["msgen", "-"], input=listing.encode(), check=True, capture_output=True)
    return listing, set(compiled(filled.stdout.decode()))


def labels_of(lesson, language):
    """The catalogue that ends a lesson's words."""
    words = (lesson / f"lesson.{language}.md").read_text()
    return words.split(LABELS)[1].removesuffix("-->\n") if LABELS in words else ""


def header_of(catalogue):
    return catalogue.read_text().split("\n\n")[0]


def check_catalogues(checks):
    """Every word in the code is in every catalogue, and no other."""
    _, of_engine = said_in(ENGINE)
    for file in ENGINE:
        for unseen in re.findall(r'\bWords(?: \w+\(|\{| \w+\{)\s*"', (ROOT / file).read_text()):
            checks.that(False, f'{file}: {unseen}...": the catalogues see only Words("...")')
    catalogues = sorted(ROOT.glob("engine/words/*.po"))
    checks.that(len(of_engine) > 200, "the code says next to nothing")
    checks.that([file.stem for file in catalogues] != [], "there is no catalogue")
    for catalogue in catalogues:
        known = set(compiled(catalogue.read_text()))
        for key in sorted(of_engine - known):
            checks.that(False, f"{catalogue.name} lacks {key!r}: run engine/words/update")
        for key in sorted(known - of_engine):
            checks.that(False, f"{catalogue.name} has {key!r}, which no code says")
        for lesson in LESSONS:
            if not (lesson / f"lesson.{catalogue.stem}.md").exists():
                continue
            _, of_lesson = said_in(sorted(map(str, lesson.glob("*.h")))
                                   + sorted(map(str, lesson.glob("*.cpp"))))
            block = header_of(catalogue) + "\n\n" + labels_of(lesson, catalogue.stem)
            labels = set(compiled(block))
            for key in sorted(of_lesson - labels - known):
                checks.that(False, f"{lesson.name}, {catalogue.stem}: no label for {key!r}")
            for key in sorted(labels - of_lesson):
                checks.that(False, f"{lesson.name}, {catalogue.stem}: {key!r} is no label")
            checks.that(len(labels) > 0, f"{lesson.name} has no labels")


def check_one_place(checks):
    """No other language than English stands in the code, and nobody asks which it is."""
    for file in [*ROOT.glob("engine/**/*"), *ROOT.glob("lessons/**/*")]:
        if file.suffix not in (".h", ".cpp", ".js"):
            continue
        code = re.sub(r"//.*", "", file.read_text())
        checks.that(not re.search("[가-힣]", code), f"{file}: words in Korean")
        asks = re.search(r'\blanguage(\(\))? [=!]= |"(en|ko)"', code) if file.stem != "say" else None
        checks.that(not asks, f"{file}: asks which language it is: {asks and asks[0]}")


HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
STEP = '#, python-brace-format\nmsgid "step {0}"\nmsgstr "%s"\n'


def check_compiling(checks):
    """What the build refuses: places that do not agree, and two translations of one text."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "engine/words").mkdir(parents=True)
        (root / "lessons/01_any").mkdir(parents=True)

        def compile_words(catalogue, labels):
            (root / "engine/words/de.po").write_text(HEADER + STEP % catalogue)
            (root / "lessons/01_any/lesson.de.md").write_text(
                "# Schritte\n" + LABELS + STEP % labels + "-->\n"
            )
            return subprocess.run(
                ["cmake", "-D", f"ROOT={root}", "-D", "CODE=de", "-D", f"OUT={root}", "-P",
                 ROOT / "engine/words/compile.cmake"],
                capture_output=True,
            )

        good = compile_words("Schritt {0}", "Schritt {0}")
        checks.that(good.returncode == 0, text(good.stderr))
        checks.that((root / "de.mo").exists(), "no catalogue was made")
        lacking = compile_words("Schritt", "Schritt")
        checks.that("argument '0' doesn't exist in 'msgstr'" in re.sub(r"\s+", " ", text(lacking.stderr)),
                    text(lacking.stderr))
        twice = compile_words("Schritt {0}", "Stufe {0}")
        checks.that("translated in two ways" in text(twice.stderr), text(twice.stderr))


# ---- the pseudo-language -------------------------------------------------------------------------


def replaced(words, kept):
    """Each Latin letter as a Cyrillic one, but for what matches `kept`."""

    def letter(found):
        at = ord(found[0])
        return chr(at - ord("a") + 0x430 if at >= ord("a") else at - ord("A") + 0x410)

    pieces = re.split(f"({kept})", words, flags=re.S)
    return "".join(
        piece if i % 2 else re.sub("[A-Za-z]", letter, piece) for i, piece in enumerate(pieces)
    )


def pseudo_catalogue():
    """The words of all code, as XX.mo has them."""
    files = [*ENGINE, *(str(f) for lesson in LESSONS for f in lesson.iterdir()
                        if f.suffix in (".h", ".cpp"))]
    listing, _ = said_in(files)
    filled = subprocess.run(
        ["msgen", "--no-wrap", "-"], input=listing.encode(), check=True, capture_output=True
    ).stdout.decode()
    header, *entries = filled.split("\n\n")
    for i, entry in enumerate(entries):
        english, key, translation = entry.partition("\nmsgstr ")
        entries[i] = english + key + replaced(translation, PLACE + r"|\\.")
    return "\n\n".join([header, *entries])


def write_pseudo_language(folder):
    po = folder / "all.po"
    po.write_text(pseudo_catalogue())
    subprocess.run(["msgfmt", "--check-format", "-o", folder / f"{CODE}.mo", po], check=True)
    for lesson in LESSONS:
        words = (lesson / "lesson.en.md").read_text().split(LABELS)[0]
        out = folder / "lessons" / lesson.name / f"lesson.{CODE}.md"
        out.parent.mkdir(parents=True)
        out.write_text(replaced(words, PLACE + "|" + CODE_SPAN))


def names():
    """What may stand in Latin letters: names and code."""
    code = [file.read_text() for file in ROOT.glob("graphs/**/*.py")]
    for lesson in LESSONS:
        code += re.findall(CODE_SPAN, (lesson / "lesson.en.md").read_text(), re.S)
    for file in ROOT.glob("lessons/*/program/*.*"):  # comments are words, which no lesson may show
        code.append(re.sub(r"(#|//) .*", "", file.read_text()))
    for file in ROOT.glob("engine/primitives/*.cpp"):
        code += re.findall(r'\.(?:name|numpy) = "([^"]*)"|mask\("([^"]*)", "[^"]*", "([^"]*)"',
                           file.read_text())
    latin = " ".join(" ".join(piece) if isinstance(piece, tuple) else piece for piece in code)
    return set(re.findall("[A-Za-z]+", latin)) | OTHER_NAMES


OTHER_NAMES = {
    *("nan", "inf", "scale", "shift", "delta", "ReLU"),  # ... of stations and formulas
    *("Down", "End", "Home", "Left", "Right", "Space", "Tab"),  # ... of keys
}


def english_left(words, allowed):
    """The words in Latin letters that are no names; a gradient is called after its value."""
    found = set()
    for word in re.findall("[A-Za-z]{3,}", words):
        bare = word[1:] if word.startswith("d") else word
        if word not in allowed and bare not in allowed:
            found.add(word)
    return found


# All that a run takes, so that there is no note on what was not set: notes are in English.
SET = [f"--set={name}=randn({sides})" for name, sides in (("x", "4,3"), ("gamma", "3"), ("beta", "3"))]
SET.append("--upstream=randn(4,3)")
COMMANDS = [
    ("run", "batch_norm"),
    ("gradcheck", "batch_norm"),
    ("step", "batch_norm", *SET, "--script", "n*3 i N p Tab ? End q"),
    ("check", "batch_norm", "--mine", "graphs/bugs/04_assignment_for_accumulation.py"),
    ("derive", "batch_norm", "--answer", "dxhat=dgammax"),
    ("simplify", "batch_norm"),
    ("plan", "batch_norm"),
    ("jacobian", "batch_norm", "--of", "out", "--to", "x"),
    ("plan", "batch_norm", "--format", "svg"),
    ("render", "batch_norm", "--format", "svg", "--steps", "--out", "PICTURES"),
    ("simplify", "batch_norm", "--steps", "3", "--out", "PICTURES"),
    ("page", "batch_norm", "--out", "PICTURES/page.html"),
]


def shown_in(output):
    """What a picture shows, or the output itself."""
    if "<svg" not in output:
        return output
    return " ".join(re.findall(r"<text[^>]*>([^<]*)<", output))


class PseudoLanguage:
    """The programs as they speak the pseudo-language."""

    def __init__(self, checks, folder):
        self.checks = checks
        self.folder = folder
        self.names = names()
        write_pseudo_language(folder)
        self.environment = {**os.environ, "BACKSTEP_WORDS": str(folder), "HOME": str(folder)}

    def hold(self, what, words):
        files = r"[\w/.]+\.(?:py|svg|html)"
        shortened = r"\w+…\w+"  # a name
        left = english_left(re.sub(f"{files}|{shortened}", "", html.unescape(words)), self.names)
        self.checks.that(not left, f"{what}: English is left: {sorted(left)}")

    def commands(self):
        pictures = self.folder / "pictures"
        for command in COMMANDS:
            arguments = [word.replace("PICTURES", str(pictures)) for word in command]
            ran = run(*arguments, "--lang", CODE, cwd=ROOT, env=self.environment)
            self.checks.that(ran.returncode in (0, 1), f"{command}: {text(ran.stderr)[-500:]}")
            self.hold(command, shown_in(text(ran.stdout)).replace(str(pictures), ""))
        self.pictures(pictures)
        self.page(pictures / "page.html")

    def lessons(self):
        for lesson in LESSONS:
            name = re.sub(r"^\d+_", "", lesson.name)
            lesson_program = Path(program()).parent / f"lesson_{name}"
            out = self.folder / name
            quick = [] if name in ("batch_norm", "bug_hunt") else ["--quick"]
            ran = subprocess.run(
                [lesson_program, *quick, "--lang", CODE, "--out", out, "--page", out / "page.html"],
                env=self.environment, capture_output=True,
            )
            if not self.checks.that(ran.returncode == 0, f"{name}: {text(ran.stderr)[-500:]}"):
                continue
            self.hold(f"lesson {name}", text(ran.stdout))
            if name != "bug_hunt":  # which has none
                self.pictures(out)
            self.page(out / "page.html")

    def pictures(self, folder):
        files = sorted(folder.rglob("*.svg"))
        self.checks.that(files, f"{folder} holds no pictures")
        for file in files:
            self.hold(file, shown_in(file.read_text()))

    def page(self, file):
        page = file.read_text()
        record = json.loads(
            re.search(r'<script[^>]*type="application/json"[^>]*>(.*?)</script>', page, re.S)[1]
        )
        at = [language["code"] for language in record["languages"]].index(CODE)
        self.checks.that(record["language"] == at, f"{file} opens in another language")
        said = [event[key][at] for event in record["events"] for key in ("said", "why")
                if key in event]
        said += [phase["title"][at] for phase in record["phases"]]
        said += [check[key][at] for check in record["checks"] for key in ("said", "numbers")]
        said += [group["name"][at] for group in record["groups"][1:]]
        said += [word[at] for word in record["words"].values()]
        said += [key["does"][at] for key in record["keys"]]
        for section in record["sections"]:
            said += [section["title"][at], section["html"][at]]
        for words in said:
            code = "<svg.*?</svg>|<code>.*?</code>|<[^>]*>"
            self.hold(file, re.sub(code, " ", words, flags=re.S))


def check_pseudo_language(checks):
    with tempfile.TemporaryDirectory() as folder:
        pseudo = PseudoLanguage(checks, Path(folder))
        pseudo.commands()
        pseudo.lessons()


def main():
    checks = Checks()
    check_catalogues(checks)
    check_compiling(checks)
    check_one_place(checks)
    check_pseudo_language(checks)
    checks.done()


if __name__ == "__main__":
    main()
