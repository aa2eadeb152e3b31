"""Bad input through the command line: a clear error and the right exit status, never a crash, a
hang or half a file."""

import io
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np

from checks import Checks, load, program, run, text

DONE, INPUT = 0, 2  # 1 is a wrong gradient, which nothing here asks about
TIMEOUT = 60  # seconds; the sanitizers are slow
CRASH = re.compile(r"Sanitizer|runtime error:|terminate called|[Ss]egmentation|Assertion|bad_alloc")
NOT_FINITE = r"(?i)\binf(inity)?\b|\bnan\b"
CARET = re.compile(r"^[ \t|0-9]*\^[\^~]*\s*$", re.MULTILINE)
PARTS = "files", "syntax", "sizes", "shapes", "settings", "arrays", "traps", "outputs", "names"
SHAPE = r"\(?{}(?:, | x | by | × ){}\)?"


def shape(rows, columns):
    return SHAPE.format(rows, columns)


def function(*lines, name="f", parameters="x"):
    """A file with one function: its first statement stands in line 5."""
    body = "".join(f"    {line}\n" for line in lines)
    return f"import numpy as np\n\n\ndef {name}({parameters}):\n{body}"


class Hostile:
    def __init__(self, folder):
        self.checks = Checks()
        self.folder = folder
        # A sanitizer reserves terabytes of addresses, so such a program cannot be held to a limit.
        sanitized = b"__asan_init" in Path(program()).read_bytes()
        self.limit = None if sanitized else self._limit_memory

    @staticmethod
    def _limit_memory():
        resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def expect(self, label, command, status, *patterns, at=None):
        """Runs a command; `patterns` must be in its words. `at`: the file and line at fault."""
        that = self.checks.that
        allowed = status if isinstance(status, tuple) else (status,)
        try:
            ran = run(*command, timeout=TIMEOUT, cwd=self.folder, preexec_fn=self.limit)
        except subprocess.TimeoutExpired:
            that(False, f"{label}: still running after {TIMEOUT} s")
            return None
        words = text(ran.stderr)
        that(ran.returncode in allowed, f"{label}: exit status {ran.returncode}: {words[:500]}")
        that(not CRASH.search(words), f"{label}: {words[:2000]}")
        that(len(ran.stderr) < 20_000, f"{label}: {len(ran.stderr)} bytes of words")
        raw = re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", ran.stderr)
        that(not raw, f"{label}: a control character reaches the terminal: {raw}")
        if ran.returncode == INPUT:
            that(ran.stdout == b"", f"{label}: results in spite of the error: {ran.stdout[:200]}")
            that(words.strip(), f"{label}: an error without a word")
        for pattern in patterns:
            that(re.search(pattern, words), f"{label}: no {pattern!r} in: {words[:500]}")
        if at:
            file, line = at
            place = rf"{re.escape(file)}:{line}:\d+"
            that(re.search(place, words), f"{label}: no {file}:{line}:column in: {words[:500]}")
            that(CARET.search(words), f"{label}: no line with a caret in: {words[:500]}")
        return ran

    def refuse(self, label, content, line, *patterns):
        """A file that cannot be read: the place, and nothing written."""
        name = re.sub(r"\W+", "_", label) + ".py"
        self.write(name, content)
        self.expect(label, ["run", name, "--npz", "left.npz"], INPUT, *patterns, at=(name, line))
        self.nothing_left(label)

    def nothing_left(self, label):
        left = [p.name for p in self.folder.iterdir() if "left" in p.name]
        self.checks.that(not left, f"{label}: left behind: {left}")
        for path in self.folder.glob("*left*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    def wrote(self, ran, name):
        """Whether a run that should be done is, and left its file."""
        done = ran is not None and ran.returncode == DONE
        return done and self.checks.that((self.folder / name).exists(), f"{name} is not there")

    # What is wrong in a file.

    def files(self):
        self.expect("missing file", ["run", "nowhere.py"], INPUT, "nowhere.py")
        self.expect("a folder", ["run", "."], INPUT)
        (self.folder / "folder.py").mkdir()
        self.expect("a folder with the name of a file", ["run", "folder.py"], INPUT, "folder.py")
        self.write("empty.py", "")
        self.expect("empty file", ["run", "empty.py"], INPUT, "empty.py")
        self.write("spaces.py", " \n\t\n\n")
        self.expect("only spaces", ["run", "spaces.py"], INPUT, "spaces.py")
        self.write("no_function.py", "import numpy as np\nx = np.ones((2, 3))\n")
        self.expect("no function", ["run", "no_function.py"], INPUT, "no_function.py", "def")
        self.expect("null device", ["run", "/dev/null"], INPUT)
        if self.limit:  # endless, so only where memory has a limit
            self.expect("endless file", ["run", "/dev/zero"], INPUT)
        unreadable = self.write("unreadable.py", function("return x"))
        unreadable.chmod(0)
        if not os.access(unreadable, os.R_OK):  # root reads everything
            self.expect("unreadable file", ["run", "unreadable.py"], INPUT, "unreadable.py")
        os.symlink("link.py", self.folder / "link.py")
        self.expect("a link to itself", ["run", "link.py"], INPUT, "link.py")

        everything = bytes(range(256)) * 64
        self.write("binary.py", everything)
        self.expect("binary file", ["run", "binary.py"], INPUT, "binary.py")
        self.write("program.py", Path(program()).read_bytes()[:100_000])
        self.expect("a program as a file", ["run", "program.py"], INPUT, "program.py")
        self.write("nul.py", function("y = x\0 + 1", "return y"))
        self.expect("NUL", ["run", "nul.py"], INPUT, "nul.py")
        self.write("latin.py", function("# caf\xe9", "return x").encode("latin-1"))
        self.expect("latin-1", ["run", "latin.py"], (DONE, INPUT))
        for encoding, status in (("utf-8", DONE), ("UTF_8", DONE), ("latin-1", DONE), ("cp949", DONE),
                                 ("nonsense", INPUT), ("utf-16", INPUT), ("rot13", INPUT)):
            self.write("said.py", f"#!/usr/bin/env python\n# -*- coding: {encoding} -*-\n" +
                       function("return x * 2"))
            says = () if status == DONE else ("this line says that the file is in '", "UTF-8 is read")
            self.expect(f"says {encoding}", ["run", "said.py"], status, *says)
        letters = function("é = x * 2", "return é")
        self.write("said.py", "# coding: latin-1\n" + letters)
        self.expect("says latin-1, and is not", ["run", "said.py"], INPUT, "has no meaning in Python")
        self.write("said.py", ("# coding: latin-1\n" + letters).encode("latin-1"))
        self.expect("says latin-1, and is", ["run", "said.py"], DONE)
        self.write("said.py", "import numpy as np\n# coding: latin-1\n" + letters)
        self.expect("says it below code", ["run", "said.py"], DONE)
        self.write("said.py", b"\xef\xbb\xbf# coding: latin-1\n" + function("return x").encode())
        self.expect("says latin-1 behind a mark", ["run", "said.py"], INPUT, "in 'latin-1'")
        self.write("utf16.py", function("return x").encode("utf-16"))
        self.expect("utf-16", ["run", "utf16.py"], INPUT, "utf16.py")
        self.write("mark.py", b"\xef\xbb\xbf" + function("return x * 2").encode())
        self.expect("byte order mark", ["run", "mark.py"], (DONE, INPUT))
        self.write("windows.py", function("y = x * 2", "return y").replace("\n", "\r\n"))
        self.expect("Windows line ends", ["run", "windows.py"], DONE)
        self.write("no_end.py", function("return x * 2").rstrip("\n"))
        self.expect("no line end at the end", ["run", "no_end.py"], DONE)

    def syntax(self):
        self.refuse("unknown name", function("y = x * wdith", "return y"), 5, "wdith")
        self.refuse("unknown function", function("y = np.fft(x)", "return y"), 5, "fft")
        self.refuse("unknown call", function("y = x + 1", "return helper(y)"), 6, "helper")
        self.refuse("unknown method", function("y = x.searchsorted(3)", "return y"), 5, "searchsorted")
        self.refuse("unknown keyword", function("return np.sum(x, axes=0)"), 5, "axes")
        self.refuse("third axis", function("return np.sum(x, axis=2)"), 5, "axis")
        self.refuse("no keepdims", function("return x - np.mean(x, axis=1)"), 5, "keepdims")
        loop = function("y = x", "while np.sum(y) < 9:", "    y = y * x", "return y")
        self.refuse("loop", loop, 6)
        branch = function("y = x", "if np.sum(x) > 0:", "    y = -x", "return y")
        self.refuse("branch", branch, 6, "if")
        self.refuse("not closed", function("y = (x + 1", "return y"), r"\d+")
        self.refuse("closed twice", function("y = x + 1)", "return y"), 5)
        self.refuse("half a sum", function("y = x +", "return y"), 5)
        self.refuse("open string", function("print('abc)", "return x"), 5)
        self.refuse("open docstring", function('"""abc', "return x"), r"\d+")
        self.refuse("bad indentation", function("y = x", "   z = y", "return z"), 6)
        self.refuse("assigned call", function("np.sum(x) = x", "return x"), 5)
        self.refuse("unpacked wrongly", function("a, b, c = x, x", "return a"), 5)
        self.refuse("before its line", function("y = z + x", "z = x", "return y"), 5, "z")
        self.refuse("no return", function("y = x + 1"), r"\d+", "return")
        self.refuse("returns nothing", function("y = x + 1", "return"), r"\d+")
        self.refuse("returns None", function("y = None", "return y"), r"\d+")
        self.refuse("placeholder in use", function("y = None", "z = y * x", "return z"), 6, "y")
        self.refuse("calls itself", function("return f(x)"), 5, "f")
        mutual = "def f(x):\n    return g(x)\n\n\ndef g(x):\n    return f(x)\n"
        self.refuse("call each other", mutual, r"\d+")
        self.refuse("parameter twice", function("return x", parameters="x, x"), 4, "x")
        for default in "np.ones((1, 3))", "np.ones((1, 3)) * 3", "(np.ones((1, 3)), 1)":
            content = function("return x * 2", parameters=f"x, w={default}")
            self.refuse("array as a default", content, 4, "'w' (is|holds) an array", "inside")
        self.refuse("too many arguments", function("return np.exp(x, x, x)"), 5, "exp")
        attack = function("return __import__('os').system('touch left')")
        self.refuse("import of os", attack, 5, "__import__")
        self.refuse("eval", function("return eval('1')"), 5, "eval")
        self.refuse("open", function("y = open('left', 'w')", "return x"), 5, "open")
        self.refuse("minus of a PDF", function("return x \u2212 1"), 5)
        self.refuse("escape", function("y = x \x1b[31m+ 1", "return y"), 5)
        self.refuse("list", function("return [a * 2 for a in x if np.sum(a) > 0]"), 5)
        self.refuse("power of an array", function("return x ** x"), 5)

    def sizes(self):
        ten_megabytes = 10_000_000
        comment = function("# " + "a" * ten_megabytes, "return x * 2")
        self.write("long_comment.py", comment)
        self.expect("10 MB of comment", ["run", "long_comment.py"], (DONE, INPUT))
        name = function("return " + "a" * ten_megabytes)
        self.write("long_name.py", name)
        self.expect("10 MB of a name", ["run", "long_name.py"], INPUT, "long_name.py:5:")
        string = "print('" + "a" * ten_megabytes + "')"
        self.write("long_string.py", function(string, "return x * 2"))
        self.expect("10 MB of a string", ["run", "long_string.py"], (DONE, INPUT))
        self.write("long_number.py", function("return x * " + "9" * ten_megabytes))
        self.expect("10 MB of a number", ["run", "long_number.py"], (DONE, INPUT))
        self.write("long_garbage.py", "(" * ten_megabytes)
        self.expect("10 MB of brackets", ["run", "long_garbage.py"], INPUT, "long_garbage.py:1:")
        self.write("long_line.py", function("return " + "x + " * (ten_megabytes // 40) + "?"))
        self.expect("a long sum", ["run", "long_line.py"], INPUT, "long_line.py:5:")
        self.write("many_lines.py", function(*["x = x * 1.0001"] * 20_000, "return x"))
        self.expect("20,000 lines", ["run", "many_lines.py", "--npz", "many.npz"], (DONE, INPUT))
        names = ", ".join(f"p{i}" for i in range(5000))
        self.write("many_names.py", function("return p0 * 2", parameters=names))
        self.expect("5,000 parameters", ["run", "many_names.py"], (DONE, INPUT))

        deep = 10_000
        self.refuse("10 000 parentheses", function("return " + "(" * deep + "x" + ")" * deep), 5)
        self.refuse("10 000 calls", function("return " + "np.exp(" * deep + "x" + ")" * deep), 5)
        self.refuse("10 000 brackets", function("return " + "[" * deep + "x" + "]" * deep), 5)
        for label, expression in {
            "10 000 signs": "-" * deep + "x",
            "10 000 powers": "x" + " ** 1" * deep,
            "10 000 transposes": "x" + ".T" * deep,
            "10 000 copies": "x" + ".copy()" * deep,
            "10 000 comparisons": "x" + " < x" * deep,
            "10 000 nots": "not " * deep + "x",
        }.items():
            self.write("deep.py", function("return " + expression))
            self.expect(label, ["run", "deep.py"], (DONE, INPUT))
        calls = [f"def f{i}(x):\n    return f{i - 1}(f{i - 1}(x))\n\n\n" for i in range(1, 61)]
        self.write("doubling.py", "def f0(x):\n    return x * 2\n\n\n" + "".join(calls))
        self.expect("2 ** 60 calls", ["run", "doubling.py"], INPUT)

    def shapes(self):
        source = function("y = x * w", "z = y + x", "return z", parameters="x, w")
        self.write("shapes.py", source)
        command = ["run", "shapes.py", "--set", "x=rand(4,3)", "--set", "w=rand(5,2)"]
        self.expect(
            *("mismatched product", command, INPUT, shape(4, 3), shape(5, 2), r"\bx\b", r"\bw\b"),
            at=("shapes.py", 5),
        )
        self.write("matrices.py", function("y = x @ W", "return y", parameters="x, W"))
        command = ["run", "matrices.py", "--set", "x=rand(4,3)", "--set", "W=rand(4,3)"]
        self.expect(
            *("mismatched matrices", command, INPUT, shape(4, 3), r"\bx\b", r"\bW\b"),
            at=("matrices.py", 5),
        )
        command = ["run", "batch_norm", "--set", "x=rand(4,3)", "--set", "gamma=rand(1,5)"]
        names = r"\bx(hat)?\b", r"\bgamma\b"
        self.expect("mismatched gamma", command, INPUT, shape(4, 3), shape(1, 5), *names)
        command = ["run", "batch_norm", "--upstream", "rand(7,7)"]
        self.expect("mismatched upstream", command, INPUT, shape(7, 7), r"\bout\b")

    # What is wrong on the command line.

    def settings(self):
        run_x = ["run", "batch_norm", "--npz", "left.npz", "--set"]
        for label, setting, *patterns in (
            ("huge", "x=rand(10**9, 10**9)", r"\bx\b"),
            ("huge power", "x=rand(10**10**10, 2)"),
            ("huge rows", "x=rand(10**18, 1)"),
            ("overflowing product", "x=rand(2**32, 2**32)"),
            ("overflowing 64 bits", "x=rand(2**33, 2**31)"),
            ("huge arange", "x=arange(10**15).reshape(10**9,10**6)"),
            ("negative size", "x=rand(-1, 3)"),
            ("no rows", "x=rand(0, 3)"),
            ("half a row", "x=rand(1.5, 3)"),
            ("seven sides", "x=rand(1, 1, 1, 1, 1, 1, 1)", "7 sides"),
            ("unknown constructor", "x=normal(3, 3)", "normal"),
            ("unknown parameter", "xx=rand(4, 3)", r"\bxx\b", r"\bx\b"),
            ("an inner node", "xhat=rand(4, 3)", "xhat"),
            ("no name", "=rand(4, 3)"),
            ("no value", "x="),
            ("no sign", "x"),
            ("empty", ""),
            ("open bracket", "x=rand(4, 3"),
            ("wrong reshape", "x=arange(6).reshape(4,2)"),
            ("code", "x=__import__('os').system('touch left')"),
            ("missing npy", "x=nowhere.npy", "nowhere.npy"),
            ("nested", "x=" + "(" * 10_000 + "1" + ")" * 10_000),
        ):
            command = [*run_x, setting]
            self.expect(f"--set, {label}", command, INPUT, *patterns)
            self.nothing_left(f"--set, {label}")

        self.expect("no command", [], INPUT)
        self.expect("unknown command", ["walk", "batch_norm"], INPUT, "walk")
        self.expect("no circuit", ["run"], INPUT)
        self.expect("unknown circuit", ["run", "batchnorm"], INPUT, "batch_norm")
        self.expect("empty circuit", ["run", ""], INPUT)
        self.expect("unknown option", ["run", "batch_norm", "--sed", "1"], INPUT, "--sed")
        self.expect("option without value", ["run", "batch_norm", "--seed"], INPUT, "--seed")
        for seed in ("-1", "4294967296", "99999999999999999999", "one", "1.5", ""):
            self.expect(f"seed {seed}", ["run", "batch_norm", "--seed", seed], INPUT, "seed")
        self.expect("upstream", ["run", "batch_norm", "--upstream", "nothing"], INPUT, "nothing")
        self.expect("no function", ["run", "batch_norm:other"], INPUT, "other")
        self.write("one.py", function("return x * 2"))
        self.expect("no such function", ["run", "one.py:two"], INPUT, "two", "one.py")
        picture = ["render", "batch_norm", "--out", "left", "--format"]
        self.expect("format", [*picture, "bmp"], INPUT, "bmp")
        self.nothing_left("format")
        self.expect("render without --out", ["render", "batch_norm"], INPUT, "--out")

    def arrays(self):
        def npy(array, **options):
            out = io.BytesIO()
            np.save(out, array, **options)
            return out.getvalue()

        good = npy(np.random.RandomState(0).rand(4, 3))
        header = b"\x93NUMPY\x01\x00v\x00{'descr': '<f8', 'fortran_order': False, 'shape': (%b), }"
        bad = {
            "empty": b"",
            "text": b"1, 2, 3\n",
            "cut header": good[:40],
            "cut data": good[:-8],
            "objects": npy(np.array([[{}, []]], dtype=object), allow_pickle=True),
            "words": npy(np.array([["a", "b"]])),
            "seven sides": npy(np.zeros((1, 1, 1, 1, 1, 1, 1))),
            "no rows": npy(np.zeros((0, 3))),
            "complex": npy(np.zeros((2, 3), dtype=complex)),
            "huge": (header % b"1000000000, 1000000000").ljust(127) + b"\n",
            "overflow": (header % b"4294967296, 4294967296").ljust(127) + b"\n",
            "negative": (header % b"-4, 3").ljust(127) + b"\n",
            "float32": npy(np.zeros((4, 3), dtype=np.float32)),
        }
        for label, content in bad.items():
            self.write("bad.npy", content)
            command = ["run", "batch_norm", "--set", "x=bad.npy", "--npz", "left.npz"]
            self.expect(f"npy, {label}", command, INPUT, "bad.npy")
            self.nothing_left(f"npy, {label}")
        self.write("good.npy", npy(np.zeros((2, 3, 4))))
        command = ["run", "batch_norm", "--set", "x=good.npy", "--set", "gamma=ones(5)"]
        shapes = r"\(5,\)", r"\(2, 3, 4\)", r"\bgamma\b", r"\bxhat\b"
        self.expect("npy, three sides", command, INPUT, *shapes)
        x = np.random.RandomState(1).rand(4, 3)
        for label, content in {
            "plain": npy(x),
            "columns first": npy(np.asfortranarray(x)),
            "whole": npy(np.arange(12).reshape(4, 3)),
        }.items():
            self.write("good.npy", content)
            command = ["run", "batch_norm", "--set", "x=good.npy", "--npz", "good.npz"]
            ran = self.expect(f"npy, {label}", command, DONE)
            if self.wrote(ran, "good.npz"):
                theirs = np.load(self.folder / "good.npy").astype(float)
                same = np.array_equal(load(self.folder / "good.npz")["x"], theirs)
                self.checks.that(same, f"npy, {label}: other numbers")

    # Input that is in order, but treacherous.

    def traps(self):
        command = ["run", "batch_norm", "--set", "x=ones(4,3)", "--set", "eps=0"]
        command += ["--npz", "nan.npz"]
        # The variance is 0, its root too; the first infinity is its inverse.
        ran = self.expect("constant column", command, DONE, r"\bivar\b", NOT_FINITE)
        if self.wrote(ran, "nan.npz"):
            values = load(self.folder / "nan.npz")
            self.checks.that(np.isposinf(values["ivar"]).all(), "constant column: ivar")
            self.checks.that(np.isnan(values["xhat"]).all(), "constant column: xhat")
            table = text(ran.stdout)
            self.checks.that(re.search(r"\bnan\b", table, re.IGNORECASE), "constant column: no NaN")
        one = ["run", "batch_norm", "--set", "x=rand(1,3)"]
        self.expect("N = 1", one, DONE, r"N = 1\b|\bone sample|\ba single sample|batch of 1\b")
        two = ["run", "batch_norm", "--set", "x=rand(2,3)"]
        self.expect("N = 2", two, DONE, r"N = 2\b|\btwo samples|batch of 2\b")
        ones = ["run", "batch_norm", "--set", "x=rand(4,3)", "--upstream", "ones(4,3)"]
        self.expect("upstream of ones", ones, DONE, r"dout is 1 everywhere")
        ones = ["run", "batch_norm", "--set", "x=rand(4,3)", "--set", "gamma=ones(1,3)"]
        self.expect("gamma of ones", ones, DONE, r"gamma\W+(is |of )?(1|ones)\b|ones.*\bgamma")
        for value in ("1e308", "-1e308", "nan", "inf", "1e-320", "0", "-0.0"):
            command = ["run", "batch_norm", "--set", "x=rand(4,3)", "--set", f"eps={value}"]
            self.expect(f"eps = {value}", command, (DONE, INPUT))
        self.write("zero.py", function("return x / 0"))
        self.expect("division by 0", ["run", "zero.py"], DONE, NOT_FINITE)
        self.write("huge_power.py", function("return (x * 1e200) ** 2"))
        self.expect("overflow", ["run", "huge_power.py"], DONE, NOT_FINITE)
        self.write("korean.py", "def f(x):\n    평균 = x * 2\n    return 평균\n")
        self.expect("Korean names", ["run", "korean.py"], (DONE, INPUT))

    def outputs(self):
        plain = self.write("plain", "a file, not a folder\n")
        for label, arguments in {
            "npz": ["run", "batch_norm", "--npz", "plain/values.npz"],
            "json": ["run", "batch_norm", "--json", "plain/values.json"],
            "pictures": ["render", "batch_norm", "--out", "plain", "--format", "dot,svg"],
            "pictures below": ["render", "batch_norm", "--out", "plain/in", "--format", "dot,svg"],
            "proc": ["render", "batch_norm", "--out", "/proc/backstep", "--format", "dot"],
            "npz in proc": ["run", "batch_norm", "--npz", "/proc/backstep/values.npz"],
        }.items():
            self.expect(f"output, {label}", arguments, INPUT, "plain|/proc")
        self.checks.that(plain.read_text() == "a file, not a folder\n", "output: a file is lost")
        (self.folder / "taken.npz").mkdir()
        self.expect("npz is a folder", ["run", "batch_norm", "--npz", "taken.npz"], INPUT, "taken")
        self.expect("no name", ["run", "batch_norm", "--npz", ""], INPUT)
        # An old file is whole after a run that fails.
        old = self.write("old.npz", b"old")
        command = ["run", "batch_norm", "--set", "x=rand(4,3)", "--set", "gamma=rand(1,5)"]
        self.expect("old file", [*command, "--npz", "old.npz"], INPUT)
        self.checks.that(old.read_bytes() == b"old", "output: the old file is lost")
        # A reader that goes away, as `| head` does.
        with subprocess.Popen(
            [program(), "run", "batch_norm", "--set", "x=rand(200,200)"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            process.stdout.close()
            words = text(process.stderr.read())
            process.wait(timeout=TIMEOUT)
        self.checks.that(not CRASH.search(words), f"a closed pipe: {words[:500]}")
        # A full disk under standard output is not success.
        with open("/dev/full", "wb") as full:
            command = [program(), "run", "batch_norm"]
            ran = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, timeout=TIMEOUT)
        self.checks.that(ran.returncode > 0, f"a full disk: exit status {ran.returncode}")

    def names(self):
        """File names that are markup, or worse, to whatever prints or draws them."""
        hostile = (
            '"quoted" \'twice\'.py',
            "<script>alert(1)<script>.py",
            "&amp;<b>bold.py",
            "new\nline.py",
            "\x1b[31mred\x1b[0m.py",
            "{curly|record}\\n\\l.py",
            "\\backslash\\.py",
            "%s%n%d{}{0}.py",
            "]]>--><!--.py",
            "배치 정규화.py",
            "\u202eyp.py",
            "-rf.py",
            b"\xff\xfe.py",
        )
        source = function("y = x * w", "return y + x", parameters="x, w").encode()
        wrong = function("y = x * wdith", "return y").encode()
        for name in hostile:
            label = f"name {name!r}"
            raw = name if isinstance(name, bytes) else name.encode()
            path = os.path.join(os.fsencode(self.folder), raw)
            with open(path, "wb") as file:
                file.write(source)
            shutil.rmtree(self.folder / "drawn", ignore_errors=True)
            command = ["render", path, "--out", "drawn", "--format", "dot,svg"]
            if self.expect(f"{label}, drawn", command, DONE):
                self.drawn(label)
            self.expect(f"{label}, run", ["run", path, "--npz", "named.npz"], DONE)
            with open(path, "wb") as file:
                file.write(wrong)
            self.expect(f"{label}, wrong", ["run", path], INPUT, "wdith", r":5:\d+", CARET)
            os.unlink(path)

        lines = "subgraph = graph * edge", "strict = subgraph + digraph", "return strict"
        keywords = function(*lines, name="node", parameters="graph, edge, digraph")
        self.write("keywords.py", keywords)
        command = ["render", "keywords.py", "--out", "drawn", "--format", "dot,svg"]
        if self.expect("words of DOT", command, DONE):
            self.drawn("words of DOT")

    def drawn(self, label):
        """Every picture is well formed, and nothing in it is a script."""
        that = self.checks.that
        pictures = sorted((self.folder / "drawn").rglob("*.svg"))
        graphs = sorted((self.folder / "drawn").rglob("*.dot"))
        that(pictures and graphs, f"{label}: no picture")
        for path in pictures:
            try:
                root = ElementTree.fromstring(path.read_bytes())
            except ElementTree.ParseError as error:
                that(False, f"{label}: {path.name}: {error}")
                continue
            tags = {element.tag.rsplit("}")[-1].lower() for element in root.iter()}
            that(not tags & {"script", "b", "foreignobject"}, f"{label}: {path.name}: {tags}")
            events = [a for e in root.iter() for a in e.attrib if a.lower().startswith("on")]
            that(not events, f"{label}: {path.name}: {events}")
        if shutil.which("dot"):
            for path in graphs:
                ran = subprocess.run(["dot", "-Tcanon", path], capture_output=True, timeout=TIMEOUT)
                that(ran.returncode == 0, f"{label}: {path.name}: {text(ran.stderr)[:300]}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        hostile = Hostile(Path(folder))
        # Names of parts after the program's path run these alone.
        for part in sys.argv[2:] or PARTS:
            getattr(hostile, part)()
    hostile.checks.done()


if __name__ == "__main__":
    main()
