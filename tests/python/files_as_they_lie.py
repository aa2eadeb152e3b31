"""Notebooks, statements at the top level of a file, encodings: read as Python reads them, or refused
with a reason."""

import json
import tempfile
from pathlib import Path

import numpy as np

from checks import Checks, load, run, text

INPUT = 2


class Files:
    def __init__(self, checks, folder):
        self.checks = checks
        self.folder = Path(folder)

    def notebook(self, name, *cells, **more):
        """Code cells; a text that begins with # MARKDOWN is none."""
        made = [
            {"cell_type": "markdown", "metadata": {}, "source": [cell]}
            if cell.startswith("# MARKDOWN")
            else {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": 1,
                  "source": cell.splitlines(keepends=True)}
            for cell in cells
        ]
        path = self.folder / name
        path.write_text(json.dumps({"cells": made, "nbformat": 4, "nbformat_minor": 5, **more}))
        return path

    def values(self, label, circuit, *options):
        out = self.folder / "out.npz"
        out.unlink(missing_ok=True)
        ran = run("run", circuit, "--npz", out, *options)
        if not self.checks.that(ran.returncode == 0, f"{label}: {text(ran.stderr)}"):
            return {}
        return load(out)

    def refused(self, label, circuit, *says):
        ran = run("run", circuit)
        error = text(ran.stderr)
        self.checks.that(ran.returncode == INPUT, f"{label}: ends with {ran.returncode}: {error}")
        for part in says:
            self.checks.that(part in error, f"{label}: no {part!r} in {error!r}")


def notebooks(files):
    book = files.notebook(
        "book.ipynb",
        "# MARKDOWN",
        "%matplotlib inline\n!pip install numpy\nimport numpy as np\n",
        "def f(x):\n    y = x * 2\n    return np.sum(y)\n",
        "%%bash\nls 'x\n",
        "%%time\nn_in = 4\nW = np.random.randn(n_in, 2) * 0.1\n",
        "print('a'\n  % 1)\nf?\n",
        "def g(:\n",
        "h = np.tanh(x @ W)\nloss = np.mean(h ** 2)\nloss\n",
        "def h2(x):\n    return x +\n",
    )
    values = files.values("a function of a notebook", f"{book}:f")
    files.checks.that("dx" in values and np.all(values["dx"] == 2), f"f of a notebook: {values}")
    values = files.values("a cell", f"{book}:cell=7", "--set", "x=randn(3,4)")
    if files.checks.that({"x", "W", "dW", "loss"} <= set(values), f"a cell: {sorted(values)}"):
        x, weights = values["x"], values["W"]
        h = np.tanh(x @ weights)
        files.checks.that(weights.shape == (4, 2), f"W is {weights.shape}")
        files.checks.close(values["loss"], np.mean(h**2), 1, 1e-12, "the loss of a cell")
        right = x.T @ (2 * h / h.size * (1 - h**2))
        files.checks.close(values["dW"], right, 1, 1e-12, "dW of a cell")
    shape = files.values("a cell by itself", f"{book}:cell=7").get("x", np.zeros(0)).shape
    files.checks.that(shape[1:] == (4,), f"x of a cell is {shape}")
    files.refused("a cell that is not there", f"{book}:cell=99", "there is no such cell", "1 to 8")
    files.refused("cell 0", f"{book}:cell=0", "there is no such cell")
    files.refused("no number", f"{book}:cell=x", "there is no such cell")
    files.refused("a broken cell", f"{book}:cell=6", "book.ipynb:cell=6:1:6: '(' is never closed")
    files.refused("an error in a cell", f"{book}:h2", "book.ipynb:cell=8:2:15:", "   2 |     return x +")
    plain = files.folder / "plain.py"
    plain.write_text("y = x * 2\n")
    files.refused("a cell of a file", f"{plain}:cell=1", "only a notebook has cells")


def hostile(files):
    def write(name, content):
        path = files.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    files.refused("not JSON", write("a.ipynb", "def f(x): return x"), "no notebook: it is not JSON")
    files.refused("empty", write("b.ipynb", ""), "no notebook: it is not JSON")
    files.refused("a list", write("c.ipynb", "[]"), "no notebook: it holds a list")
    files.refused("no cells", write("d.ipynb", "{}"), "no notebook: it has no list of cells")
    files.refused("no code", files.notebook("e.ipynb", "# MARKDOWN"), "it has no code cell")
    files.refused("deep", write("f.ipynb", '{"cells": ' + "[" * 100_000), "nested too deep")
    files.refused("deep in a cell", write("g.ipynb", '{"cells": [{"a": ' + '{"a":' * 100_000), "too deep")
    files.refused("cells that are none", write("h.ipynb", '{"cells": [1, "x", null]}'), "no code cell")
    files.refused("no source", write("i.ipynb", '{"cells": [{"cell_type": "code"}]}'), "no source")
    files.refused("a source of numbers",
                  write("j.ipynb", '{"cells": [{"cell_type": "code", "source": [1]}]}'), "is no text")
    files.refused("not UTF-8", write("k.ipynb", b'{"cells": ["\xff"]}'), "no notebook")
    files.refused("a NUL", files.notebook("l.ipynb", "def f(x):\n    return x\0\n"), "NUL")
    files.refused("large", write("m.ipynb", '{"cells": [' + "0," * (1 << 25) + "0]}"),
                  "it holds more than 67108864 bytes")
    old = {"worksheets": [{"cells": [{"cell_type": "code", "input": ["def f(x):\n", "    return 3 * x\n"]}]}]}
    values = files.values("a notebook of 2014", write("n.ipynb", json.dumps(old)))
    files.checks.that("dx" in values, "a notebook of 2014 has no dx")
    loud = files.notebook("o.ipynb", "def f(x):\n    return 3 * x\n", metadata={"deep": 1})
    files.checks.that("dx" in files.values("metadata", loud), "metadata is in the way")


def statements(files):
    def write(name, content):
        path = files.folder / name
        path.write_text(content)
        return path

    script = write("script.py", "import numpy as np\n\nnp.random.seed(0)\nx = np.random.randn(5, 3)\n"
                   "W = np.array([[1., 2.], [3., 4.], [0.5, -1.]])\nb = np.zeros(2)\n"
                   "words = open('none.txt').read()\nh = np.maximum(x @ W + b, 0)\n"
                   "loss = np.sum(h ** 2) / len(x)\nprint(loss)\n")
    values = files.values("a script", script)
    if files.checks.that({"dW", "db", "dx"} <= set(values), f"a script: {sorted(values)}"):
        files.checks.that(np.array_equal(values["W"], [[1, 2], [3, 4], [0.5, -1]]), "W is another")
        h = np.maximum(values["x"] @ values["W"] + values["b"], 0)
        files.checks.close(values["dW"], values["x"].T @ (2 * h / 5), 1, 1e-12, "dW of a script")
    values = files.values("free names", write("free.py", "y = x * w\nz = y + 1\n"))
    files.checks.that({"dx", "dw", "z"} <= set(values), f"free names: {sorted(values)}")
    # What is changed in place under another name is changed.
    values = files.values("an alias", write("alias.py", "y = x * 1\nz = y\nz += 1\nout = y * 2\n"))
    if "out" in values:
        files.checks.close(values["out"], (values["x"] + 1) * 2, 1, 1e-12, "an alias")
    files.refused("nothing", write("nothing.py", "print(1)\n"), "there is no def in this file")
    files.refused("numbers alone", write("numbers.py", "n = 3\nm = n + 1\n"), "there is no def in this file")
    files.refused("a line that is not read", write("bad.py", "import numpy as np\ny = np.fft.fft(x)\nz = y + 1\n"),
                  "bad.py:2:5: np.fft.fft is not read")


def encodings(files):
    body = "def f(x):\n    y = x * 2  # {}\n    return y\n"
    for name, content in {
        "mark": b"\xef\xbb\xbf" + body.format("n").encode(),
        "crlf": body.format("n").replace("\n", "\r\n").encode(),
        "cr": body.format("n").replace("\n", "\r").encode(),
        "latin": ("# -*- coding: latin-1 -*-\n" + body.format("caf\xe9")).encode("latin-1"),
        "latin2": ("#!/usr/bin/python\n# vim: set fileencoding=iso-8859-1 :\n" + body.format("\xff")).encode("latin-1"),
        "tabs": body.format("n").replace("    ", "\t").encode(),
        "latin_name": "# coding: latin-1\ndef f(x):\n    \xe9 = x * 2\n    return \xe9\n".encode("latin-1"),
    }.items():
        path = files.folder / f"{name}.py"
        path.write_bytes(content)
        values = files.values(name, path, "--set", "x=3", "--upstream", "1")
        files.checks.that(values.get("dx") == 2, f"{name}: {values}")
    mixed = files.folder / "mixed.py"
    mixed.write_text("def f(x):\n\tif True:\n        return x\n")
    files.refused("mixed tabs", mixed, "mixed.py:3:")
    said = files.folder / "said.py"
    said.write_bytes(b"\xef\xbb\xbf# coding: latin-1\n" + body.format("n").encode())
    files.refused("a mark and latin-1", said, "this line says that the file is in 'latin-1'")
    said.write_bytes(body.format("caf\xe9").encode("latin-1"))
    files.refused("latin-1 that nobody declares", said, "not UTF-8: byte 31 is 0xe9")


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        files = Files(checks, folder)
        notebooks(files)
        hostile(files)
        statements(files)
        encodings(files)
    checks.done()


if __name__ == "__main__":
    main()
