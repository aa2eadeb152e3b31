"""Every built-in circuit as `backstep numpy` writes it, run by NumPy: the engine's own numbers."""

import sys
import tempfile
from pathlib import Path

import numpy as np

from checks import GRAPHS, Checks, load, run, text

FLAGS = [[], ["--closed-form"]]


def locals_of(function, arguments):
    """The names that a function leaves behind, and its result."""
    seen = {}

    def keep(frame, event, _):
        if event == "return" and frame.f_code is function.__code__:
            seen.update(frame.f_locals)

    sys.setprofile(keep)
    try:
        result = function(*arguments)
    finally:
        sys.setprofile(None)
    return seen, result


def check(checks, folder, name, flags, inputs):
    label = " ".join([name, *flags, *inputs])
    source = run("numpy", name, *flags)
    if not checks.that(source.returncode == 0, f"{label}: {text(source.stderr)}"):
        return
    values = folder / "values.npz"
    ran = run("run", name, *inputs, "--npz", values)
    checks.that(ran.returncode == 0, f"{label}: {text(ran.stderr)}")
    engine = load(values)
    module = {}
    exec(compile(text(source.stdout), name, "exec"), module)
    forward, backward = module[name], module[f"{name}_backward"]
    parameters = forward.__code__.co_varnames[: forward.__code__.co_argcount]
    given = [float(engine[p]) if engine[p].ndim == 0 else engine[p] for p in parameters]
    made, (out, cache) = locals_of(forward, given)
    upstream = backward.__code__.co_varnames[:2]
    seed = engine[next(n for n in upstream if n != "cache")]
    arguments = (seed, cache) if upstream[1] == "cache" else (cache, seed)
    more, _ = locals_of(backward, arguments)
    made = {**made, **more}
    checks.that(len(more) > 2, f"{label}: no lines")
    for known, value in made.items():
        if known not in engine:
            checks.that(known == "cache" or np.ndim(value) == 0, f"{label}: {known} is not ours")
            continue
        ours = np.asarray(value, dtype=float)
        theirs = engine[known]
        if not checks.that(ours.shape == theirs.shape, f"{label}: {known} has {ours.shape}"):
            continue
        scale = max(1.0, np.abs(theirs).max())
        far = np.abs(ours - theirs).max() / scale
        checks.that(far <= 1e-12, f"{label}: {known} is {far:.1e} off")
    for leaf in parameters:
        if f"d{leaf}" in engine:
            checks.that(f"d{leaf}" in more, f"{label}: d{leaf} is missing")


def check_names(checks, folder):
    """Names, letters and numbers that the module uses itself, in a program that has them too."""
    path = folder / "taken.py"
    path.write_text(
        "def np_(x, w):\n"
        '    """x: input (N, D), randn\n    w: parameter (1, D), rand\n    """\n'
        "    N = x * w\n"
        "    cache = N * 101 + 10403 * x\n"
        "    inf = cache * 103\n"
        "    lambda_ = np.tanh(inf / 1e4)\n"
        "    return lambda_\n"
    )
    inputs = ["--set", "x=[[0.1,-0.2,0.3],[0.4,0.5,-0.6]]", "--set", "w=[[1,2,3]]"]
    values = folder / "taken.npz"
    ran = run("run", path, *inputs, "--npz", values)
    source = run("numpy", path)
    for result in (ran, source):
        if not checks.that(result.returncode == 0, f"taken names: {text(result.stderr)}"):
            return
    engine, module = load(values), {}
    exec(compile(text(source.stdout), "taken", "exec"), module)
    out, cache = module["np_"](engine["x"], engine["w"])
    dx, dw = module["np__backward"](engine["dlambda_"], cache)
    for name, ours in (("lambda_", out), ("dx", dx), ("dw", dw)):
        if checks.that(ours.shape == engine[name].shape, f"taken names: {name} has {ours.shape}"):
            far = np.abs(ours - engine[name]).max()
            checks.that(far <= 1e-12, f"taken names: {name} is {far:.1e} off")


def main():
    checks = Checks()
    lengths = {}
    with tempfile.TemporaryDirectory() as folder:
        check_names(checks, Path(folder))
        for path in sorted(GRAPHS.glob("*.py")):
            for flags in FLAGS:
                check(checks, Path(folder), path.stem, flags, [])
                lengths[path.stem, bool(flags)] = len(run("numpy", path.stem, *flags).stdout)
        check(checks, Path(folder), "batch_norm", [], ["--set", "x=randn(9,6)"])
        check(checks, Path(folder), "batch_norm", ["--closed-form"], ["--set", "x=randn(9,6)"])
        check(checks, Path(folder), "two_layer_net", [], ["--set", "x=randn(8,5)", "--set", "W1=randn(5,7)"])
    for name in ("batch_norm", "layer_norm", "rms_norm", "sigmoid", "softmax_cross_entropy"):
        checks.that(lengths[name, True] < lengths[name, False], f"{name}: nothing was grouped")
    compact = text(run("numpy", "batch_norm", "--closed-form").stdout)
    line = "dx = gamma * ivar / N * (N * dgammax - dbeta - xhat * dgamma)"
    checks.that(line in compact, f"batch_norm --closed-form lacks {line}")
    plain = text(run("numpy", "batch_norm").stdout)
    for line in ("dvar = 1 / (2 * sqrtvar) * dsqrtvar", "dx = dx1 + dx2"):
        checks.that(any(line.split(" = ")[0] + " = " in l for l in plain.splitlines()), line)
    checks.done()


if __name__ == "__main__":
    main()
