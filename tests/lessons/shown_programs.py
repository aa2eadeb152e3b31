"""The Python programs that lessons show, run as they stand: they give what the lesson says."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "python"))
from checks import Checks  # noqa: E402

FIRST_CIRCUIT = ROOT / "lessons" / "00_first_circuit" / "program" / "first_circuit.py"


def printed_by(path):
    run = subprocess.run(
        [sys.executable, str(path)], capture_output=True, text=True, timeout=60, check=True
    )
    return run.stdout


def main():
    checks = Checks()
    golden = ROOT / "tests" / "golden" / "lessons"
    lines = printed_by(FIRST_CIRCUIT).splitlines()
    for language in ("en", "ko"):
        told = " ".join((golden / f"first_circuit.{language}.txt").read_text().split())
        checks.that(", ".join(lines) in told, f"{language}: the lesson does not say {lines}")
    checks.done()


if __name__ == "__main__":
    main()
