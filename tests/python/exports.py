"""Random programs, as `backstep numpy` writes them, run by NumPy: they give the values, gradients
and shapes that `backstep run` has, and the result that the program itself gives.
exports.py BACKSTEP [SEED [COUNT]] [--refused]"""

import ast
import random
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from checks import Checks, load, run, text

COUNT = 1000
SHAPES = {"x": (4, 3), "y": (4, 3), "w": (3,), "m": (3, 5), "c": (4, 1), "r": (1, 3), "s": ()}
SIDES = {"x": "(N, D)", "y": "(N, D)", "w": "(D,)", "m": "(D, H)", "c": "(N, 1)", "r": "(1, D)"}
# Names that what is written uses itself, or that look like names of gradients.
TAKEN = ["cache", "N", "D", "dout", "dx", "dx1", "f", "f_backward", "inf", "sum", "entry_1", "e"]
UNARY = [
    "np.tanh({})",
    "np.exp(0.3 * np.tanh({}))",
    "np.log({} ** 2 + 1)",
    "np.sqrt(np.abs({}) + 0.5)",
    "np.square({})",
    "np.abs({})",
    "-{}",
    "{} ** 2",
    "{} ** 3",
    "({} ** 2 + 0.5) ** -0.5",
    "(np.abs({}) + 1) ** 1.5",
    "1 / ({} ** 2 + 1)",
    "np.power({}, 2)",
    "np.clip({}, -0.7, 0.9)",
    "np.maximum({}, 0.1)",
    "np.minimum(0.2, {})",
    "np.maximum(0, {})",
    "({0} > 0.1) * {0}",
    "np.where({0} > 0, {0}, 0.1 * {0})",
    "np.sign({0}) * {0}",
    "2.5 * {}",
    "{} - 1",
    "3 - {}",
    "{} / 4",
    "helper({}, 2.0)",
]
BINARY = [
    "{} + {}",
    "{} - {}",
    "{} * {}",
    "{} / (np.abs({}) + 1)",
    "np.maximum({}, {})",
    "np.minimum({}, {})",
    "np.where({0} > {1}, {0}, {1})",
    "({} >= 0) * {}",
    "helper({}, {})",
    "np.add({}, {})",
    "np.multiply({}, {})",
]
REDUCTIONS = ["sum", "mean", "max", "min", "prod", "var", "std"]


# What broadcasts to each shape, beside a number and itself.
PARTNERS = {
    (4, 3): [(3,), (4, 1), (1, 3), (1, 1)],
    (3,): [],
    (4,): [],
    (): [],
    (4, 1): [(1, 1)],
    (1, 3): [(3,), (1, 1)],
    (3, 1): [(1, 1)],
    (1, 4): [(4,), (1, 1)],
    (1, 1): [],
    (4, 5): [],
    (3, 4): [(4,), (1, 4), (3, 1)],
    (3, 3): [(3,), (1, 3), (3, 1)],
}


class Program:
    """The text of a random function, and the shapes that its parameters need."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.used = set()
        self.shapes = dict(SHAPES)  # of every name so far
        self.lines = []
        self.keys = {}
        names = [*self.random.sample(TAKEN, self.random.randint(0, 2)), "v0", "v1", "v2", "v3"]
        for name in names[: self.random.randint(2, 4)]:
            self.add_statement(name)
        self.result = self.expression(self.any_shape(), 2)
        last = [name for name in self.shapes if name not in SHAPES]
        self.has_letters = "s" not in self.used and self.random.random() < 0.3
        self.result = " + ".join([self.result, *(self.sum_of(name) for name in last)])

    def sum_of(self, name):
        return f"np.sum({name} * 0.5)"

    def any_shape(self):
        return self.random.choice(list(PARTNERS))

    def add_statement(self, name):
        kind = self.random.choice(["plain", "plain", "in place", "tuple", "dictionary", "again"])
        shape = self.any_shape()
        if kind == "in place":
            op = self.random.choice(["+", "-", "*"])
            self.lines.append(f"{name} = {self.expression(shape, 1)} * 1.0")
            self.lines.append(f"{name} {op}= {self.expression(shape, 1)}")
        elif kind == "tuple":
            other = self.any_shape()
            values = self.expression(shape, 1), self.expression(other, 1)
            self.lines.append(f"{name}, {name}b = {values[0]}, {values[1]}")
            self.shapes[name + "b"] = other
        elif kind == "dictionary":
            self.lines.append(f"d = {{}}\n    d['{name}k'] = {self.expression(shape, 2)}")
            self.lines.append(f"{name} = d['{name}k'] * 1.5")
        elif kind == "again":
            self.lines.append(f"{name} = {self.expression(shape, 1)}")
            self.shapes[name] = shape
            self.lines.append(f"{name} = {self.wrapped(name)} * {self.expression(shape, 1)}")
        else:
            self.lines.append(f"{name} = {self.expression(shape, 3)}")
        self.shapes[name] = shape

    @staticmethod
    def wrapped(expression):
        return expression if expression.isidentifier() else f"({expression})"

    def leaf(self, shape):
        names = [name for name, its in self.shapes.items() if its == shape]
        if not names:
            return None
        name = self.random.choice(names)
        self.used.add(name)
        return name

    def expression(self, shape, depth):
        """A text that NumPy gives just this shape."""
        ways = ["leaf"] if depth == 0 else ["leaf", "unary", "unary", "binary", "binary", "special"]
        way = self.random.choice(ways)
        if way == "leaf":
            name = self.leaf(shape)
            if name is not None:
                return name
            way = "special"
        if way == "unary":
            return self.random.choice(UNARY).format(self.wrapped(self.expression(shape, depth - 1)))
        if way == "binary":
            return self.binary(shape, depth - 1)
        return self.special(shape, max(0, depth - 1))

    def binary(self, shape, depth):
        sides = [shape, self.random.choice([(), shape, *PARTNERS.get(shape, [])])]
        self.random.shuffle(sides)
        if shape == (4, 3) and self.random.random() < 0.2:
            sides = [(4, 1), self.random.choice([(3,), (1, 3)])]
        return self.random.choice(BINARY).format(
            *(self.wrapped(self.expression(side, depth)) for side in sides)
        )

    def special(self, shape, depth):
        """A shape made of another: by reductions, products and transposes."""
        reduce = self.reduction
        made = {
            (): [lambda: reduce((4, 3), "", depth), lambda: reduce((3,), "axis=0", depth)],
            (3,): [
                lambda: reduce((4, 3), "axis=0", depth),
                lambda: self.product((4,), (4, 3), depth),
            ],
            (4,): [
                lambda: reduce((4, 3), "axis=1", depth),
                lambda: self.product((4, 3), (3,), depth),
            ],
            (1, 3): [
                lambda: reduce((4, 3), "axis=0, keepdims=True", depth),
                lambda: f"{self.wrapped(self.expression((3, 1), depth))}.T",
                lambda: self.product((1, 4), (4, 3), depth),
            ],
            (4, 1): [
                lambda: reduce((4, 3), "axis=1, keepdims=True", depth),
                lambda: f"{self.wrapped(self.expression((1, 4), depth))}.T",
            ],
            (3, 1): [
                lambda: f"{self.wrapped(self.expression((1, 3), depth))}.T",
                lambda: reduce((3, 3), "axis=1, keepdims=True", depth),
            ],
            (1, 4): [
                lambda: f"{self.wrapped(self.expression((4, 1), depth))}.T",
                lambda: reduce((3, 4), "axis=0, keepdims=True", depth),
            ],
            (1, 1): [
                lambda: reduce((4, 3), "keepdims=True", depth),
                lambda: reduce((4, 1), "axis=0, keepdims=True", depth),
                lambda: self.product((1, 3), (3, 1), depth),
            ],
            (3, 3): [
                lambda: self.product((3, 4), (4, 3), depth),
                lambda: f"{self.wrapped(self.expression((3, 3), depth))}.T",
                lambda: self.product((3, 1), (1, 3), depth),
            ],
            (4, 5): [lambda: self.product((4, 3), (3, 5), depth)],
            (3, 5): [lambda: self.product((3, 4), (4, 5), depth), lambda: "m"],
            (3, 4): [lambda: f"{self.wrapped(self.expression((4, 3), depth))}.T"],
            (5, 3): [lambda: "m.T"],
            (4, 3): [
                lambda: self.product((4, 5), (5, 3), depth),
                lambda: f"np.transpose({self.expression((3, 4), depth)})",
                lambda: f"{self.wrapped(self.expression((4, 3), depth))} - "
                + reduce((4, 3), "axis=-1, keepdims=True", depth),
                lambda: f"{self.wrapped(self.expression((4, 3), depth))} / (1 + np.abs("
                + reduce((4, 3), "axis=0", depth) + "))",
            ],
        }[shape]
        return self.random.choice(made)()

    def product(self, left, right, depth):
        form = self.random.choice(["{} @ {}", "np.dot({}, {})", "np.matmul({}, {})"])
        sides = (self.wrapped(self.expression(side, depth)) for side in (left, right))
        return "(" + form.format(*sides) + ")"

    def reduction(self, shape, arguments, depth):
        name = self.random.choice(REDUCTIONS)
        inner = self.expression(shape, depth)
        if name in ("var", "std"):
            inner = f"{self.wrapped(inner)} + 0.1 * np.tanh({self.leaf(shape) or inner})"
        if self.random.random() < 0.4:
            return f"({inner}).{name}({arguments})"
        return f"np.{name}({inner}{', ' * bool(arguments)}{arguments})"

    def parameters(self):
        return [name for name in SHAPES if name in self.used] or ["x"]

    def source(self):
        names = self.parameters()
        body = "\n    ".join(self.lines)
        filled = (f" {SIDES[name]}, randn" if self.has_letters else "" for name in names)
        roles = "\n    ".join(f"{name}: input{sides}" for name, sides in zip(names, filled))
        return (
            "import numpy as np\n\n\n"
            "def helper(a, b):\n    t = a * b\n    return np.tanh(t) + b\n\n\n"
            f'def f({", ".join(names)}):\n    """{roles}\n    """\n'
            f"    {body}\n    out = {self.result}\n    return out\n"
        )

    def inputs(self):
        numbers = np.random.RandomState(self.random.randrange(2**31))
        return {name: np.round(numbers.randn(*SHAPES[name]), 3) for name in self.parameters()}


def written(folder, seed):
    """A program, its export and its run: (program, inputs, source, result, result, values)."""
    made = Program(seed)
    path = folder / f"p{seed}.py"
    path.write_text(made.source())
    inputs = {}
    settings = []
    for name, value in made.inputs().items():
        inputs[name] = float(value) if np.ndim(value) == 0 else value
        settings += ["--set", f"{name}={np.asarray(value).tolist()}"]
    npz = folder / f"p{seed}.npz"
    ran = run("run", path, *settings, "--npz", npz)
    exported = run("numpy", path, *([] if made.has_letters else settings))
    values = load(npz) if ran.returncode == 0 else None
    return made, inputs, ran, exported, values


def far(ours, theirs):
    """How far two arrays are apart, whatever their shapes; infinity where that has no answer."""
    ours, theirs = np.ravel(np.asarray(ours, dtype=float)), np.ravel(theirs)
    if ours.size != theirs.size or not np.array_equal(np.isfinite(ours), np.isfinite(theirs)):
        return np.inf
    good = np.isfinite(theirs)
    scale = max(1.0, np.abs(theirs[good]).max(initial=0.0))
    return np.abs(ours[good] - theirs[good]).max(initial=0.0) / scale


def wrongs(made, inputs, exported, values):
    """What is wrong with an export, as (kind, words)."""
    scope, original = {}, {}
    exec(made.source(), original)
    expected = np.asarray(original["f"](**inputs))
    exec(compile(text(exported.stdout), "export", "exec"), scope)
    try:
        out, cache = scope["f"](**inputs)
        seed_is_last = scope["f_backward"].__defaults__ is not None  # as it is for a loss
        seed = values[scope["f_backward"].__code__.co_varnames[int(seed_is_last)]]
        seed = seed.reshape(np.shape(out)) if seed.size == np.size(out) else seed
        results = scope["f_backward"](*((cache, seed) if seed_is_last else (seed, cache)))
    except Exception as error:  # whatever the module does wrong
        yield "it raises", f"{type(error).__name__}: {error}"
        return
    if far(values["out"], expected) > 1e-12:
        yield "run is not Python", f"out is {far(values['out'], expected):.1e} off"
    if far(out, values["out"]) > 1e-12:
        yield "the value is wrong", f"out is {far(out, values['out']):.1e} off"
    if np.shape(out) != expected.shape:
        yield "the shape is another", f"out is {np.shape(out)}, not {expected.shape}"
    if values["out"].shape != expected.shape:
        yield "run has another shape", f"out is {values['out'].shape}, not {expected.shape}"
    results = results if isinstance(results, tuple) else (results,)
    returned = ast.parse(exported.stdout).body[-1].body[-1].value
    names = returned.elts if isinstance(returned, ast.Tuple) else [returned]
    for name, gradient, written_as in zip(inputs, results, names, strict=True):
        is_name = isinstance(written_as, ast.Name)  # zeros where out does not hang on the input
        theirs = values[written_as.id] if is_name else np.zeros_like(inputs[name])
        if far(gradient, theirs) > 1e-12:
            yield "a gradient is wrong", f"d{name} is {far(gradient, theirs):.1e} off"
        elif np.shape(gradient) != np.shape(inputs[name]):
            yield "a gradient's shape is another", f"d{name} is {np.shape(gradient)}"


def main():
    numbers = [int(word) for word in sys.argv[2:] if word.isdigit()]
    first, count = [*numbers, *[1, COUNT][len(numbers) :]]
    checks = Checks()
    kinds = Counter()
    refused = Counter()
    np.seterr(all="ignore")
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        seeds = range(first, first + count)
        for seed, all_of in zip(seeds, pool.map(lambda s: written(Path(folder), s), seeds)):
            made, inputs, ran, exported, values = all_of
            if ran.returncode == 2:
                refused[text(ran.stderr).split(": ", 1)[-1].splitlines()[0][:90]] += 1
                same = exported.returncode == 2
                checks.that(same, f"seed {seed}: run refuses what numpy exports")
                continue
            for result in (ran, exported):
                checks.that(result.returncode == 0, f"seed {seed}: {text(result.stderr)}")
            if exported.returncode != 0:
                continue
            found = list(wrongs(made, inputs, exported, values))
            kinds.update({kind for kind, _ in found})
            words = "; ".join(f"{kind}: {what}" for kind, what in found)
            checks.that(not found, f"seed {seed}: {words}")
    for name, programs in kinds.most_common():
        print(f"{programs} of {count}: {name}")
    print(f"{sum(refused.values())} of {count} were refused")
    if "--refused" in sys.argv:
        for words, programs in refused.most_common():
            print(f"  {programs} {words}")
    # What refuses everything exports nothing wrongly.
    checks.that(sum(refused.values()) <= count // 2, "most programs were refused")
    checks.done()


if __name__ == "__main__":
    main()
