"""Random programs of loops, stores, lists, aliases and conditions: each gives NumPy's value and
shape, or is refused.

usage: random_loops.py PATH_OF_BACKSTEP [SEED [COUNT]]
"""

import sys
import tempfile
from collections import Counter

import numpy as np

from checks import Checks
from numpy_programs import DIFFERENT, EQUAL, KINDS, REFUSED, TOLERANCE, ZERO, Judge, Program
from random_programs import cause

COUNT = 2500
TOGETHER = 20  # programs that run as one function
SHAPES = {"x": (4, 3), "y": (4, 3), "v": (3,)}


class Writer:
    """Writes a def of some statements; most of them fit, for every array is (4, 3) or a row."""

    def __init__(self, rng):
        self.rng = rng

    def pick(self, *things):
        return things[self.rng.integers(len(things))]

    def number(self):
        return self.pick("2", "3", "0.5", "-1", "1.5", "i", "j", "k", "len(l)", "n // 2", "n % 3")

    def place(self):
        return self.pick("0", "1", "-1", "i % 4", "i", "j % 3", "k % 3", "2", "1:3", "::2", ":")

    def row(self):
        return self.pick("v", "x[0]", "a[i % 4]", "b[-1]", "y.sum(axis=0)", "w", "a[1] * 2", "l[0][2]")

    def array(self):
        return self.pick("a", "b", "x", "y", "l[0]", "l[-1]", "d['a']", "d[k % 2]", "a * 1", "b.copy()")

    def expression(self):
        return self.pick(
            f"{self.array()} * {self.number()} + {self.array()}",
            f"{self.array()} - {self.row()}",
            f"np.maximum({self.array()}, {self.array()})",
            f"g({self.array()})",
            f"h({self.array()}, {self.number()})",
            f"{self.array()} * 2 if {self.condition()} else {self.array()} + 1",
            f"sum([r * {self.number()} for r in {self.array()}]) + {self.array()}",
            f"np.stack([r + q for r, q in zip({self.array()}, {self.array()})])",
            f"np.array([[{self.number()} for q in range(3)] for i in range(4)]) * {self.array()}",
            f"{self.array()}[[0, 1, 2, {self.pick('3', '1', 'k % 4')}]]",
            f"({self.array()} > {self.number()}) * {self.array()}",
        )

    def condition(self):
        return self.pick(
            "i % 2 == 0", "k > 1", "len(l) < 4", "0 < n <= 4", "not k", "n in (2, 3)", "'a' in d",
            "k in d", "i < 2 and j > 0", "n == 4 or k // 0", "t is None", "t is not None",
        )  # fmt: skip

    def simple(self):
        name = self.pick("a", "b", "w" if self.rng.random() < 0.2 else "a")
        return self.pick(
            f"{name} = {self.expression()}",
            f"a, b = b, {self.array()}",
            f"a, b = {self.expression()}, a",
            f"b = a",
            f"c = {self.pick('a', 'b')}[{self.place()}]; c {self.pick('+', '*', '-')}= {self.number()}",
            f"{self.pick('a', 'b')}[{self.place()}] = {self.pick(self.row(), self.number())}",
            f"{self.pick('a', 'b')}[{self.place()}, {self.place()}] {self.pick('', '+', '*')}= {self.number()}",
            f"{self.pick('a', 'b')}[{self.pick('a', 'b', 'x')} > 1] = {self.number()}",
            f"a {self.pick('+', '-', '*')}= {self.array()}",
            f"b += {self.row()}",
            f"l.append({self.array()})",
            f"l.insert(0, {self.array()})",
            f"l[{self.pick('0', '-1', 'k')}] = {self.array()}",
            f"l[0] += {self.number()}",
            f"l += [{self.array()}]",
            f"b = l.pop() if len(l) > 1 else a",
            f"m = l; m.append(b)",
            f"m = l[:]; m.append(a)",
            f"l.reverse()",
            f"d['a'] = {self.array()}",
            f"d[k % 2] = {self.expression()}",
            f"d['a'] *= {self.number()}",
            f"n = n + {self.pick('1', '2', '-1')}",
            f"k += 1",
            f"t = {self.pick('None', '1', '0')}",
            f"np.add.at(a, [0, {self.pick('0', '1', '2')}], 1)",
            f"w = {self.row()} + {self.number()}",
            f"a = a.T.T",
            f"z2 = a.reshape(2, 6); z2[0, 0] = {self.number()}",
        )

    def block(self, depth, in_loop):
        lines = []
        for _ in range(self.rng.integers(1, 4)):
            lines += self.statement(depth, in_loop)
        return ["    " + line for line in lines]

    def statement(self, depth, in_loop):
        kind = self.rng.random()
        if depth == 0 or kind < 0.55:
            return self.simple().split("; ")
        if in_loop and kind < 0.62:
            return [f"if {self.condition()}:", f"    {self.pick('break', 'continue')}"]
        if kind < 0.75:
            lines = [f"if {self.condition()}:", *self.block(depth - 1, in_loop)]
            if self.rng.random() < 0.5:
                lines += ["else:", *self.block(depth - 1, in_loop)]
            return lines
        if kind < 0.8:
            return ["s = 0", "while s < 3:", "    s += 1", *self.block(depth - 1, True)]
        header = self.pick(
            "for i in range(3):", "for j in range(2, -1, -1):", "for c in a:", "for c in list(l):",
            "for i, c in enumerate(b):", "for c, e in zip(a, b):", "for k in [2, 0, 1]:",
            "for c in reversed(l[:2]):", "for q in d.values():",
        )  # fmt: skip
        lines = [header, *self.block(depth - 1, True)]
        if "c" in header and self.rng.random() < 0.3:
            lines.append(f"    c {self.pick('*', '+')}= {self.number()}")
        if self.rng.random() < 0.2:
            lines += ["else:", *self.block(0, False)]
        return lines

    def helper(self, name):
        lines = [
            f"def {name}(x, y, v):",
            "    a = x * 1.0",
            "    b = y * 1.0",
            "    w = v * 1.0",
            "    l = [a, y * 2]",
            "    d = {'a': b, 0: x + 1, 1: a}",
            "    i = j = k = 1",
            "    n = 4",
            "    t = None",
            f"    g = lambda u: u * {self.pick('n', '2', 'k')} + w",
            "    def h(u, s=n):",
            f"        {self.pick('u = u * s', 'u *= s', 'l.append(u)', 'u = u + b')}",
            "        return u + s",
        ]
        for _ in range(self.rng.integers(2, 6)):
            lines += ["    " + line for line in self.statement(2, False)]
        last = self.pick("a + b * 2", "a - l[0] + b", "sum(l) + a", "d['a'] + b - a * 3", "a + w")
        lines.append(f"    return 1.0 * ({last}) + 0.25 * a")
        return "\n".join(lines)


def is_large(value):
    return value is not None and not np.all(np.abs(value) < 1e9)


def main():
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    count = int(sys.argv[3]) if len(sys.argv) > 3 else COUNT
    rng = np.random.default_rng(seed)
    given = {name: np.array(rng.integers(-10, 13, shape) / 4) for name, shape in SHAPES.items()}
    given[ZERO] = np.array(0.0)
    writer = Writer(rng)
    programs = []
    while len(programs) < count:
        name = f"p{len(programs)}"
        program = Program(f"{name}(x * 1, y * 1, v * 1)", given, writer.helper(name))
        if not is_large(program.value):
            programs.append(program)
    # What NumPy refuses runs alone.
    shared = [program for program in programs if program.value is not None]
    batches = [[program] for program in programs if program.value is None]
    batches += [shared[i : i + TOGETHER] for i in range(0, len(shared), TOGETHER)]
    with tempfile.TemporaryDirectory() as folder:
        verdicts = Judge(folder, given).all_verdicts(batches)
    checks = Checks()
    kinds, reasons = Counter(), Counter()
    for batch, found in zip(batches, verdicts):
        for program, verdict in zip(batch, found):
            kinds[verdict.kind] += 1
            if verdict.kind == REFUSED:
                reasons[cause(verdict.reason)] += 1
            checks.that(verdict.kind != DIFFERENT, f"{program.helpers}\n{verdict.reason}")
    print(f"seed {seed}, within {TOLERANCE}: " + ", ".join(f"{kinds[k]} {k}" for k in KINDS))
    for reason, times in reasons.most_common(12):
        print(f"{times:6}  {reason}")
    checks.that(kinds[EQUAL] > count / 3, f"only {kinds[EQUAL]} of {count} programs are equal")
    checks.done()


if __name__ == "__main__":
    main()
