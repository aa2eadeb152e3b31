"""Files that do not want to be checked: a clear error or a verdict, soon, and nothing of them run."""

import os
import tempfile
from pathlib import Path

from checks import Checks, run, text

BODY = "    return dout, dout.sum(0), dout.sum(0)\n"

FILES = {
    "empty": "",
    "no function": "x = 1\n",
    "not python": "int main() { return 0; }\n",
    "binary": "\x7fELF\x01\x01\n",
    "a loop that never ends": "def b(dout):\n    while True:\n        pass\n" + BODY,
    "calls itself": "def b(dout):\n    return b(dout)\n",
    "import of os": "def b(dout):\n    __import__('os').system('touch left')\n" + BODY,
    "eval": "def b(dout):\n    dx = eval('dout')\n" + BODY,
    "open": "def b(dout):\n    f = open('left', 'w')\n" + BODY,
    "deep brackets": "def b(dout):\n    dx = " + "(" * 5000 + "dout" + ")" * 5000 + "\n" + BODY,
    "deep branches": "def b(dout):\n"
    + "".join("    " * (i + 1) + "if 1 == 1:\n" for i in range(300))
    + "    " * 301 + "return dout\n",
    "huge ones": "import numpy as np\ndef b(dout):\n    a = np.ones((100000, 100000))\n" + BODY,
    "large ones": "import numpy as np\ndef b(dout):\n    a = np.ones((10000, 10000))\n" + BODY,
    "divided by 0": "def b(dout):\n    a = 1 / 0\n" + BODY,
    "a dictionary in itself": "def b(dout):\n    d = {}\n    d['d'] = d\n" + BODY,
    "a branch on an array": "def b(dout):\n    if dout > 0:\n        dx = dout\n" + BODY,
    "no result": "def b(dout):\n    dx = dout\n",
    "no gradient": "def b(dout):\n    return None\n",
    "a name that fits nothing": "def b(dout, cache):\n    zonk, gamma = cache\n" + BODY,
    "raise": "def b(dout):\n    raise ValueError('no')\n",
    "keys of nothing": "def b(dout, cache):\n    return cache['nothing'], dout, dout\n",
    "too many names": "def b(dout, cache):\n    a, b = cache, cache, cache\n" + BODY,
}

# Odd, and yet a backward pass that has a verdict.
JUDGED = {
    "5,000 lines": "def b(dout):\n" + "    dx = dout\n" * 5000 + BODY,
    "5,000 steps": "def b(dout):\n    t = dout\n" + "    t = t * 1.0001\n" * 5000
    + "    return t, dout.sum(0), dout.sum(0)\n",
    "an array divided by 0": "def b(dout):\n    dx = dout / (dout - dout)\n    return dx\n",
    "NaN everywhere": "import numpy as np\ndef b(dout):\n    dx = dout * np.nan\n    return dx\n",
    "shapes that do not fit": "def b(dout, gamma):\n    dx = dout.T * gamma\n    return dx\n",
    "the same name many times": "def b(dout):\n" + "    dxhat = dout * 2\n" * 300 + BODY,
    "aliases": "def b(dout):\n    dx = dout\n    dgamma = dx\n    dx += 1\n    return dx, dgamma\n",
}


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for label, body in {**FILES, **JUDGED}.items():
            path = folder / "mine.py"
            path.write_bytes(body.encode("latin-1"))
            ran = run("check", "batch_norm", "--mine", path, cwd=folder, timeout=20)
            wanted = (1,) if label in JUDGED else (2,)
            checks.that(ran.returncode in wanted,
                        f"{label}: ends with {ran.returncode}: {text(ran.stdout + ran.stderr)[:300]}")
            said = text(ran.stderr) if label not in JUDGED else text(ran.stdout)
            checks.that(len(said) > 20 and len(said) < 20_000, f"{label}: says {len(said)} characters")
            checks.that(os.listdir(folder) == ["mine.py"], f"{label}: left something behind")
        for options in (["--name", "x"], ["--name", "=x"], ["--set", "nothing.mode=train"]):
            path.write_text("def b(dout):\n" + BODY)
            ran = run("check", "batch_norm", "--mine", path, *options)
            checks.that(ran.returncode == 2, f"{options}: {text(ran.stdout)}")
        for missing in ("nowhere.py", "nowhere.npz", "", "/dev/null"):
            ran = run("check", "batch_norm", "--mine", missing)
            checks.that(ran.returncode == 2, f"{missing}: {text(ran.stdout)}")
    checks.done()


if __name__ == "__main__":
    main()
