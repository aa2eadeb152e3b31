"""Writes random NumPy: expressions and short programs over given arrays, from tables."""

import ast
import contextlib
import io
import re
import string
import warnings

import numpy as np

LARGEST_SIZE = 240
LARGEST_NUMBER = 1e6
ATTEMPTS = 40


def rows(table):
    return [row for line in table.strip().split("\n") for row in line.split(" | ")]


# {a} {b} {c}: expressions. {m}: a mask. {n}: a number. The rest hangs on {a}: {axis} {keep} {order}
# {sides} (for reshape) {wider} (for broadcasting).
ELEMENTWISE = """
np.sqrt({a}) | np.square({a}) | np.exp({a}) | np.log({a}) | np.abs({a}) | np.tanh({a}) | -{a}
np.sign({a}) | np.reciprocal({a}) | np.negative({a}) | np.absolute({a}) | np.fabs({a}) | abs({a})
{a} ** 2 | {a} ** 3 | {a} ** 0.5 | {a} ** -1 | {a} ** {n} | {n} ** {a} | {a} / {n} | {n} / {a}
{a} * {n} | {n} * {a} | {a} + {n} | {n} - {a} | {a} - {n} | np.clip({a}, -1, 1.5)
np.clip({a}, {b}, {c}) | {a}.clip(0, 2) | {a}.copy() | np.copy({a}) | {a}.astype(float)
np.array({a}) | np.asarray({a}) | np.float64({a}) | np.ones_like({a}) | np.zeros_like({a})
np.full_like({a}, {n}) | np.maximum({a}, 0) | np.maximum(0, {a}) | np.minimum({a}, {n})
"""
OF_TWO = """
{a} + {b} | {a} - {b} | {a} * {b} | {a} / {b} | {a} + {b} * {c} | {a} - {b} | {a} * {b}
np.add({a}, {b}) | np.subtract({a}, {b}) | np.multiply({a}, {b}) | np.divide({a}, {b})
np.true_divide({a}, {b}) | np.maximum({a}, {b}) | np.minimum({a}, {b}) | {a} ** {b}
np.power({a}, {n}) | np.power({a}, {b}) | np.float_power({a}, {b})
"""
MASKS = """
{a} > {b} | {a} < {n} | {a} >= {n} | {a} <= {b} | {a} == {b} | {a} != {n} | {a} > 0 | {m} * {m}
np.greater({a}, {b}) | np.greater_equal({a}, {n}) | np.less({a}, {b}) | np.less_equal({a}, {n})
np.equal({a}, {b}) | np.not_equal({a}, {n}) | np.maximum({m}, {m}) | {m}.T
"""
OF_MASKS = """
{m} * {a} | {a} * {m} | {m} + {a} | {m} + {m} | {m} - {m} | {m} * {n} | {m} / {n} | {m} * 1
np.where({m}, {a}, {b}) | np.where({m}, {a}, 0) | np.where({m}, {n}, {a}) | np.where({m}, 1, 0)
np.sum({m}, axis={axis_m}) | np.mean({m}) | {m}.sum() | {m}.mean({axis_m}) | np.where({m}, {m}, {n})
{m}.astype(float) | 1 - {m} | 1.0 * {m} | np.ones_like({m}) | {m} @ {a} | {a} @ {m} | {m}
"""
REDUCTIONS = """
np.sum({a}, axis={axis}, keepdims={keep}) | np.mean({a}, axis={axis}, keepdims={keep})
np.max({a}, axis={axis}, keepdims={keep}) | np.amax({a}, axis={axis})
np.var({a}, axis={axis}, keepdims={keep}) | np.std({a}, axis={axis}, keepdims={keep})
np.var({a}, axis={axis}, ddof=1) | np.std({a}, ddof=0.5) | {a}.std({axis}, keepdims={keep})
np.sum({a}) | np.mean({a}) | np.max({a}) | np.var({a}) | np.sum({a}, {axis}) | np.mean({a}, {axis})
{a}.sum({axis}) | {a}.mean({axis}) | {a}.max({axis}) | {a}.sum() | {a}.mean() | {a}.max()
{a}.sum(axis={axis}, keepdims={keep}) | {a}.mean({axis}, keepdims={keep}) | {a}.var({axis})
{a} - {a}.mean(axis={axis}, keepdims=True)
"""
SHAPES = """
{a}.T | {a}.transpose() | {a}.transpose({order}) | np.transpose({a}) | np.transpose({a}, ({order},))
{a}.reshape({sides}) | {a}.reshape(({sides},)) | np.reshape({a}, ({sides},)) | {a}.reshape(-1)
np.broadcast_to({a}, ({wider},)) | {a}.reshape(-1, 1) | {a}.reshape(1, -1)
{a}.reshape(len({a}), -1)
"""
PRODUCTS = """
{a} @ {b} | {a} @ {b} | {a} @ {a}.T | np.matmul({a}, {b}) | np.dot({a}, {b}) | {a}.dot({b})
np.dot({n}, {a}) | {a} @ {b}.T
"""
KNOWN = """
{a} / len({a}) | {a} * {a}.shape[0] | {a} / {a}.size | {a} * {a}.shape[-1] | {a} + {a}.ndim
np.ones({a}.shape) * {b} | np.zeros({a}.shape) + {b} | np.full({a}.shape, {n}) - {b}
np.ones(({sides},)) | np.full(({wider},), {n}) + {a}
"""
ALL = ELEMENTWISE, OF_TWO, MASKS, OF_MASKS, REDUCTIONS, REDUCTIONS, SHAPES, PRODUCTS, KNOWN

# What has a gradient nearly everywhere; roots and logarithms of what is above 0.
SMOOTH_ELEMENTWISE = """
np.sqrt({a} * {a} + 0.5) | np.square({a}) | np.exp({a} / 4) | np.log({a} ** 2 + 1) | np.tanh({a})
np.abs({a}) | -{a} | {a} ** 2 | {a} ** 3 | 1 / (1 + np.exp(-{a})) | ({a} * {a} + 1) ** -0.5
np.reciprocal(2 + np.tanh({a})) | {a} * {n} | {n} - {a} | {a} / 3 | np.maximum({a}, 0)
np.where({a} > 0.1, {a}, {b}) | ({a} > 0.1) * {a} | np.clip({a}, -1.1, 1.3) | 2 ** {a}
np.minimum({a}, 0.3) | {a}.copy() | {a}.astype(float)
"""
SMOOTH_OF_TWO = """
{a} + {b} | {a} - {b} | {a} * {b} | {a} / ({b} ** 2 + 1) | np.maximum({a}, {b}) | {a} * {b} + {c}
np.add({a}, {b}) | np.multiply({a}, {b}) | np.minimum({a}, {b})
"""
# The root of a variance of 0, as that of one number is, has no gradient: x is no constant.
SMOOTH_REDUCTIONS = """
np.std({a} ** 2 + x, axis=-1, keepdims={keep}) | (x + {a} ** 2).std(-1, ddof=1)
""" + "\n".join(row for row in rows(REDUCTIONS) if "std" not in row)
SMOOTH = SMOOTH_ELEMENTWISE, SMOOTH_OF_TWO, SMOOTH_REDUCTIONS, SHAPES, PRODUCTS

# Statements around the expressions {x}, {y} and {z}; an update may not reach an input.
STATEMENTS = """
p1 = {x}; p1 * 1
p1 = {x}; p2 = p1 * {y}; p1 + p2
p1, p2 = {x}, {y}; p2 * p1
p1 = ({x}, {y}); p1[1] - p1[0]
p1 = {{'a': {x}}}; p1['a'] * {y}
p1 = {{'a': {x}, 'b': {y}}}; p1['b'] = p1['a'] * 2; p1['b'] + p1['a']
p1 = {{}}; p1['a'] = {x}; p1.get('a', 0) + p1.get('b', 1)
p1 = {x}; p1 = p1 * p1; p1 - {y}
twice({x})
centred({x})
twice(centred({x})) * {y}
p1, p2 = parts({x}, {y}); p1 * p2
affine({x}, b={y})
affine({x}, {y}, {x}) + {z}
"""
UPDATES = """
p1 = {x} * 1; p1 += {y}; p1
p1 = {x} + 0.0; p1 *= {y}; p1
p1 = {x} * 1.0; p1 -= p1.mean(0); p1 * 2
p1 = {x} * 1; p1 /= {y}; p1
p1 = {x}; p2 = p1; p1 = p1 + {y}; p2 * p1
p1 = 0; p1 += {x}; p1 += {y}; p1
p1 = np.zeros_like({x}); p1 += {y}; p1 + 1
p1 = {x}; p2 = p1.T; p2 += 1; p1 * 1
p1 = {x}; p2 = p1; p2 *= 2; p1 * 1
p1 = {x}.sum(); p1 += {y}; p1 * 1
"""
HELPERS = """
def twice(p):
    return p * 2

def centred(p):
    q = p.mean(axis=0)
    return p - q

def parts(p, q):
    r = p * q
    return r, (p, q)[1]

def affine(p, a=0.5, b=1):
    return a * p + b
"""


CALLED = re.compile(r"\b(" + "|".join(re.findall(r"def (\w+)", HELPERS)) + r")\(")


def helpers_of(source):
    return HELPERS if CALLED.search(source) else ""


def in_brackets(text):
    whole = ast.parse(text, mode="eval").body
    return text if isinstance(whole, (ast.Call, ast.Name, ast.Attribute)) else f"({text})"


def value_of(source, scope):
    """What NumPy makes of an expression; None if it raises, or if it is no array of numbers."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        with contextlib.suppress(Exception), contextlib.redirect_stdout(io.StringIO()):
            value = eval(source, scope)
            if np.asarray(value).dtype.kind in "biuf":
                return value
    return None


class Writer:
    """Each expression is tried in NumPy as it grows, so that most of them fit."""

    def __init__(self, given, tables, rng, changes=True):
        self.rng = rng
        self.tables = [rows(table) for table in tables]
        self.masks = rows(MASKS)
        self.statements = rows(STATEMENTS), rows(UPDATES if changes else STATEMENTS)
        self.names = list(given)
        self.scope = {"np": np, **given}
        exec(HELPERS, self.scope)

    def pick(self, things):
        return things[self.rng.integers(len(things))]

    def number(self):
        return self.pick(["2", "3", "0.5", "-1", "1.5", "0", "-0.75", "1", "0.1", "-2"])

    def leaf(self):
        return self.pick(self.names) if self.rng.random() < 0.95 else self.number()

    def axis(self, sides):
        """One axis or several; now and then one that is not there."""
        if sides == 0 or self.rng.random() < 0.03:
            return self.pick(["None", "0", "-1", str(sides), str(-sides - 1), "()"])
        axes = self.rng.permutation(sides)[: self.rng.integers(1, sides + 1)]
        axes = [int(axis) - (sides if self.rng.random() < 0.3 else 0) for axis in axes]
        return str(axes[0]) if len(axes) == 1 and self.rng.random() < 0.8 else str(tuple(axes))

    def sides(self, size):
        """Sides of this size, one of them perhaps -1."""
        sides = [1] * int(self.rng.integers(1, 5))
        factor = 2
        while size > 1:
            if size % factor:
                factor += 1
                continue
            sides[self.rng.integers(len(sides))] *= factor
            size //= factor
        if self.rng.random() < 0.5:
            sides[self.rng.integers(len(sides))] = -1
        return ", ".join(map(str, sides))

    def wider(self, shape):
        sides = [3 if side == 1 and self.rng.random() < 0.5 else side for side in shape]
        sides = [2] * int(self.rng.integers(0, 2)) + sides
        return ", ".join(map(str, sides or [1]))

    def filled(self, row, depth):
        """A row of a table with something in all of its places."""
        places = {place for _, place, *_ in string.Formatter().parse(row) if place}
        text = {}
        for place in sorted(places & {"a", "b", "c", "x", "y", "z"}):
            text[place] = in_brackets(self.expression(depth - 1))
        if "m" in places:
            text["m"] = in_brackets(self.filled(self.pick(self.masks), depth - 1))
        shape = np.shape(value_of(text.get("a", "0"), self.scope))
        text["n"] = self.number()
        text["keep"] = self.pick(["True", "False"])
        text["axis"] = self.axis(len(shape))
        text["axis_m"] = self.axis(np.ndim(value_of(text.get("m", "0"), self.scope)))
        text["order"] = ", ".join(map(str, self.rng.permutation(len(shape)))) or "0"
        text["sides"] = self.sides(int(np.prod(shape)))
        text["wider"] = self.wider(shape)
        return row.format(**text)

    def fits(self, value):
        if value is None or np.ndim(value) > 4 or not 0 < np.size(value) <= LARGEST_SIZE:
            return False
        finite = np.isfinite(value)
        small = np.all(np.abs(np.where(finite, value, 0)) <= LARGEST_NUMBER)
        return small and (finite.all() or self.rng.random() < 0.1)

    def expression(self, depth):
        """An expression that NumPy takes."""
        for _ in range(ATTEMPTS if depth > 0 else 0):
            text = self.filled(self.pick(self.pick(self.tables)), depth)
            if self.fits(value_of(text, self.scope)):
                return text
        return self.leaf()

    def program(self):
        """A line for Program: an expression, or statements; what it does may not fit."""
        kind, depth = self.rng.random(), int(self.rng.integers(1, 4))
        if kind < 0.75:
            return self.expression(depth)
        if kind < 0.8:
            return self.filled(self.pick(self.pick(self.tables)), depth)
        return self.filled(self.pick(self.statements[kind > 0.92]), depth)
