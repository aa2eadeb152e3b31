"""Circuits with indices as NumPy source: Python runs it, and so does the reader, with one result.

usage: index_exports.py PATH_OF_BACKSTEP
"""

import sys
import tempfile
from pathlib import Path

import numpy as np

from checks import Checks, load, run, text

HEAD = '''import numpy as np

def f(x, t, v):
    """x: input (N, D), randn
    t: input (2, N, D), randn
    v: input (D,), randn
    """
'''
BODIES = [
    "return x[1:3] * 2",
    "return x[::-1, 0] * x[:, 1]",
    "return x[[2, 0, 2]] * v",
    "return x[np.arange(4), [0, 2, 1, 1]] * 3",
    "return t[:, [0, 2], 1:] * 2",
    "return t[1, ..., None] + x[0, 0]",
    "return np.concatenate((x, v[None], t[0]), axis=0) * v",
    "return np.stack((x, t[0]), axis=1) * 2",
    "return np.pad(x, ((1, 2), (0, 1))) * 2",
    "return np.pad(v, 1, constant_values=3) * 2",
    "return np.tile(v, (2, 2)) * np.repeat(x, 2, axis=1)[:2]",
    "return np.cumsum(x, axis=1) * v",
    "return np.tril(x @ x.T) * 2",
    "return np.eye(3)[[0, 2, 1, 1]] * x",
    "return x * np.arange(3)",
    "h = x * 1\n    h[0] = v\n    h[1:, 1] *= 2\n    return h * x",
    "h = np.zeros((5, 3))\n    np.add.at(h, [0, 4, 4, 1], x)\n    return h * v",
    "h = x * 1\n    h[x <= 0] = 0\n    k = h[1]\n    k[0] = 5\n    return h * v",
    "return np.bincount([0, 2, 2], v, 5) * 2",
    "return np.roll(x, 1, axis=0) * np.flip(x)",
]


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        rng = np.random.default_rng(1)
        settings = []
        for name, shape in {"x": (4, 3), "t": (2, 4, 3), "v": (3,)}.items():
            np.save(folder / f"{name}.npy", rng.normal(size=shape))
            settings += ["--set", f"{name}={folder / name}.npy"]
        for number, body in enumerate(BODIES):
            source = folder / f"circuit_{number}.py"
            written = folder / f"written_{number}.py"
            source.write_text(f"{HEAD}    {body}\n", encoding="utf-8")
            ran = run("run", source, *settings, "--npz", folder / "ours.npz")
            out = run("numpy", source, *settings, "--out", written)
            again = run("run", f"{written}:f", *settings, "--npz", folder / "again.npz")
            if not checks.that(
                ran.returncode == 0 and out.returncode == 0 and again.returncode == 0,
                f"{body}: {text(ran.stderr)}{text(out.stderr)}{text(again.stderr)}",
            ):
                continue
            ours, read = load(folder / "ours.npz"), load(folder / "again.npz")
            scope = {}
            exec(written.read_text(encoding="utf-8"), scope)
            given = [ours[name].copy() for name in ("x", "t", "v")]
            value, cache = scope["f"](*given)
            gradients = scope["f_backward"](ours["dout"], cache)
            checks.close(value, ours["out"], 1, 1e-12, f"{body}: the value in Python")
            checks.close(read["out"], ours["out"], 1, 1e-12, f"{body}: the value when read again")
            for name, theirs in zip(("x", "t", "v"), gradients):
                mine = ours.get(f"d{name}", np.zeros_like(ours[name]))
                checks.close(theirs, mine, 1, 1e-12, f"{body}: d{name} in Python")
    checks.done()


if __name__ == "__main__":
    main()
