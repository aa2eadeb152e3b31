"""`backstep check` on hand-written backward passes: each mistake at its line with its cause, no
false alarm on right ones."""

import itertools
import json
import re
import tempfile
from pathlib import Path

import numpy as np

from backward_styles import MISTAKES, OTHERS, STYLES, mistaken, source
from checks import GRAPHS, Checks, load, run, text

BUGS = {
    "01_constant_statistics": (10, "constant-statistics", []),
    "02_mean_branch_dropped": (21, "missing-branch", ["sum(out**2)"]),
    "03_variance_branch_dropped": (17, "missing-branch", ["ones"]),
    "04_assignment_for_accumulation": (16, "stale", ["ones"]),
    "05_no_half_at_the_root": (14, "factor", ["ones"]),
    "06_no_two_at_the_square": (16, "factor", ["ones"]),
    "07_sign_of_the_inverse": (13, "sign", ["ones"]),
    "08_no_n_at_the_variance": (15, "factor", ["ones"]),
    "09_n_minus_1_backward_only": (15, "n-minus-1", ["ones"]),
    "10_gamma_forgotten": (10, "operand", ["ones", "gamma=1", "sum(out**2)"]),
    "11_no_n_at_the_mean": (20, "factor", ["sum(out**2)"]),
    "12_sign_of_the_subtraction": (19, "sign", ["sum(out**2)"]),
}


class Mine:
    def __init__(self, checks, folder):
        self.checks = checks
        self.folder = Path(folder)

    def judge(self, label, circuit, path, *options):
        ran = run("check", circuit, "--mine", path, "--json", *options)
        if not self.checks.that(ran.returncode in (0, 1), f"{label}: {text(ran.stderr)}"):
            return {"verdict": "none", "findings": [], "hidden_by": []}
        verdict = json.loads(ran.stdout)
        ends = 0 if verdict["verdict"] == "right" else 1
        self.checks.that(ran.returncode == ends, f"{label}: ends with {ran.returncode}")
        return verdict

    def write(self, name, body):
        path = self.folder / name
        path.write_text(body, encoding="utf-8")
        return path

    def right(self, label, circuit, body, *options):
        verdict = self.judge(label, circuit, self.write("right.py", body), *options)
        self.checks.that(verdict["verdict"] == "right", f"{label}: a false alarm: {verdict}")

    def wrong(self, label, circuit, body, expected, *options):
        """`expected`: the (line, cause) of each mistake."""
        verdict = self.judge(label, circuit, self.write("wrong.py", body), *options)
        found = sorted((f["line"], f["cause"]) for f in verdict["findings"])
        self.checks.that(found == sorted(expected), f"{label}: {found} for {expected}: {verdict}")


def zoo(mine):
    for name, (line, cause, hidden) in BUGS.items():
        path = GRAPHS / "bugs" / f"{name}.py"
        verdict = mine.judge(name, "batch_norm", path)
        found = [(f["line"], f["cause"]) for f in verdict["findings"]]
        mine.checks.that(found == [(line, cause)], f"{name}: {found}")
        others = [p for p in verdict["hidden_by"] if p != "N=2"]
        mine.checks.that(others == hidden, f"{name}: hidden by {verdict['hidden_by']}")
    files = {p.stem for p in (GRAPHS / "bugs").glob("*.py")}
    mine.checks.that(files == set(BUGS), f"the zoo holds {files}")


def styles(mine):
    for label, cause, changes in MISTAKES:
        mine.checks.that(len(changes) >= 3, f"{label}: {len(changes)} styles")
        for style, lines in changes.items():
            body, line = mistaken(style, lines)
            mine.wrong(f"{label}, {style}", "batch_norm", body, [(line, cause)])


def two_at_once(mine):
    """Two mistakes that stand in different lines of one file."""
    pairs = [
        ("stepwise", "no 1/2 at the square root", "sign of the subtraction"),
        ("stepwise", "gamma forgotten", "no 1/N at the mean"),
        ("notebook", "no 2 at the square", "a mean for a sum"),
        ("notebook", "sign of the inverse", "no 1/N at the mean"),
        ("notebook", "N - 1 in the backward pass only", "sign of the subtraction"),
        ("course", "no 1/2 at the square root", "a sum forgotten"),
        ("leibniz", "variance branch dropped", "sign of the subtraction"),
        ("leibniz", "gamma forgotten", "no 1/N at the mean"),
    ]
    table = {label: (cause, changes) for label, cause, changes in MISTAKES}
    for style, first, second in pairs:
        changes = table[first][1][style] + table[second][1][style]
        body, _ = mistaken(style, changes)
        expected = []
        for label in (first, second):
            wrong = table[label][1][style][0][1]
            line = next(i for i, t in enumerate(body.splitlines(), 1) if t.strip() == wrong)
            expected.append((line, table[label][0]))
        mine.wrong(f"{first} and {second}, {style}", "batch_norm", body, expected)


def renamed(body, names):
    for old, new in names.items():
        body = re.sub(rf"\b{old}\b", new, body)
    return body


def rights(mine):
    """Right ones: each style as it is, and under other names and groupings."""
    count = 0
    variants = [
        {},
        {"dxhat": "d_xhat", "dvar": "d_var", "dmu": "d_mu", "x_hat": "xn", "std": "sigma"},
        {"dxhat": "grad_xhat", "dx_norm": "dxn", "t": "u", "N": "m", "dout": "dy"},
        {"dgamma": "gamma_grad", "dbeta": "beta_grad", "dL_dxc": "dL_dxmu", "istd": "inv_std"},
        {"dxmu1": "dxmu_a", "dxmu2": "dxmu_b", "dx1": "dx_a", "dx2": "dx_b", "a": "first"},
    ]
    for style, names in itertools.product(STYLES, variants):
        body = renamed(source(STYLES[style]), names)
        mine.right(f"{style}, {names}", "batch_norm", body)
        count += 1
    names = {"dxmu1": "dxmu_", "dxmu2": "dxmu1", "dxmu_": "dxmu2"}
    swapped = renamed(source(STYLES["notebook"]), names)
    mine.right("contributions in the other order", "batch_norm", swapped)
    mine.checks.that(count + 1 >= 30, f"{count} right ones")
    example = Path(__file__).parent / "learner_style" / "notebook_backward.py"
    verdict = mine.judge("the notebook", "batch_norm", example)
    mine.checks.that(verdict["verdict"] == "right", f"the notebook: {verdict}")
    closed = GRAPHS / "batch_norm_closed_form.py"
    verdict = mine.judge("the compact formula", "batch_norm", closed)
    mine.checks.that(verdict["verdict"] == "right", f"the compact formula: {verdict}")


def others(mine):
    for circuit, body, changes in OTHERS:
        mine.right(circuit, circuit, source(body))
        for right, wrong, cause in changes:
            mine.checks.that(body.count(right) == 1, f"{circuit}: {right}")
            lines = source(body).replace(right, wrong)
            line = next(i for i, t in enumerate(lines.splitlines(), 1) if t.strip() == wrong)
            mine.wrong(f"{circuit}, {wrong}", circuit, lines, [(line, cause)])


UNNAMED = '''import numpy as np
def backward(dout, cache):
    va1, va2, va3 = cache
    N = dout.shape[0]
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(va1 * dout, axis=0)
    dx = (va2 * va3 / N) * (N * dout - dbeta - va1 * dgamma)
    return dx, dgamma, dbeta
'''

WRONG_FORWARD = '''import numpy as np
def bn_forward(x, gamma, beta, eps=1e-6):
    mu = x.mean(axis=0)
    xmu = x - mu
    var = (xmu**2).sum(axis=0)
    ivar = 1 / np.sqrt(var + eps)
    xhat = xmu * ivar
    return gamma * xhat + beta, (xhat, gamma, ivar)

def bn_backward(dout, cache):
    xhat, gamma, ivar = cache
    N = dout.shape[0]
    dxhat = dout * gamma
    dx = ivar / N * (N * dxhat - dxhat.sum(0) - xhat * (dxhat * xhat).sum(0))
    return dx, (dout * xhat).sum(0), dout.sum(0)
'''


def options(mine):
    """Names that are given, settings of a dictionary, a wrong forward pass, words, values."""
    checks = mine.checks
    path = mine.write("unnamed.py", UNNAMED)
    ran = run("check", "batch_norm", "--mine", path)
    checks.that(ran.returncode == 2 and "--name va1=" in text(ran.stderr), text(ran.stderr))
    names = ["--name", "va1=xhat", "--name", "va2=gamma", "--name", "va3=ivar"]
    mine.right("names that are given", "batch_norm", UNNAMED, *names)
    mine.wrong("a wrong forward pass", "batch_norm", WRONG_FORWARD, [(5, "factor")])
    course = source(STYLES["course"])
    mine.right("training mode", "batch_norm", course, "--set", "bn_param.mode=train")
    path = mine.write("course.py", course)
    ran = run("check", "batch_norm", "--mine", path, "--set", "bn_param.mode=dream")
    checks.that(ran.returncode == 2 and "raise" in text(ran.stderr), text(ran.stderr))
    body, line = mistaken("notebook", [("dx = dx1 + dx2", "dx = dx1")])
    path = mine.write("branch.py", body)
    english = text(run("check", "batch_norm", "--mine", path).stdout)
    korean = text(run("check", "batch_norm", "--mine", path, "--lang", "ko").stdout)
    checks.that(f"branch.py:{line}:" in english and "^" in english, english)
    checks.that("the path through mu" in english and "have hidden this" in english, english)
    checks.that("갈래 하나가 빠졌습니다" in korean, korean)
    readme = (GRAPHS.parent / "README.md").read_text()
    shown = run("check", "batch_norm", "--mine", "graphs/bugs/02_mean_branch_dropped.py",
                cwd=GRAPHS.parent)
    checks.that(text(shown.stdout) in readme, "the README shows another report")


BEND = '''import numpy as np
def bend(x, w, b):
    N, D = x.shape
    centred = x - x.mean(axis=0)
    scaled = centred / np.sqrt((centred**2).mean(axis=0) + 1e-5)
    h = np.tanh(scaled @ w + b)
    loss = np.sum(h**2) / N
    return loss
'''

BEND_BACKWARD = '''import numpy as np
def bend_backward(x, w, b):
    N, D = x.shape
    c = x - x.mean(axis=0)
    std = np.sqrt((c**2).mean(axis=0) + 1e-5)
    s = c / std
    h = np.tanh(s @ w + b)
    dz = 2 * h / N * (1 - h**2)
    ds = dz @ w.T
    dx = (ds - ds.mean(axis=0) - s * (ds * s).mean(axis=0)) / std
    return dx, s.T @ dz, dz.sum(axis=0)
'''


def own_circuit(mine):
    """A circuit of the learner's own, without a docstring."""
    circuit = mine.write("bend.py", BEND)
    mine.right("own circuit", circuit, BEND_BACKWARD)
    wrong = BEND_BACKWARD.replace("- ds.mean(axis=0) ", "")
    mine.wrong("own circuit, a branch", circuit, wrong, [(10, "missing-branch")])
    wrong = BEND_BACKWARD.replace("2 * h / N", "h / N")
    mine.wrong("own circuit, a factor", circuit, wrong, [(8, "factor")])


def values(mine):
    """Values that NumPy computed elsewhere, on inputs of its own."""
    checks = mine.checks
    given = mine.folder / "given.npz"
    checks.that(run("run", "batch_norm", "--npz", given).returncode == 0, "run")
    known = load(given)
    path = mine.folder / "mine.npz"
    keep = {n: known[n] for n in ("x", "gamma", "beta", "dout", "dxhat", "dvar", "dx", "dgamma",
                                  "dbeta")}
    np.savez(path, **keep)
    verdict = mine.judge("right values", "batch_norm", path)
    checks.that(verdict["verdict"] == "right", f"right values: {verdict}")
    np.savez(path, **{**keep, "dvar": 2 * known["dvar"]})
    verdict = mine.judge("wrong values", "batch_norm", path)
    found = [(f["name"], f["cause"]) for f in verdict["findings"]]
    checks.that(found == [("dvar", "factor")], f"wrong values: {verdict}")


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        mine = Mine(checks, folder)
        zoo(mine)
        styles(mine)
        two_at_once(mine)
        rights(mine)
        others(mine)
        options(mine)
        own_circuit(mine)
        values(mine)
    checks.done()


if __name__ == "__main__":
    main()
