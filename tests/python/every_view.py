"""Arrays of 0 to 4 sides in every view: each command takes each of these functions."""

import tempfile
from pathlib import Path

from checks import Checks, run, text

# What it computes of x, y and v, and their shapes.
PROGRAMS = [
    ("np.tanh(x @ y + v)", "2,3,4", "4,5", "5"),
    ("x - x.mean(axis=(0, 2), keepdims=True) + y * v", "2,3,4", "3,1", "4"),
    ("np.max(x, axis=1) * v + y.sum()", "2,3,4", "2,2", "4"),
    ("np.min(x, axis=1) * v + np.prod(y)", "2,3,4", "2,2", "4"),
    ("np.logaddexp.reduce(x, axis=(0, 2), keepdims=True) - y.prod(axis=1) * v", "2,3,4", "4,2", "4"),
    ("x.transpose(1, 0, 2) @ y.reshape(4, -1) - v", "2,3,4", "2,2,5", "5"),
    ("np.maximum(x, 0) + np.clip(y, -1, v)", "2,3,4,2", "3,4,2", "2"),
    ("np.where(x > 0, x, y) / (v**2 + 1)", "3,4", "3,1", "4"),
    ("x.mean(axis=1) - x.mean(axis=1).reshape(-1, 1) + y.sum() * v", "4,3", "2,2", "4"),
    ("np.sqrt(x.var(axis=-1) + 1) * (y @ v)", "3,5", "3,4", "4"),
    ("(x * v).sum() * y.mean()", "3", "2", "3"),
    ("np.exp(-(x**2)).sum(axis=()) + 2**y / 10 + v.T", "4,3", "3", "3,4"),
]
COMMANDS = [
    ("run",),
    ("simplify",),
    ("plan",),
    ("c",),
    ("numpy",),
    ("numpy", "--closed-form"),
    ("gradcheck",),
    ("step", "--script", "n*5 i N p q"),
    ("step", "--lang", "ko", "--script", "End N q"),
    ("jacobian", "--of", "out", "--to", "x"),
    ("render", "--out", "pictures", "--format", "dot,svg"),
    ("page", "--out", "page.html"),
    ("page", "--lang", "ko", "--out", "page.ko.html"),
]


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        for number, (code, *shapes) in enumerate(PROGRAMS):
            path = Path(folder) / f"f{number}.py"
            path.write_text(
                f"import numpy as np\n\n\ndef f(x, y, v):\n    out = {code}\n    return out\n"
            )
            inputs = [
                f"--set={name}=randn({shape})" for name, shape in zip("xyv", shapes, strict=True)
            ]
            for command, *more in COMMANDS:
                ran = run(command, path, *inputs, *more, cwd=folder)
                words = text(ran.stderr)
                checks.that(ran.returncode == 0, f"{command} of {code}: {words[-500:]}")
    checks.done()


if __name__ == "__main__":
    main()
