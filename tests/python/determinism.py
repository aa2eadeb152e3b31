"""The same command gives the same bytes: npz, json, tables, and every picture."""

import tempfile
import time
from pathlib import Path

from checks import GRAPHS, Checks, run, text


def files(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def twice(checks, label, command, pause=0.0):
    """Runs a command in two new folders and compares all that it says and leaves."""
    ran, left = [], []
    for _ in range(2):
        with tempfile.TemporaryDirectory() as folder:
            ran.append(run(*command, cwd=folder))
            left.append(files(Path(folder)))
        time.sleep(pause)
    first, second = ran
    if not checks.that(first.returncode == 0, f"{label}: {text(first.stderr)}"):
        return {}
    checks.that(first.stdout == second.stdout, f"{label}: standard output differs")
    checks.that(first.stderr == second.stderr, f"{label}: standard error differs")
    checks.that(left[0].keys() == left[1].keys(), f"{label}: other files")
    for name, content in left[0].items():
        checks.that(content == left[1].get(name), f"{label}: {name} differs")
    return left[0]


def main():
    checks = Checks()
    for path in sorted(GRAPHS.glob("*.py")):
        # The zip format keeps times in steps of two seconds: a clock in it would show once.
        pause = 2.1 if path.stem == "batch_norm" else 0.0
        left = twice(checks, f"run {path.stem}", ["run", path.stem, "--npz", "values.npz"], pause)
        checks.that(left.get("values.npz", b"")[:2] == b"PK", f"run {path.stem}: no npz")
    left = twice(checks, "json", ["run", "batch_norm", "--json", "values.json"])
    checks.that("values.json" in left, "json: no file")
    for name in ("batch_norm", "two_layer_net"):
        command = ["render", name, "--out", "pictures", "--format", "dot,svg"]
        left = twice(checks, f"render {name}", command)
        for ending in (".dot", ".svg"):
            checks.that(any(f.endswith(ending) for f in left), f"render {name}: no {ending}")
    command = ["render", "batch_norm", "--out", "pictures", "--format", "dot,svg", "--steps"]
    left = twice(checks, "render --steps", command)
    checks.that(len(left) > 20, f"render --steps: only {len(left)} files")

    # Another seed gives other numbers: the sameness above is not that of a constant.
    ran = [run("run", "batch_norm", "--seed", seed).stdout for seed in ("1", "2")]
    checks.that(ran[0] != ran[1], "two seeds, one result")
    checks.done()


if __name__ == "__main__":
    main()
