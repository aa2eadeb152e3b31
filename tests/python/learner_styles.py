"""NumPy as learners write it: every file under learner_style/ gives Python's numbers.

A comment `# with:` in a file holds what its command line sets."""

import shlex
import tempfile
from pathlib import Path

from checks import Checks, PythonCircuit, compare, load, run, text

FOLDER = Path(__file__).resolve().parent / "learner_style"


def main():
    checks = Checks()
    paths = sorted(FOLDER.glob("*.py"))
    checks.that(len(paths) >= 12, f"only {len(paths)} files under {FOLDER}")
    with tempfile.TemporaryDirectory() as folder:
        for path in paths:
            before = checks.passed
            circuit = PythonCircuit(path)
            settings = [
                word
                for line in circuit.source.splitlines()
                if line.startswith("# with: ")
                for word in shlex.split(line.removeprefix("# with: "))
            ]
            out = Path(folder) / "run.npz"
            out.unlink(missing_ok=True)
            ran = run("run", path, *settings, "--npz", out)
            said = text(ran.stderr)
            if checks.that(ran.returncode == 0 and out.exists(), f"{path.name}: {said}"):
                compare(checks, circuit, load(out), path.name, strict=False)
            checks.that(checks.passed > before + 2, f"{path.name}: next to nothing was checked")
    checks.done()


if __name__ == "__main__":
    main()
