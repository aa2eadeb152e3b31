"""`backstep check` on arrays that were computed elsewhere: nothing that was not compared is right."""

import json
import tempfile
from pathlib import Path

import numpy as np

from checks import Checks, run, text

RIGHT, WRONG, REFUSED, INCOMPLETE = 0, 1, 2, 3


def net(x, gamma, beta, dout, kind=np.float64):
    """Batch norm as a student computes it, in numbers of one kind."""
    x, gamma, beta, dout = (a.astype(kind) for a in (x, gamma, beta, dout))
    n = kind(len(x))
    mu = x.mean(axis=0, keepdims=True)
    ivar = 1 / np.sqrt(((x - mu) ** 2).mean(axis=0, keepdims=True) + kind(1e-6))
    xhat = (x - mu) * ivar
    dgamma = (dout * xhat).sum(axis=0, keepdims=True)
    dbeta = dout.sum(axis=0, keepdims=True)
    dx = gamma * ivar / n * (n * dout - dbeta - xhat * dgamma)
    return dict(x=x, gamma=gamma, beta=beta, dout=dout, dx=dx, dgamma=dgamma, dbeta=dbeta)


def inputs(rows=9, columns=4, seed=1, far=0.0):
    random = np.random.default_rng(seed)
    x, dout = random.normal(size=(rows, columns)), random.normal(size=(rows, columns))
    return far + x, *random.normal(size=(2, 1, columns)), dout


class Files:
    def __init__(self, checks, folder):
        self.checks = checks
        self.path = Path(folder) / "mine.npz"

    def ends(self, label, arrays, status, *says, circuit="batch_norm", options=()):
        """The file, the exit status that it gets, and what is said of it."""
        np.savez(self.path, **arrays)
        ran = run("check", circuit, "--mine", self.path, *options)
        said = text(ran.stdout) + text(ran.stderr)
        self.checks.that(ran.returncode == status, f"{label}: {ran.returncode}\n{said}")
        for part in says:
            self.checks.that(part in said, f"{label}: {part!r} is not said in\n{said}")
        return said


def names(files):
    good = net(*inputs())
    without = {n: a for n, a in good.items() if n not in ("dx", "dgamma", "dbeta")}
    files.ends("all of them", good, RIGHT, "right: 3 gradients agree, of 3 values compared\n")
    files.ends("only inputs", without, REFUSED, "there is nothing in it to compare",
               "it has beta, dout, gamma, x, and the gradients of batch_norm are dx, dgamma, dbeta",
               "np.savez('mine.npz', x=x, gamma=gamma, beta=beta, dout=dout, dx=dx, dgamma=dgamma, "
               "dbeta=dbeta)")
    files.ends("a wrong one of an unknown name", {**without, "dgama": 7 * good["dgamma"]}, REFUSED,
               "not compared: dgama (is dgamma meant?)")
    files.ends("... beside right ones", {**without, "dx": good["dx"], "dgama": good["dgamma"]},
               INCOMPLETE, "incomplete: nothing is wrong, but only 1 of 3 gradients could be "
               "compared\nnot in the file: dgamma, dbeta\nnot compared, as the circuit has no such "
               "value: dgama (is dgamma meant?)\n")
    files.ends("one is missing", {n: a for n, a in good.items() if n != "dbeta"}, INCOMPLETE,
               "only 2 of 3 gradients", "not in the file: dbeta\n")
    files.ends("missing and wrong", {**without, "dx": -good["dx"]}, WRONG, "dx is wrong",
               "not in the file: dgamma, dbeta\n")
    usual = {**without, "grad_x": good["dx"], "d_gamma": good["dgamma"], "dL_dbeta": good["dbeta"]}
    files.ends("usual names", usual, RIGHT, "right: 3 gradients agree")
    files.ends("usual names, wrong", {**usual, "d_gamma": 2 * good["dgamma"]}, WRONG,
               "d_gamma is wrong: a factor 1/2 is missing")
    own = {**without, "a": good["dx"], "dgamma": good["dgamma"], "dbeta": good["dbeta"]}
    files.ends("a name that is given", own, RIGHT, options=("--name", "a=dx"))
    files.ends("a name that is not there", own, REFUSED, "has no array 'b', it has a, beta",
               options=("--name", "b=dx"))
    files.ends("a name of no value", own, REFUSED, "batch_norm has no value 'dz'",
               options=("--name", "a=dz"))
    files.ends("no inputs", {n: good[n] for n in ("dx", "dgamma", "dbeta")}, REFUSED,
               "x, gamma, beta, dout not in the file: without them nothing says what dbeta belongs "
               "to, whose shapes are (1, 4), (3,) there and in `backstep run batch_norm`")
    usual = net(*inputs(4, 3))
    files.ends("an input is missing", {n: a for n, a in usual.items() if n != "dout"}, WRONG,
               "dout not in the file: taken as `backstep run batch_norm` takes them")
    np.savez(files.path, **{n: a for n, a in good.items() if n != "dbeta"})
    report = json.loads(run("check", "batch_norm", "--mine", files.path, "--json").stdout)
    files.checks.that((report["verdict"], report["missing"]) == ("incomplete", ["dbeta"]), report)


def shapes(files):
    good = net(*inputs())
    flat = {**good, "dgamma": good["dgamma"][0]}
    files.ends("one side less", flat, RIGHT,
               "dgamma has the shape (4,), and gamma in the circuit (1, 4): the numbers agree")
    said = files.ends("as the parameter", {**flat, "gamma": good["gamma"][0]}, RIGHT)
    files.checks.that("has the shape" not in said, said)
    vectors = {n: a[0] if len(a) == 1 else a for n, a in good.items()}
    said = files.ends("all vectors", vectors, RIGHT)
    files.checks.that("has the shape" not in said, said)
    column = good["dgamma"].T
    files.ends("a column", {**good, "dgamma": column}, WRONG, "shapes   (4, 1), (1, 4)")
    files.ends("rows that would be summed", {**good, "dbeta": good["dout"]}, WRONG,
               "a sum over the batch is missing")
    ones = net(*inputs()[:3], np.ones((9, 4)))
    files.ends("a number that NumPy would repeat", {**ones, "dbeta": 9.0}, WRONG,
               "shapes   (), (1, 4)")


def three_sides(files):
    """Arrays of three sides, a column and a number: each has its own shape in the circuit."""
    path = files.path.parent / "three.py"
    path.write_text("import numpy as np\ndef f(x, w, k):\n    y = np.tanh(x * w) * k\n    return y\n")
    random = np.random.default_rng(3)
    x, dy = random.normal(size=(2, 2, 3, 4))
    w, k = random.normal(size=(3, 1)), np.float64(1.5)
    t = np.tanh(x * w)
    inner = (1 - t**2) * k * dy
    good = dict(x=x, w=w, k=k, dy=dy, dx=inner * w, dk=np.sum(t * dy),
                dw=np.sum(inner * x, axis=(0, 2)).reshape(3, 1))
    said = files.ends("three sides", good, RIGHT, "right: 3 gradients agree", circuit=path)
    files.checks.that("has the shape" not in said, said)
    files.ends("three sides, the wrong ones summed", {**good, "dw": np.sum(inner * x, axis=(0, 1))},
               WRONG, "shapes   (4,), (3, 1)", circuit=path)


def not_finite(files):
    good = net(*inputs())
    for bad, word in ((np.nan, "nan"), (np.inf, "inf"), (-np.inf, "-inf")):
        dx = good["dx"].copy()
        dx[3, 2] = bad
        right = f"right    dx[3, 2] = {good['dx'][3, 2]:.6g}"[:22]
        files.ends(word, {**good, "dx": dx}, WRONG, f"yours    dx[3, 2] = {word}\n", right,
                   "1 of its 36 elements are nan or inf where the right ones are finite")
    files.ends("all nan", {**good, "dx": np.full((9, 4), np.nan)}, WRONG, "= nan",
               "36 of its 36 elements")
    circuit = files.path.parent / "root.py"
    circuit.write_text("import numpy as np\ndef root(x):\n    y = np.sqrt(x)\n    return y\n")
    x, dy = np.array([[-1.0, 4.0]]), np.array([[1.0, 1.0]])
    files.ends("nan in the circuit too", dict(x=x, dy=dy, dx=[[np.nan, 0.25]]), INCOMPLETE,
               "only 0 of 1 gradients could be compared",
               "nan in the circuit itself, so nothing can be judged there: dx", circuit=circuit)
    files.ends("nan in the circuit, wrong besides", dict(x=x, dy=dy, dx=[[np.nan, 0.5]]), WRONG,
               circuit=circuit)
    x = np.array([[0.0, 4.0]])
    files.ends("inf in the circuit too", dict(x=x, dy=dy, dx=[[np.inf, 0.25]]), RIGHT,
               circuit=circuit)
    files.ends("inf hides nothing", dict(x=x, dy=dy, dx=[[np.inf, 0.3]]), WRONG,
               "yours    dx[0, 1] = 0.3\n", circuit=circuit)


def types(files):
    """Each kind of number is judged by what its own rounding can do."""
    for seed in range(10):
        for rows, far in ((9, 0), (1000, 0), (50, 30)):
            values = inputs(rows=rows, seed=seed, far=far)
            label = f"{rows} rows around {far}, seed {seed}"
            single = net(*values, np.float32)
            files.ends(label, single, RIGHT, "arrays of float32 are judged as float32")
            # Around 30 the deviations from the mean have lost digits.
            for factor in (1.0002, 0.9998, 2, -1) if far == 0 else (1.001, 0.999, 2, -1):
                wrong = {**single, "dgamma": single["dgamma"] * np.float32(factor)}
                files.ends(f"{label}, times {factor}", wrong, WRONG, "dgamma is wrong")
        half = net(*inputs(seed=seed), np.float16)
        files.ends(f"float16, seed {seed}", half, RIGHT, "arrays of float16 are judged as float16")
        files.ends("float16, wrong", {**half, "dx": half["dx"] * np.float16(1.5)}, WRONG)
        double = net(*inputs(seed=seed))
        files.ends("float64", {**double, "dx": double["dx"] * (1 + 1e-7)}, WRONG, "dx is wrong")
        noise = 1 + 1e-12 * np.random.default_rng(seed).normal(size=(9, 4))
        files.ends("the noise of float64", {**double, "dx": double["dx"] * noise}, RIGHT)
    single = net(*inputs(), np.float32)
    good = net(*(single[n].astype(float) for n in ("x", "gamma", "beta", "dout")))
    exact = {**good, **{n: single[n] for n in ("x", "gamma", "beta", "dout")}}
    said = files.ends("float64 from float32 inputs", exact, RIGHT)
    files.checks.that("judged as" not in said, said)
    swapped = {n: a.astype(a.dtype.newbyteorder(">")) for n, a in good.items()}
    files.ends("big end first", swapped, RIGHT)
    files.ends("Fortran order", {n: np.asfortranarray(a) for n, a in good.items()}, RIGHT)
    files.ends("Fortran order, wrong", {**good, "dx": np.asfortranarray(2 * good["dx"])}, WRONG)
    whole = net(*inputs()[:3], np.arange(36).reshape(9, 4) - 7)
    counts = {**whole, "dout": whole["dout"].astype(int), "dbeta": whole["dbeta"].astype(int)}
    files.ends("whole numbers", counts, RIGHT)
    files.ends("whole numbers, wrong", {**counts, "dbeta": counts["dbeta"] + 1}, WRONG)
    for label, array, why in (
        ("bool", good["dx"] > 0, "'dx' has the type bool, and a gradient is a number"),
        ("complex", good["dx"] + 0j, "complex numbers are not read: save a.real and a.imag"),
        ("text", np.array(["a", "b"]), "text is not read"),
        ("bytes", np.array([b"a", b"b"]), "text is not read"),
        ("objects", np.array([None, 1], dtype=object), "Python objects are not read"),
        ("records", np.zeros(3, dtype=[("a", "f8")]), "records with named fields"),
    ):
        files.ends(label, {**good, "dx": array}, REFUSED, why)
    close = good["dx"].copy()
    close[0, 0] *= 1 + 2e-8
    said = files.ends("digits", {**good, "dx": 1e0 * close}, WRONG)
    numbers = [line.split(" = ")[1] for line in said.splitlines() if line[2:7] in ("yours", "right")]
    files.checks.that(len(numbers) == 2 and numbers[0] != numbers[1], f"two numbers that differ print alike: {said}")


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        files = Files(checks, folder)
        names(files)
        shapes(files)
        three_sides(files)
        not_finite(files)
        types(files)
    checks.done()


if __name__ == "__main__":
    main()
