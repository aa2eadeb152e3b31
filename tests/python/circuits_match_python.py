"""Every circuit under graphs/, run by Python with NumPy, gives the numbers of the program.

Every file of the folder is taken, so that a circuit without this check cannot be."""

import tempfile
from pathlib import Path

from checks import GRAPHS, Checks, PythonCircuit, compare, load, run, text


def check_form(checks, path, circuit):
    """What a file under graphs/ promises to its reader."""
    label = path.stem
    checks.that(circuit.name == path.stem, f"{label}: its last function is {circuit.name}")
    for name in circuit.parameters:
        checks.that(name in circuit.roles, f"{label}: its docstring gives {name} no role")
    for name in circuit.roles:
        checks.that(name in circuit.parameters, f"{label}: its docstring names {name}")
    gamma = [line for line in circuit.doc.splitlines() if line.strip().startswith("gamma:")]
    checks.that(not any("ones" in line for line in gamma), f"{label}: gamma = 1 hides mistakes")


def main():
    checks = Checks()
    paths = sorted(GRAPHS.glob("*.py"))
    checks.that(len(paths) >= 13, f"only {len(paths)} circuits under {GRAPHS}")
    with tempfile.TemporaryDirectory() as folder:
        for path in paths:
            before = checks.passed
            circuit = PythonCircuit(path)
            check_form(checks, path, circuit)
            # The one that was compiled in, and the file itself: they must be the same circuit.
            for name in (path.stem, str(path)):
                out = Path(folder) / "run.npz"
                out.unlink(missing_ok=True)
                ran = run("run", name, "--npz", out)
                if checks.that(ran.returncode == 0 and out.exists(), f"{name}: {text(ran.stderr)}"):
                    compare(checks, circuit, load(out), name, strict=True)
            checks.that(checks.passed > before, f"{path.stem}: nothing was checked")

    checks.done()


if __name__ == "__main__":
    main()
