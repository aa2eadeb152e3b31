"""Hostile names by every way in and every way out: nothing comes out raw, nothing runs."""

import ast
import contextlib
import html.parser
import io
import json
import keyword
import os
import shutil
import subprocess
import sys
import tempfile
import unicodedata
import xml.etree.ElementTree as xml
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np

from checks import Checks, load, program, run, text

TOUCH = "touch pwned"
NAMES = [
    "",
    " ",
    "two words",
    "1st",
    "a-b",
    "a.b",
    "\x1b[2J\x1b[31mred",
    "\x1b]0;title\x07",
    "\x1b]8;;http://evil\x1b\\link",
    "\x9b31m",
    "bell\x07",
    "back\x08space",
    "delete\x7f",
    "tab\tbed",
    "form\x0cfeed",
    "vertical\x0btab",
    "new\nline",
    "carriage\rreturn",
    "next\x85line",
    "line\u2028separator",
    "paragraph\u2029separator",
    "\u202eright to left",
    "isolate\u2066d\u2069",
    "zero\u200bwidth",
    "zero\u200djoiner",
    "\ufeffmark",
    "soft\u00adhyphen",
    "tag\U000e0041",
    "private\ue000",
    "filler\u3164",
    "filler\u115f",
    "nul\x00byte",
    "e" + "\u0301" * 500,
    "\u0301leading",
    "x" * 10000,
    "한" * 3000,
    f'y"""\nimport os\nos.system("{TOUCH}")\n"""',
    f"y\nimport os\nos.system('{TOUCH}')\ndef g(x):\n    y",
    f"q = __import__('os').system('{TOUCH}') #",
    f"$({TOUCH})",
    f"`{TOUCH}`",
    f"; {TOUCH};",
    f"| {TOUCH}",
    "'''",
    '"',
    "'",
    "\\",
    "trailing\\",
    "??/",
    "*/ int evil; /*",
    "//",
    "#define x",
    '"];evil[label="',
    "}; evil -> evil",
    "<TABLE>",
    "</script><script>window.broken=1</script>",
    "<img src=x onerror=alert(1)>",
    '" onload="alert(1)',
    "<!-- -->",
    "-->",
    "]]>",
    "&lt;&amp;&#60;",
    "</svg><svg onload=alert(1)>",
    "</title>",
    "${1}",
    "{0}",
    "{}",
    "%s%n%x",
    "../../x",
    "/etc/passwd",
    "C:\\x",
    "..",
    ".",
    "*",
    "np",
    "inf",
    "nan",
    "None",
    "True",
    "lambda",
    "import",
    "\U0001d425\U0001d41a\U0001d426\U0001d41b\U0001d41d\U0001d41a",
    "_1",
    # Names that are fine, and stay.
    "__class__",
    "print",
    "cache",
    "N",
    "dout",
    "double",
    "M_PI",
    "math_errhandling",
    "bool",
    "평균",
    "γ",
]
BYTES = [b"\xff\xfe", b"\xc0\xaf..", b"\xed\xa0\x80", b"a\xc3", b"\xf8\x88\x80\x80\x80"]
# Ways to spell a name in the text itself; most are refused.
WRITTEN = [n for n in NAMES if n.strip() and len(n) < 200 and "\x00" not in n] + [
    "\ufb01x",
    "ｘ",
    "x\u0301" * 4,
    "a" * 200,
]
X = ["--set", "x=[[1,2],[3,4]]"]


def is_name(name):
    return name.isidentifier() and not keyword.iskeyword(name)


def stays(name):
    """Whether a key may be the name of a node."""
    reserved = name in ("np", "") or (name[0] == "_" and name[1:].isdigit())
    shown = all(unicodedata.category(c)[0] != "C" and c not in "\u3164\u115f" for c in name)
    return is_name(name) and is_name(unicodedata.normalize("NFKC", name)) and not reserved and (
        shown and len(name.encode()) <= 200 and name.count("\u0301") < 5
    )


def raw_characters(output):
    """What of an output may not reach a terminal; None if there is nothing."""
    try:
        decoded = output.decode("utf-8")
    except UnicodeDecodeError as error:
        return str(error)
    for at, c in enumerate(decoded):
        bad = unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Co", "Cs", "Cn")
        if (bad or c in "\u3164\u115f") and c != "\n":
            return f"{c!r} in {decoded[max(0, at - 30) : at + 30]!r}"
    return None


def spelled(name):
    """A key as Python takes it: raw where that is possible."""
    raw = not any(c in name for c in "\\\r\x00") and not name.endswith('"')
    if raw and '"""' not in name and name:
        return f'"""{name}"""'
    return ascii(name)


def program_of(keys):
    lines = ["import numpy as np", "def f(x):", "    d = {}"]
    lines += [f"    d[{key}] = x * {k + 2}" for k, key in enumerate(keys)]
    lines += ["    out = x", *[f"    out = out + d[{key}]" for key in keys], "    return out", ""]
    return "\n".join(lines)


class Page(html.parser.HTMLParser):
    """The elements and attributes of a page, and what stands in its scripts."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.elements = Counter()
        self.comments = 0
        self.scripts = []
        self.in_script = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements[tag, tuple(sorted(name for name, _ in attributes))] += 1
        self.in_script = tag == "script"
        if self.in_script:
            self.scripts.append("")

    def handle_endtag(self, tag):
        self.in_script = False

    def handle_data(self, data):
        if self.in_script:
            self.scripts[-1] += data

    def handle_comment(self, data):
        self.comments += 1


class Test:
    def __init__(self, checks, folder):
        self.checks = checks
        self.folder = folder
        self.modules = []
        self.sources = []
        self.plans = []
        self.circuits = []
        self.count = 0

    def ran(self, label, *arguments, statuses=(0, 2), **options):
        """Runs the program, and checks what reaches the terminal. The result, or None."""
        result = run(*arguments, **options)
        label = f"{ascii(label)[:70]}: {arguments[0]!r}"
        self.checks.that(
            result.returncode in statuses,
            f"{label} ends with {result.returncode}: {text(result.stderr)[:300]}",
        )
        for stream, output in (("stdout", result.stdout), ("stderr", result.stderr)):
            bad = raw_characters(output)
            self.checks.that(bad is None, f"{label}: {stream} holds {bad}")
        return result

    def file(self, name, content):
        path = os.path.join(os.fsencode(self.folder), os.fsencode(name))
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        return path

    def outputs(self, label, path, place):
        """Everything that the program makes of a file, by its name."""
        made = {}

        def keep(name, *arguments, statuses=(0,)):
            result = self.ran(label, *arguments, statuses=statuses)
            made[name] = result.stdout
            made[name + "'s errors"] = result.stderr.replace(path, b"PATH")

        place.mkdir()
        keep("table", "run", path, *X, "--json", place / "run.json", "--npz", place / "run.npz")
        keep("numpy", "numpy", path, *X)
        keep("closed", "numpy", path, *X, "--closed-form")
        keep("c", "c", path, *X)
        keep("plan", "plan", path, *X)
        keep("plan.dot", "plan", path, *X, "--format", "dot")
        keep("plan.svg", "plan", path, *X, "--format", "svg")
        keep("simplify", "simplify", path, *X)
        keep("step", "step", path, *X, "--script", "n*3 i p End ? q")
        keep("render", "render", path, *X, "--out", place / "r", "--format", "dot,svg")
        keep("page", "page", path, *X, "--out", place / "page.html")
        keep("check", "check", path, "--mine", path, *X, statuses=(0, 1, 2))
        keep("json check", "check", path, "--mine", path, "--json", *X, statuses=(0, 1, 2))
        keep("derive", "derive", path, *X, "--answer", "dx=dout", statuses=(0, 1, 2))
        keep("jacobian", "jacobian", path, *X, "--of", "out", "--to", "x")
        for name in ("run.json", "page.html", "r/f.dot", "r/f.svg", "r/f_flow.svg"):
            file = place / name
            if self.checks.that(file.exists(), f"{label}: there is no {name}"):
                made[name] = file.read_bytes()
        names = load(place / "run.npz")
        self.checks.that(all(is_name(n) for n in names), f"{label}: the npz names {list(names)}")
        nodes = json.loads(made["run.json"])["nodes"]
        self.checks.that(all(is_name(n["name"]) for n in nodes), f"{label}: the JSON names others")
        made["render"] = made["page"] = b""  # the names of their folders
        return made

    def keep_for_later(self, made):
        """What Python, the C compiler and Graphviz are asked about at the end, all at once."""
        self.count += 1
        for kind in ("numpy", "closed"):
            self.module(f"{kind}_{self.count}", made[kind])
        self.sources.append(self.file(f"loops_{self.count}.c", made["c"]))
        self.plans.append(self.file(f"plan_{self.count}.dot", made["plan.dot"]))
        self.circuits.append(self.file(f"circuit_{self.count}.dot", made["r/f.dot"]))

    def module(self, name, source):
        tree = ast.parse(source)
        kinds = [type(statement).__name__ for statement in tree.body]
        self.checks.that(
            kinds == ["Expr", "Import", "FunctionDef", "FunctionDef"], f"{name} holds {kinds}"
        )
        inner = {type(s).__name__ for f in tree.body[2:] for s in f.body}
        self.checks.that(inner <= {"Assign", "Return"}, f"{name} runs {inner}")
        modules = self.folder / "modules"
        modules.mkdir(exist_ok=True)
        (modules / f"{name}.py").write_bytes(source)
        self.modules.append(name)

    def svg(self, label, source):
        tree = xml.fromstring(source)
        for tag, names in {(e.tag.split("}")[-1], tuple(e.keys())) for e in tree.iter()}:
            good = tag not in ("script", "foreignObject", "image", "use")
            self.checks.that(good, f"{label}: an element {tag}")
            bad = [n for n in names if n.startswith("on") or n.endswith("href")]
            self.checks.that(not bad, f"{label}: <{tag} {bad}>")

    # ---- ways in ----

    def keys(self):
        """Keys of dictionaries: everything is as if they were called entry_1, entry_2, ..."""
        batch = 24
        # A value without a name is that of a step, and the reader refuses an escape of a zero byte.
        keys = [name for name in NAMES if name and "\x00" not in name]
        for first in range(0, len(keys), batch):
            names = keys[first : first + batch]
            label = f"keys from {ascii(names[0])}"
            twins, number = [], 0
            for name in names:
                number += not stays(name)
                twins.append(name if stays(name) else f"entry_{number}")
            bad = self.file(f"bad_{first}.py", program_of([spelled(n) for n in names]))
            good = self.file(f"good_{first}.py", program_of([f'"{t}"' for t in twins]))
            ours = self.outputs(label, bad, self.folder / f"bad_{first}")
            theirs = self.outputs(label, good, self.folder / f"good_{first}")
            for kind in ours:
                if kind == "page.html":
                    self.pages(label, ours[kind], theirs[kind])
                elif "check" not in kind:  # its words quote the file
                    same = ours[kind] == theirs[kind]
                    self.checks.that(same, f"{label}: {kind} is another than that of plain names")
            for kind in ("plan.svg", "r/f.svg", "r/f_flow.svg"):
                self.svg(f"{label}: {kind}", ours[kind])
            self.keep_for_later(ours)

    def pages(self, label, ours, theirs):
        ours, theirs = Page(ours.decode()), Page(theirs.decode())
        self.checks.that(ours.elements == theirs.elements, f"{label}: the page has other elements")
        self.checks.that(ours.comments == 0, f"{label}: the page has a comment")
        self.checks.that(len(ours.scripts) == 2, f"{label}: {len(ours.scripts)} scripts")
        self.checks.that(ours.scripts[1] == theirs.scripts[1], f"{label}: another script")
        ours, theirs = json.loads(ours.scripts[0]), json.loads(theirs.scripts[0])
        for key in theirs:
            self.checks.that(ours[key] == theirs[key], f"{label}: the record's {key} differs")

    def written(self):
        """Names of functions, parameters and variables, as they stand in the text."""
        for k, name in enumerate(WRITTEN):
            for way, source in {
                "function": f"def {name}(x):\n    return x * 2\n",
                "parameter": f"def f(x, {name}):\n    return x * {name}\n",
                "variable": f"def f(x):\n    {name} = x * 2\n    return {name} + x\n",
            }.items():
                path = self.file(f"written_{way}_{k}.py", source)
                result = self.ran(f"{way} {name}", "numpy", path, *X)
                if result.returncode == 0:
                    self.module(f"{way}_{k}", result.stdout)
                    self.ran(f"{way} {name}", "run", path, *X, statuses=(0,))

    def docstrings(self):
        for k, name in enumerate(NAMES):
            if "\x00" in name or '"""' in name or name.endswith(("\\", '"')):
                continue
            lines = [name, f"{name}: input ({name}, D)", f"x: input ({name}, D), randn"]
            lines += [f"w: parameter (2, D), {name}"] if k % 2 else ["w: parameter (2, D), randn"]
            doc = "\n    ".join(lines)
            source = f'def f(x, w):\n    """{doc}\n    """\n    return x @ w.T\n'
            path = self.file(f"doc_{k}.py", source)
            result = self.ran(f"docstring {name}", "numpy", path)
            if result.returncode == 0:
                self.module(f"doc_{k}", result.stdout)

    def paths(self):
        source = "def f(x):\n    return x *\n", "def f(x):\n    y = x * 2\n    return y\n"
        for k, name in enumerate([n.encode() for n in NAMES] + BYTES):
            if b"\x00" in name or len(name) > 200 or name in (b".", b"..", b""):
                continue
            name = name.replace(b"/", b"_")
            path = self.file(name + b".py", source[0])
            self.ran(name, "run", path, *X, statuses=(2,))
            path = self.file(name + b".py", source[1])
            self.ran(name, "run", path + b":" + name, *X)
            below = path + b"/not/a/folder"
            target = os.path.join(os.fsencode(self.folder), b"out", name)
            if k % 2:
                self.ran(name, "run", path, *X, "--npz", below, statuses=(2,))
                self.ran(name, "check", path, "--mine", path, *X, statuses=(0, 1, 2))
            else:
                self.ran(name, "run", path, *X, "--json", target, statuses=(0,))
                self.ran(name, "check", path, "--mine", path + b".npz", *X, statuses=(2,))
            os.remove(path)
        page = self.folder / "out" / "\x1b[31m\u202e.html"
        path = self.file("\x1b[31m.py", source[1])
        self.ran("page", "page", path, *X, "--out", page, statuses=(0,))
        folder = page.with_suffix("")
        dot = ("--format", "dot")
        self.ran("render", "render", path, *X, "--out", folder, *dot, statuses=(0,))

    def arguments(self):
        path = self.file("plain.py", "def f(x):\n    y = x * 2\n    return y\n")
        names = [n.encode() for n in NAMES if "\x00" not in n] + BYTES
        for k, name in enumerate(names):
            ways = [
                ["run", path, "--set", name],
                ["run", path, "--set", name + b"=1"],
                ["run", path, "--set", b"x=" + name],
                ["run", path, *X, "--of", name],
                ["run", path, *X, "--upstream", name],
                ["run", path, *X, "--seed", name],
                ["run", path, *X, b"--" + name],
                ["run", name],
                [name],
                ["step", path, *X, "--script", name],
                ["page", path, *X, "--lang", name, "--out", "x"],
                ["render", path, *X, "--format", name, "--out", "x"],
                ["check", path, *X, "--mine", name],
                ["check", path, *X, "--mine", path, "--name", name],
                ["check", path, *X, "--mine", path, "--name", b"y=" + name],
                ["derive", path, *X, "--answer", name],
                ["derive", path, *X, "--answer", b"dx=" + name],
                ["jacobian", path, *X, "--of", name, "--to", "x"],
            ]
            for arguments in ways[k % 2 :: 2]:
                self.ran(name, *arguments, statuses=(0, 1, 2), cwd=self.folder / "out")

    def members(self):
        """Names in an .npz, and in the arrays of one."""
        path = self.file("plain.py", "def f(x):\n    y = x * 2\n    return y\n")
        array = io.BytesIO()
        np.save(array, np.ones((2, 2)))
        for k, name in enumerate(NAMES):
            file = self.folder / f"members_{k}.npz"
            with zipfile.ZipFile(file, "w") as archive, contextlib.suppress(UnicodeError):
                archive.writestr(f"{name[:2000]}.npy", array.getvalue())
                archive.writestr("dx.npy", array.getvalue())
            self.ran(f"member {name}", "check", path, *X, "--mine", file, statuses=(0, 1, 2))
            with zipfile.ZipFile(file, "w") as archive:
                archive.writestr(name[:2000] or "x", array.getvalue())
            self.ran(f"entry {name}", "check", path, *X, "--mine", file, statuses=(2,))
            header = repr({"descr": name[:2000], "fortran_order": False, "shape": (1,)}).encode()
            broken = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header
            npy = self.file(f"header_{k}.npy", broken + b"\n")
            self.ran(f"header {name}", "run", path, "--set", b"x=" + npy, statuses=(2,))

    def tables(self):
        """The head of a table that a lesson is given."""
        lesson = Path(program()).parent / "lesson_transfer_learning"
        if not lesson.exists():
            return
        for k, name in enumerate(NAMES[::4]):
            file = self.file(f"table_{k}.csv", f"{name},b,label\n1,2,0\n")
            result = subprocess.run([lesson, "--target", file], capture_output=True, timeout=60)
            self.checks.that(result.returncode == 2, f"csv {name!r}: {result.returncode}")
            bad = raw_characters(result.stdout) or raw_characters(result.stderr)
            self.checks.that(bad is None, f"csv {name!r}: {bad}")

    # ---- what others make of it ----

    def others(self):
        modules = self.folder / "modules"
        before = set(os.listdir(modules))
        imports = "import sys; sys.path.insert(0, '.'); " + "; ".join(
            f"import {name}" for name in self.modules
        )
        result = subprocess.run(
            [sys.executable, "-I", "-B", "-c", imports], cwd=modules, capture_output=True
        )
        self.checks.that(result.returncode == 0, f"import: {text(result.stderr)}")
        self.checks.that(result.stdout == b"", f"a module prints {result.stdout!r}")
        after = set(os.listdir(modules))
        self.checks.that(after == before, f"a module writes {after - before}")
        for command, files in (
            (["gcc", "-std=c11", "-Wall", "-fsyntax-only"], self.sources),
            (["dot", "-Tcanon", "-o", os.devnull], self.plans),
            (["dot", "-Tcanon", "-o", os.devnull], self.circuits),
        ):
            if not self.checks.that(shutil.which(command[0]), f"{command[0]} is missing"):
                continue
            result = subprocess.run([*command, *files], capture_output=True, cwd=self.folder)
            good = result.returncode == 0 and result.stderr == b""
            self.checks.that(good, f"{command[0]}: {text(result.stderr)[:500]}")
        left = [path for path in self.folder.rglob("pwned")] + list(Path.cwd().glob("pwned"))
        self.checks.that(not left, f"something ran: {left}")


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HOME"] = folder
        os.environ.pop("XDG_STATE_HOME", None)
        (Path(folder) / "out").mkdir()
        test = Test(checks, Path(folder))
        test.keys()
        test.written()
        test.docstrings()
        test.paths()
        test.arguments()
        test.members()
        test.tables()
        test.others()
    checks.done()


if __name__ == "__main__":
    main()
