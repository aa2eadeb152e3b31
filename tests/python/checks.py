"""What the Python tests share: counting checks, running the program, and NumPy as the judge."""

import ast
import contextlib
import importlib.util
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np

sys.dont_write_bytecode = True

ROOT = Path(__file__).resolve().parent.parent.parent
GRAPHS = ROOT / "graphs"
SHAPED = r"\((?:\w+,|\w+(?:, \w+)+)?\), (?:rand|randn|one_hot|ones|zeros|-?[\d.]+)"


class Checks:
    """Counts checks, prints the ones that fail, and ends the test."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def that(self, holds, text):
        if holds:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED: {text}")
        return bool(holds)

    def close(self, ours, theirs, scale, tolerance, text):
        """The same shape, and every entry of `ours` within tolerance * scale of `theirs`; NaN and
        infinity agree."""
        ours, theirs = np.asarray(ours), np.asarray(theirs)
        if not self.that(ours.shape == theirs.shape, f"{text}: {ours.shape} for {theirs.shape}"):
            return False
        far = distance(ours, theirs, scale)
        return self.that(far <= tolerance, f"{text}: {far:.1e} apart, where {tolerance:.0e} may be")

    def done(self):
        print(f"{self.passed} passed, {self.failed} failed")
        # A test that checked nothing has not passed.
        sys.exit(0 if self.failed == 0 and self.passed > 0 else 1)


def distance(ours, theirs, scale):
    """The largest difference over the scale, with a floor that only rounding around 0 needs."""
    ours, theirs = np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float)
    finite = np.isfinite(theirs)
    if not np.array_equal(finite, np.isfinite(ours)):
        return np.inf
    if not np.array_equal(ours[~finite], theirs[~finite], equal_nan=True):
        return np.inf
    scale = np.broadcast_to(np.maximum(scale, 1e-4), theirs.shape)
    gap = np.abs(ours[finite] - theirs[finite]) / scale[finite]
    return gap.max() if gap.size else 0.0


def is_one_of(ours, values):
    """Whether `ours` is one of the values that a name had in Python."""
    values = [np.asarray(v) for v in values]
    return any(ours.shape == v.shape and distance(ours, v, size(v)) <= 1e-12 for v in values)


def size(array):
    """The largest finite magnitude in an array."""
    array = np.abs(np.asarray(array, dtype=float))
    return np.max(array, where=np.isfinite(array), initial=0.0)


def program():
    """The path of `backstep`: the first argument of every test here."""
    if len(sys.argv) < 2:
        sys.exit(f"usage: {sys.argv[0]} PATH_OF_BACKSTEP")
    return str(Path(sys.argv[1]).resolve())


def run(*arguments, timeout=120, **options):
    """Runs the program; its output stays bytes, since not all that it is given is text."""
    command = [program(), *[a if isinstance(a, bytes) else os.fspath(a) for a in arguments]]
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout, **options
    )


def text(output):
    return output.decode("utf-8", errors="replace")


def load(path):
    with np.load(path) as file:
        return {name: file[name] for name in file.files}


class PythonCircuit:
    """A NumPy file as Python sees it: its last function, the names within, what it returns."""

    def __init__(self, path):
        self.path = Path(path)
        self.source = self.path.read_text(encoding="utf-8")
        functions = [n for n in ast.parse(self.source).body if isinstance(n, ast.FunctionDef)]
        self.tree = functions[-1]
        self.name = self.tree.name
        self.parameters = [a.arg for a in self.tree.args.args]
        self.doc = ast.get_docstring(self.tree) or ""
        self.roles = {}
        for line in self.doc.splitlines():
            role = re.fullmatch(
                rf"(\w+): (?:(input|parameter) {SHAPED}|(constant)(?: {SHAPED})?)", line.strip()
            )
            if role:
                self.roles[role[1]] = role[2] or role[3]
        self.assigned = {
            n.id
            for n in ast.walk(self.tree)
            if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
        }
        self.function = getattr(self._module(), self.name)

    def _module(self):
        for folder in (str(GRAPHS), str(self.path.parent)):
            if folder not in sys.path:
                sys.path.append(folder)
        spec = importlib.util.spec_from_file_location(self.path.stem, self.path)
        module = importlib.util.module_from_spec(spec)
        with contextlib.redirect_stdout(io.StringIO()):
            spec.loader.exec_module(module)
        return module

    def result_names(self):
        """The names that are returned, None for a result that has no name."""
        value = [n for n in ast.walk(self.tree) if isinstance(n, ast.Return)][-1].value
        values = value.elts if isinstance(value, ast.Tuple) else [value]
        return [v.id if isinstance(v, ast.Name) else None for v in values]

    def used(self):
        """The names that stand in an expression, other than what is returned."""
        returns = [n for n in ast.walk(self.tree) if isinstance(n, ast.Return)]
        returned = [n for statement in returns for n in ast.walk(statement)]
        return {
            n.id
            for n in ast.walk(self.tree)
            if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load) and n not in returned
        }

    def call(self, inputs):
        """The results as a list, quietly, and without touching the inputs."""
        copies = {n: np.array(v) if isinstance(v, np.ndarray) else v for n, v in inputs.items()}
        with contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
            results = self.function(**copies)
        return list(results) if isinstance(results, tuple) else [results]

    def call_and_record(self, inputs):
        """The results, every value that each name had here, and those of the functions called."""
        here, called = {}, {}
        folders = (str(GRAPHS), str(self.path.parent))

        def keep(frame, *_):
            if not frame.f_code.co_filename.startswith(folders):
                return None
            names = here if frame.f_code.co_name == self.name else called
            for name, value in frame.f_locals.items():
                if isinstance(value, (np.ndarray, np.floating)):
                    values = names.setdefault(name, [])
                    if not (values and np.array_equal(values[-1], value, equal_nan=True)):
                        values.append(np.array(value))
            return keep

        before = sys.gettrace()
        sys.settrace(keep)
        try:
            results = self.call(inputs)
        finally:
            sys.settrace(before)
        return results, here, called


def inputs_of(circuit, npz):
    """The leaves' values from the file; a () is a number to Python."""
    inputs = {}
    for name in circuit.parameters:
        if name in npz:
            value = npz[name]
            inputs[name] = np.float64(value) if value.ndim == 0 else value
    return inputs


def gradient_key(circuit, name):
    """Where the file holds the gradient of `name`: `dname`, unless a value is called that."""
    taken = circuit.assigned | set(circuit.parameters)
    return f"grad_{name}" if f"d{name}" in taken else f"d{name}"


def differences(function, value, step=1e-4):
    """The gradient of a number by central differences of fourth order, entry by entry."""
    value = np.array(value, dtype=float)
    gradient = np.zeros(value.shape)
    for index in np.ndindex(value.shape):
        moved = []
        for steps in (-2, -1, 1, 2):
            there = value.copy()
            there[index] += steps * step
            moved.append(function(there))
        gradient[index] = (moved[0] - 8 * moved[1] + 8 * moved[2] - moved[3]) / (12 * step)
    return gradient


def compare(checks, circuit, npz, label, strict):
    """Results, intermediate values and gradients of a run against Python's own.

    Strict: every name of the function, and the gradient of every leaf, must be in the file.
    """
    inputs = inputs_of(circuit, npz)
    results, here, called = circuit.call_and_record(inputs)

    # Results, and what arrived at each of them from above.
    upstream = {}
    for position, (name, value) in enumerate(zip(circuit.result_names(), results)):
        if not isinstance(value, (np.ndarray, np.floating)):
            continue  # a cache
        pattern = re.compile(rf"{name}(_\d+)?" if name else r".*")
        keys = [k for k in npz if pattern.fullmatch(k) and is_one_of(npz[k], [value])]
        if not checks.that(keys, f"{label}: result {name or position} is not in the file"):
            continue
        seeds = [k for k in (gradient_key(circuit, key) for key in keys) if k in npz]
        if not upstream:
            checks.that(seeds, f"{label}: nothing arrives at the result {name or position}")
        # The backward pass starts at the first result. Where another has a gradient, it is an
        # upstream one unless the function itself goes on with that result.
        if seeds and (not upstream or name not in circuit.used()):
            upstream[position] = npz[seeds[0]]

    # Intermediate values.
    for name, values in here.items():
        if name not in npz:
            checks.that(not strict, f"{label}: {name} is not in the file")
            continue
        checks.that(is_one_of(npz[name], values), f"{label}: {name} is not Python's")
    gradients = {prefix + key for key in npz for prefix in ("d", "grad_")}
    for name, values in called.items():
        pattern = re.compile(rf"(.*\.)?{name}(_\d+)?")
        for key in npz:
            if key in here or key in circuit.parameters or key in gradients:
                continue
            # `loss_1` is a step within the statement that sets `loss`, if there is one here.
            if re.sub(r"_\d+$", "", key) in here:
                continue
            if pattern.fullmatch(key):
                near = is_one_of(npz[key], values)
                checks.that(near, f"{label}: {key}, within a call, is not Python's")

    # Gradients of the leaves.
    def total(name, value):
        value = np.float64(value) if np.ndim(value) == 0 else value
        moved = circuit.call({**inputs, name: value})
        return sum(np.sum(upstream[i] * moved[i]) for i in upstream)

    found = {}
    for name in circuit.parameters:
        key = gradient_key(circuit, name)
        role = circuit.roles.get(name)
        if role == "constant":
            checks.that(key not in npz, f"{label}: the constant {name} has a gradient")
        elif key in npz and name in inputs:
            found[name] = differences(lambda v: total(name, v), inputs[name])
        else:
            checks.that(not strict, f"{label}: no gradient of {name} in the file")
    checks.that(found, f"{label}: no leaf has a gradient")
    largest = max((size(g) for g in found.values()), default=0.0)
    for name, gradient in found.items():
        ours = npz[gradient_key(circuit, name)]
        scale = max(size(gradient), 0.01 * largest)
        checks.close(ours, gradient, scale, 1e-7, f"{label}: the gradient of {name}")
