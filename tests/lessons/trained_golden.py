"""The lessons that train, run quickly in both languages: words, pictures, figures, pages.

What a training ends with hangs on the machine, so numbers are taken out of the words before they
are compared with golden files; of the pictures the names that stand in them are compared. With
BACKSTEP_RECORD=1 the golden files are written anew. The argument is the folder of the programs.
"""

import html
import json
import os
import re
import subprocess
import sys
import tempfile
from difflib import unified_diff
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "python"))
from checks import Checks  # noqa: E402

BIN = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "release" / "bin")
GOLDEN = ROOT / "tests" / "golden" / "lessons"
RECORD = os.environ.get("BACKSTEP_RECORD") == "1"
WAYS = ("scratch", "finetune", "lower", "head")

# What each lesson must claim.
LESSONS = {
    "covariate_shift": ["bias.outside", "bias.inside"],
    "batch_norm_training": ["high_rate.with", "high_rate.without"],
    "transfer_learning": [
        f"{similarity}_{amount}.{way}"
        for similarity in ("similar", "different")
        for amount in (20, 100, 897)
        for way in WAYS
    ],
    "knowledge_distillation": [
        "student_500.hard",
        "student_500.soft",
        "student_8000.hard",
        "student_8000.soft",
        "ensemble",
        "teacher",
    ],
}

# Where a learner's own normaliser may stand, and what is refused.
TAKE_A_NORMALISER = ("covariate_shift", "batch_norm_training")
NUMBER = re.compile(r"-?(\binf\b|\bnan\b|\d+(\.\d+)?(e[+-]\d+)?)")


def program(lesson, *arguments):
    command = [str(BIN / f"lesson_{lesson}"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300)


def without_numbers(text):
    """Each number becomes #, and columns are as wide as they like."""
    text = re.sub(r" \([^()|]*(broke|발산)\)", "", text)
    return re.sub(r" +", " ", NUMBER.sub("#", text))


def names_in(svg):
    """What stands in a picture, but for its numbers."""
    texts = re.findall(r"<text[^>]*>(.*?)</text>", svg, re.DOTALL)
    words = (html.unescape(re.sub(r"<[^>]*>", "", text)).strip() for text in texts)
    return [word for word in words if re.search(r"[^\W\d_]", NUMBER.sub("", word))]


def same_as_golden(checks, name, text):
    path = GOLDEN / name
    if RECORD:
        path.write_text(text)
    golden = path.read_text() if path.exists() else ""
    difference = list(unified_diff(golden.split("\n"), text.split("\n"), "golden", "now", n=0))
    checks.that(golden == text, f"{name}:\n" + "\n".join(difference[:20]))


def look_at_pictures(checks, lesson, language, words, folder):
    named = re.findall(r"!\[[^\]]*\]\(([^)]*)\)", words)
    drawn = sorted(path.name for path in folder.glob("*.svg"))
    checks.that(sorted(named) == drawn, f"{lesson}: the words name {named}, drawn are {drawn}")
    outline = ""
    for name in drawn:
        svg = (folder / name).read_text()
        outline += f"{name}\n" + "".join(f"  {text}\n" for text in names_in(svg))
        checks.that((folder / name).with_suffix(".png").read_bytes()[1:4] == b"PNG", name)
    same_as_golden(checks, f"{lesson}.pictures.{language}.txt", outline)


def look_at_figures(checks, lesson, path):
    figures = json.loads(path.read_text())
    for name in LESSONS[lesson]:
        figure = figures.get(name, {})
        numbers = [figure.get(key) for key in ("mean", "spread", "seeds")]
        good = all(isinstance(n, (int, float)) for n in numbers) and numbers[2] > 1
        checks.that(good, f"{lesson}: the figure {name} is {figure}")


def run_lesson(checks, lesson, language, folder):
    """All that a run leaves, in an empty folder."""
    out, figures, page = folder / "new" / "out", folder / "figures.json", folder / "page.html"
    options = ("--quick", "--lang", language, "--out", out, "--json", figures, "--page", page)
    run = program(lesson, *options)
    if not checks.that(run.returncode == 0 and run.stderr == "", f"{lesson}: {run.stderr}"):
        return
    words = (out / "lesson.md").read_text()
    checks.that("{{" not in words + run.stdout, f"{lesson}: a place is empty")
    checks.that("을(를)" not in words and "(으)로" not in words, f"{lesson}: a particle is open")
    same_as_golden(checks, f"{lesson}.{language}.txt", without_numbers(words))
    look_at_pictures(checks, lesson, language, words, out)
    look_at_figures(checks, lesson, figures)
    title = words.split("\n")[0].removeprefix("# ")
    checks.that(title in page.read_text(), f"{lesson}: the page has no '{title}'")
    left = {path.name for path in folder.iterdir()}
    checks.that(left == {"new", "figures.json", "page.html"}, f"{lesson}: it leaves {left}")


def run_alike(checks, lesson):
    """The same seed gives the same figures; another seed others."""
    with tempfile.TemporaryDirectory() as folder:
        written = []
        for seed in (1, 1, 7):
            path = Path(folder) / "figures.json"
            program(lesson, "--quick", "--seed", seed, "--json", path)
            figures = json.loads(path.read_text())
            # Two machines, or two runs, take different times for the same work.
            written.append({name: f for name, f in figures.items() if "seconds" not in name})
        checks.that(written[0] == written[1], f"{lesson}: the same seed, other figures")
        checks.that(written[0] != written[2], f"{lesson}: another seed, the same figures")


def give_a_normaliser(checks, lesson, folder):
    own = folder / "own.py"
    own.write_text(
        "import numpy as np\n\n\ndef by_the_largest(x, gamma, beta):\n"
        "    top = np.max(np.abs(x), axis=1, keepdims=True)\n"
        "    out = gamma * (x / top) + beta\n    return out\n"
    )
    for norm in ("layer_norm", "rms_norm", own):
        run = program(lesson, "--quick", "--norm", norm)
        name = "by_the_largest" if norm == own else norm
        told = run.returncode == 0 and name in run.stdout
        checks.that(told, f"{lesson} --norm {norm}: {run.stderr}")
    own.write_text("import numpy as np\n\n\ndef double(x):\n    out = 2 * x\n    return out\n")
    for norm, reason in (
        ("relu", "this is no normaliser: for 10 * x it gives numbers that differ"),
        (own, "this is no normaliser: for 10 * x it gives numbers that differ"),
        ("mean_squared_error", "this is no normaliser: it asks for target"),
        (folder / "no_such.py", "no_such.py"),
    ):
        run = program(lesson, "--quick", "--norm", norm)
        checks.that(
            run.returncode == 2 and reason in run.stderr and run.stdout == "",
            f"{lesson} --norm {norm}: {run.returncode}, {run.stderr}",
        )


def main():
    checks = Checks()
    for lesson in LESSONS:
        for language in ("en", "ko"):
            with tempfile.TemporaryDirectory() as folder:
                run_lesson(checks, lesson, language, Path(folder))
        run_alike(checks, lesson)
        if lesson in TAKE_A_NORMALISER:
            with tempfile.TemporaryDirectory() as folder:
                give_a_normaliser(checks, lesson, Path(folder))
        run = program(lesson, "--quick", "--json", "/dev/null/figures.json")
        checks.that(
            run.returncode == 2 and "cannot write /dev/null/figures.json" in run.stderr, run.stderr
        )
    checks.done()


if __name__ == "__main__":
    main()
