"""The limits of the program: streams that take nothing, files without an end, a damaged cache,
interrupted and failing writes, hostile sizes, and time that grows no faster than its input."""

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

from checks import Checks, program, text

DONE, INPUT = 0, 2
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


PARTS = "streams", "sources", "compiled", "writes", "sizes"


def main():
    with tempfile.TemporaryDirectory() as folder:
        limits = Limits(Path(folder))
        # Names of parts after the program's path run these alone.
        for part in sys.argv[2:] or PARTS:
            getattr(limits, part)()
    limits.checks.done()


if __name__ == "__main__":
    main()
