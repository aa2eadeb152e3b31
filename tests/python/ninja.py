"""Gradients by hand below the lines of their loss, in a notebook or at the top level of a script:
right ones are right, and of each mistake the gradient, its cell and its line are named. Where PyTorch
is installed, it judges the right ones too."""

import ast
import json
import re
import tempfile
from pathlib import Path

from checks import ROOT, Checks, run, text

FOLDER = ROOT / "tests/people/ninja"

# Of each text: the line that is changed, what it becomes, and the gradient that is wrong then.
MISTAKES = {
    "steps": [
        ("dlogs[range(m), goal] = -1.0 / m", "dlogs[range(m), goal] = 1.0 / m", "dlogs", "sign"),
        ("dlogs[range(m), goal] = -1.0 / m", "dlogs[range(m), goal] = -1.0", "dlogs", "factor"),
        ("dchance = dlogs / chance", "dchance = dlogs * chance", "dchance", None),
        ("dshare = (powers * dchance).sum(1, keepdim=True)",
         "dshare = (chance * dchance).sum(1, keepdim=True)", "dshare", "operand"),
        ("dtotal = -total**-2 * dshare", "dtotal = total**-2 * dshare", "dtotal", "sign"),
        ("dpowers += torch.ones_like(powers) * dtotal", "dpowers += 0 * dtotal", "dpowers",
         "missing-branch"),
        ("dlowered = powers * dpowers", "dlowered = dpowers", "dlowered", "operand"),
        ("dact = dscores @ w2.T", "dact = dscores @ (2 * w2.T)", "dact", "factor"),
        ("dw2 = act.T @ dscores", "dw2 = bent.T @ dscores", "dw2", "operand"),
        ("dc2 = dscores.sum(0)", "dc2 = dscores.mean(0)", "dc2", "mean-for-sum"),
        ("dbent = (1.0 - act**2) * dact", "dbent = (1.0 - act) * dact", "dbent", None),
        ("dgain = (normal * dbent).sum(0, keepdim=True)",
         "dgain = (centred * dbent).sum(0, keepdim=True)", "dgain", "operand"),
        ("dspread = -0.5 * (spread + 1e-5)**-1.5 * dscale",
         "dspread = -(spread + 1e-5)**-1.5 * dscale", "dspread", "factor"),
        ("dsquares = torch.ones_like(squares) * dspread / (m - 1)",
         "dsquares = torch.ones_like(squares) * dspread / m", "dsquares", "n-minus-1"),
        ("dcentred += 2 * centred * dsquares", "dcentred += centred * dsquares", "dcentred", None),
        ("daverage = (-dcentred).sum(0)", "daverage = dcentred.sum(0)", "daverage", "sign"),
        ("dz += torch.ones_like(z) * daverage / m", "dz += torch.ones_like(z) * daverage", "dz", None),
        ("dw1 = flat.T @ dz", "dw1 = flat.T @ dcentred", "dw1", "operand"),
        ("dtable[ids[i, j]] += drows[i, j]", "dtable[ids[i, j]] = drows[i, j]", "dtable", None),
        ("dscores /= m", "dscores /= 2 * m", "dscores", "factor"),
        ("dz = gain*scale/m * (m*dbent - dbent.sum(0) - m/(m-1)*normal*(dbent*normal).sum(0))",
         "dz = gain*scale/m * (m*dbent - dbent.sum(0) - normal*(dbent*normal).sum(0))", "dz", None),
    ],
    "plain": [
        ("dlogits /= logits.shape[0]", "dlogits /= logits.shape[1]", "dlogits", None),
        ("dh = dlogits.mm(W2.t())", "dh = dlogits.mm(W2.t()) / 2", "dh", "factor"),
        ("dW2 = torch.matmul(h.t(), dlogits)", "dW2 = -torch.matmul(h.t(), dlogits)", "dW2", "sign"),
        ("db2 = dlogits.sum(dim=0)", "db2 = dlogits.sum(dim=0) * 2", "db2", "factor"),
        ("dW1 = f.T @ dpre", "dW1 = f.T @ dh", "dW1", None),
        ("db1 = dpre.sum(0)", "db1 = dpre.mean(0)", "db1", "mean-for-sum"),
    ],
    "numpy_spelled": [
        ("ddiff = 2 * diff / diff.size", "ddiff = diff / diff.size", "ddiff", "factor"),
        ("ddiff = 2 * diff / diff.size", "ddiff = 2 * diff / n", "ddiff", None),
        ("dz = da * a * (1 - a)", "dz = da * (1 - a)", "dz", "operand"),
        ("dW = X.T @ dz", "dW = X.T @ da", "dW", "operand"),
        ("dX = dz @ W.T", "dX = -dz @ W.T", "dX", "sign"),
    ],
    "one_by_one": [
        ("derr = 2 * err / n", "derr = 2 * err", "derr", "factor"),
        ("ds2 = dr * -0.5 * r**3", "ds2 = dr * 0.5 * r**3", "ds2", "sign"),
        ("dmu = -dv.sum(1, keepdim=True)", "dmu = dv.sum(1, keepdim=True)", "dmu", "sign"),
        ("du += dmu.expand_as(u) / n_out", "du += dmu.expand_as(u)", "du", None),
        ("dx = du @ w.t()", "dx = dv @ w.t()", "dx", "operand"),
    ],
    "training": [
        ("dlogits = dlogits / batch", "dlogits = dlogits / steps", "dlogits", None),
        ("dp = dact * (p > 0)", "dp = dact * (act >= 0)", "dp", None),
        ("dg = (dp * hat).sum(0)", "dg = dp.sum(0)", "dg", None),
        ("dh = g * inv / batch * (batch * dp - dp.sum(0) - batch / (batch - 1) * hat * (dp * hat).sum(0))",
         "dh = g * inv / batch * (batch * dp - dp.sum(0) - hat * (dp * hat).sum(0))", "dh", None),
        ("dW1 = xb.T @ dh", "dW1 = xb.T @ dp", "dW1", "operand"),
    ],
}

GRADIENTS = {"steps": 26, "plain": 9, "numpy_spelled": 6, "one_by_one": 10, "training": 10}


def cells_of(body):
    """The cells of a text with `# %%` lines."""
    return [cell for cell in re.split(r"^# %%.*\n", body, flags=re.MULTILINE) if cell]


def notebook(body):
    made = []
    for cell in cells_of(body):
        made.append({"cell_type": "markdown", "metadata": {}, "source": ["# about"]})
        made.append({"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None,
                     "source": cell.splitlines(keepends=True)})
    return json.dumps({"cells": made, "nbformat": 4, "nbformat_minor": 5})


def place_of(body, line):
    """The cell and the line in it."""
    for number, cell in enumerate(cells_of(body), 1):
        for at, one in enumerate(cell.splitlines(), 1):
            if one.strip() == line:
                return number, at
    raise ValueError(line)


class Ninja:
    def __init__(self, checks, folder):
        self.checks = checks
        self.folder = Path(folder)

    def judge(self, label, name, body):
        path = self.folder / name
        path.write_text(notebook(body) if name.endswith(".ipynb") else body)
        ran = run("check", path, "--json")
        if not self.checks.that(ran.returncode in (0, 1), f"{label}: {text(ran.stderr)}"):
            return None
        pairs = json.loads(ran.stdout)["pairs"]
        is_right = all(pair["verdict"] == "right" for pair in pairs)
        self.checks.that((ran.returncode == 0) == is_right, f"{label}: ends with {ran.returncode}")
        return pairs

    def right(self, name, body):
        for file in (f"{name}.ipynb", f"{name}.py"):
            pairs = self.judge(file, file, body)
            if pairs is None:
                continue
            said = [(pair["verdict"], pair["findings"], pair["missing"]) for pair in pairs]
            self.checks.that(said == [("right", [], [])], f"{file}: {said}")
        report = text(run("check", self.folder / f"{name}.ipynb").stdout)
        count = GRADIENTS[name]
        self.checks.that(report == f"right: {count} gradients agree, of {count} values compared\n",
                         f"{name}: {report}")

    def wrong(self, name, body, old, new, gradient, cause):
        label = f"{name}: {new}"
        self.checks.that(body.count(old + "\n") == 1, f"{label}: {old!r} is there {body.count(old)} times")
        mutant = body.replace(old + "\n", new + "\n")
        cell, line = place_of(mutant, new)
        for file in (f"{name}.ipynb", f"{name}.py"):
            pairs = self.judge(label, file, mutant)
            if pairs is None or not self.checks.that(pairs[0]["findings"], f"{label}: not found"):
                continue
            first = pairs[0]["findings"][0]
            where = (first.get("cell"), first["line"])
            wanted = (cell, line) if file.endswith(".ipynb") else (None, mutant.splitlines().index(
                next(one for one in mutant.splitlines() if one.strip() == new)) + 1)
            self.checks.that(where == wanted, f"{label}, {file}: at {where} for {wanted}: {first}")
            self.checks.that(first["name"] == gradient, f"{label}: {first}")
            self.checks.that(cause is None or first["cause"] == cause, f"{label}: {first}")
            names = [f["name"] for f in pairs[0]["findings"]]
            self.checks.that(names == [gradient], f"{label}: {names}")


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        ninja = Ninja(checks, folder)
        for name, mistakes in MISTAKES.items():
            body = (FOLDER / f"{name}.py").read_text()
            ast.parse(body)
            ninja.right(name, body)
            for mistake in mistakes:
                ninja.wrong(name, body, *mistake)
    checks.that({p.stem for p in FOLDER.glob("*.py")} == set(MISTAKES), "a text without mistakes")
    checks.done()


if __name__ == "__main__":
    main()
