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

LOOP = """for i in range(ids.shape[0]):
    for j in range(ids.shape[1]):
        dtable[ids[i, j]] += drows[i, j]
"""
HOT = "dscores += F.one_hot(scores.max(1).indices, num_classes=scores.shape[1]) * dtop\n"
GOALS = "dlogs = torch.zeros_like(logs)\ndlogs[range(m), goal] = -1.0 / m\n"

# Other ways to write lines of `steps`, all of them right.
WAYS = [
    (GOALS, "dlogs = -F.one_hot(goal, num_classes=27) / m\n"),
    (GOALS, "dlogs = torch.zeros((m, vocab_size))\nfor i in range(m):\n    dlogs[i, goal[i]] = -1 / m\n"),
    (GOALS, "dlogs = torch.zeros(16, 27)\nfor i, g in enumerate(goal):\n    dlogs[i, g] = -1 / m\n"),
    (HOT, "dscores[range(m), scores.max(1).indices] += dtop.view(-1)\n"),
    (HOT, "dscores[torch.arange(m), scores.argmax(dim=1)] += dtop.squeeze()\n"),
    (HOT, "dscores += torch.zeros_like(scores).scatter_(1, scores.max(1, keepdim=True).indices, dtop)\n"),
    (HOT, "dscores += (scores == top) * dtop\n"),
    (HOT, "spot = torch.zeros_like(scores)\nspot[range(m), scores.argmax(1)] = 1\ndscores += spot * dtop\n"),
    (LOOP, "dtable.index_add_(0, ids.view(-1), drows.view(-1, width))\n"),
    (LOOP, "dtable.index_put_((ids,), drows, accumulate=True)\n"),
    (LOOP, "dtable = F.one_hot(ids, num_classes=27).float().view(-1, 27).T @ drows.view(-1, 6)\n"),
    (LOOP, "dtable = torch.einsum('ijk,ijl->kl', F.one_hot(ids, 27).float(), drows)\n"),
    (LOOP, "dtable = torch.tensordot(F.one_hot(ids, 27).float(), drows, dims=([0, 1], [0, 1]))\n"),
    (LOOP, "for i, row in enumerate(ids):\n    for j, at in enumerate(row):\n        dtable[at] += drows[i, j]\n"),
    (LOOP, "for k, at in enumerate(ids.view(-1)):\n    dtable[at] += drows.view(-1, width)[k]\n"),
    ("dz += torch.ones_like(z) * daverage / m\n", "dz = dz + daverage.repeat(m, 1) / m\n"),
    ("dz += torch.ones_like(z) * daverage / m\n", "dz += torch.broadcast_to(daverage / m, z.shape)\n"),
    ("drows = dflat.view(rows.shape)\n", "drows = dflat.view(16, 2, 6)\n"),
    ("drows = dflat.view(rows.shape)\n", "drows = torch.stack(dflat.split(width, dim=1), dim=1)\n"),
    ("drows = dflat.view(rows.shape)\n", "drows = dflat.unflatten(1, (context_size, -1))\n"),
    ("dpowers = share * dchance\n", "dpowers_1 = share * dchance\n",
     "dpowers += torch.ones_like(powers) * dtotal\n", "dpowers = dpowers_1 + torch.ones_like(powers) * dtotal\n"),
    ("dscores = F.softmax(scores, 1)\ndscores[range(m), goal] -= 1\ndscores /= m\n",
     "dscores = (torch.softmax(scores, dim=-1) - torch.eye(27)[goal]) / m\n"),
]

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


    def other_ways(self, body):
        for changes in WAYS:
            changed = body
            for old, new in zip(changes[::2], changes[1::2]):
                self.checks.that(old in changed, f"steps has no {old!r}")
                changed = changed.replace(old, new, 1)
            pairs = self.judge(f"steps: {changes[1]}", "ways.ipynb", changed)
            if pairs is not None:
                said = [(pair["verdict"], pair["findings"]) for pair in pairs]
                self.checks.that(said == [("right", [])], f"steps: {changes[1]}: {said}")

    def not_read(self, body):
        """A line that is not read is left out, and the others are judged all the same."""
        for old, new, name in (
            ("dact = dscores @ w2.T\n", "dact = torch.fft.fft(dscores)\n", "dact"),
            (LOOP, "dtable[ids] += drows\n", "dtable"),
        ):
            path = self.folder / "unread.ipynb"
            path.write_text(notebook(body.replace(old, new, 1)))
            ran = run("check", path)
            report = text(ran.stdout)
            self.checks.that(ran.returncode == 3, f"{new}: ends with {ran.returncode}: {report}")
            self.checks.that(f"not judged, as their lines are not read: {name}\n" in report, f"{new}: {report}")
            self.checks.that(f"{name} was not judged: " in text(ran.stderr), f"{new}: {text(ran.stderr)}")
        bare = self.folder / "bare.ipynb"
        bare.write_text(notebook("y = 2 * x\n"))
        ran = run("check", bare)
        self.checks.that(ran.returncode == 2 and "there is no forward function with its backward" in text(ran.stderr),
                         f"nothing to judge: {text(ran.stderr)}")
        bare.write_text(notebook("import numpy as np\nz = np.fft.fft(x)\nloss = z.sum()\ndx = 2 * z\n"))
        ran = run("check", bare)
        self.checks.that(ran.returncode == 2 and "bare.ipynb:cell=1:2:5: np.fft.fft is not read" in text(ran.stderr),
                         f"a forward line that is not read: {text(ran.stderr)}")


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
        ninja.other_ways((FOLDER / "steps.py").read_text())
        ninja.not_read((FOLDER / "steps.py").read_text())
    checks.that({p.stem for p in FOLDER.glob("*.py")} == set(MISTAKES), "a text without mistakes")
    checks.done()


if __name__ == "__main__":
    main()
