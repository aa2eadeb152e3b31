"""Small programs, run by Backstep and by NumPy: the same value and shape, or a refusal."""

import contextlib
import functools
import io
import itertools
import os
import re
import subprocess
import warnings
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np

from checks import load, run, size, text

EQUAL = "equal"
BOTH = "refused by both"
REFUSED = "refused"  # though NumPy takes it
DIFFERENT = "different"
KINDS = EQUAL, BOTH, REFUSED, DIFFERENT

TOLERANCE = 1e-12
ZERO = "z"  # a number of no sides that every program is given


class Verdict(NamedTuple):
    kind: str
    reason: str = ""


class Program:
    """Statements and a last expression, written in one line with `; ` between them.

    `helpers` are whole functions above it. What NumPy gives stands in `value`, None if it raises.
    """

    def __init__(self, source, given, helpers=""):
        self.source = source
        self.helpers = helpers
        *self.lines, self.result = source.split("; ")
        if self.result.isidentifier():
            self.result += " * 1"  # one more name of a value would not stand in the file
        words = set(re.findall(r"(?<![.\w'])[A-Za-z]\w*", source + helpers))
        self.names = sorted((words & set(given)) | {ZERO})
        self.value, self.error = self.evaluate(given)
        if type(self.value) is not np.ndarray:
            # Python's own numbers are no results of a circuit: they are seen by what they add.
            self.result = f"{ZERO} + ({self.result})"
            self.value, error = self.evaluate(given)
            self.error = self.error or error

    def evaluate(self, given):
        """What NumPy gives for these arrays, or None and what is wrong."""
        inputs = {name: np.array(given[name]) for name in self.names}
        quiet = contextlib.redirect_stdout(io.StringIO())
        with quiet, warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            try:
                value = function_of(source_of([self]))(**inputs)
            except Exception as error:  # whatever NumPy thinks of it
                return None, f"{type(error).__name__}: {error}"
        if isinstance(value, (np.ndarray, np.generic)) and value.dtype.kind in "biuf":
            return value, ""
        return None, f"{type(value).__name__} is no array of numbers"


@functools.lru_cache(maxsize=4)
def function_of(source):
    scope = {"np": np}
    exec(source, scope)
    return scope["f"]


def source_of(programs):
    """One file with one function that returns the results of all programs as r0, r1, ..."""
    names = sorted({name for program in programs for name in program.names})
    helpers = "\n\n".join(dict.fromkeys(program.helpers for program in programs))
    results = [f"r{i}" for i in range(len(programs))]
    lines = [f"import numpy as np\n\n{helpers}\n\ndef f({', '.join(names)}):"]
    for result, program in zip(results, programs):
        lines += [*program.lines, f"{result} = {program.result}"]
    return "\n    ".join([*lines, f"return {', '.join(results)}"]) + "\n"


def is_same(ours, theirs):
    """The same shape, the same NaN and infinities, and numbers within the tolerance."""
    ours, theirs = np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float)
    if ours.shape != theirs.shape:
        return False
    finite = np.isfinite(theirs)
    if not np.array_equal(ours[~finite], theirs[~finite], equal_nan=True):
        return False
    return bool(np.all(np.abs(ours[finite] - theirs[finite]) <= TOLERANCE * size(theirs)))


def is_steady(program, given):
    """Whether the last digits are no matter: long doubles give nearly the same."""
    is_double = {name: value.dtype == float for name, value in given.items()}
    longer = {n: v.astype(np.longdouble) if is_double[n] else v for n, v in given.items()}
    exact, _ = program.evaluate(longer)
    if program.value is None or exact is None:
        return program.value is exact
    if program.value.shape != exact.shape:
        return False
    exact = exact.astype(float)
    finite = np.isfinite(exact)
    if not np.array_equal(program.value[~finite], exact[~finite], equal_nan=True):
        return False
    with np.errstate(all="ignore"):
        far = np.abs(program.value.astype(float) - exact)[finite]
    return bool(np.all(far <= 1e-13 * size(exact)))


def shown(array):
    numbers = np.array2string(np.asarray(array, dtype=float).ravel()[:6], precision=17)
    return f"{np.shape(array)} {' '.join(numbers.split())}"


class Judge:
    """Gives the arrays to Backstep as files, and holds what it makes of programs to NumPy."""

    def __init__(self, folder, given):
        self.folder = Path(folder)
        self.numbers = itertools.count()
        for name, value in given.items():
            np.save(self.folder / f"{name}.npy", value)

    def all_verdicts(self, batches):
        """The verdicts of each batch of programs, in order."""
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return list(pool.map(self.verdicts, batches))

    def verdicts(self, programs):
        """A verdict for each. Several run as one function: those that are refused are sought."""
        ran, npz = self.run(programs)
        if npz is None and len(programs) > 1:
            half = len(programs) // 2
            return self.verdicts(programs[:half]) + self.verdicts(programs[half:])
        if npz is None:
            return [self._refused(programs[0], ran)]
        left_out = {int(n) for n in re.findall(r"result (\d+) is no array", text(ran.stderr))}
        return [
            self._result(program, f"r{i}", npz)
            if i + 1 not in left_out
            else Verdict(BOTH if program.value is None else REFUSED, "the result is no array")
            for i, program in enumerate(programs)
        ]

    def run(self, programs):
        """The finished process, and what it wrote: None without success."""
        number = next(self.numbers)
        source = self.folder / f"program_{number}.py"
        out = self.folder / f"out_{number}.npz"
        source.write_text(source_of(programs), encoding="utf-8")
        names = sorted({name for program in programs for name in program.names})
        settings = [w for n in names for w in ("--set", f"{n}={self.folder / n}.npy")]
        try:
            ran = run("run", source, *settings, "--npz", out, timeout=60)
        except subprocess.TimeoutExpired:
            return subprocess.CompletedProcess([], "none within 60 s", b"", b""), None
        if ran.returncode == 0 and out.exists():
            return ran, load(out)
        if out.exists():
            ran.returncode = f"{ran.returncode}, with a file"
        return ran, None

    @staticmethod
    def _refused(program, ran):
        said = text(ran.stderr).strip()
        reason = re.sub(r"^(backstep: )?(\S+\.(py|npy):(\d+:\d+:)? )?", "", said.split("\n")[0])
        if ran.returncode != 2 or not reason:
            return Verdict(DIFFERENT, f"exit status {ran.returncode}, saying {said!r}")
        return Verdict(BOTH if program.value is None else REFUSED, reason)

    def _result(self, program, name, npz):
        # A result that is another value, under one more name, stands in the file once.
        values = [key for key in npz if not key.startswith(("d", "grad_"))]
        ours = [npz[name]] if name in npz else [npz[key] for key in values]
        if program.value is None:
            return Verdict(DIFFERENT, f"{shown(ours[0])}, where NumPy raises {program.error}")
        if any(is_same(value, program.value) for value in ours):
            return Verdict(EQUAL)
        ours = shown(npz[name]) if name in npz else "another of its values"
        return Verdict(DIFFERENT, f"{ours}, where NumPy gives {shown(program.value)}")


def print_tally(tallies):
    """Counts of verdicts by group, and their sum."""
    width = max(len(group) for group in tallies)
    print(f"{'':{width}}  {'  '.join(KINDS)}")
    for group, tally in [*tallies.items(), ("all", sum(tallies.values(), Counter()))]:
        print(f"{group:{width}}  {'  '.join(f'{tally[kind]:{len(kind)}}' for kind in KINDS)}")
