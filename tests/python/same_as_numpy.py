"""Adversarial programs in tables: each gives NumPy's value and shape, or is refused.

What NumPy refuses must be refused. In the groups that say so, what NumPy takes must be read.
"""

import re
import tempfile
from collections import Counter

import numpy as np

from checks import Checks
from numpy_programs import DIFFERENT, REFUSED, ZERO, Judge, Program, print_tally

NAN, INF = np.nan, np.inf

GIVEN = {
    ZERO: np.float64(0),
    "x": np.array([[1, -2, 3], [0.5, 0, -1.5], [2, 4, -3], [-0.25, 1, 0.75]]),
    "y": np.array([[1, 2, 0.5], [0.3, 4, 1.5], [2, 0.7, 3], [0.25, 1, 0.75]]),
    "v": np.array([1.5, -2, 0.25]),
    "w": np.array([1.0, 2, -3, 0.5]),
    "c": np.array([[1.0], [-2], [0.5], [3]]),
    "r": np.array([[2.0, -1, 0.5]]),
    "o": np.array([[2.5]]),
    "k": np.array([-1.5]),
    "s": np.array(2.5),
    "M": np.array([[1, 2, -1], [0, 3, 0.5], [-2, 1, 4.0]]),
    "A": np.arange(12).reshape(3, 4) / 4 - 1,
    "t": np.arange(24).reshape(2, 4, 3) / 4 - 2,
    "u": np.arange(30).reshape(2, 3, 5) / 5 - 3,
    "q": np.arange(48).reshape(2, 2, 4, 3) / 6 - 4,
    "N": np.array([[1, NAN, 3], [INF, 0, -1], [2, -INF, -3], [0, 1, NAN]]),
    "b": np.array([[1, 0, 1], [0, 0, 1], [1, 1, 0], [0, 1, 1]], dtype=bool),
    "l": np.array([True, False, True]),
    "i": np.array([[1, -2, 3], [0, 5, -1], [2, 4, -3], [7, 1, 6]]),
    "j": np.array([3, 0, 2]),
    "h": np.array([100, -100, 27], dtype=np.int8),
    "g": np.array([0.1, 2.7, -3.3], dtype=np.float32),
    "e": np.array([0.1, 2.7, -3.3], dtype=np.float16),
    "B": np.array([2**53 + 1, 2**60 + 7, -(2**55) - 1]),
    "L": np.array([[0.0, -1], [1, 1e-300], [1e300, 3]]),
}

HELPERS = """
def twice(p):
    return p * 2

def bump(p):
    p += 1
    return p

def bump_quietly(p):
    p += 1

def rebind(p):
    p = p + 1
    return p

def both(p):
    return p, p

def default(p, a=2.0, *, b=3.0):
    return p * a + b

def store(f):
    f['p'] += 1
    return f['p']

def fill(f, p):
    f['p'] = p

SCALE = 3
def scaled(p):
    return p * SCALE

def counted(p, n=2):
    return p * n ** -1

def halved(p, n=np.int64(2)):
    return p * n ** -1

def gated(p, on=True):
    return p + (on + on)

def sized(p):
    N, D = p.shape
    return p / N

def early(p):
    if p.ndim == 1:
        return p * 2
    return p * 3

def by_value(p):
    if p.sum() > 0:
        return p * 2
    return p * 3

def looped(p):
    for step in range(3):
        p = p + step
    return p

def endless(p):
    return endless(p)

def nothing(p):
    p = p * 2

def many(*p):
    return p[0] * len(p)

def keyed(**p):
    return p['a'] * 2

def local_first(p):
    q = q + p
    return q

def sometimes(p):
    if p.ndim == 1:
        q = p
    return q * 2

def remembers(p, seen={}):
    seen['n'] = seen.get('n', 0) + 1
    return p * seen['n']
"""

CALLED = {
    name: text for text in HELPERS.strip().split("\n\n") for name in re.findall(r"^def (\w+)", text)
}

# `m` and `n` are masks of x and y: a program that uses one begins with its line.
MASKS = {"m": "m = x > 0", "n": "n = y > 1"}

MUST_BE_READ = " [read]"
TOGETHER = 16  # programs of such a group that run as one
PROGRAMS = """
# integers have no -0 [read]
1 / (i * -1)
1 / -i
x / (i * -2)
1.0 / (j * -1)
1 / (b * -1)
1 / np.negative(j)
1 / (j * j * -1)
1 / (j @ (j * 0 * -1))
1 / (j * -1).astype(float)
1 / ((j * -1) ** 3)
1 / (0 * -j)
1 / (i * j)
v / np.full(3, -0.5, dtype=int)
1 / np.full_like(j, -0.5)
1 / (v * (0 * -1))
1 / (v * int(-0.5))
1 / (v * round(-0.4))
1 / (v * -0.0)
1 / np.maximum(v * 0, -0.0)
1 / np.maximum(-0.0, v * 0)
1 / (A * 0 @ -np.ones((4, 2)))
# numbers that functions of NumPy give
v * np.dot(2, 3) ** -1
v * np.power(2, 3) ** -1
v * np.abs(-2) ** -1
v * 2 ** np.negative(2)
v * np.add(True, 2) ** -1
v * (np.abs(True) + True)
v * (np.maximum(True, False) - True)
v * -np.abs(True)
v * +np.abs(True)
v * (np.add(1, 2) > 2) + True
v * ((np.add(1, 2) > 2) + True)
v * round(np.add(1.1, 0.015), 2)
v * round(np.float64(1.115), 2)
v * round(float(np.float64(1.115)), 2)
v * round(np.abs(True))
v * np.add(1, 2) ** 2
v * np.add(1.0, 2) ** -1
v * abs(np.add(-3, 1)) ** -1
v * max(np.add(1, 2), 1) ** -1
v * int(np.add(1, 2)) ** -1
# arrays of no sides [read]
p = s.copy(); q = p; p += 1; q * 1
p = s.astype(float); q = p; p += 1; q * 1
p = o.reshape(()).copy(); q = p; p += 1; q * 1
p = o.squeeze().copy(); q = p; p += 1; q * 1
p = np.zeros(()).copy(); q = p; p += 1; q * v
p = np.where(s > 0, s, 0); q = p; p += 1; q * v
p = x.sum().copy(); q = p; p += 1; q * 1
p = x.sum().astype(float); q = p; p += 1; q * 1
p = np.copy(x.sum()); q = p; p += 1; q * 1
# arrays of no sides: they keep their shape
p = s.copy(); p += v; p
p = s.astype(float); p += v; p
p = np.where(s > 0, s, 0); p += v; p
p = x.sum().copy(); p += v; p
# types of several names [read]
v * (np.float64 == np.double)
v * (np.float64 == float)
v * (np.int_ == np.int64)
v * (np.float_ == np.float64)
# a name twice
p, p = x, y; p
p, q = x, y; p * q
p, _, _ = x.shape, 1, 2; p[0] * x
# another kind is another array [read]
p = np.asarray(j, dtype=float); p += 0.5; p * j
p = np.asarray(b, dtype=float); p += 0.5; p * b
p = np.float64(i); p *= 0.5; p + i
p = np.asarray(b, dtype=int); p += 1; p + b
# masks in arithmetic
m + m
m + n
m + n + m
m - n
m * n
m / n
m ** n
m @ n.T
-m
+m
~m
m + True
m + 1
m + 1.5
m - 1
m - True
1 - m
True - m
m * 2
m * True
m / 2
m / True
2 / m
m // 2
m % 2
m ** 2
m ** 0.5
m ** -1
m ** True
2 ** m
2.5 ** m
0 ** m
x ** m
m * x
x * m
x + m
x - m
m - x
x / m
m / x
x @ m.T
m @ x.T
m.T @ m
m == n
m != n
m < n
m <= 1
m == 1
m == 0
m == 0.5
m > x
m & n
m | n
m ^ n
m and n
not m
m << 1
m + m - m
(m + m) * 2
(m + n) / 2
(m + n) + x
(m * n) + (m * n)
m + m * 1
m + m * 1.0
m * 1 + n * 1
m * 1 - n * 1
m * 1.0 - n
np.add(m, m)
np.add(m, n)
np.add(True, True)
np.add(True, 1)
np.subtract(m, n)
np.subtract(True, False)
np.subtract(m, 1)
np.multiply(m, m)
np.divide(m, n)
np.true_divide(m, m)
np.power(m, n)
np.power(m, 2)
np.negative(m)
np.negative(True)
np.positive(m)
np.logical_not(m)
np.logical_and(m, n)
np.logical_or(m, n)
np.invert(m)
np.maximum(m, n)
np.minimum(m, n)
np.maximum(m, n) + m
np.maximum(m, x)
np.maximum(m, 0)
np.maximum(m, 0.5)
np.maximum(0, m)
np.minimum(m, 0.5)
np.maximum(m, 0) + m
np.maximum(m, False) + m
np.dot(m, n.T)
np.dot(m.T, x)
np.dot(m.T, m) + m[0]
np.matmul(m.T, n)
np.matmul(m.T, n) + np.matmul(m.T, n)
m.astype(float) @ n.T
m.astype(int) + n
True + True
True - True
True * 2
True / 2
-True
~True
+True
True ** -1
True == 1
(1 < 2) + (2 < 3)
(s > 0) + (s > 1)
(s > 0) + (s > 1) + (s > 2)
(s > 0) * 3
(s > 0) - (s > 1)
-(s > 0)
(v > 0) + (v > 1)
(v > 0) @ (v > 0)
(v > 0) @ (v < 9)
(v < 9) @ (v < 9)
np.dot(v < 9, v < 9)
(v < 9) @ v
(v < 9) @ M
(x > 0) + (x > 1)
(x > 0) * (x < 3) + (x > 0)
m.T + n.T
m.T - n.T
m.copy() + n
m.copy() - n
np.copy(m) + n
m.reshape(3, 4) + n.reshape(3, 4)
np.transpose(m) + np.transpose(n)
np.broadcast_to(v > 0, (4, 3)) + m
np.array(m) + n
np.asarray(m) - n
np.where(x > 0, m, n) + m
np.where(x > 0, True, False) + m
np.where(m, m, m) - m
# masks: sums and functions
np.sum(m)
np.sum(m, axis=0)
np.sum(m, axis=1)
np.sum(m, axis=1, keepdims=True)
np.sum(m, axis=0) + np.sum(n, axis=0)
np.sum(m) / m.size
np.sum(m) + np.sum(n)
np.sum(m) - True
np.sum(m) ** -1
np.sum(m, axis=0) ** -1
np.sum(m, axis=0) // 2
np.sum(m, axis=0) % 2
np.sum(m * n)
m.sum()
m.sum(axis=0)
m.sum(0) * (v > 0)
m.mean()
np.mean(m)
np.mean(m, axis=0)
np.mean(m, axis=1, keepdims=True)
np.max(m)
np.max(m, axis=0)
np.max(m, axis=0) + np.max(n, axis=0)
np.max(m, axis=0) - np.max(n, axis=0)
np.max(m) + np.max(n)
m.max() + m.max()
m.max() - m.max()
-m.max()
np.min(m)
np.min(m, axis=0) + (v > 0)
np.amax(m, axis=0) + (v > 0)
np.var(m)
np.var(m, axis=0)
np.std(m)
np.std(m, axis=1)
np.prod(m, axis=1)
np.any(m)
np.all(m, axis=0)
m.any()
m.all()
np.any(m, axis=1) + np.any(n, axis=1)
np.count_nonzero(m)
np.cumsum(m, axis=0)
np.argmax(m, axis=1)
np.exp(m)
np.log(m)
np.sqrt(m)
np.sqrt(v > 0)
np.exp(v > 0)
np.exp(True)
np.exp(m) * x
np.tanh(m)
np.sin(m)
np.square(m)
np.square(m) + 0
np.square(m) + m
np.square(True)
np.abs(m)
np.abs(m) + m
abs(m) - m
np.sign(m)
np.sign(True)
np.reciprocal(m)
np.reciprocal(True)
np.fabs(m)
np.clip(m, 0, 1)
np.clip(m, 0, 1) + m
np.clip(m, 0.25, 0.75)
np.isnan(m)
np.where(m, 1, 2)
np.where(m, 1, 2) / 2
np.where(m, 1, 2) // 2
np.where(m, 1, 2) ** -1
np.where(m, x, 0)
np.where(m, 0, x)
np.where(m, x, y)
np.where(m, 1, x)
np.where(m, v, 0)
np.where(m, c, r)
np.where(m, m, 0)
np.where(m, m, 0) + m
np.where(m, m, 0.5)
np.where(m, n, m) + n
np.where(m, True, 2)
np.where(m, True, False)
np.where(m, -1, False)
np.where(x, 1, 2)
np.where(N, 1, 2)
np.where(x, x, y)
np.where(1, x, y)
np.where(0, x, y)
np.where(True, x, y)
np.where(False, 1.5, x)
np.where(0.5, x, y)
np.where(s > 0, x, y)
np.where(s, x, y)
np.where(v > 0, x, y)
np.where(c > 0, x, y)
np.where(c > 0, v, 0)
np.where(m)
np.where(m, x)
np.where(m, x, y, y)
np.where(None, x, y)
np.where(m, None, x)
np.where(m, x, w)
np.where(m, N, 0)
np.where(N > 0, N, 0)
ones = np.ones_like(m); ones + ones
np.ones_like(m) + m
np.ones_like(m) - m
np.zeros_like(m) + m
np.zeros_like(m) - n
np.zeros_like(m) + 0.5
np.ones_like(m) * 0.5
np.full_like(m, 3)
np.full_like(m, 3) + m
np.full_like(m, 0.5)
np.full_like(m, 0)
np.full_like(m, -2.5) * 2
np.ones_like(m, dtype=float) + m
np.ones_like(m, dtype=float) - m
np.zeros_like(m, dtype=int) - m
np.ones_like(True)
np.ones_like(True) - True
m.astype(float) - n
m.astype('float64') - n
m.astype(int) - n
m.astype(int) / 2
m.astype(int) ** -1
m.astype(bool) - n
m.astype('int8') * 100
m.astype('int8') * 100 * 2
m.astype('uint8') - 1
m.astype(np.float32) * 0.1
m.astype(np.float64) - n
m.astype(x.dtype) - n
# masks in place
m += n; m
m += 1; m
m += 0.5; m
m -= n; m
m *= n; m
m *= 2; m
m *= x; m
m /= 2; m
m **= 2; m
m //= 1; m
m &= n; m
m |= n; m
m @= m; m
m = m * 1; m += 1; m
m = m * 1; m += 0.5; m
m = m * 1.0; m += 0.5; m
m = m + 0; m /= 2; m
a = m.astype(float); a += 0.5; m
a = m.astype(float); a += 0.5; a
a = m.copy(); a += n; m
x += m; x
x -= m; x
x *= m; x
x /= 1 + m; x
x **= m; x
x += m + n; x
x *= ~m; x
x[m] = 0; x
x[m] += 1; x
x[m]
x[~m] = 7; x
m[x > 1] = False; x * m
m[:] = True; m
# kinds from files: bool
b + b
b - b
-b
~b
b * 2
b / b
b ** 2
b @ b.T
np.sum(b)
np.mean(b, axis=0)
np.max(b) + np.max(b)
np.sqrt(b)
np.exp(b)
np.ones_like(b) + b
np.full_like(b, 2.5)
np.where(b, x, y)
np.where(b, 1, 0) - b
b += 1; b
b += x; b
b *= 2; b
b *= b; b
x += b; x
x * b
1 - b
b == 1
b + (x > 0)
b - (x > 0)
np.maximum(b, 0) + b
np.square(b) + b
b.T + b.T
b.reshape(-1) + b.reshape(-1)
l @ l
l + l
l * l + l
l.sum() - 1
np.var(l)
b.astype(float) - b
np.dot(l, l)
# kinds from files: integers
i + 1
i * 2
i / 2
i // 2
i % 2
i ** 2
i ** -1
i ** 0.5
i ** j
j ** j
2 ** j
2 ** i
2.0 ** i
x ** i
x ** j
v ** j
0 ** j
(-2) ** j
-i
i @ i.T
i @ j
j @ j
i.T @ x
np.sum(i)
np.sum(i, axis=0)
np.sum(i) / 7
np.mean(i)
np.mean(i, axis=0)
np.var(i)
np.var(i, axis=0, ddof=1)
np.std(i)
np.max(i)
np.max(i, axis=1) / 2
np.max(i) // 2
np.sqrt(j)
np.exp(i)
np.log(j)
np.tanh(i)
np.square(i)
np.square(i) // 2
np.abs(i)
np.abs(i) // 2
np.sign(i)
np.sign(i) / 2
np.reciprocal(i)
np.reciprocal(j)
np.reciprocal(j + 1)
np.negative(i)
np.maximum(i, 0)
np.maximum(i, 0.5)
np.minimum(i, x)
np.clip(i, 0, 2)
np.clip(i, 0.5, 2)
np.clip(i, 0, 2) // 2
np.where(i > 0, i, 0)
np.where(i > 0, i, 0.5)
np.where(i, 1, 0)
np.power(i, 2)
np.power(i, -1)
np.power(i, 2.0)
np.power(2, j)
np.power(2.0, -j)
np.float_power(i, 2)
np.float_power(j, -1)
np.float_power(2, -1)
np.ones_like(i) / 2
np.ones_like(i) * 0.5
np.full_like(i, 2.7)
np.full_like(i, 2.7) + i
np.full_like(i, -2.7)
np.full_like(i, 1e10)
np.full_like(i, np.nan)
np.zeros_like(i) + 0.5
a = np.zeros_like(i); a += 0.5; a
a = np.zeros_like(i); a += i; a
a = np.zeros_like(i); a += x; a
a = np.zeros_like(i); a[0] = 0.5; a
a = np.zeros_like(x); a += i; a
i += 1; i
i += 1.0; i
i += 0.5; i
i *= 2; i
i *= 2.0; i
i /= 2; i
i //= 2; i
i **= 2; i
i -= x; i
i -= i.mean(0); i
i -= i.mean(0).astype(int); i
x += i; x
x /= i + 9; x
i = i / 2; i += 0.5; i
i = i * 1.0; i /= 2; i
i.astype(float) / 2
i.astype(np.float64) ** -1
a = i.astype(float); a += 0.5; i
i == i.astype(float)
i > 0.5
i & 1
i << 1
~i
j.astype(bool) + j.astype(bool)
j.astype('int8') * 100
j.astype('uint8') - 1
i / i
j / j
j // j
i % 3
i % -3
i // -2
i // j
i % j
i // 0
i % 0
i / 0
i.sum() ** -1
j.sum() ** -2
(i > 0).sum() ** -1
j.mean() ** -1
np.dot(j, j) ** -1
(j @ j) / 2
i.max() ** -1
# kinds from files: narrow and wide
h * 2
h + h
h + 100
h - 100
-h
h * 1.0
h * 2.0
h / 2
h ** 2
h @ h
np.sum(h)
np.sum(h) * 2
np.mean(h)
np.square(h)
np.abs(h)
np.exp(h / 100)
np.sqrt(np.abs(h))
np.sin(h)
np.tanh(h)
np.exp(h)
np.log(h)
h * x
h + v
h == 100
h > 0
h * 1000
h + 1000
np.dot(h, h)
np.var(h)
np.max(h) + np.max(h)
h.astype(int) * 2
h.astype(float) * 2
np.maximum(h, 0) * 2
np.maximum(h, 0.5)
np.where(h > 0, h, 0) * 2
np.clip(h, 0, 90) * 2
h += 100; h
h *= 2; h
g * 1
g * 3
g * 0.1
g / 3
g + g
g + v
g * v
g @ g
np.sum(g)
np.mean(g)
np.var(g)
np.exp(g)
np.sqrt(np.abs(g))
np.tanh(g)
g == 0.1
g < 2.7
g.astype(float) * 3
g.astype(np.float64) * 3
np.float64(g) * 3
x * g
g ** 2
g - g
np.ones_like(g) / 3
np.full_like(g, 0.1)
np.zeros_like(g) + 0.1
a = np.zeros_like(g); a += 0.1; a
np.where(g > 0, g, 0.1)
np.maximum(g, 0.1)
g.mean() + 0.1
g.sum() * 0.1
g += v; g
g *= 0.1; g
e * 1
e * 3
e + e
e * x
e.sum()
np.exp(e)
e.astype(float) * 3
B * 1
B + 1
B - 1
B / 2
B * 2
B // 3
B % 10
B == B - 1
B - B
B.astype(float)
np.sum(B)
B * 1.0
B - 2.0**53
B + v
B ** 2
B * B
np.abs(B)
np.max(B)
np.mean(B)
# numbers known while reading
2 + 3
2 * 3.5
7 / 2
7 // 2
-7 // 2
7 % 3
-7 % 3
7.5 // 2
7.5 % -2
2 ** 3
2 ** -1
2 ** 0.5
(-2) ** 2
-2 ** 2
(-2) ** -1
(-2) ** 0.5
(-8) ** (1 / 3)
0 ** 0
0.0 ** 0
0 ** -1
0.0 ** -1
2 ** 3 ** 2
1 / 0
1.0 / 0
1 // 0
1 % 0
1e308 * 10
-1e308 * 10
10 ** 400
10.0 ** 400
2 ** 64
2 ** 64 - 1
2 ** 100 / 2 ** 99
2 ** 53 + 1
(2 ** 53 + 1) * 1
(2 ** 53 + 1) - 2 ** 53
(2 ** 53 + 1) / 1
2 ** 53 + 1.0 - 2 ** 53
9007199254740993 - 9007199254740992
9007199254740993.0 - 9007199254740992
1_000 + 1
0x10
0b101
0o17
1e3
.5 + 5.
1j
1j * 1j
1e400
1e-400
0.1 + 0.2
0.1 + 0.2 == 0.3
0.1 * 3 == 0.3
3 * 0.1
1 / 3 * 3 == 1
1 < 2 < 3
1 < 3 < 2
3 > 2 == 2
1 if s.ndim == 0 else 2
2 if x.shape[0] == 4 else 3
5 if x.ndim > 1 else 6
x.shape[0]
x.shape[1] / 2
x.shape[0] // 3
x.shape[-1]
x.shape[-2]
x.shape[2]
x.shape[-3]
x.shape[0:1]
x.shape[True]
x.shape[1.0]
x.shape == (4, 3)
x.shape == [4, 3]
x.shape == (4,)
x.shape != (4, 3)
x.shape == y.shape
x.shape > (3, 9)
x.shape
x.shape * 2
x.shape + (1,)
len(x)
len(t)
len(s)
len(v)
len(x.shape)
len(5)
x.size
x.size / 2
s.size
t.size
x.ndim
s.ndim
v.ndim
t.ndim
np.shape(x)[0]
np.size(x)
np.size(x, 0)
np.ndim(x)
x.dtype == np.float64
x.dtype == float
x.dtype == np.float32
x.dtype == int
(x > 0).dtype == bool
i.dtype == int
np.pi
np.e
np.inf
-np.inf
np.nan
np.inf - np.inf
np.inf * 0
np.euler_gamma
np.pi > 3
np.nan == np.nan
np.sqrt(4)
np.sqrt(-1)
np.sqrt(2) ** 2
np.exp(1)
np.exp(710)
np.exp(-800)
np.log(0)
np.log(-1)
np.log(10)
np.reciprocal(2)
np.reciprocal(2.0)
np.reciprocal(0)
np.reciprocal(0.0)
np.reciprocal(1)
np.power(2, 3)
np.power(2, -1)
np.power(2.0, -1)
np.power(2, -1.0)
np.power(0, 0)
np.power(0.0, -1)
np.power(-8, 1 / 3)
np.power(-np.inf, .5)
np.float_power(-8, 1 / 3)
np.square(3)
np.square(3) / 2
np.square(2 ** 40)
np.abs(-3)
np.abs(-3) // 2
np.sign(-3)
np.sign(0)
np.sign(np.nan)
np.sign(-0.5) / 2
np.maximum(1, 2)
np.maximum(1, 2) / 2
np.maximum(np.nan, 1)
np.maximum(1, np.nan)
np.minimum(np.nan, 1)
np.minimum(-np.inf, 1)
np.clip(5, 0, 3)
np.clip(5, 0, 3) / 2
np.clip(0.5, 1, 3)
np.clip(np.nan, 0, 1)
np.add(2, 3)
np.divide(1, 3)
np.divide(1, 0)
np.divide(0, 0)
np.divide(1.0, 0)
np.true_divide(1, 4)
np.subtract(3, 5)
np.multiply(3, 5)
np.multiply(2 ** 40, 2 ** 40)
np.negative(3)
np.greater(2, 1)
np.greater(2, 1) + np.greater(3, 1)
np.equal(1, 1.0)
np.not_equal(1, np.nan)
np.where(2 > 1, 3, 4)
np.where(2 > 1, 3, 4.5)
np.sum(3)
np.sum(3.5)
np.mean(3)
np.max(3)
np.sum([1, 2, 3])
np.sum((1, 2, 3))
np.mean([1, 2])
np.max([1, 5, 2])
np.var([1, 2, 4])
np.sin(0.5)
np.cos(0.5)
np.float64(3)
np.float64(3) / 0
np.float64(1) ** -1
np.float64(2) ** 0.5
np.float64(-8) ** (1 / 3)
np.float32(0.1)
np.float32(0.1) * 3
np.float32(0.1) + 0.2
np.float32(16777217)
np.float16(0.1)
np.float32(0.1) * x
np.float32(0.1) == 0.1
np.float64(0.1) == 0.1
np.int64(7) / 2
np.int64(2) ** -1
np.int64(3) // 2
np.int8(100) + np.int8(100)
np.int8(100) * 2
np.int8(100) + 100
np.int32(2 ** 31 - 1) + 1
np.uint8(1) - 2
np.bool_(True) + np.bool_(True)
np.bool_(True) - np.bool_(True)
-np.bool_(True)
np.sin(np.int8(1))
np.exp(np.int8(1))
np.sqrt(np.float32(2))
float(3) / 2
float('3')
float(True)
float(s)
float(x)
float(v)
float(o)
int(2.7)
int(-2.7)
int(s)
int(3) / 2
int(7.0) // 2
int('3')
bool(3) + bool(2)
bool(s)
bool(x)
abs(-3)
abs(x)
abs(-3) // 2
max(2, 3)
min(2, 3)
max(1, np.nan)
max(np.nan, 1)
max(x)
max(s, 1)
max(v)
min(x.shape)
sum(x.shape)
sum(v)
sum(x)
sum([1, 2, 3])
sum(x, 1)
round(2.5)
round(3.5)
round(2.567, 2)
round(s)
pow(2, 3)
pow(x, 2)
divmod(7, 2)
5 and 3
0 or 3
not 3
None + 1
1 + 'a'
'a' + 'b'
'a' + x
x + 'a'
x * 'a'
x + None
None * x
x == None
x == 'a'
x + [1, 2, 3]
x + (1, 2, 3)
x * [1, 2, 3]
[1, 2, 3] * x
[1, 2] + [3]
(1, 2) + (3,)
[1, 2] * 2
(1, 2) * 2
x + [1, 2]
x + [[1, 2, 3]]
x @ [1, 2, 3]
[1, 2, 3, 4] @ x
{'a': 1} + x
x + {'a': 1}
x < (1, 2, 3)
# making arrays
np.ones(3)
np.ones((3,))
np.ones((2, 3))
np.ones([2, 3])
np.ones(())
np.ones(3.0)
np.ones((2, 3.0))
np.ones(-1)
np.ones((2, -3))
np.ones(2, 3)
np.ones(True)
np.ones('3')
np.ones(None)
np.ones((2, 3), float)
np.ones((2, 3), dtype=float)
np.ones((2, 3), dtype=np.float32) / 3
np.ones((2, 3), dtype='float64')
np.ones(3, dtype=int)
np.ones(3, dtype=int) / 2
np.ones(3, int) // 2
np.ones(3, dtype=bool) + np.ones(3, dtype=bool)
np.ones(3, dtype=bool) - np.ones(3, dtype=bool)
np.ones(3, dtype='int8') * 200
np.ones(3, 'float16') / 3
np.ones(3, None)
np.ones(x.shape)
np.ones(x.shape[0])
np.ones(x.shape[1:])
np.ones((len(x), 2))
np.ones((x.shape[0] / 2, 3))
np.ones((x.shape[0] // 2, 3))
np.ones((2, 3, 4))
np.ones((1, 2, 1, 2, 1, 2))
np.ones((1, 2, 1, 2, 1, 2, 1))
np.ones((0, 3))
np.ones(0)
np.ones((2, 3), order='F')
np.ones((2, 3), 'C')
np.ones(shape=(2, 3))
np.ones()
np.ones((2, (3, 4)))
np.zeros(3)
np.zeros((2,), bool)
np.zeros((2,), bool) + (k > 0)
np.zeros((2, 3)) + 1
np.zeros((3, 1)) * A
np.zeros(3, dtype=int) + 0.5
a = np.zeros(3, dtype=int); a += 1; a
a = np.zeros(3, dtype=int); a += 0.5; a
a = np.zeros(3); a += j; a
a = np.ones(3, dtype=int); a /= 2; a
a = np.ones(3, dtype=np.float32); a /= 3; a
np.full((2, 3), 7)
np.full((2, 3), 7) / 2
np.full((2, 3), 7) // 2
np.full((2, 3), 7) ** -1
np.full((2, 3), 7.5)
np.full((2, 3), 7.5, dtype=int)
np.full((2, 3), True)
np.full((2, 3), True) + np.full((2, 3), True)
np.full((2, 3), True) - 1
np.full((2, 3), [1, 2, 3])
np.full((2, 3), v)
np.full((2, 3), s)
np.full(3, np.nan)
np.full(3, np.inf)
np.full((), 3)
np.full((2, 3), None)
np.full((2, 3))
np.full(3, 'a')
np.full((2, 2), 2 ** 53 + 1) - 2 ** 53
np.ones_like(x)
np.ones_like(v)
np.ones_like(s)
np.ones_like(t)
np.ones_like(3)
np.ones_like(3) / 2
np.ones_like(3.5)
np.ones_like([1, 2])
np.ones_like(x, dtype=int) / 2
np.ones_like(x, shape=(2, 2))
np.zeros_like(x)
np.zeros_like(v) + 1
np.zeros_like(t)
np.zeros_like(x, float)
np.full_like(x, 3)
np.full_like(x, 2.5)
np.full_like(v, True)
np.full_like(s, 3)
np.full_like(3, 2.7)
np.full_like(3.0, 2.7)
np.full_like(x, v)
np.full_like(x, np.nan)
np.full_like(x, 2.7, dtype=int)
np.array(3)
np.array(3) / 2
np.array(3.5)
np.array([1, 2, 3])
np.array([1, 2, 3]) / 2
np.array([1, 2, 3]) // 2
np.array([1, 2, 3]) ** -1
np.array([1, 2, 3]) ** 2
np.array([1.0, 2, 3]) ** -1
np.array([[1, 2, 3]])
np.array([[1, 2], [3, 4]])
np.array([[1, 2], [3, 4]]) @ np.array([1, 1])
np.array([[1, 2], [3]])
np.array([True, False]) + np.array([True, False])
np.array([True, 2])
np.array([])
np.array([[]])
np.array([1, 2, 3], dtype=float) / 2
np.array([1, 2, 3], dtype='int8') * 100
np.array([100], dtype='int8') * 2
np.array([1.7, -2.7], dtype=int)
np.array([0.1], dtype=np.float32)
np.array([0.1], 'float32') * 3
np.array(x)
np.array(x) * 2
np.array([x, y])
np.array([v, v]) * 2
np.array([s, s])
np.array([1, 'a'])
np.array((1, 2, 3))
np.array(x, dtype=int)
np.array(x, ndmin=3)
np.array([1, 2, 3]) + x
np.array([1, 2, 3, 4]) + x
np.asarray(x) + 1
np.asarray([1, 2]) / 4
np.array(True) + np.array(True)
np.array(1 < 2) - np.array(1 < 2)
np.array([2 ** 53 + 1]) - 2 ** 53
np.array([2 ** 63])
np.array([2 ** 64])
np.arange(5)
np.arange(5) / 2
np.arange(5) // 2
np.arange(3) ** -1
np.arange(3) ** 2
np.arange(3) * 0.5
np.arange(5.0)
np.arange(5.5)
np.arange(2, 5)
np.arange(5, 2)
np.arange(0, 1, .1)
np.arange(0, 1, .3)
np.arange(1, 1.3, .1)
np.arange(5, 0, -1)
np.arange(0, 10, 3)
np.arange(3, dtype=float) ** -1
np.arange(12).reshape(4, 3) * x
np.arange(3) + x
np.arange(4) + x
np.arange(-3)
np.arange(3) == 1
np.arange(3)[:, None] == np.arange(3)
np.linspace(0, 1, 5)
np.linspace(0, 1, 4)
np.linspace(0, 1, 3, endpoint=False)
np.linspace(1, 0, 3)
np.linspace(0, 1, 1)
np.linspace(0, 1, 0)
np.linspace(0, 1, 2.0)
np.eye(3)
np.eye(3) @ M
np.eye(3, 4) @ w
np.eye(3, dtype=bool) + np.eye(3, dtype=bool)
np.eye(3, k=1)
np.eye(3)[j - 1]
np.identity(3) * 2
np.diag(v)
np.diag(M)
np.tri(3)
np.tril(M)
np.triu(M, 1)
np.random.rand(3) * 0
np.random.seed(1); np.random.randn(2)
np.meshgrid(v, v)[0]
# converting kinds
x.astype(int)
x.astype(bool)
x.astype(bool) + x.astype(bool)
x.astype(float)
x.astype('float')
x.astype(np.float64)
x.astype('float64')
x.astype('f8')
x.astype('d')
x.astype(float, copy=False) + 1
x.astype('float32')
x.astype('float32') * 0.1
x.astype(np.float32) / 3
x.astype('float16')
x.astype('float16') / 3
x.astype('int8')
x.astype('uint8')
(x * 100).astype('int8')
N.astype(int)
x.astype('complex')
x.astype('a')
x.astype()
x.astype(3)
x.astype(str)
x.astype(object) + 1
y.astype('float32') - y
y.astype(np.float32) == y
y.astype(np.float32).astype(np.float64) == y
np.float32(y) - y
np.float64(y) - y
np.float32(y)
np.float16(y)
np.double(x) * 2
np.float64(v) * 2
np.int64(x)
np.bool_(x)
a = x.astype(float); a += 1; x
a = x.astype(float, copy=False); a += 1; x
a = np.float64(x); a += 1; x
a = np.asarray(x); a += 1; x
a = np.array(x); a += 1; x
a = np.array(x, copy=False); a += 1; x
a = np.asarray(x, dtype=float); a += 1; x
a = np.float64(s); a += 1; s
s.astype(int) / 2
s.item() * 2
x.item()
o.item() * 2
x.tolist() + [1]
# rounding and edges of doubles
x / 10 <= 0.3
np.array([3.0]) / 10 <= 0.3
2 ** x == 8
2.0 ** v
2 ** np.array([3.0]) == 8
10 ** v
10.0 ** np.array([2.0, 3]) == np.array([100, 1000])
(x * 1e-320) / 1e-320
(y * 1e-310) * 1e300
x * (1 / 10) == x / 10
y * (1 / 3) == y / 3
y / 3 - y * (1 / 3) == 0
x * (1 / 10)
x / 10
y / 3 * 3 == y
y / 7 * 7 == y
y / 49 * 49 == y
x / 1e-320
x / 1e308 / 10
x / 1e310
y / 5e-324
1 / y / y == 1 / (y * y)
2 / y == 2 * (1 / y)
3 / y - 3 * y ** -1 == 0
3 / y == 3 * np.reciprocal(y)
x - x + 1e-17
(x + 1e17) - 1e17
(y + 1e16) - 1e16
1e17 + y - 1e17
x + 1 - 1 == x
y + 0.1 - 0.1 == y
(y + 1e-17) == y
0.1 + y - y == 0.1
y - 0.1 + 0.2
y + (-0.1) == y - 0.1
y * 0.1 * 10 == y
y * 3 / 3 == y
y * y / y == y
1e308 * 10 * x
x * 1e308 * 10
y * 1e308 * 1e308
y * 1e-200 * 1e-200
y * (1e-200 * 1e-200)
(y * 1e200) ** 2
(y * 1e200) * 1e200 / 1e200
y ** 0.5 == np.sqrt(y)
(y * 3) ** 0.5 - np.sqrt(y * 3)
y ** -1 == 1 / y
y ** -1 == np.reciprocal(y)
y ** 2 == y * y
np.square(y) == y * y
y ** 3
y ** 1 == y
y ** 0
x ** 0
x ** 0.0
x ** 1
x ** 2
x ** 3
x ** 4.0
x ** -1
x ** -2
x ** 0.5
x ** (1 / 3)
x ** 1.5
x ** -0.5
x ** 1e300
x ** np.inf
x ** np.nan
x ** -np.inf
x ** x
y ** x
x ** y
x ** v
v ** 2
s ** s
0 ** x
0.0 ** y
0 ** v
1 ** x
1 ** N
(-2) ** x
(-2.0) ** v
(-1) ** x
np.inf ** x
np.nan ** x
np.power(x, 0)
np.power(N, 0)
np.power(x, 2)
np.power(x, .5)
np.power(2, x)
np.power(x, x)
np.power(0, x)
np.power(-2, x)
np.power(1, N)
N ** 2
N ** 0.5
N ** -1
np.float_power(x, 2)
np.float_power(x, 0.5)
np.sqrt(x)
np.sqrt(-y)
np.sqrt(x * 0)
np.sqrt(x) ** 2
np.sqrt(y * y) == y
np.log(x)
np.log(x * 0)
np.log(np.exp(y))
np.log(y / y)
np.exp(x * 1000)
np.exp(-y * 1000)
np.exp(x) / np.sum(np.exp(x), axis=1, keepdims=True)
np.exp(1000 * x) / np.exp(1000 * x).sum(1, keepdims=True)
1 / (1 + np.exp(-1000 * x))
1 / (1 + np.exp(-x))
np.tanh(x * 1000)
np.tanh(x * 1e-10)
1 / x
1 / (x * 0)
-1 / (x * 0)
1 / -(x * 0)
1 / (0 * -y)
1 / (-0.0 * y)
1 / (x * -0.0)
1 / np.sqrt(-0.0 * y)
1 / np.sign(-0.0 * y)
1 / np.abs(-0.0 * y)
1 / (-y * 0 + 0)
1 / (-y * 0 - 0)
1 / (0 - y * 0)
1 / (-(y * 0))
1 / (0.0 - x)
1 / (x + 0)
1 / np.negative(y * 0)
1 / np.sum(-0.0 * y)
1 / (-0.0 * y).mean(axis=0)
x / x
x / 0
x / 0.0
0 / x
0 * x / x
x * 0 / 0
x - np.inf
x * np.inf
N - N
N * 0
N / N
N > 0
N == N
N != N
N >= 0
N < np.inf
np.maximum(N, 0)
np.maximum(0, N)
np.maximum(N, -N)
np.minimum(N, 1)
np.minimum(1, N)
np.maximum(N, x)
np.maximum(x, np.nan)
np.minimum(x, np.inf)
np.maximum(x, -np.inf)
np.max(N)
np.max(N, axis=0)
np.max(N, axis=1)
np.max(N, axis=1, keepdims=True)
np.sum(N)
np.sum(N, axis=0)
np.mean(N, axis=1)
np.var(N, axis=0)
np.std(N, axis=1)
np.abs(N)
np.sign(N)
np.sqrt(N)
np.exp(N)
np.log(N)
np.tanh(N)
np.square(N)
np.reciprocal(N)
np.clip(N, -1, 1)
np.clip(N, 0, np.inf)
np.clip(x, np.nan, 1)
np.clip(x, 0, np.nan)
N @ M
M @ N.T
(N > 0) * N
np.where(N > 0, N, 0)
np.where(N == N, N, 0)
np.isnan(N)
np.isfinite(N)
np.nan_to_num(N)
np.nansum(N)
L / 1e300
L * 1e10
L ** 2
1 / L
np.log(L)
np.exp(L)
np.sqrt(L)
L - L
np.sum(L)
np.var(L)
np.mean(L * 1e8)
np.std(L * 1e300)
np.sum(np.array([1e16, 1, -1e16]))
np.sum(np.array([1, 1e16, -1e16]))
np.sum(np.ones(1000) * 0.1)
np.sum(np.full(8, 0.1))
np.mean(np.full(3, 0.1)) == 0.1
np.var(np.full((10, 2), 0.1), axis=0) == 0
np.std(np.full(3, 0.7)) == 0
np.mean(y, axis=0) == np.sum(y, axis=0) / 4
np.mean(y, axis=1) == y.sum(1) / 3
np.mean(y) == np.sum(y) / 12
np.sum(y, axis=0) - (y[0] + y[1] + y[2] + y[3]) == 0
np.var(y) == np.mean((y - y.mean()) ** 2)
np.var(y, axis=0) == np.mean(np.square(y - y.mean(axis=0)), axis=0)
np.std(y) == np.sqrt(np.var(y))
np.std(y, axis=0) == np.var(y, axis=0) ** 0.5
np.sum(x - x.mean(axis=0), axis=0) == 0
x - x.mean(axis=0) == 0
y - 0.3 == 0
y == 0.3
y == 0.1 * 3
y * 10 == 3
y <= 0.3
y < 0.1 + 0.2
y >= 0.3
np.floor(x)
np.ceil(x)
np.round(x)
np.rint(x)
x // 1
x % 1
x // 0.1
x % 0.1
x // x
x % v
x // 0
x % 0
-x // 2
divmod(x, 2)[0]
np.mod(x, 2)
np.remainder(x, -2)
np.fmod(x, -2)
np.floor_divide(x, 2)
np.log1p(x * 1e-17)
np.log1p(y)
np.expm1(x * 1e-17)
np.log2(y)
np.log10(y)
np.cbrt(x)
np.exp2(x)
np.sin(x)
np.cos(x)
np.tan(x)
np.arctan(x)
np.arctan2(x, y)
np.sinh(x)
np.hypot(x, y)
np.logaddexp(x, y)
np.fmax(N, 0)
np.fmin(N, 0)
np.heaviside(x, 0.5)
np.trunc(x)
np.copysign(x, -1)
np.isclose(x, y)
np.allclose(x, x)
np.array_equal(x, y)
np.degrees(x)
# broadcasting [read]
x + v
x - r
x * c
x / o
x + k
x + s
s + s
s * v
s + k
k + k
v + v
v + k
v + r
v + c
c + r
r + c
w + c
r * r
x + w.reshape(4, 1)
x - w.reshape(-1, 1)
t + x
t + v
t + c
t + r
t + o
t + s
t * k
x + t
v + t
t + t
q + t.reshape(2, 1, 4, 3)
q + x
q * v
q + c
q - s
q + k
t + t.reshape(2, 1, 4, 3)
t * q
c * c.T
v * c - r
np.add(x, v)
np.subtract(v, x)
np.multiply(c, v)
np.divide(t, x + 9)
np.maximum(x, v)
np.maximum(v, c)
np.minimum(c, r)
np.maximum(t, x)
np.where(x > 0, x, v)
np.where(x > 0, c, v)
np.where(t > 0, x, 0)
np.where(v > 0, t, c)
x > v
c >= r
t < x
x == c
np.broadcast_to(v, (4, 3))
np.broadcast_to(c, (4, 3))
np.broadcast_to(s, (4, 3))
np.broadcast_to(s, ())
np.broadcast_to(v, (2, 4, 3))
np.broadcast_to(x, (2, 4, 3))
np.broadcast_to(k, (3,))
np.broadcast_to(k, 3)
np.broadcast_to(v, 3)
M - M.sum(1)
M - M.sum(1, keepdims=True)
M - M.mean(axis=0)
M / M.sum(axis=1)
M - v
v - M
M + np.max(M, axis=1)
(M > 0) * v
x - x.mean(0)
x - x.sum(axis=1, keepdims=True)
x.sum(axis=1) + w
x.sum(axis=1) * w
x.T - x.sum(axis=1)
x.T * w
x.sum(axis=0) + x
x.sum(axis=0) * v
x.sum(axis=0, keepdims=True) * c
x.sum(axis=1, keepdims=True) * r
x.sum() * x
x.sum() - x.sum(axis=0)
c - w
c - x.sum(axis=1)
c * x.mean(axis=1)
(c - w).sum(axis=1)
np.mean(c - w)
np.mean((c - w) ** 2)
np.mean(np.square(c - x.sum(axis=1)))
np.mean((w - x.sum(axis=1)) ** 2)
t - t.mean(axis=0)
t - t.mean(axis=(0, 1))
t - t.mean(axis=(0, 1), keepdims=True)
t - t.mean(axis=-1, keepdims=True)
t - t.max(axis=2, keepdims=True)
t / np.sum(t, axis=(1, 2), keepdims=True)
q - q.mean(axis=(0, 2, 3), keepdims=True)
q * np.var(q, axis=(0, 1))
# broadcasting that NumPy refuses
x + w
x - x.sum(1)
x - x.mean(axis=1)
x / np.sum(x, axis=1)
np.exp(x) / np.exp(x).sum(axis=1)
x * x.max(axis=1)
x + A
x + M
v + w
w + r
x + np.ones(2)
x + np.ones((4, 2))
x + np.ones((2, 4, 2))
t + A
t + w
t - t.sum(axis=2)
t - t.mean(axis=0).T
t + t.T
q + t
q + q.T
np.add(x, w)
np.maximum(x, w)
np.where(x > 0, w, 0)
np.where(w > 0, x, 0)
x > w
x == w
x != A
np.broadcast_to(x, (4, 1))
np.broadcast_to(x, (3, 4))
np.broadcast_to(x, (3,))
np.broadcast_to(v, (3, 4))
np.broadcast_to(v, (3, 1))
np.broadcast_to(x, ())
np.broadcast_to(x, 4)
np.broadcast_to(x, (-1, 3))
np.broadcast_to(x, (2, 4, -1))
np.broadcast_to(x, (4.0, 3))
np.broadcast_to(x, 'a')
np.broadcast_to(x, None)
# reductions [read]
np.sum(x)
np.sum(x, 0)
np.sum(x, 1)
np.sum(x, -1)
np.sum(x, -2)
np.sum(x, axis=0)
np.sum(x, axis=1)
np.sum(x, axis=None)
np.sum(x, axis=(0, 1))
np.sum(x, axis=(1, 0))
np.sum(x, axis=(-1,))
np.sum(x, axis=(0,))
np.sum(x, axis=(0, -1))
np.sum(x, keepdims=True)
np.sum(x, axis=0, keepdims=True)
np.sum(x, axis=1, keepdims=True)
np.sum(x, axis=(0, 1), keepdims=True)
np.sum(x, axis=None, keepdims=True)
np.sum(x, axis=1, keepdims=False)
np.sum(v)
np.sum(v, axis=0)
np.sum(v, axis=-1)
np.sum(v, axis=0, keepdims=True)
np.sum(v, keepdims=True)
np.sum(s)
np.sum(s, axis=None)
np.sum(o)
np.sum(o, axis=0)
np.sum(k)
np.sum(c, axis=1)
np.sum(c, axis=0)
np.sum(r, axis=0)
np.sum(r, axis=1)
np.sum(t)
np.sum(t, axis=0)
np.sum(t, axis=1)
np.sum(t, axis=2)
np.sum(t, axis=-3)
np.sum(t, axis=(0, 1))
np.sum(t, axis=(0, 2))
np.sum(t, axis=(2, 0))
np.sum(t, axis=(1, 2), keepdims=True)
np.sum(t, axis=(0, 1, 2))
np.sum(t, axis=-1, keepdims=True)
np.sum(q, axis=(0, 2, 3))
np.sum(q, axis=(0, 2, 3), keepdims=True)
np.sum(q, axis=1)
np.sum(q, axis=-4)
np.sum(q)
np.mean(x)
np.mean(x, axis=0)
np.mean(x, axis=1)
np.mean(x, axis=1, keepdims=True)
np.mean(t, axis=(0, 1))
np.mean(t, axis=1)
np.mean(q, axis=(0, 2, 3))
np.mean(s)
np.mean(v, 0)
np.max(x)
np.max(x, axis=0)
np.max(x, axis=1)
np.max(x, axis=-1, keepdims=True)
np.max(t, axis=(1, 2))
np.max(t, axis=1)
np.max(q, axis=(2, 3))
np.max(s)
np.max(v)
np.amax(x, axis=1)
np.amax(t, axis=0, keepdims=True)
np.var(x)
np.var(x, axis=0)
np.var(x, axis=1)
np.var(x, axis=1, keepdims=True)
np.var(x, ddof=1)
np.var(x, axis=0, ddof=1)
np.var(x, axis=0, ddof=0.5)
np.var(t, axis=(0, 1))
np.var(t, axis=(0, 2), ddof=1, keepdims=True)
np.var(q, axis=(0, 2, 3))
np.var(v)
np.var(s)
np.var(k)
np.std(x)
np.std(x, axis=0)
np.std(x, axis=1, keepdims=True)
np.std(t, axis=-1)
np.std(t, axis=(0, 1), ddof=1)
np.std(v, ddof=1)
x.sum()
x.sum(0)
x.sum(1)
x.sum(axis=1)
x.sum(-1, keepdims=True)
x.sum((0, 1))
x.mean()
x.mean(0)
x.mean(1)
x.mean(axis=1, keepdims=True)
x.max()
x.max(0)
x.max(1)
x.max(axis=1, keepdims=True)
x.var(0)
x.var(axis=1)
x.var(axis=0, ddof=1)
x.std(0)
x.std(axis=1, keepdims=True)
t.sum(axis=(0, 1))
t.mean((1, 2))
t.max(2)
t.var((0, 1))
v.sum()
v.mean()
v.max()
s.sum()
x.sum(0).sum()
x.sum(1).sum(0)
x.mean(0).var()
x.sum(axis=0).max()
t.sum(0).sum(0).sum(0)
t.sum(0, keepdims=True).sum(1)
x.T.sum(0)
x.T.sum(axis=1, keepdims=True)
# reductions: odd arguments
np.sum(x, axis=())
np.sum(x, axis=(), keepdims=True)
np.mean(x, axis=())
np.max(x, axis=())
np.var(x, axis=())
np.sum(s, axis=())
np.sum(s, axis=0)
np.sum(s, axis=-1)
np.sum(s, axis=1)
np.sum(s, 0)
np.mean(s, axis=0)
np.max(s, axis=0)
np.var(s, axis=0)
x.sum().sum(axis=0)
x.sum().sum(axis=-1)
x.sum().max(axis=0)
x.sum().mean(axis=0)
np.sum(s, axis=(0,))
np.sum(x, axis=0.0)
np.sum(x, axis=1.5)
np.sum(x, axis=np.nan)
np.sum(x, axis=[0])
np.sum(x, axis=[0, 1])
np.sum(x, axis=(0, 0))
np.sum(x, axis=(0, -2))
np.sum(x, axis=(1, -1))
np.sum(t, axis=(0, 0, 1))
np.sum(x, axis=-3)
np.sum(x, axis=2)
np.sum(x, axis=(0, 2))
np.sum(x, axis=True)
np.sum(x, axis=False)
np.sum(x, axis=(True,))
np.sum(x, axis='0')
np.sum(x, axis=x)
np.sum(x, axis=s)
np.sum(x, axis=np.array(0))
np.sum(x, axis=((0,),))
np.sum(x, axis=(0, None))
np.sum(x, axis=2**40)
np.sum(x, axis=10**30)
np.sum(v, axis=1)
np.sum(v, axis=-2)
np.sum(v, axis=(0, 1))
np.sum(t, axis=3)
np.sum(t, axis=-4)
np.sum(x, 0, keepdims=1)
np.sum(x, 0, keepdims=0)
np.sum(x, 0, keepdims=2)
np.sum(x, 0, keepdims='yes')
np.sum(x, 0, keepdims='')
np.sum(x, 0, keepdims=None)
np.sum(x, 0, keepdims=1.5)
np.sum(x, 0, keepdims=0.0)
np.sum(x, 0, keepdims=(1,))
np.sum(x, 0, keepdims=x)
np.sum(x, 0, keepdims=s)
np.sum(x, 0, None, None, True)
np.sum(x, 0, True)
np.sum(x, 1, None, None, True, 0)
np.sum(x, 0, None, None, True, 5)
np.sum(x, 0, None, None, True, 0, True)
np.sum(x, 0, None, None, True, 0, True, 1)
np.sum(x, None, None, None, True)
np.mean(x, 0, None, None, True)
np.mean(x, 0, True)
np.max(x, 0, None, True)
np.max(x, 0, True)
np.var(x, 0, None, None, 1, True)
np.var(x, 0, None, None, 1)
np.var(x, 0, 1)
np.std(x, 0, None, None, 1, True)
x.sum(0, None, None, True)
x.sum(0, True)
x.mean(0, None, None, True)
x.max(0, None, True)
x.max(0, True)
x.var(0, None, None, 1, True)
x.var(0, 1)
x.std(0, None, None, 1)
x.sum(0, keepdims=1)
x.sum(axis=0, axis=1)
np.sum(x, axis=0, axis=1)
np.sum(x, 0, axis=1)
np.sum(x, a=x)
np.sum(a=x, axis=0)
np.sum(axis=0)
np.sum()
x.sum(x)
x.sum(a=1)
np.sum(x, axes=0)
np.sum(x, keepdim=True)
np.sum(x, dim=0)
np.sum(x, axis=0, foo=1)
np.sum(x, dtype=float)
np.sum(x, dtype=np.float64)
np.sum(x, dtype=int)
np.sum(x, dtype=np.float32)
np.sum(y, dtype='float16')
np.sum(x, dtype=bool)
np.sum(x, dtype=None)
np.sum(x, dtype='a')
np.sum(x > 0, dtype=float)
np.sum(x > 0, axis=0, dtype=bool)
np.mean(x, dtype=int)
np.mean(x, axis=0, dtype=np.float32)
np.var(x, dtype=np.float32)
np.sum(x, initial=5)
np.sum(x, axis=0, initial=5)
np.max(x, initial=2)
np.max(x, initial=2, axis=1)
np.max(x, initial=-10)
np.sum(x, where=x > 0)
np.sum(x, where=True)
np.sum(x, where=v > 0)
np.mean(x, where=x > 0)
np.mean(x, axis=0, where=x > 0)
np.max(x, where=x > 0)
np.max(x, where=x > 0, initial=0)
np.var(x, where=x > 0)
np.sum(x, out=None)
a = np.zeros(3); np.sum(x, axis=0, out=a); a
a = np.zeros(4); np.sum(x, axis=0, out=a)
np.sum(x, axis=0, out=v)
np.sum(x, axis=0, out=3)
np.var(x, ddof=12)
np.var(x, ddof=13)
np.var(x, ddof=-1)
np.var(x, axis=0, ddof=4)
np.var(x, axis=0, ddof=5)
np.var(x, axis=0, ddof=5, keepdims=True)
np.std(x, axis=0, ddof=4)
np.std(x, axis=0, ddof=5)
np.var(v, ddof=3)
np.var(s, ddof=1)
np.var(k, ddof=1)
np.var(x, ddof=True)
np.var(x, ddof='1')
np.var(x, ddof=None)
np.var(x, ddof=np.nan)
np.var(x, ddof=s)
np.var(x, ddof=v)
np.var(x, 0, ddof=w)
np.max(x, ddof=1)
np.mean(x, ddof=1)
np.sum(None)
np.sum('a')
np.sum([x, y])
np.sum((x, y), axis=0)
np.sum(x, y)
np.sum([[1, 2], [3, 4]], axis=0)
np.sum(x.shape)
np.prod(x.shape)
np.prod(x)
np.min(x, axis=0)
x.min()
np.median(x)
np.average(x, axis=0)
np.average(x, axis=0, weights=w)
np.ptp(x)
np.cumsum(x)
np.cumsum(x, axis=0)
np.cumprod(v)
np.argmax(x)
np.argmax(x, axis=1)
x.argmax(1)
np.argmin(x, axis=0)
np.argsort(v)
np.sort(x, axis=0)
np.diff(v)
np.linalg.norm(x)
np.linalg.norm(x, axis=1)
np.linalg.norm(x, axis=1, keepdims=True)
np.linalg.norm(v, 1)
np.linalg.norm(t)
np.linalg.inv(M)
np.linalg.det(M)
np.trace(M)
np.nanmax(N)
np.sum(x, 0)(1)
np.sum.__name__
np.sum
x.sum
x.sum + 1
# elementwise functions: odd arguments
np.clip(x, -1, 1)
np.clip(x, 2, 1)
np.clip(x, 1, 1)
np.clip(x, None, 1)
np.clip(x, -1, None)
np.clip(x, None, None)
np.clip(x, 0)
np.clip(x)
np.clip(x, a_min=0, a_max=1)
np.clip(x, a_max=1, a_min=0)
np.clip(x, min=0, max=1)
np.clip(x, v, 1)
np.clip(v, 0, M)
np.clip(v, M, 9)
np.clip(v, c, 9)
np.clip(s, x, 2)
np.clip(3, x, y)
np.clip(x, w, 1)
np.clip(x, -y, y)
np.clip(x, y, -y)
np.clip(x, 0, 1, None)
np.clip(x, 0, 1, x)
np.clip(x, 'a', 1)
np.clip(t, x, 2)
np.clip(x, t, 2)
x.clip(0, 1)
x.clip(0)
x.clip(max=1)
x.clip(min=0)
x.clip(None, 1)
x.clip()
v.clip(0, M)
np.maximum(x)
np.maximum(x, y, y)
np.maximum(x, y, None)
np.maximum(x, 0, x)
np.maximum(x, None)
np.maximum(x1=x, x2=y)
np.maximum(x, 'a')
np.maximum(x, [1, 2, 3])
np.maximum(0, x)
np.maximum(x, -0.0)
np.maximum(x, 0, where=x > 1)
np.maximum(x, 0, dtype=int)
np.maximum(x, 0, out=x)
np.maximum(x, 0, out=None)
np.maximum(x, 0, x); x
np.sqrt()
np.sqrt(x, y)
np.sqrt(y, None)
np.sqrt(y, out=None)
np.sqrt(y, out=y)
np.sqrt(y, where=x > 0)
np.sqrt(y, dtype=np.float32)
np.sqrt(x=y)
np.sqrt(a=y)
np.sqrt(y, axis=0)
np.sqrt('4')
np.sqrt(None)
np.sqrt([1, 4, 9])
np.sqrt((1, 4))
np.exp(x, y); y
np.exp(x, out=y); y
np.add(x, y, x); x
np.add(x, y, out=x) * 1
np.add(x)
np.add(x, y, y, y)
np.add(x, 1, None)
np.add(x, 'a')
np.add([1, 2, 3], x)
np.add.reduce(x)
np.subtract(x, y, None)
np.power(x)
np.power(x, [2, 1, 0])
np.divide(x, 0)
np.divide(x, y, where=y > 1)
np.abs()
np.abs(x=x)
np.sign(x)
np.sign(N) + 1
x.sqrt()
x.exp()
x.add(y)
x.abs()
x.log()
x.tanh()
x.maximum(0)
x.square()
x.where(y)
x.matmul(v)
np.tanh2(x)
np.nothing(x)
np.numpy.sum(x)
numpy.sum(x)
np.sum.x
np.array.x
x.nothing
x.y
x.T.T
x.T()
x()
x.shape()
x.sum[0]
undefined + x
x + undefined
np.linalg.sum(x)
math.sqrt(4)
np.math.sqrt(4)
x.__len__()
x.real
x.imag
x.flat
x.base
x.strides
# matrix products [read]
x @ M
M @ M
x @ x.T
x.T @ x
v @ M
M @ v
v @ v
x @ v
w @ x
A @ w
v @ A
c @ r
r @ M
r @ v
v @ r.T
A @ x
k @ k
k @ o
o @ k
o @ o
c.T @ x
x.T @ c
t @ M
t @ v
t @ t.transpose(0, 2, 1)
A @ t
t @ A
w @ t
x.T @ t
t.transpose(0, 2, 1) @ x
t @ u
q @ M
q @ v
w @ q
A @ q
q @ q.transpose(0, 1, 3, 2)
q @ u.reshape(2, 1, 3, 5)
q @ u
u.reshape(2, 1, 3, 5).transpose(0, 1, 3, 2) @ q.transpose(0, 1, 3, 2)
np.matmul(x, M)
np.matmul(t, v)
np.matmul(A, t)
np.matmul(v, v)
np.matmul(w, t)
np.dot(x, M)
np.dot(x, v)
np.dot(v, v)
np.dot(v, M)
np.dot(w, x)
np.dot(s, x)
np.dot(x, s)
np.dot(s, s)
np.dot(2, x)
np.dot(x, 2)
np.dot(2, 3)
np.dot(x, 0.5)
np.dot(o, r)
np.dot(t, v)
np.dot(t, M)
x.dot(M)
x.dot(v)
v.dot(v)
v.dot(M)
x.dot(2)
s.dot(x)
(x @ v) @ w
w @ (x @ v)
x @ v + w
x @ M + v
x @ M @ v
(x @ v).sum()
x.sum(axis=0) @ v
x.sum(axis=1) @ w
x.sum(axis=1) @ x
x @ x.sum(axis=0)
x.mean(0) @ M
(v @ v) * x
np.sum(x @ M, axis=1) @ w
c @ c.T @ x
# matrix products: NumPy raises, or gives more sides
x @ x
x @ A.T
x @ w
v @ x
v @ w
M @ w
v @ c
c @ v
c @ c
r @ r
c @ w
w @ r
k @ v
k @ x
x @ k
x @ o
s @ x
x @ s
s @ s
2 @ x
x @ 2
2 @ 3
x @ 2.5
x @ x.sum()
x.sum() @ x
np.matmul(2, x)
np.matmul(x, 2)
np.matmul(s, v)
np.matmul(s, s)
np.matmul(x, x)
np.matmul(x)
np.matmul(x, M, None)
np.matmul(x, M, M)
np.matmul(x, [1, 2, 3])
np.matmul(x, 'a')
np.matmul(x, None)
np.matmul(x, M, axis=0)
np.matmul(a=x, b=M)
np.dot(a=x, b=M)
np.dot(x)
np.dot(x, M, None)
np.dot(x, x)
np.dot(x, w)
np.dot(k, v)
np.dot(k, x)
np.dot(x, k)
np.dot(A, t)
np.dot(t, t)
np.dot(x, t)
np.dot(t, u)
np.dot(v, t)
np.dot(w, t)
np.dot(q, u)
np.dot(v, u)
np.dot(x, [1, 2, 3])
np.dot([1, 2], [3, 4])
np.dot([1, 2], [3, 4]) / 2
t @ t
t @ x
x @ t
t @ w
v @ t
t @ t.T
t @ u.transpose(0, 2, 1)
q @ t
q @ t.transpose(0, 2, 1)
q @ q
u @ q
np.ones((3, 4, 3)) @ u
np.ones((3, 2, 4, 3)) @ u
np.ones((1, 4, 3)) @ u
np.inner(v, v)
np.inner(x, x)
np.inner(x, v)
np.outer(v, w)
np.outer(x, v)
np.outer(v, 2)
np.vdot(x, x)
np.tensordot(x, M, axes=1)
np.tensordot(x, M, 1)
np.tensordot(t, x, axes=2)
np.tensordot(x, M)
np.tensordot(x, x, axes=([0], [0]))
np.einsum('ij,jk->ik', x, M)
np.einsum('ij->j', x)
np.einsum('ij,ij->', x, x)
np.einsum('bij,bjk->bik', t, u)
np.kron(v, v)
np.cross(v, v)
np.linalg.multi_dot([x, M, v])
x.T @ x / len(x)
x @= M; x
M @= M; M
# turning and reshaping [read]
x.T
v.T
s.T
t.T
q.T
x.T.T
t.T.T
x.transpose()
x.transpose(1, 0)
x.transpose((1, 0))
x.transpose(0, 1)
x.transpose(-1, 0)
x.transpose(None)
np.transpose(x)
np.transpose(v)
np.transpose(s)
np.transpose(t)
np.transpose(x, (1, 0))
np.transpose(x, [1, 0])
np.transpose(x, axes=(1, 0))
np.transpose(x, None)
np.transpose(t, (0, 2, 1))
np.transpose(t, (2, 0, 1))
np.transpose(t, (1, 2, 0))
np.transpose(t, (-1, 0, 1))
t.transpose(1, 0, 2)
t.transpose((0, 2, 1))
q.transpose(0, 2, 3, 1)
q.transpose(0, 3, 1, 2)
q.transpose(3, 2, 1, 0)
t.transpose(2, 0, 1).transpose(1, 2, 0)
v.transpose()
v.transpose(0)
x.reshape(3, 4)
x.reshape((3, 4))
x.reshape([3, 4])
x.reshape(2, 6)
x.reshape(12)
x.reshape(-1)
x.reshape((12,))
x.reshape((-1,))
x.reshape(-1, 2)
x.reshape(2, -1)
x.reshape(2, 2, 3)
x.reshape(2, -1, 3)
x.reshape(1, 4, 3)
x.reshape(4, 3)
x.reshape(4, 1, 3)
x.reshape(-1, 1)
x.reshape(1, -1)
x.reshape(4, 3, 1)
x.reshape(x.shape)
x.reshape(x.shape[0], -1)
x.reshape(len(x), 3)
x.reshape(12, 1)
v.reshape(1, 3)
v.reshape(3, 1)
v.reshape(-1, 1)
v.reshape(1, -1)
v.reshape(3)
v.reshape(1, 1, 3)
w.reshape(2, 2)
s.reshape(1)
s.reshape(1, 1)
s.reshape(())
s.reshape(-1)
o.reshape(())
o.reshape(1)
k.reshape(())
c.reshape(4)
c.reshape(-1)
c.reshape(1, 4)
r.reshape(3)
t.reshape(2, 12)
t.reshape(2, -1)
t.reshape(8, 3)
t.reshape(-1, 3)
t.reshape(24)
t.reshape(4, 2, 3)
t.reshape(t.shape[0], -1)
q.reshape(2, -1)
q.reshape(4, 4, 3)
q.reshape(-1)
q.reshape(q.shape[0] * q.shape[1], -1)
np.reshape(x, (3, 4))
np.reshape(x, (-1, 2))
np.reshape(x, -1)
np.reshape(x, 12)
x.T.reshape(-1)
x.T.reshape(4, 3)
t.transpose(0, 2, 1).reshape(2, -1)
t.reshape(8, 3).T.reshape(3, 2, 4)
(x @ M).reshape(-1).sum()
x.reshape(-1) @ x.reshape(-1)
x.sum(axis=1).reshape(-1, 1) + x
x.sum(1).reshape(4, 1) - x
# turning and reshaping: odd arguments
x.transpose(0)
x.transpose(0, 0)
x.transpose(1, 1)
x.transpose(0, 1, 2)
x.transpose(2, 0)
x.transpose(0, -2)
x.transpose(1.0, 0)
x.transpose('a')
x.transpose((1, 0), (0, 1))
x.transpose(axes=(1, 0))
x.transpose(True, False)
t.transpose(0, 1)
t.transpose(0, 1, 1)
t.transpose(0, 1, 3)
np.transpose(x, 1, 0)
np.transpose(x, (0,))
np.transpose(x, 0)
np.transpose(v, 0)
np.transpose(v, (1, 0))
np.transpose(x, (0, 0))
np.transpose(t, (0, 1))
np.transpose(s, ())
np.transpose(x, ())
np.transpose()
np.transpose(3)
np.transpose([[1, 2], [3, 4]])
x.T[0]
x.t()
x.reshape(5, 3)
x.reshape(-1, 5)
x.reshape(-1, -1)
x.reshape(-2, 6)
x.reshape(3, -4)
x.reshape(-1, 0)
x.reshape(0, 4)
x.reshape()
x.reshape(None)
x.reshape(3.0, 4)
x.reshape(6.0, 2.0)
x.reshape(12 / 4, 4)
x.reshape('12')
x.reshape(True, 12)
x.reshape((3, 4), (2, 6))
x.reshape(3, (4,))
x.reshape((3, (4,)))
x.reshape(())
x.reshape(3, 4, order='C')
x.reshape(3, -1, order='F')
x.reshape((3, 4), order='F')
x.reshape((3, 4), 'F')
x.reshape(3, 4, 'F')
x.T.reshape(3, 4, order='A')
x.reshape(shape=(3, 4))
x.reshape(newshape=(3, 4))
np.reshape(x, newshape=(3, 4))
np.reshape(x, 3, 4)
np.reshape(x, (3, 4), 'F')
np.reshape(x, (3, 4), order='F')
np.reshape(x)
np.reshape(3, (1, 1))
np.reshape([1, 2, 3, 4], (2, 2))
np.reshape(x, shape=(3, 4))
np.reshape(a=x, newshape=-1)
s.reshape(2)
s.reshape(0)
k.reshape(2, -1)
x.reshape(10**20)
x.reshape(2**62, 2**62)
x.reshape(1, 1, 1, 4, 3, 1)
x.reshape(1, 1, 1, 4, 3, 1, 1)
x.ravel()
x.T.ravel()
np.ravel(x)
x.ravel('F')
x.flatten()
x.T.flatten()
x.flatten('F')
t.flatten()
np.squeeze(c)
c.squeeze()
c.squeeze(1)
c.squeeze(0)
c.squeeze(axis=-1)
o.squeeze()
o.squeeze(0)
x.squeeze()
np.squeeze(x.reshape(1, 4, 3, 1), axis=(0, 3))
np.squeeze(x, axis=1)
np.expand_dims(v, 0)
np.expand_dims(v, 1)
np.expand_dims(v, -1)
np.expand_dims(x, (0, 3))
np.expand_dims(v, 2)
np.expand_dims(v, (0, 0))
np.expand_dims(x, axis=1)
x.reshape(*x.shape)
x.reshape(*(3, 4))
np.expand_dims(s, 0)
x[None]
x[None, :]
x[:, None]
x[..., None]
x[:, np.newaxis, :]
v[:, None]
v[None, :]
v[np.newaxis]
v[:, None] * v
v[..., None] + v
s[None]
s[..., None]
s[()]
s[0]
x.sum(1)[:, None]
x.sum(1)[:, None] + x
x / x.sum(1)[:, np.newaxis]
x.sum(1)[None]
x[:]
x[:, :]
x[...]
x[0]
x[-1]
x[4]
x[-5]
x[0, 1]
x[0, 3]
x[0, 1, 2]
x[0][1]
x[1:3]
x[1:]
x[:-1]
x[::2]
x[::-1]
x[:, 0]
x[:, -1]
x[:, 0:1]
x[:, [0, 2]]
x[[0, 2]]
x[[0, 1], [1, 2]]
x[np.arange(4), [0, 1, 2, 0]]
x[range(4), [0, 1, 2, 0]]
x[j]
x[1.0]
x['a']
x[True]
x[None, None]
x[10:20]
x[5:]
x[1:2, 1:2]
x[..., 0]
t[0]
t[:, 0]
t[..., 0]
t[0, 1, 2]
t[:, :, 1:]
v[0]
v[-1] * 2
v[3]
v[v > 0]
x[x > 0].sum()
x.take(0)
np.take(x, [0, 1], axis=0)
np.swapaxes(t, 0, 1)
t.swapaxes(1, 2)
np.moveaxis(t, 0, -1)
np.rollaxis(t, 2)
np.rot90(x)
np.flip(x)
np.flip(x, 0)
np.fliplr(x)
np.roll(x, 1)
np.tile(v, 2)
np.tile(v, (4, 1)) + x
np.repeat(v, 2)
np.repeat(x, 2, axis=0)
np.concatenate([x, y])
np.concatenate((x, y), axis=1)
np.concatenate([x, v])
np.stack([x, y])
np.stack([x, y], axis=-1)
np.hstack([x, c])
np.hstack([v, w])
np.vstack([x, v])
np.column_stack([w, w])
np.append(v, 1)
np.split(x, 2)[0]
np.pad(v, 1)
np.pad(x, ((1, 1), (0, 0)))
np.atleast_2d(v)
np.atleast_1d(s)
np.full_like(x, 1).T
np.triu(np.ones((3, 3)))
np.insert(v, 0, 1)
np.delete(v, 0)
np.unique(x)
np.nonzero(x)
np.bincount(j)
np.resize(x, (2, 2))
np.broadcast_arrays(v, x)[0]
np.copy(x)
x.copy()
x.view()
np.ascontiguousarray(x)
x.copy('F')
x.copy(order='C')
np.copy(x, 'F').reshape(-1)
# views and sharing
a = x; a += 1; x * 1
a = x; a = a + 1; x * 1
a = x.T; a += 1; x * 1
a = x.T; a = a + 1; x * 1
a = x.T; x += 1; a * 1
a = x.T; a *= x.T; x * 1
a = x.reshape(3, 4); a += 1; x * 1
a = x.reshape(-1); a *= 2; x * 1
a = x.reshape(-1); x *= 2; a * 1
a = x.reshape(4, 3); a += 1; x * 1
a = x.T.reshape(-1); a += 1; x * 1
a = x.T.reshape(4, 3); a += 1; x * 1
a = v.reshape(1, 3); a += 1; v * 1
a = v.reshape(3, 1); a += 1; v * 1
a = v.T; a += 1; v * 1
a = np.transpose(x); a += 1; x * 1
a = np.transpose(v); a += 1; v * 1
a = np.transpose(t, (1, 0, 2)); a += 1; t * 1
a = t.T; a += 1; t * 1
a = np.reshape(x, (2, 6)); a += 1; x * 1
a = x.copy(); a += 1; x * 1
a = np.copy(x); a += 1; x * 1
a = x.T.copy(); a += 1; x * 1
a = x * 1; b2 = a; b2 += 1; a * 1
a = x * 1; b2 = a.T; b2 += 1; a * 1
a = x * 1; b2 = a.T; a += 1; b2 * 1
a = x + 0; b2 = a.reshape(-1); b2 += 1; a * 1
a = +x; a += 1; x * 1
a = -x; a += 1; x * 1
a = abs(y); a += 1; y * 1
a = np.abs(y); a += 1; y * 1
a = np.maximum(x, x); a += 1; x * 1
a = np.where(x > 9, x, x); a += 1; x * 1
a = np.clip(x, -9, 9); a += 1; x * 1
a = x.clip(-9, 9); a += 1; x * 1
a = x.astype(float); a *= 2; x * 1
a = np.array(x); a *= 2; x * 1
a = np.asarray(x); a *= 2; x * 1
a = np.float64(x); a *= 2; x * 1
a = np.broadcast_to(x, (4, 3)); a += 1; x * 1
a = np.broadcast_to(v, (4, 3)); a += 1; v * 1
a = np.broadcast_to(v, (4, 3)); v += 1; a * 1
a = np.broadcast_to(v, (3,)); v += 1; a * 1
a = np.broadcast_to(v, (4, 3)).copy(); a += 1; a
a = x.sum(axis=0); a += 1; x * 1
a = x.sum(axis=()); a += 1; x * 1
a = np.max(x, axis=()); a += 1; x * 1
a = x.mean(axis=0, keepdims=True); a2 = a; a2 -= 1; a * 1
a = x.sum(); a2 = a; a2 += 1; a * 1
a = np.sum(x); a2 = a; a2 *= 2; a + 0
a = np.max(x); a2 = a; a2 *= 2; a + 0
a = v @ v; a2 = a; a2 += 1; a + 0
a = x @ M; a2 = a; a2 += 1; a + 0
a = np.sqrt(y.sum()); a2 = a; a2 += 1; a + 0
a = x.sum() * 2; a2 = a; a2 += 1; a + 0
a = np.sum(x, keepdims=True); a2 = a; a2 += 1; a + 0
a = x.sum().reshape(()); a2 = a; a2 += 1; a + 0
a = np.array(3.0); a2 = a; a2 += 1; a + 0
a = np.ones(()); a2 = a; a2 += 1; a + 0
a = np.ones_like(s); a2 = a; a2 += 1; a + 0
a = np.ones(3); a2 = a; a2 += 1; a + 0
a = np.zeros_like(x); a2 = a; a2 += x; a + 0
a = 3; a2 = a; a2 += 1; a + x
a = 3.0; a2 = a; a2 *= 2; a * x
a = (1, 2); a2 = a; a2 += (3,); x * len(a)
a = [1, 2]; a2 = a; a2 += [3]; x * len(a)
a = x.shape; N2, D = a; N2 += 1; x * a[0]
f1 = (x, y); f1[0]; a = f1[0]; a += 1; x * 1
f1 = (x, x); p1, p2 = f1; p1 += 1; p2 * 1
f1 = {'p': x}; f1['p'] += 1; x * 1
f1 = {'p': x}; f1['p'] = f1['p'] + 1; x * 1
f1 = {'p': x}; f2 = f1; f2['p'] = y; f1['p'] * 1
f1 = {'p': x}; a = f1['p']; a += 1; f1['p'] * 1
f1 = {'p': x}; a = f1['p']; a = a + 1; f1['p'] * 1
f1 = {}; f1['p'] = x; x += 1; f1['p'] * 1
f1 = {'p': 1}; f2 = f1; f2['p'] += 1; x * f1['p']
f1 = {'p': x}; f1.get('p').T; a = f1.get('p'); a += 1; x * 1
f1 = {'p': x}; f2 = dict(f1); f2['p'] = y; f1['p'] * 1
f1 = {'p': x}; f2 = f1.copy(); f2['p'] += 1; f1['p'] * 1
f1 = {'p': x}; f1['q']
f1 = {'p': x}; f1.get('q')
f1 = {'p': x}; f1.get('q', y) * 1
f1 = {'p': x, 'p': y}; f1['p'] * 1
f1 = {'p': x}; f1.pop('p') * 1
f1 = {'p': x}; f1.setdefault('q', y); f1['q'] * 1
f1 = {'p': x}; f1.update({'p': y}); f1['p'] * 1
f1 = {'p': x}; f1['p'][0] = 1; x * 1
f1 = {'p': x}; len(f1)
f1 = {1: x}; f1[1] * 1
f1 = {1: x}; f1[True] * 1
f1 = {1: x}; f1[1.0] * 1
f1 = {(1, 2): x}; f1[1, 2] * 1
f1 = dict(p=x); f1['p'] * 2
f1 = (x, y); f1[2]
f1 = (x, y); f1[-1] * 1
f1 = (x, y); f1[True] * 1
f1 = (x, y); f1[0] = y; x * 1
f1 = [x, y]; f1[0] = y; f1[0] * 1
f1 = [x, y]; f2 = f1; f2[0] = y; f1[0] * 1
f1 = [x, y]; f1.append(v); f1[2] * 1
f1 = (x,); f1 += (y,); f1[1] * 1
(a, a2), a3 = (x, y), v; a2 * 1 + a3
a, a2 = x, y; a, a2 = a2, a; a * 1
a, a2 = x; a * 1
a, a2, a3 = x, y; a * 1
a, a2 = x, y, v; a * 1
a, a2, a3, a4 = x; a * 1 + a4
a, a2, a3 = v; x * a
a, *a2 = x, y, v; a2[1] * 1
a = a2 = x * 1; a += 1; a2 * 1
a = a2 = 3; a += 1; x * a2
a: float = 3; x * a
a = x if True else y; a += 1; x * 1
a = x if x.ndim == 1 else y; a * 1
a = x if x.sum() > 0 else y; a * 1
a = x if x else y; a * 1
a = s if s else x; a * 1
a = s or x; a * 1
a = x or y; a * 1
a = None or x; a * 1
a = None; a = x if a is None else a; a * 1
(a := x * 2); a * 1
a = lambda p: p * 2; a(x)
a = [p * 2 for p in (x, y)]; a[0]
a = np.sqrt; a(y)
a = x.sum; a()
del x; y * 1
x = x + 1; x * 1
y = x; x = x * 2; y * 1
twice(x)
twice(p=x)
twice(x, y)
twice()
twice(q=x)
twice(twice(x))
bump(x)
bump(x) + x
bump(x * 1) + x
bump(x.T) * 0 + x.T
bump_quietly(x); x * 1
bump_quietly(x.T); x * 1
bump_quietly(x + 0); x * 1
bump_quietly(x)
a = x * 1; bump_quietly(a); a
a = x.sum(); bump_quietly(a); a + 0
a = 3; bump_quietly(a); x * a
a = bump(x); a += 1; x * 1
a = bump(v.reshape(1, 3)); v * 1
rebind(x) + x
a = rebind(x); a += 1; x * 1
a, a2 = both(x); a += 1; a2 * 1
a, a2 = both(x); a += 1; x * 1
a, a2 = both(x.sum()); a += 1; a2 * 1
default(x)
default(x, 3)
default(x, 3, 4)
default(x, b=4)
default(x, a=v)
default(x, a=w)
default(x, c=4)
default(a=3, p=x)
default(x, p=x)
store({'p': x}) + x
f1 = {'p': x}; store(f1); x * 1
f1 = {'p': x * 1}; store(f1); f1['p'] * 1
f1 = {'p': 3}; store(f1); x * f1['p']
f1 = {}; fill(f1, x); f1['p'] * 1
f1 = {}; fill(f1, x); f1['p'] += 1; x * 1
# names and functions
scaled(x)
counted(x)
counted(x, 4)
counted(x, 2.0)
counted(x, len(x))
counted(x, x.shape[0])
counted(x, np.sum(x > 0))
counted(x, (x > 0).sum())
counted(x, True)
counted(x, x.ndim)
counted(x, j)
counted(x, v)
counted(x, n=[2])
halved(x)
gated(x)
gated(x, x > 0)
gated(x, 1 < 2)
gated(x, np.max(x) > 0)
gated(x, 0.5)
sized(x)
sized(v)
sized(t)
sized(s)
sized(x.T)
sized(x.sum(1))
sized(x.sum(axis=1, keepdims=True))
early(x)
early(v)
early(x.sum(axis=0))
early(x.sum(axis=1))
early(x[0])
early(x.sum())
by_value(x)
looped(x)
endless(x)
nothing(x)
nothing(x) * 2
a = nothing(x); x * 2
a = nothing(x); x * a
many(x, y)
many()
keyed(a=x)
local_first(x)
sometimes(x)
sometimes(v)
remembers(x)
remembers(x) + remembers(x)
scaled
scaled.x
scaled(x)(x)
scaled(*[x])
scaled(*(x,))
scaled(**{'p': x})
scaled(p=x, p=y)
scaled(x) * SCALE
a = SCALE; scaled(x) * a
np = x; np * 2
np = 2; np.sum(x)
len = 3; x * len
len = 3; x * len(x)
sum = x.sum(); sum * 2
sum = x.sum(); sum(v)
float = 2; x * float
abs = 2; abs(x)
scaled = x; scaled * 2
scaled = x; scaled(x)
twice = 3; twice(x)
True = 3; x
None = 3; x
lambda = 3; x
x.a = 3; x
x['a'] = 3; x
_ = x * 2; _ * 3
__ = 2; x * __
self = x; self * 2
r = x; r * 2
print = 3; x * print
a = b2 = c2 = x.sum(0); a + b2 + c2
(a) = x * 2; a * 1
[a, a2] = x, y; a2 * 1
a = x, y; a[0] + a[1]
a = x; del a; x * 2
a = x; del a; a * 2
# in place
x += 1; x
x -= 1; x
x *= 2; x
x /= 2; x
x **= 2; x
x **= 0.5; x
x //= 2; x
x %= 2; x
x += v; x
x -= x.mean(0); x
x -= x.mean(axis=1, keepdims=True); x
x /= x.std(axis=0); x
x *= c; x
x += s; x
x += t; x
x += w; x
v += x; v
v += M; v
v += k; v
v += r; v
v *= c; v
k += v; k
k += o; k
k += s; k
s += v; s
s += k; s
s += 1; s * 1
s *= s; s * 1
o += k; o
o += x; o
r += x; r
c += x; c
c -= w; c
c += c.T; c
x += x; x
x += x.T; x
M += M.T; M
M -= M.T; M
M += M.sum(1); M
x -= x; x
x /= x; x
x *= x + 1; x
x = x * 1; x += v; x
x = x.sum(axis=0); x += v; x
x = x.sum(axis=0); x += M; x
x = x.sum(); x += v; x
x = x.sum(); x += 1; x
x = x.sum(axis=1, keepdims=True); x += y; x
a = 0; a += x; a
a = 0; a += x; a += x; a
a = 0; a += x; a += x; x * 1
a = 0; a += x; a += t; a
a = 0.0; a -= v; a
a = 1; a *= x; a
a = 2; a /= x; a
a = 2; a **= x; a
a = 2; a @= x; a
a = s * 1; a += x; a
a = x.sum(); a += x; a
a = np.zeros(()); a += x; a
a = np.zeros((4, 3)); a += v; a
a = np.zeros(3); a += x; a
a = np.zeros((1, 3)); a += v; a
a = np.zeros((1, 3)); a += x; a
a = np.zeros_like(v); a += x.sum(axis=0); a
a = np.zeros_like(v); a += x.sum(axis=0, keepdims=True); a
a = np.zeros_like(r); a += x.sum(axis=0); a
a = np.ones_like(x); a *= x > 0; a
a = np.ones_like(x > 0); a += x; a
a = np.ones_like(x); a /= 3; a
a = np.ones((2, 2)); a += np.array([1, 2]); a
a = np.array([1, 2, 3]); a += v; a
a = np.array([1, 2, 3]); a = a + v; a
a = np.array([1, 2, 3]); a //= 2; a
a = np.array([1, 2, 3]); a /= 2; a
a = np.arange(3); a *= 2; a / 4
a = np.arange(3); a += True; a
a = np.arange(3); a **= -1; a
a = np.array([1.0, 2, 3]); a += np.array([1, 2, 3]); a / 4
a = x > 0; a += a; a
a = x > 0; a |= y > 1; a
a = (1, 2); a += 3; x
a = 'a'; a += 'b'; x * len(a)
a = 'a'; a += 1; x
a = None; a += x; a
a += x; x
x[0] = 1; x
x[0] += v; x
x[:] = 1; x
x[:, 0] = 0; x
x[:, 0] += 1; x
x[x < 0] = 0; x
x[0, 0] = 9; x
x[...] = v; x
x.T[0] += 1; x
x.shape = (3, 4); x
x.T += 1; x
x.sum() += 1; x
x + 1 += 2; x
3 = x; x
x.fill(3); x
x.sort(); x
x.resize((2, 2)); x
np.add(x, 1, out=x); x
np.add.at(v, [0, 0], 1); v
np.put(v, 0, 9); v
np.copyto(x, y); x
# statements
a = 1, ; x * a[0]
a = x,; a[0] * 2
x; x * 2
None; x * 2
'text'; x * 2
assert x.ndim == 2; x * 2
assert x.ndim == 3; x * 2
assert False; x
pass; x * 2
print(x); x * 2
print(undefined); x * 2
x.undefined; x * 2
undefined; x * 2
np.undefined; x * 2
x + w; x * 2
1 / 0; x * 2
x.sum(axis=7); x * 2
import math; x * math.pi
import math; x * math.sqrt(2)
import numpy; x * numpy.pi
from numpy import sqrt; sqrt(y)
from numpy import *; sqrt(y)
global a; a = 1; x * a
raise ValueError; x
yield x; x
a = x; x * a if True else a
x * 2 if x is not None else x
x * (x is None)
x is x
x in (1, 2)
2 in (1, 2)
'p' in {'p': 1}
x * -x
x * +x
x --x
x ++ x
-x ** 2
(-x) ** 2
-x @ M
2 * x @ M
x @ M * 2
x @ M ** 2
x / 2 / 3
x - 1 - 2
2 - x - 1
x * 2 ** 2
x ** 2 ** 0.5
-2 ** 2 * x
2 ** -1 * x
not x.ndim
x < y
x < y < 3
0 < s < 3
(x < y) == (x < y)
x < y == True
x <= y >= x
x > 0 & 1
(x > 0) & (y > 0)
x > 0 | x < 1
x if x.ndim else y
(x)
((x)) * 2
(x + y)(2)
x * 1_0
x * 1e1
x * 0x1F
x * 1.
x * .5
x * 1e-1
x * 5e
x * 09
x * 0.1e+2
x ** - 2
x.sum (axis = 0)
x . T * 2
x * 2 # a comment
f'{x}'
x * True
x * False
x + True
x / True
x / False
x ** True
x ** False
x * None
x * ()
x * []
x + ()
x * ...
x * np
np * x
np
np()
x * np.sum
x * float
float * x
x * len
"""

# Every function that is read, over kinds that it may not expect.
UNARY = "sqrt square exp log abs absolute fabs tanh reciprocal sign negative ones_like zeros_like"
REDUCING = "sum mean max amax var std copy transpose array asarray float64 float32"
BINARY = "add subtract multiply divide true_divide power float_power greater greater_equal less"
COMPARING = "less_equal equal not_equal maximum minimum dot matmul"
KINDS_OF_ONE = "True", "3", "-2", "0.3", "None", "'a'", "(1, 2)", "[0.5, 2]", "v > 0", "s > 0", "j"
KINDS_OF_TWO = (
    "True, True",
    "3, True",
    "3, 2",
    "3, -2",
    "0, 0",
    "2, 0.5",
    "v > 0, v > 1",
    "v > 0, True",
    "2, v > 0",
    "v > 0, v",
    "j, 2",
    "j, j",
    "j, v > 0",
    "s > 0, s > 1",
    "v, None",
    "v, 'a'",
    "v, w",
    "x, v",
    "s, v",
    "v, (1, 2, 3)",
)


def groups():
    """The programs of every heading."""
    table = {}
    for line in PROGRAMS.strip().split("\n"):
        if line.startswith("# "):
            table[line[2:]] = lines = []
        else:
            lines.append(line)
    table["each function over kinds: of one"] = [
        f"np.{name}({kind})" for name in f"{UNARY} {REDUCING}".split() for kind in KINDS_OF_ONE
    ]
    table["each function over kinds: of two"] = [
        f"np.{name}({kinds})" for name in f"{BINARY} {COMPARING}".split() for kinds in KINDS_OF_TWO
    ]
    return table


def program_of(line):
    masks = [MASKS[name] for name in MASKS if name in re.findall(r"\w+", line)]
    helpers = [text for name, text in CALLED.items() if re.search(rf"\b{name}\b", line)]
    return Program("; ".join([*masks, line]), GIVEN, "\n\n".join(helpers))


def batches_of(programs, size):
    return [programs[i : i + size] for i in range(0, len(programs), size)]


def main():
    checks = Checks()
    tallies = {}
    with tempfile.TemporaryDirectory() as folder:
        judge = Judge(folder, GIVEN)
        for group, lines in groups().items():
            must_be_read = group.endswith(MUST_BE_READ)
            programs = [program_of(line) for line in lines]
            batches = batches_of(programs, TOGETHER if must_be_read else 1)
            verdicts = [v for batch in judge.all_verdicts(batches) for v in batch]
            tallies[group] = Counter(verdict.kind for verdict in verdicts)
            fails = {DIFFERENT, REFUSED} if must_be_read else {DIFFERENT}
            for line, verdict in zip(lines, verdicts):
                checks.that(verdict.kind not in fails, f"{group}: {line}: {verdict.reason}")
    print_tally(tallies)
    checks.done()


if __name__ == "__main__":
    main()
