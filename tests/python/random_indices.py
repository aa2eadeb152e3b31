"""Random indices and stores from a seed: each program gives NumPy's value and shape, or is refused.

Programs hold an array under several names and views, change it through some of them, and show all.

usage: random_indices.py PATH_OF_BACKSTEP [SEED [COUNT]]
"""

import sys
import tempfile
from collections import Counter

import numpy as np

from checks import Checks
from numpy_programs import BOTH, DIFFERENT, EQUAL, KINDS, REFUSED, ZERO, Judge, Program, print_tally
from random_programs import cause

COUNT = 1800
TOGETHER = 12
SHAPES = {"v": (3,), "w": (4,), "x": (4, 3), "y": (4, 3), "t": (2, 4, 3), "q": (2, 1, 3, 2)}
WHOLE = {
    "i": np.array([[1, -2, 3], [0, 5, -1], [2, 4, -3], [7, 1, 6]]),
    "J": np.array([2, 0, 2]),
    "K": np.array([[0, 1], [2, 1]]),
    "b": np.array([[1, 0, 1], [0, 0, 1], [1, 1, 0], [0, 1, 1]], dtype=bool),
    "l": np.array([True, False, True]),
    "g": np.array([False, True, True, False]),
}
LISTS = ["[0, 1]", "[1, 0, 1]", "[-1]", "[[0, 1], [1, 0]]", "J", "K", "J - 1", "np.arange(2)",
         "np.array([1, 0])", "range(2)", "[True, False, True]", "l", "g", "(1, 0)", "J.T", "K[0]",
         "J[J > 0]", "np.array([0, 1]) + 1"]  # fmt: skip
ODD = ["1.0", "J / 1", "x[0]", "True", "[0.5]", "[]", "7", "-9", "i", "x > 0"]


class Writer:
    def __init__(self, given, rng):
        self.given = given
        self.rng = rng

    def pick(self, items):
        return items[int(self.rng.integers(len(items)))]

    def chance(self, share):
        return self.rng.random() < share

    def bound(self):
        return "" if self.chance(0.5) else str(int(self.rng.integers(-4, 5)))

    def slice(self):
        text = f"{self.bound()}:{self.bound()}"
        return text if self.chance(0.6) else f"{text}:{self.pick(['', '1', '2', '-1', '-2'])}"

    def part(self):
        kind = self.rng.random()
        if kind < 0.32:
            return self.slice()
        if kind < 0.55:
            return str(int(self.rng.integers(-3, 3)))
        if kind < 0.64:
            return self.pick(["None", "np.newaxis"])
        if kind < 0.72:
            return "..."
        if kind < 0.97:
            return self.pick(LISTS)
        return self.pick(ODD)

    def index(self, name):
        count = int(self.rng.integers(1, 2 + min(3, len(np.shape(self.given.get(name, 0))))))
        parts = [self.part() for _ in range(count)]
        if self.chance(0.08) and name in ("x", "y"):
            parts = ["b"]
        return ", ".join(parts)

    def value(self):
        kind = self.rng.random()
        if kind < 0.45:
            return self.pick(["0", "1", "-0.5", "2.5", "7"])
        if kind < 0.6:
            return self.pick(["v", "v * 2", "x[0]", "w", "z"])
        if kind < 0.9:
            name = self.pick(list(SHAPES))
            return f"{name}[{self.index(name)}]"
        return self.pick(["x", "y * 2", "t", "[1, 2, 3]", "i", "b", "v[:, None]", "np.ones((1, 3))"])

    def mask(self, name):
        return self.pick([f"{name} > 0", f"{name} <= y", "x > 0", "v > 0", "b", "l", "w < 0"])

    def store(self, name):
        kind = self.rng.random()
        if kind < 0.4:
            return f"{name}[{self.index(name)}] = {self.value()}"
        if kind < 0.62:
            return f"{name}[{self.index(name)}] {self.pick('+-*/')}= {self.value()}"
        if kind < 0.7:
            change = self.pick(["= 0", "= 1.5", "*= 2", "+= z", "= v", "-= 1"])
            return f"{name}[{self.mask(name)}] {change}"
        if kind < 0.8:
            index = self.pick([*LISTS, "1", "(0, 1)", "(J, J)", "np.arange(3)", "(K, 0)"])
            return f"np.add.at({name}, {index}, {self.value()})"
        return f"{name} {self.pick('+-*')}= {self.pick(['1', 'z', '2', name, name + '.T', 'v'])}"

    def made(self, names):
        """An expression that makes an array, often one that shares its numbers with another."""
        name = self.pick(names)
        kind = self.rng.random()
        if kind < 0.5:
            return f"{name}[{self.index(name)}]"
        if kind < 0.85:
            return self.pick([
                name, f"{name}.T", f"{name}.reshape(-1)", f"{name}.ravel()", f"{name}[:]",
                f"{name}.copy()", f"{name}.T.reshape(-1)", f"np.squeeze({name})",
                f"np.expand_dims({name}, 0)", f"{name}.reshape(3, -1)", f"{name}.flatten()",
                f"np.swapaxes({name}, 0, 1)", f"np.flip({name})", f"np.flip({name}, 0)",
                f"np.asarray({name})", f"np.array({name})", f"np.transpose({name})",
                f"np.broadcast_to({name}, (4, 3))", f"np.split({name}, 1)[0]", f"{name}.T * 2",
                f"({name}.T + 1).reshape(-1)", f"{name}[::-1] * 2", f"np.array({name}.T)",
                f"({name}.T * {name}.T).ravel()", f"np.copy({name}.T)", f"{name}[..., None]",
            ])  # fmt: skip
        return self.pick([
            "np.zeros((4, 3))", "np.zeros_like(x)", "np.eye(3)", "np.arange(6).reshape(2, 3)",
            "np.ones(4)", f"np.concatenate(({name}, {name}))", f"np.stack(({name}, {name}), 1)",
            f"np.hstack(({name}, {name}))", f"np.vstack(({name}, v))", f"np.pad({name}, 1)",
            f"np.pad({name}, ((1, 0), (0, 2)), constant_values=2)", f"np.tile({name}, 2)",
            f"np.tile({name}, (2, 1))", f"np.repeat({name}, 2, axis=0)", f"np.repeat({name}, 2)",
            f"np.roll({name}, 1)", f"np.roll({name}, -1, axis=0)", "np.diag(v)", "np.diag(x[:3])",
            "np.diag(v, 1)", "np.diag(x, -1)", f"np.tril({name})", f"np.triu({name}, 1)",
            f"np.outer({name}, v)", f"np.cumsum({name})", f"np.cumsum({name}, axis=0)",
            f"np.take({name}, J)", f"np.take({name}, [0, 1], axis=-1)", f"{name}.take(J, axis=0)",
            f"np.append({name}, v)", "np.bincount(J, v)", "np.bincount(J, v, 5)", "np.trace(x)",
            f"np.array([{name}[0], {name}[1]])", "np.array([[1, 2], [3, 4.5]])",
            "np.arange(0, 1, 0.25)", "np.arange(3, 0, -1)", f"np.split({name}, 2)[1]",
            f"np.split({name}, [1])[0]", "np.identity(2)", "np.eye(3, 2, 1)", "np.eye(3)[J]",
        ])  # fmt: skip

    def program(self):
        names = ["x", "y", "t", "q", "v", "i"]
        if self.chance(0.25):
            return f"{self.made(names)}"
        lines, own = [], []
        for number in range(int(self.rng.integers(1, 4))):
            name = f"a{number}"
            lines.append(f"{name} = {self.made(own + [self.pick(names)])}")
            own.append(name)
            if self.chance(0.75):
                lines.append(self.store(self.pick(own + own + names[:3])))
        shown = [n for n in own] + (["x"] if self.chance(0.5) else [])
        flat = ", ".join(f"np.reshape({name}, -1) * 1.0" for name in shown)
        return "; ".join([*lines, f"np.concatenate(({flat},))" if len(shown) > 1 else shown[0]])


def main():
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    count = int(sys.argv[3]) if len(sys.argv) > 3 else COUNT
    rng = np.random.default_rng(seed)
    given = {name: np.array(rng.integers(-10, 13, shape) / 4) for name, shape in SHAPES.items()}
    given |= WHOLE | {ZERO: np.array(0.0)}
    writer = Writer(given, rng)
    programs = []
    while len(programs) < count:
        program = Program(writer.program(), given)
        # What NumPy refuses is refused most often for one and the same reason.
        if program.value is not None and program.value.size > 0 or rng.random() < 0.12:
            programs.append(program)
    alone = [[p] for p in programs if p.value is None or "; " in p.source]
    shared = [p for p in programs if p.value is not None and "; " not in p.source]
    together = [shared[k : k + TOGETHER] for k in range(0, len(shared), TOGETHER)]
    batches = [*alone, *together]
    checks = Checks()
    tallies = {"one expression": Counter(), "with stores": Counter()}
    reasons = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for batch, verdicts in zip(batches, Judge(folder, given).all_verdicts(batches)):
            for program, verdict in zip(batch, verdicts):
                group = "with stores" if "; " in program.source else "one expression"
                tallies[group][verdict.kind] += 1
                if verdict.kind == REFUSED:
                    reasons[cause(verdict.reason)] += 1
                checks.that(verdict.kind != DIFFERENT, f"{program.source}: {verdict.reason}")
    print_tally(tallies)
    for reason, times in reasons.most_common(25):
        print(f"{times:5}  {reason}")
    for group, tally in tallies.items():
        taken = tally.total() - tally[BOTH]
        checks.that(tally[EQUAL] > 0.6 * taken, f"{group}: only {tally[EQUAL]} of {taken} are read")
    checks.done()


if __name__ == "__main__":
    main()
