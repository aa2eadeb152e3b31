"""The Python programs that lessons show, run as they stand: they give what the lesson says."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "python"))
from checks import Checks  # noqa: E402

LESSONS = ROOT / "lessons"
GOLDEN = ROOT / "tests" / "golden" / "lessons"
CHECK = LESSONS / "07_check_that_cannot_fail" / "program"


def told(lesson, language):
    return " ".join((GOLDEN / f"{lesson}.{language}.txt").read_text().split())


def run(*command):
    return subprocess.run(
        [sys.executable, *map(str, command)], capture_output=True, text=True, timeout=60
    )


def first_circuit(checks):
    lines = run(LESSONS / "00_first_circuit" / "program" / "first_circuit.py").stdout.splitlines()
    checks.that(len(lines) == 4, f"the first circuit prints {lines}")
    for language in ("en", "ko"):
        says = told("first_circuit", language)
        checks.that(", ".join(lines) in says, f"{language}: the lesson does not say {lines}")


def check_that_can_fail(checks, folder):
    check = CHECK / "check.py"
    right = run(check, CHECK / "right.py")
    for language in ("en", "ko"):
        says = told("check_that_cannot_fail", language)
        checks.that(f'"{right.stdout.strip()}"' in says, f"{language}: not said: {right.stdout}")
    wrong = [*ROOT.glob("graphs/bugs/*.py"), CHECK / "dx_is_zero.py", CHECK / "means_for_sums.py"]
    checks.that(len(wrong) == 14, f"{len(wrong)} wrong passes")
    for path in wrong:
        ran = run(check, path)
        checks.that(ran.returncode == 1 and ran.stderr == "wrong\n", f"{path.name}: {ran}")
    # What the lesson has its reader try: dout of ones is refused, and without the assertion the
    # check misses the lines that the table says.
    text = check.read_text().replace("dout = random.randn(N, D)", "dout = np.ones((N, D))")
    trap = folder / "trap.py"
    trap.write_text(text)
    refused = run(trap, CHECK / "right.py")
    checks.that("AssertionError: 0 is compared with 0" in refused.stderr, refused.stderr)
    trap.write_text("".join(f"{l}\n" for l in text.splitlines() if "assert" not in l))
    caught = run(trap, CHECK / "right.py").stdout
    checks.that("of 12 lines, each doubled, 2 are caught" in caught, caught)
    row = re.search(r"ones \S+ \S+ \S+ \d+ (\d+)", told("check_that_cannot_fail", "en"))
    checks.that(row and row[1] == "10", f"the table says {row}")


def main():
    checks = Checks()
    first_circuit(checks)
    with tempfile.TemporaryDirectory() as folder:
        check_that_can_fail(checks, Path(folder))
    checks.done()


if __name__ == "__main__":
    main()
