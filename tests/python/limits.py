"""The limits of the program: streams that take nothing, files without an end, a damaged cache,
interrupted and failing writes, hostile sizes, and time that grows no faster than its input."""

import base64
import json
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from pathlib import Path

import numpy as np

from checks import Checks, load, program, text

DONE, WRONG, INPUT = 0, 1, 2
TIMEOUT = 120  # seconds; the sanitizers are slow
CRASH = re.compile(r"Sanitizer|runtime error:|terminate called|[Ss]egmentation|Assertion|bad_alloc")
MEGABYTE = 1 << 20


def function(*lines, parameters="x"):
    body = "".join(f"    {line}\n" for line in lines)
    return f"import numpy as np\n\n\ndef f({parameters}):\n{body}"


class Limits:
    def __init__(self, folder):
        self.checks = Checks()
        self.folder = folder
        self.cache = folder / "cache" / "backstep"
        self.environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}
        self.sanitized = b"__asan_init" in Path(program()).read_bytes()

    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def run(self, *arguments, **options):
        options = {
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            "timeout": TIMEOUT,
            "cwd": self.folder,
            "env": self.environment,
            **options,
        }
        return subprocess.run([program(), *map(str, arguments)], **options)

    def expect(self, label, arguments, status, *patterns, **options):
        """Runs a command; `patterns` must be in its words on standard error."""
        that = self.checks.that
        try:
            ran = self.run(*arguments, **options)
        except subprocess.TimeoutExpired:
            that(False, f"{label}: still running after {TIMEOUT} s")
            return None
        words = text(ran.stderr or b"")
        that(ran.returncode == status, f"{label}: exit status {ran.returncode}: {words[-500:]}")
        that(not CRASH.search(words), f"{label}: {words[-2000:]}")
        for pattern in patterns:
            that(re.search(pattern, words), f"{label}: no {pattern!r} in: {words[-500:]}")
        return ran

    def streams(self):
        """A stream that takes nothing: lost results are an error, lost words are not."""
        self.write("ok.py", function("return x * 2"))
        run, wrong = ["run", "ok.py"], ["run", "nothing"]
        full = open("/dev/full", "wb")
        for label, stderr, before in (
            ("full", full, None),
            ("closed", None, lambda: os.close(2)),
        ):
            options = {"stderr": stderr, "preexec_fn": before}
            self.expect(f"standard error is {label}", run, DONE, **options)
            self.expect(f"standard error is {label}, an error", wrong, INPUT, **options)
            self.expect(f"standard error is {label}, usage", ["walk"], INPUT, **options)
        lost = "the output cannot be written: "
        for command in run, ["--help"], ["run", "--help"], ["step", "ok.py"], ["derive", "ok.py"]:
            label = f"standard output, {' '.join(command)}"
            self.expect(f"{label}, full", command, INPUT, lost, stdout=full)
            closed = {"stdout": None, "preexec_fn": lambda: os.close(1)}
            self.expect(f"{label}, closed", command, INPUT, lost, **closed)
        for lesson in sorted(Path(program()).parent.glob("lesson_*")):
            hunt = [[], ["--bug", "1"]] if lesson.name == "lesson_bug_hunt" else []
            for arguments in [["--help"], *hunt]:
                command = [lesson, *arguments]
                ran = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, timeout=TIMEOUT)
                refused = ran.returncode == INPUT and lost in text(ran.stderr)
                self.checks.that(refused, f"{command} into a full disk: {ran}")
        # A closed stream's number must not become that of a file, which would get the words.
        command = ["run", "ok.py", "--npz", "values.npz"]
        both = {"stdout": None, "stderr": None, "preexec_fn": lambda: os.closerange(0, 3)}
        self.expect("all streams are closed", command, INPUT, **both)
        whole = zipfile.ZipFile(self.folder / "values.npz").testzip() is None
        self.checks.that(whole, "all streams are closed: the file is damaged")
        full.close()

    def sources(self):
        """What is no plain file: a device without an end, a pipe, a file of the kernel."""
        self.write("ok.py", function("return x * 2"))
        os.mkfifo(self.folder / "pipe.npy")
        for name in "zero.npy", "zero.py":
            os.symlink("/dev/zero", self.folder / name)
        os.symlink("/proc/self/maps", self.folder / "maps.npy")
        too_many = r"it holds more than \d+ bytes, the most that is read here"
        nobody = "nothing comes out of this pipe; .*: name a file"
        for label, command, pattern in (
            ("a source without an end", ["run", "zero.py"], f"cannot read zero.py: {too_many}"),
            ("numbers without an end", ["run", "ok.py", "--set", "x=zero.npy"], too_many),
            ("a source from an idle pipe", ["run", "pipe.npy"], nobody),
            ("numbers from an idle pipe", ["run", "ok.py", "--set", "x=pipe.npy"], nobody),
            ("numbers of the kernel", ["run", "ok.py", "--set", "x=maps.npy"], "is no .npy file"),
            ("a score without an end", ["derive", "ok.py", "--state", "/dev/zero"], too_many),
            ("a score that is a folder", ["derive", "ok.py", "--state", "."], "it is a folder"),
            ("a score that is none", ["derive", "ok.py", "--state", "ok.py"], "holds no score"),
        ):
            self.expect(label, command, INPUT, pattern)
        self.checks.that((self.folder / "ok.py").stat().st_size > 0, "the score is written over")

        def feed():
            with open(self.folder / "pipe.npy", "w") as pipe:
                time.sleep(0.2)
                pipe.write(function("return x * 3"))

        feeder = threading.Thread(target=feed)
        feeder.start()
        ran = self.expect("a busy pipe", ["run", "pipe.npy"], DONE)
        feeder.join()
        self.checks.that(ran and b"3 * x" in ran.stdout, "a busy pipe: not what was written")

        # A small archive that unpacks to far more than an array may hold.
        name = self.folder / "bomb.npz"
        with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as archive:
            with archive.open("x.npy", "w", force_zip64=True) as entry:
                for _ in range(1100):
                    entry.write(bytes(MEGABYTE))
        self.checks.that(name.stat().st_size < 2 * MEGABYTE, "the bomb is not small")
        self.expect("a bomb", ["check", "ok.py", "--mine", "bomb.npz"], INPUT, "too large")

    def compiled(self):
        """The cache of compiled loops: what is damaged in it is built again."""
        command = ["plan", "batch_norm", "--set", "x=randn(300,40)"]
        first = self.expect("cache, at first", command, DONE)
        if first is None or b"compiled" not in first.stdout:
            return
        libraries = sorted(self.cache.glob("*.so"))
        self.checks.that(libraries, "cache: there is no library")
        for label, damage in {
            "empty": lambda whole: b"",
            "cut short": lambda whole: whole[: len(whole) // 2],
            "cut by a byte": lambda whole: whole[:-1],
            "garbage": lambda whole: b"\x7fELF" + bytes(1000),
            "changed": lambda whole: whole[:5000] + b"?" + whole[5001:],
        }.items():
            before = {path: path.read_bytes() for path in libraries}
            for path, whole in before.items():
                path.write_bytes(damage(whole))
            ran = self.expect(f"cache, {label}", command, DONE)
            self.checks.that(ran and ran.stdout == first.stdout, f"cache, {label}: another plan")
            for path, whole in before.items():
                same = len(path.read_bytes()) == len(whole)
                self.checks.that(same, f"cache, {label}: {path.name} is not built again")
        # The files that were used least lately go where the cache grows large.
        old = self.cache / "0000000000000000.so"
        with old.open("wb") as file:
            file.truncate(250 * MEGABYTE)
        os.utime(old, (1, 1))
        self.expect("cache, used", command, DONE)
        self.checks.that(old.exists(), "cache: files go although nothing was added")
        libraries[0].unlink()
        self.expect("cache, too large", command, DONE)
        self.checks.that(not old.exists(), "cache: the oldest file stays")
        self.checks.that(all(p.exists() for p in libraries), "cache: a new file is gone")
        left = [p.name for p in self.cache.iterdir() if p.suffix not in (".c", ".so")]
        self.checks.that(not left, f"cache: left behind: {left}")

    def writes(self):
        """A file is written whole or not at all, on every file system and whatever comes."""
        that = self.checks.that
        self.write("ok.py", function("return x * 2"))
        large = ["run", "ok.py", "--set", "x=randn(1000,1000)", "--npz"]
        limit = {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (9999, 9999))}
        places = [self.folder]
        if os.access("/dev/shm", os.W_OK):
            places.append(Path(tempfile.mkdtemp(dir="/dev/shm")))
        for place in places:
            target = place / "large.npz"
            target.write_bytes(b"old")
            self.expect(f"{place}: no room", [*large, target], INPUT, "File too large", **limit)
            that(target.read_bytes() == b"old", f"{place}: no room: the old file is lost")
            number = target.stat().st_ino
            self.expect(f"{place}: room", [*large, target], DONE)
            that(target.stat().st_ino != number, f"{place}: the old file is written over")
            left = [p.name for p in place.iterdir() if p.name.startswith(".backstep")]
            that(not left, f"{place}: left behind: {left}")
        target.unlink()
        for place in places[1:]:
            place.rmdir()

        # Standard output by its name, which is a file here: it stays that very file.
        out = self.folder / "out.txt"
        with out.open("wb") as file:
            self.expect("by name", ["run", "ok.py", "--json", "/dev/stdout"], DONE, stdout=file)
            same = os.fstat(file.fileno()).st_ino == out.stat().st_ino
        that(same and out.stat().st_size > 0, "standard output by its name: another file")

        os.mkfifo(self.folder / "pipe")
        command = ["run", "ok.py", "--json", "pipe"]
        self.expect("nobody reads", command, INPUT, r"does a program read from this pipe\?")
        read = []
        reader = threading.Thread(target=lambda: read.append((self.folder / "pipe").read_bytes()))
        reader.start()
        self.expect("a pipe", command, DONE)
        reader.join()
        that(read[0].startswith(b"{"), "a pipe: nothing came out of it")

        # Whenever it is interrupted, no part of a file is left.
        folder = self.folder / "interrupted"
        folder.mkdir()
        command = [program(), "run", "ok.py", "--set", "x=randn(1000,1000)"]
        command += ["--json", str(folder / "large.json")]
        options = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": self.folder}
        for ending in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:
            for tenth in range(1, 11):
                with subprocess.Popen(command, **options) as process:
                    try:
                        process.wait(timeout=tenth / 10)
                    except subprocess.TimeoutExpired:
                        process.send_signal(ending)
                left = [p.name for p in folder.iterdir() if p.name != "large.json"]
                that(not left, f"{ending.name} after {tenth} tenths: left behind: {left}")

    def sizes(self):
        """More of everything than anybody writes: done, or refused with the limit."""
        names = ", ".join(f"p{i}" for i in range(20_000))
        self.write("names.py", function("return p0 * p1", parameters=names))
        self.expect("20,000 parameters", ["run", "names.py"], DONE)


        # The ways through a ladder of diamonds are 2 ** 60; the steps are not.
        self.write("ladder.py", function(*["x = x * x"] * 60, "return x"))
        for command in "plan", "simplify", "numpy", "gradcheck", "c":
            arguments = [command, "ladder.py", "--set", "x=randn(64,3)"]
            # Its values overflow, so that no difference can judge a gradient.
            self.expect(f"a ladder, {command}", arguments, INPUT if command == "gradcheck" else DONE)

        large = ["--set", "x=randn(1000,1000)"]
        ran = self.expect("gradcheck, 1,000 x 1,000", ["gradcheck", "batch_norm", *large], DONE)
        says = rb"dx: (\d+) of \1 elements agree \(of 1000000 in all\)"
        self.checks.that(ran and re.search(says, ran.stdout), f"gradcheck: not {says!r}")

        # Pictures of steps: their number and size before, and nothing written.
        lines = [f"y{i} = x * x + {'y' + str(i - 1) if i else 1}" for i in range(150)]
        self.write("steps.py", function(*lines, "return y149"))
        render = ["render", "steps.py", "--out", "drawn", "--format", "svg", "--steps"]
        refused = r"the pictures of \d+ steps take about \S+ .B, which is more than 200 MB; .*--yes"
        self.expect("pictures of all steps", render, INPUT, refused)
        self.checks.that(not (self.folder / "drawn").exists(), "pictures of all steps: some are")
        self.expect("pictures of two steps", [*render, "--from", "7", "--to", "8"], DONE)
        drawn = sorted(p.name for p in (self.folder / "drawn").glob("*step*"))
        self.checks.that(drawn == ["f_step_007.svg", "f_step_008.svg"], f"two steps: {drawn}")

    def page(self):
        """A page of large values holds a window of them, and what is true of all."""
        shape = 700, 800
        arguments = ["batch_norm", "--set", f"x=randn{shape}".replace(" ", "")]
        self.expect("run", ["run", *arguments, "--npz", "all.npz"], DONE)
        note = r"note: the page holds at most \d+ rows and columns of each value"
        self.expect("page", ["page", *arguments, "--out", "large.html"], DONE, note)
        html = (self.folder / "large.html").read_text()
        that = self.checks.that
        that(len(html) < 10 * MEGABYTE, f"page: {len(html)} bytes")
        record = json.loads(re.search(r'<script[^>]*id="record"[^>]*>(.*?)</script>', html, re.S)[1])
        numbers = np.frombuffer(base64.b64decode(record["numbers"]))
        window = record["window"]
        compared, cut = 0, {"all", "at"}
        for name, value in load(self.folder / "all.npz").items():
            nodes = [v for v in record["values"] if v and v.get("name") == name and cut <= v.keys()]
            if not nodes or max(value.shape) <= window:
                continue
            kept = [sorted({*range(min(side, window) - 1), side - 1}) for side in value.shape]
            part = value[np.ix_(*kept)]
            held = numbers[nodes[0]["at"] :][: part.size].reshape(part.shape)
            that(np.array_equal(part, held), f"page: the window of {name} holds other numbers")
            true = {
                "least": value.min(),
                "most": value.max(),
                "norm": np.linalg.norm(value),
            }
            for key, number in true.items():
                near = abs(float(nodes[0]["all"][key]) - number) <= 1e-3 * abs(number)
                that(near, f"page: {key} of {name}: {nodes[0]['all'][key]} for {number}")
            mean = abs(float(nodes[0]["all"]["mean"]) - value.mean())
            that(mean <= 1e-3 * np.abs(value).max(), f"page: mean of {name}")
            compared += 1
        that(compared > 10, f"page: {compared} values compared")
        self.expect("page", ["page", "batch_norm", "--out", "small.html"], DONE)
        small = (self.folder / "small.html").read_text()
        that('"window":' not in small, "page: a small run has a window")

    def growth(self):
        """Four times the lines take at most about four times as long."""

        def lines(count):
            loop = ["y = np.tanh(x + w)", "x = y * x - w", "y = x / (y * y + 2)", "x = y + x"]
            return [loop[i % 4] for i in range(count)]

        def backward(count):
            first = ["d0 = dout * 1.0"]
            later = [f"d{i} = d{i - 1} * {'x' if i % 2 else '0.5'}" for i in range(1, count)]
            body = "".join(f"    {line}\n" for line in [*first, *later])
            return f"def backward(dout, x, w):\n{body}    dx = d{count - 1}\n    return dx\n"

        counts = 1000, 4000
        for count in counts:
            source = function(*lines(count), "return x", parameters="x, w")
            self.write(f"lines{count}.py", source)
            self.write(f"mine{count}.py", backward(count))
            names = ", ".join(f"p{i}" for i in range(10 * count))
            self.write(f"names{count}.py", function("return p0 * p1", parameters=names))
            self.write(f"terms{count}.py", function("return x" + " + w" * count, parameters="x, w"))
        for label, command, statuses in (
            ("run", "run lines{}.py", [DONE]),
            ("run of many names", "run names{}.py", [DONE]),
            ("run of many terms", "run terms{}.py", [DONE]),
            ("simplify", "simplify lines{}.py", [DONE]),
            ("numpy", "numpy lines{}.py", [DONE]),
            ("gradcheck", "gradcheck lines{}.py", [DONE]),
            ("derive", "derive lines{}.py --state state.json", [DONE]),
            ("jacobian", "jacobian lines{}.py --of y --to x", [DONE]),
            ("step", "step lines{}.py --script n", [DONE]),
            ("check", "check lines{}.py --mine mine{}.py", [DONE, WRONG]),
        ):
            times = []
            for count in counts:
                before = resource.getrusage(resource.RUSAGE_CHILDREN)
                ran = self.run(*command.format(count, count).split())
                after = resource.getrusage(resource.RUSAGE_CHILDREN)
                times.append(after.ru_utime - before.ru_utime)
                words = text(ran.stderr)[-300:]
                self.checks.that(ran.returncode in statuses, f"{label}, {count} lines: {words}")
            # What takes no time cannot grow; the slack is for a busy machine.
            allowed = max(6 * times[0], 60 if self.sanitized else 3)
            self.checks.that(times[1] <= allowed, f"{label}: {times[0]:.2f} s, then {times[1]:.2f} s")


PARTS = "streams", "sources", "compiled", "writes", "sizes", "page", "growth"


def main():
    with tempfile.TemporaryDirectory() as folder:
        limits = Limits(Path(folder))
        # Names of parts after the program's path run these alone.
        for part in sys.argv[2:] or PARTS:
            getattr(limits, part)()
    limits.checks.done()


if __name__ == "__main__":
    main()
