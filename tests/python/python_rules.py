"""Python's own rules: small programs give Python's numbers, or are refused with a reason.

Each is run by Python itself. What Python raises at, we refuse; what it gives, we give, and may
refuse only where the table says so. None gets another number."""

import contextlib
import io
import tempfile
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from checks import Checks, load, run, text

X = np.array([[1.0, 2.0, 3.0], [0.0, 5.0, -1.0], [2.0, 0.5, 3.0], [4.0, 1.0, 7.0]])

# Of each group: whether we have to read it, and its programs. Those are lines of a function f(x),
# the last of which is its result; what stands above a line of dashes is the top level of the file.
READ, MAY_REFUSE = True, False

EXPRESSIONS = {
    "a sign binds less than a power": (READ, """
        -x**2
        np.e ** -x**2
        2**-x**2
        2.0**-2**2 * x
        2**3**2 * x
        x * -2**-2
        x * (-2)**-2
        x ** -1 ** 2
        x * 2 ** - - 1
        - - x ** 2
        -x * -2 ** 2
        (-x) ** 2 ** 1
        x * 2 ** -1 ** -1
        +x * 2
        - + - x
        x - -x
        x * 3 ** -2.0 ** 1
        x * (2 ** 0.5) ** 2
        1 - 2 - x - 3
        12 / 2 / 3 * x
        12 / (2 / 3) * x
        2 * x @ x.T * 2
        x @ x.T ** 2
        -x @ x.T
        x + 1 > 2 * x - 1
        (x > 1) * x + (x <= 1) * 2
        1 + (x == 2)
        (x != 2) * 3
    """),
    "numbers as they are written": (READ, """
        x * 1_000
        x * 0x10
        x * 0X_fF
        x * 0b101
        x * 0o17
        x * 00
        x * 0_0
        x * 1e3
        x * 1E-3
        x * .5
        x * 5.
        x * 010.5
        x * 1_0.0_1e1_0
        x * 0e0
        x * 1e-300 / 1e-300
        x * 9007199254740991
        x * 9007199254740993.0
    """),
    "numbers that are none, or too large": (MAY_REFUSE, """
        x * 010
        x * 01
        x * 1__0
        x * 1_
        x * _1
        x * 0x
        x * 0b2
        x * 0o8
        x * 1e
        x * 1.5.5
        x * 2x
        x * 2j
        x * (2**53 + 1 - 2**53)
        x * (9007199254740993 - 9007199254740992)
        x * (3**40 - 3**40 + 1)
        x * (2**1000 // 2**999)
        x * (10**400)
        x * 1e400
        x * (0x20000000000001 - 0x20000000000000)
        x * (94906267 * 94906267 - 94906266 * 94906268)
        x * int(1e300)
        x * int(2.0**60 + 1)
    """),
    "arithmetic of numbers": (READ, """
        x * (True + True)
        x * (7 / 2)
        x * (4 / 2) ** -1
        x * 2 ** -1
        x * (-2) ** 3
        x * (-2) ** -3
        x * 0 ** 0
        x * -True
        x * +True
        x * (True - False * 3)
        x * (5 > 3)
        x * (1 == True)
        x * (1 == 1.0)
        x * (-7 / -2)
        x * (1 - 1) + 1 / -4
        x * round(2.5)
        x * round(3.5)
        x * round(-2.5)
        x * round(2.675, 2)
        x * round(1.005, 2)
        x * round(7, 1)
        x * int(-2.7)
        x * int(2.7)
        x * int(True)
        x * float(3)
        x * bool(0.1)
        x * bool(0)
        x * abs(-3)
        x * abs(-3) ** -1
        x * abs(-True)
        x * max(1, 2.5, -3)
        x * min(1, 2.5, -3)
        x * max((1, 7, 3))
        x * max(1, True)
        x * sum((1, 2, 3))
        x * sum([1, 2, 3], 10)
        x * sum(())
        x * len(x)
        x * len((1, 2))
        x * len('abc')
        x * len({'a': 1, 'b': 2})
        x * float('inf')
        x * x.shape[0] ** -1
        x * (x.shape[0] - 1) / len(x)
        x * x.shape[-1]
        x * x.shape[True]
        x / x.size
        x * x.ndim
        x * math.pi
        x * math.sqrt(x.shape[0])
        x * np.pi
        np.abs(x) - abs(x)
    """),
    "what raises": (MAY_REFUSE, """
        x * (1 / 0)
        x * (1.0 / 0)
        x * (0 ** -1)
        x * (0.0 ** -1)
        x * (-8) ** (1 / 3)
        x * (1 % 0)
        x * (1 // 0)
        x * int(float('inf'))
        x * int(float('nan'))
        x * round(float('nan'))
        x * int('a')
        x * float('a')
        x * max()
        x * max(())
        x * max(1)
        x * len(3)
        x * len()
        x * len(x, x)
        x * abs('a')
        x * x.shape[2]
        x * x.shape[0.0]
        x * x.shape[-3]
        x * (1, 2)[2]
        x * 'abc'
        x * None
        x * (1)[0]
        x.shape[0].sum() * x
        x * (3).T
        math.sqrt(x)
        math.exp(x)
        math.maximum(x, 1)
        x * math.sqrt(-1)
        x * math.log(0)
        + (x > 1)
        - (x > 1)
        - - (x > 1)
        - 'a' * x
        +None * x
        x(1)
        np * x
        np.sum * x
        undefined * x
        x.undefined
        np.undefined(x)
        x * len
        (x > 0 and x < 1) * 1
        (not x) * 1
        (x or 1) * 1
        (0 < x < 1) * 1
        (x if x > 0 else 0) * 1
        x * (2 < 'a')
        x * ((1, 2) < (1, 'a'))
        [x, x] * x.shape[0.5]
    """),
    "operators that may be read one day": (MAY_REFUSE, """
        x * (7 // 2)
        x * (-7 // 2)
        x * (-7 % 3)
        x * (7 % -3)
        x * (-7 // 2.0)
        x * (1 << 3)
        x * (5 & 3)
        x * (5 | 3)
        x * (5 ^ 3)
        x * ~5
        x * (not 0)
        x * (2 and 3)
        x * (0 or 3)
        x * (2 if x.shape[0] == 4 else 3)
        x * (1 < 2 < 3)
        x * (1 < 3 < 2)
        x * (1 < 2 == 2)
        x * (3 in (1, 2, 3))
        x * (3 is None)
        x * ('a' in {'a': 1})
        x * (lambda a: a + 1)(2)
        x * (k := 3) + k
        x // 2
        x % 2
        (x > 1) | (x < 0)
        (x > 1) & (x < 3)
        ~(x > 1) * 1
        1.0 * (+(x > 1) + 0)
        x * ((1, 2) < (1, 3))
        x * ('a' < 'b')
        x * pow(2, 3)
        x * divmod(7, 2)[0]
        x * max([1, 2], key=abs)
        x * round(1234.5, -2)
        x * sum([x, x])
        sum(x) * x
        max(x[0]) * x
        x * (x.dtype == np.float64)
        x * (x.dtype == 'float64')
        x * (float == np.float64)
        x * ('float' == float)
        x * isinstance(x, np.ndarray)
        x * [1, 2, 3]
        x * (1, 2, 3)
        x * (x == None)
        x * int('3')
        x * float('2.5')
        x * (b'a' == 'a')
        x * (f'{1}' == '1')
        x * len(b'abc')
        x * {1: 2}[1]
        x * [a for a in (1, 2)][1]
        x * ((1, 2) + (3,))[2]
        x * ((1,) * 3)[2]
    """),
    "texts and tuples": (READ, r"""
        x * ('tr\x61in' == 'train')
        x * ('a' 'b' == 'ab')
        x * ('a' "b" '''c''' == 'abc')
        x * (r'\n' == '\\n')
        x * ('\101\x42\u0043' == 'ABC')
        x * ('\d' == '\\d')
        x * ('\'' == "'")
        x * (u'a' == 'a')
        x * {'tr\x61in': 3}['train']
        x * {'a': 1, 'a': 2}['a']
        x * ('a' == 1)
        x * ('a' != None)
        x * (None == None)
        x * ((1, 2) == (1, 2))
        x * ((1, 2) == [1, 2])
        x * ((1, 2) == (1, 3))
        x * ((1) == 1)
        x * ((1,) == 1)
        x * (x.shape == (4, 3))
        x * (x.shape == [4, 3])
        x * (x.shape != (3, 4))
        x * (1, 2)[-1]
        x * ((1, 2), 3)[0][1]
        x * len((1,))
        x * [4, 5][1]
        x * {'a': 2}.get('a', 5)
        x * {'a': 2}.get('b', 5)
        x * ({'a': 2}.get('b') == None)
        x * {'a': 2}.pop('a')
    """),
}


# Whole files, each behind a line `## what it shows`. Their last def is f, of x.
MUST_READ = r"""
## a name is set again, and tuples are taken apart
def f(x):
    a, b = x * 2, x + 1
    a, b = b, a
    (c, [d, e]) = a, (b, 3)
    g = h = c - d
    return g * h + e
## parts of a tuple that hold a tuple
def f(x):
    cache = (x, (x * 2, 3.0))
    a, (b, n) = cache
    one, = (a * b,)
    return one * n
## a continued string and a continued line
def f(x):
    mode = 'tr\
ain'
    if mode == 'train':
        y = x * 2
    else:
        y = x * 3
    return 1.0 * y
## branches on a text with escapes
def f(x):
    mode = 'tr\x61in'
    if mode == 'train':
        y = x * 2
    else:
        y = x * 3
    return 1.0 * y
## a triple-quoted text of two lines
def f(x):
    mode = '''a
b'''
    if mode == 'a\nb':
        return x * 2.0
    return x * 3.0
## return in some branches only, and lines behind a return
def f(x):
    k = 3
    if k > 2:
        return 2.0 * x
        k = undefined
    return 3.0 * x
## elif and else
def f(x):
    n = x.shape[0]
    if n == 3:
        y = x
    elif n == 4:
        y = x * 2
    else:
        y = x * 3
    return 1.0 * y
## a def on one line, and statements behind semicolons
def f(x): y = x * 2; z = y + 1; return 1.0 * z
## the last def of a name counts
def helper(a):
    return a * 0
def helper(a):
    return a * 2
def f(x):
    return 1.0 * helper(x)
## a def below its use
def f(x):
    return 1.0 * helper(x)
def helper(a):
    return a * 3
## keyword arguments, in any order, and defaults
def g(a, b=2, *, c=3.0):
    return a * b - c
def f(x):
    return g(b=3, a=x) + g(x, c=1.0) + g(x, 4)
## parameters without a name
def g(a, b, /, c):
    return a * b + c
def f(x):
    return 1.0 * g(x, 2, c=3)
## a local import
import numpy
def f(x):
    from math import pi as s
    import numpy as foo
    import math as m, numpy as npp
    return s * foo.exp(x / 9) + m.e * npp.tanh(x)
## what NumPy is called
import numpy as N
from numpy import exp, tanh as th
def f(x):
    return exp(x / 9) * th(x) + N.sum(x)
## a local name hides an import, and only there
import numpy as np
from math import e
def g(a, e):
    return a * e
def f(x):
    pi = 3
    return g(x, 2) * pi * e
## names that are equal in NFKC
def f(x):
    μ = x * 2
    µ = x * 3
    return 1.0 * μ
## a dictionary: pop, setdefault, get, update, copy
def f(x):
    d = {'a': 2, 'c': x}
    b = d.pop('a')
    k = d.setdefault('k', 3)
    e = d.copy()
    e['k'] = 100
    d.update({'m': 7})
    return x * d.get('a', 5) + b * d['k'] + d['c'] * d.get('m') + e.get('k')
## a dictionary that a function fills is the same one
def fill(d, a):
    d['y'] = a * 2
    return a
def f(x):
    d = {}
    e = d
    u = fill(d, x)
    return e['y'] + u
## a default dictionary keeps what a call puts into it
def g(a, d={}):
    r = a * d.get('k', 2)
    d['k'] = 5
    return r
def f(x):
    u = g(x)
    return u + g(x) * 10
## pop of a default, and a dictionary's length
def f(x):
    d = {'a': 1}
    n = d.pop('b', 4)
    if d:
        n = n * 2
    return x * n * len(d)
## a text decides, and None
def f(x):
    y = None
    if y == None:
        y = x * 2
    if 'a' != 'b':
        y = y + 1
    return 1.0 * y
## an assert that holds, print, pass, and a lone name
def f(x):
    'A docstring.'
    assert x.shape == (4, 3), 'no'
    assert x.shape[0] > 1 and True
    assert len(x) == 4
    print('x is', x.shape, f'{x.sum():.2f}', np.round(x))
    pass
    x
    x.shape
    return 1.0 * x
## numbers in loops of operators
def f(x):
    k = 2
    k **= 3
    k -= 1
    k /= 2
    m = k
    m += 1
    return x * k + m
## a number is not shared: += makes another
def f(x):
    s = np.sum(x)
    t = s
    s += 1
    n = x.shape[0]
    m = n
    n += 1
    return x * s + t * n - m
## form feeds, tabs alone, and a comment at any column
def f(x):
	y = x * 2
# a comment
	if 1 == 1:
		z = y + 1
       # another
	return 1.0 * z
## a block of one more space than the other
def f(x):
    if 2 > 1:
      y = x * 2
    else:
            y = x * 3
    return 1.0 * y
## a name that is also a built-in circuit, as a local value
def f(x):
    relu = x * 2
    return 1.0 * relu
## a def with the name of a built-in circuit
def relu(a):
    return a * 7
def f(x):
    return 1.0 * relu(x)
## a def with the name of a function of Python
def max(a):
    return a * 7
def sum(a):
    return a + 1
def f(x):
    return 1.0 * max(sum(x))
## powers of calls and places
def f(x):
    t = (2, 3)
    return x ** t[0] ** -t[1] * 1.0
"""

MAY_BE_READ = r"""
## a lambda of that name hides the built-in circuit
relu = lambda a: np.where(a > 0, a, 0.1 * a)
def f(x):
    return 1.0 * relu(x)
## a later lambda hides the def
def helper(a):
    return a
helper = lambda a: a * 0
def f(x):
    return 1.0 * helper(x)
## a def under if hides the built-in circuit
if 1 + 1 == 2:
    def relu(a):
        return a * 5
def f(x):
    return 1.0 * relu(x)
## a def under else, above another
def relu(a):
    return a * 3
try:
    def relu(a):
        return a * 5
except Exception:
    pass
def f(x):
    return 1.0 * relu(x)
## a class hides the built-in circuit
class relu:
    def __new__(cls, a):
        return a * 5
def f(x):
    return 1.0 * relu(x)
## an import hides the built-in circuit
from numpy import tanh as relu
def f(x):
    return 1.0 * relu(x)
## a module that is not there
from mylib import relu
def f(x):
    return 1.0 * relu(x)
## a deleted def
def helper(a):
    return a * 2
del helper
def f(x):
    return 1.0 * helper(x)
## a deleted def above a new one
def helper(a):
    return a * 2
del helper
def helper(a):
    return a * 3
def f(x):
    return 1.0 * helper(x)
## assigned in a loop
def helper(a):
    return a * 2
for helper in [np.exp, np.tanh]:
    pass
def f(x):
    return 1.0 * helper(x / 9)
## assigned by with and walrus
def helper(a):
    return a * 2
if (helper := np.tanh):
    pass
def f(x):
    return 1.0 * helper(x)
## assigned in a tuple
def helper(a):
    return a * 2
helper, other = np.tanh, 3
def f(x):
    return 1.0 * helper(x)
## assigned with an annotation
def helper(a):
    return a * 2
helper: object = np.tanh
def f(x):
    return 1.0 * helper(x)
## assigned by global
def helper(a):
    return a * 2
def change():
    global helper
    helper = np.tanh
change()
def f(x):
    return 1.0 * helper(x)
## a decorator
def twice(g):
    return lambda a: g(g(a))
@twice
def helper(a):
    return a * 2
def f(x):
    return 1.0 * helper(x)
## the circuit itself is bound anew
def f(x):
    return 1.0 * x
f = lambda x: x * 0
## another NumPy
import math as np
def f(x):
    return x * np.sqrt(4)
## NumPy bound anew
import numpy as np
np = None
def f(x):
    return 1.0 * np.exp(x)
## names from a star import
from math import *
def f(x):
    return x * pi
## a star import above a call of Python's own
from numpy import *
def f(x):
    return x * sum([1, 2])
## a function of NumPy bound anew
import numpy as np
before = np.exp
np.exp = np.tanh
def f(x):
    np.exp = before
    return 1.0 * np.exp(x / 9)
## a name with a superscript
def f(x):
    x0 = x * 2
    return 1.0 * x⁰
## Python 2's print
def f(x):
    print x
    return 1.0 * x
## a constant of the module
K = 3
def f(x):
    return x * K
## a constant of the module that changes later
K = 3
def g(a):
    return a * K
K = 5
def f(x):
    return 1.0 * g(x)
## a default that was evaluated above
K = 3
def g(a, k=K):
    return a * k
K = 5
def f(x):
    return 1.0 * g(x)
## a default that calls the def above it
def h():
    return 2
def g(a, k=h()):
    return a * k
def h():
    return 5
def f(x):
    return 1.0 * g(x)
## a local name that is set below
K = 3
def f(x):
    y = x * K
    K = 5
    return y
## a local name that is set in a branch not taken
def relu(a):
    return a * 2
def f(x):
    if 1 == 2:
        relu = 3
    return 1.0 * relu(x)
## a local name that a loop in a branch not taken sets
def f(x):
    if 1 == 2:
        for relu in (1, 2):
            pass
    return 1.0 * relu(x)
## a parameter hides NumPy
def g(np):
    return np.exp(np)
def f(x):
    return 1.0 * g(x)
## a parameter hides a function
def g(a, sum):
    return sum(a)
def f(x):
    return 1.0 * g(x, 3)
## a local number hides a function of Python
def f(x):
    len = 3
    return x * len(x)
## a local import of another module
def f(x):
    import os as np
    return 1.0 * np.exp(x)
## a local import below its use
def f(x):
    y = np.exp(x)
    import numpy as np
    return y
## a def within a def
def f(x):
    k = 2
    def g(a):
        return a * k
    k = 3
    return 1.0 * g(x)
## a lambda within a def
def f(x):
    k = 2
    g = lambda a: a * k
    k = 3
    return 1.0 * g(x)
## recursion
def g(a, n):
    if n == 0:
        return a
    return g(a * 2, n - 1)
def f(x):
    return 1.0 * g(x, 3)
## too many arguments
def g(a):
    return a
def f(x):
    return 1.0 * g(x, 2)
## too few arguments
def g(a, b):
    return a
def f(x):
    return 1.0 * g(x)
## a name that is no parameter
def g(a):
    return a
def f(x):
    return 1.0 * g(x, b=2)
## an argument twice
def g(a):
    return a
def f(x):
    return 1.0 * g(x, a=x)
## a keyword twice
def g(a, b):
    return a
def f(x):
    return 1.0 * g(x, b=1, b=2)
## a keyword alone behind the star
def g(a, *, k):
    return a * k
def f(x):
    return 1.0 * g(x, 2)
## a parameter that has no name
def g(a, /, k):
    return a * k
def f(x):
    return 1.0 * g(a=x, k=2)
## a parameter without a default behind one that has one
def g(a=1, k):
    return a * k
def f(x):
    return 1.0 * g(x, 2)
## starred parameters
def g(*args, **kwargs):
    return args[0] * kwargs['k']
def f(x):
    return 1.0 * g(x, k=2)
## starred arguments
def g(a, b):
    return a * b
def f(x):
    return 1.0 * g(*(x, 2))
## a dictionary as arguments
def g(a, b):
    return a * b
def f(x):
    return 1.0 * g(x, **{'b': 2})
## starred targets
def f(x):
    a, *b = x, 2, 3
    return a * b[0] * b[1]
## too many values
def f(x):
    a, b = x, x, x
    return 1.0 * a
## too few values
def f(x):
    a, b, c = x, x
    return 1.0 * a
## an array taken apart
def f(x):
    a, b, c, d = x
    return a * b + c * d
## a number taken apart
def f(x):
    a, b = 3
    return 1.0 * x * a
## one value in brackets is no tuple
def f(x):
    t = (3)
    return x * t[0]
## branches on an array
def f(x):
    if x > 0:
        y = x
    else:
        y = -x
    return 1.0 * y
## branches on one number of an array
def f(x):
    if np.sum(x) > 0:
        y = x
    else:
        y = -x
    return 1.0 * y
## an assert that fails
def f(x):
    assert x.shape[0] == 3
    return 1.0 * x
## an assert of a number
def f(x):
    assert 0, 'no'
    return 1.0 * x
## an assert with an effect
def f(x):
    d = {'a': 1, 'b': 2}
    assert d.pop('a') == 1
    return x * d.get('a', 5)
## a print with an effect
def f(x):
    d = {'a': 1}
    print(d.pop('a'))
    return x * d.get('a', 5)
## an f-string with an effect
def f(x):
    d = {'a': 1}
    print(f"{d.pop('a')}")
    return x * d.get('a', 5)
## a print of a function that changes its argument
def double(a):
    a *= 2
    return a
def f(x):
    y = x + 1
    print(double(y))
    return 1.0 * y
## a print with a walrus
def f(x):
    k = 2
    print(k := 3)
    return x * k
## a print of a name without a value
def f(x):
    print(nothing)
    return 1.0 * x
## an assert of a name without a value
def f(x):
    assert nothing(x), f'{x}'
    return 1.0 * x
## a lone name without a value
def f(x):
    nothing
    return 1.0 * x
## a lone expression that raises
def f(x):
    1 / 0
    return 1.0 * x
## an entry that is not there
def f(x):
    d = {}
    return x * d['eps']
## a mode that is not there
def f(x):
    d = {}
    if d['mode'] == 'train':
        return 1.0 * x
    return 2.0 * x
## pop of nothing
def f(x):
    d = {}
    return x * d.pop('momentum')
## a deleted entry
def f(x):
    d = {'a': 2}
    del d['a']
    return x * d.get('a', 5)
## in a dictionary
def f(x):
    d = {'a': 2}
    if 'a' in d:
        return x * 2.0
    return x * 3.0
## keys and items of a dictionary
def f(x):
    d = {'a': 2, 'b': 3}
    s = 0
    for k, v in d.items():
        s += v
    return x * s * len(d.keys())
## update by keywords
def f(x):
    d = {'a': 2}
    d.update(a=3)
    return x * d['a']
## dict()
def f(x):
    d = dict(a=2)
    return x * d['a']
## entries that change in place
def f(x):
    d = {'a': 2}
    d['a'] += 1
    return x * d['a']
## lists that grow
def f(x):
    a = [1, 2]
    b = a
    b.append(3)
    return x * len(a)
## lists that change
def f(x):
    a = [1, 2]
    b = a
    b += [3]
    return x * len(a)
## a list's entry
def f(x):
    a = [1, 2]
    a[0] = 5
    return x * a[0]
## a default list keeps what it holds
def g(a, l=[]):
    l.append(1)
    return a * len(l)
def f(x):
    u = g(x)
    return 1.0 * g(x)
## a global counter
n = 0
def g(a):
    global n
    n += 1
    return a * n
def f(x):
    u = g(x)
    return 1.0 * g(x)
## nonlocal
def f(x):
    n = 1
    def g():
        nonlocal n
        n = 5
    g()
    return x * n
## a deleted local name
def f(x):
    y = x * 2
    del y
    return 1.0 * y
## a function without a return
def g(a):
    b = a
def f(x):
    return x * g(x)
## a return without a value
def g(a):
    return
def f(x):
    return x * g(x)
## a function without a return whose result is dropped
def g(a):
    b = a
def f(x):
    g(x)
    return 1.0 * x
## try and except
def f(x):
    try:
        y = x * undefined
    except NameError:
        y = x * 2
    return 1.0 * y
## a loop
def f(x):
    y = x
    for i in range(3):
        y = y * 2
    return 1.0 * y
## while, break and else
def f(x):
    k = 0
    while k < 5:
        k += 1
        if k == 3:
            break
    else:
        k = 100
    return x * k
## tabs and spaces that say two things
def f(x):
    if 1 == 2:
        y = x * 2
	y = x * 3
    return 1.0 * y
## tabs after spaces
def f(x):
    y = x
	return 1.0 * y
## a line that goes back to no block
def f(x):
    if 1 == 1:
            y = x * 2
        y = x * 3
    return 1.0 * y
## a line that goes back to no block, in a branch not taken
def f(x):
    if 1 == 2:
        if 1 == 1:
                y = x * 2
            y = x * 3
    return 1.0 * x
## a line that is indented below nothing
def f(x):
    y = x
        y = x * 3
    return 1.0 * y
## a mistake in another function
def g(x):
    y = x
  z = y
    return z
def f(x):
    return 1.0 * x
## a method of a number of Python
def f(x):
    n = 3
    return x * n.sum()
## a field of a function
def g(a):
    return a
g.k = 3
def f(x):
    return x * g.k
## NumPy's own functions bound anew
import numpy as np
def mine(a):
    return a * 3
exp = mine
def f(x):
    return 1.0 * exp(x)
## yield
def g(a):
    yield a * 2
def f(x):
    return 1.0 * next(g(x))
## a dtype decides
def f(x):
    if x.dtype == np.float64:
        return x * 2.0
    return x * 3.0
## types decide
def f(x):
    t = float
    if t == float:
        return x * 2.0
    return x * 3.0
## a text is no type
def f(x):
    if 'float' == float:
        return x * 2.0
    return x * 3.0
"""

SHARED_AND_READ = r"""
## two names of one array
def f(x):
    y = x * 2
    z = y
    y += 1
    return z * y
## two names, the other way round
def f(x):
    y = z = x * 2
    z *= 3
    z = z + 1
    z -= 100
    return y * z
## an input under another name
def f(x):
    y = x
    y += 1
    return x * y
## in a tuple, in a tuple of it, and in a list
def f(x):
    y = x * 2
    t = (y, (y, 3))
    l = [t]
    y += 1
    (a, (b, n)) = l[0]
    a *= 2
    return a + b * n + y
## in a dictionary
def f(x):
    y = x * 2
    d = {'y': y}
    e = d.copy()
    y += 1
    z = d['y']
    z *= 2
    return e.get('y') + d.pop('y') + y
## swapped
def f(x):
    a, b = x * 2, x * 3
    a, b = b, a
    a += 1
    b *= a
    return a - b
## a function that changes its argument
def scale(a):
    a *= 2
def scaled(a):
    a *= 2
    return a
def f(x):
    y = x + 1
    z = scaled(y)
    z += 1
    return y * z
## a function that changes its argument's name only
def scaled(a):
    a = a * 2
    a += 1
    return a
def f(x):
    y = x + 1
    z = scaled(y)
    return y * z
## a function that changes an array in a dictionary
def g(d):
    y = d['y']
    y += 1
    return y
def f(x):
    d = {'y': x * 2}
    u = g(d)
    return d['y'] * u
## an array that is returned and in a cache
def g(a):
    y = a * 2
    return y, {'y': y}
def f(x):
    y, cache = g(x)
    y += 1
    return cache['y'] * y
## a copy is another array
def f(x):
    y = x * 2
    z, u, v, w = y.copy(), np.array(y), np.copy(y), y.astype(float)
    y += 1
    z *= 2
    u -= 1
    return y + z + u + v + w
## a sign makes another array
def f(x):
    y = x * 2
    z, u = +y, - -y
    y += 1
    return y + z + u
## operands are the arrays of now
def scaled(a):
    a *= 2
    return a
def f(x):
    y = x + 1
    z = y + scaled(y)
    u = scaled(y) + y
    v = np.add(y, scaled(y))
    return z + u * v
## operands of a power and of a method
def scaled(a):
    a *= 2
    return a
def f(x):
    y = x + 1
    z = y.dot(scaled(y).T)
    return z @ y
## a change by what is changed
def scaled(a):
    a *= 2
    return a
def f(x):
    y = x + 1
    y += scaled(y)
    y *= y
    return 1.0 * y
## parts that are changed while they are returned
def scaled(a):
    a *= 2
    return a
def g(a):
    return a, scaled(a)
def f(x):
    y, z = g(x + 1)
    return y * z
## one number is another
def f(x):
    s = np.sum(x)
    t = s
    s += 1
    m = np.mean(x).copy()
    n = m
    m *= 2
    return x * s + t + n
## an array of no sides is shared
def f(x):
    a = np.array(3.0)
    b = a
    a += 1
    c = np.zeros(())
    d = c
    c += 2
    return x * a * b + d
## a default array keeps its changes
def g(a, w=np.ones((1, 3))):
    w *= 2
    return a * w
def f(x):
    u = g(x)
    return g(x) + u
## a view that nobody has any more
def f(x):
    y = x * 2
    z = y.T @ y
    y += 1
    return y @ z
## a view that is let go
def f(x):
    y = x * 2
    z = y.T
    z = z @ y
    y += 1
    return y @ z
## a mask times a mask
def f(x):
    m = x > 1
    k = m
    m *= x < 4
    return x * m + k
## a branch changes it
def f(x):
    y = x * 2
    z = y
    if 1 == 1:
        y /= 2
    return z * 3.0
"""

SHARED_AND_MAYBE_READ = r"""
## a transposed view
def f(x):
    y = x.T
    y += 1
    return 1.0 * x
## an array that has a transposed view
def f(x):
    y = x * 2
    z = y.T
    y += 1
    return 1.0 * z
## a view by a function
def f(x):
    y = np.transpose(x)
    y *= 2
    return 1.0 * x
## a reshaped view
def f(x):
    y = x.reshape(4, 3)
    y += 1
    return 1.0 * x
## a reshaped view by a function
def f(x):
    y = np.reshape(x, (4, 3))
    y += 1
    return 1.0 * x
## a view of a view, in a tuple
def f(x):
    t = (x.T, 1)
    y = t[0].T
    y += 1
    return 1.0 * x
## the same array again
def f(x):
    y = np.asarray(x)
    y += 1
    return 1.0 * x
## a vector, transposed
def f(x):
    v = np.sum(x, axis=0)
    u = v.T
    u += 1
    return x * v
## broadcast, and read only
def f(x):
    y = np.broadcast_to(x, (4, 3))
    y += 1
    return 1.0 * x
## fill
def f(x):
    y = x * 2
    y.fill(0)
    return 1.0 * y
## out by name
def f(x):
    y = x * 2
    np.add(y, x, out=y)
    return 1.0 * y
## out by its place
def f(x):
    y = x * 2
    np.add(y, x, y)
    return 1.0 * y
## out of a function of one
def f(x):
    y = x / 9
    np.exp(y, y)
    return 1.0 * y
## copyto
def f(x):
    y = x * 2
    np.copyto(y, x)
    return 1.0 * y
## put, place, and fill_diagonal
def f(x):
    y = x * 2
    np.fill_diagonal(y, 0)
    return 1.0 * y
## the whole of it
def f(x):
    y = x * 2
    y[...] = 0
    return 1.0 * y
## a slice
def f(x):
    y = x * 2
    y[0:2] += 1
    return 1.0 * y
## a slice that is changed under its own name
def f(x):
    y = x * 2
    z = y[0]
    z += 1
    return 1.0 * y
## a mask
def f(x):
    y = x * 2
    y[y > 3] = 0
    return 1.0 * y
## sort
def f(x):
    y = x * 2
    y.sort()
    return 1.0 * y
## a larger shape
def f(x):
    v = np.sum(x, axis=0)
    v += x
    return 1.0 * v
## one more side
def f(x):
    v = np.sum(x, axis=0)
    v += np.sum(x, axis=0, keepdims=True)
    return x * v
## numbers in a mask
def f(x):
    m = x > 1
    m *= 2.5
    return x * m
## a product in place
def f(x):
    y = x * 2
    y @= np.ones((3, 3))
    return 1.0 * y
"""


def files_of(text):
    """The files of a table: their labels and sources."""
    for block in text.strip("\n").removeprefix("## ").split("\n## "):
        label, _, source = block.partition("\n")
        yield label, "import numpy as np\nimport math\n" + source + "\n"


def programs():
    """(label, source, whether it has to be read) of every program."""
    for group, (must_read, lines) in EXPRESSIONS.items():
        for line in filter(None, map(str.strip, lines.splitlines())):
            body = f"import numpy as np\nimport math\ndef f(x):\n    y = {line}\n"
            yield f"{group}: {line}", body + "    return 1.0 * y\n", must_read
    tables = (MUST_READ, MAY_BE_READ, SHARED_AND_READ, SHARED_AND_MAYBE_READ)
    for table, must_read in zip(tables, (True, False, True, False)):
        for label, source in files_of(table):
            yield label, source, must_read


def value_in_python(source):
    """What f(x) gives; None where Python raises."""
    space = {"__name__": "mine"}
    quiet = contextlib.redirect_stdout(io.StringIO())
    with warnings.catch_warnings(), np.errstate(all="ignore"), quiet:
        warnings.simplefilter("ignore")
        try:
            exec(compile(source, "mine.py", "exec"), space)
            return np.asarray(space["f"](X.copy()), dtype=float)
        except Exception:
            return None


def run_program(folder, number, source):
    path = folder / f"p{number}.py"
    path.write_text(source, encoding="utf-8")
    npz = folder / f"p{number}.npz"
    rows = ",".join(f"[{','.join(map(repr, map(float, row)))}]" for row in X)
    ran = run("run", f"{path}:f", "--set", f"x=[{rows}]", "--npz", npz, cwd=folder, timeout=20)
    return ran, load(npz) if ran.returncode == 0 else {}


def judge(checks, label, source, must_read, ran, values):
    said = text(ran.stderr)
    theirs = value_in_python(source)
    if ran.returncode == 2:
        checks.that(theirs is None or not must_read, f"{label}: refused: {said}")
        checks.that("mine" in said or len(said) > 20, f"{label}: refused without a reason")
        return
    if not checks.that(ran.returncode == 0, f"{label}: status {ran.returncode}: {said}"):
        return
    if not checks.that(theirs is not None, f"{label}: Python raises, and we give {values}"):
        return
    ours = values.get("out")
    if not checks.that(ours is not None, f"{label}: no value 'out' among {list(values)}"):
        return
    same = ours.size == theirs.size and np.allclose(
        ours.reshape(theirs.shape), theirs, rtol=1e-12, atol=0, equal_nan=True
    )
    checks.that(same, f"{label}: {ours.tolist()} where Python gives {theirs.tolist()}")


FORWARD = """import numpy as np
def lin(x, w):
    h = x * w
    out = h * x
    return out
"""

# Backward passes of it: `h` and `dh` are what their names say, and the gradients come back at the
# end. The right one, and wrong ones that would pass if a rule of Python went unseen.
BACKWARD = """
{head}
def backward(dout, cache):
    x, w, h = cache
    dh = dout * x
{before}
    dx = dout * h + dh * w
    dw = dh * x
{after}
    return dx, dw
"""

RIGHT = {
    "as it stands": ("", "", ""),
    "what changes nothing": (
        "def helper(a): return a * 0\ndef helper(a): return a",
        "t = dh\n    t = t * 2\n    dh = helper(dh)",
        "n = dw.copy()\n    n *= 0",
    ),
    "twice and half": ("def scale(a):\n    a *= 2\n    return a", "t = scale(dh)\n    t /= 2", ""),
    "in a dictionary": ("", "d = {'dh': dh * 2}\n    t = d['dh']\n    t *= 0.5\n    dh = d['dh']", ""),
}

WRONG = {
    "a dictionary's array changes": ("", "d = {'dh': dh}\n    dh *= 2\n    dh = d['dh']", ""),
    "a tuple's array changes": ("", "d = (dh,)\n    dh *= 2\n    dh = d[0]", ""),
    "another name's array changes": ("", "t = dh\n    t *= 2", ""),
    "an entry of the cache changes": ("", "t = h\n    t *= 2", ""),
    "an input changes": ("", "t = dout\n    t *= 2", ""),
    "a called function changes it": ("def scale(a):\n    a *= 2\n    return a", "t = scale(dh)", ""),
    "a called function changes it, in a print": (
        "def scale(a):\n    a *= 2\n    return a",
        "print(scale(dh))",
        "",
    ),
    "a view changes": ("", "", "t = dw.T\n    t *= 0"),
    "a reshaped view changes": ("", "", "t = dw.reshape(dw.shape)\n    t *= 0"),
    "fill": ("", "", "dw.fill(0)"),
    "copyto": ("", "", "np.copyto(dw, dx)"),
    "out": ("", "", "np.add(dw, dx, out=dw)"),
    "the whole of it": ("", "", "dw[...] = 0"),
    "a def is bound anew": ("def helper(a): return a\nhelper = lambda a: a * 0", "dh = helper(dh)", ""),
    "a def is defined again": ("def helper(a): return a\ndef helper(a): return a * 2", "dh = helper(dh)", ""),
    "a def under if": ("if True:\n    def relu(a): return a * 2", "dh = relu(dh)", ""),
    "an import": ("from numpy import sign as relu", "dh = relu(dh)", ""),
    "a power of a sign": ("", "dh = dh * 2 ** -(1 - 1) ** 2 * (2 ** -1 ** 2) ", ""),
    "a text with an escape": ("", "if 'a' == '\\x61':\n        dh = dh * 2", ""),
    "a default that keeps": (
        "def g(a, d={}):\n    r = a * d.get('k', 1)\n    d['k'] = 2\n    return r",
        "t = g(dh)\n    dh = g(dh)",
        "",
    ),
    "an entry that is popped": ("", "d = {'k': 1}\n    n = d.pop('k')\n    dh = dh * d.get('k', 2)", ""),
    "a result that changes while the others are returned": (
        "def zero(a):\n    a *= 0\n    return 1",
        "",
        "d = {'dw': dw}\n    dw *= 0\n    dw = d['dw']",
    ),
    "backward is bound anew": ("", "", "return dx, dw\nbackward = None\ndef other():"),
}


def judge_backward(checks, folder):
    """Right work is right; wrong work is wrong, or refused, and never right."""
    circuit = folder / "lin.py"
    circuit.write_text(FORWARD)
    for group, statuses in ((RIGHT, (0,)), (WRONG, (1, 2))):
        for label, (head, before, after) in group.items():
            mine = folder / "backward.py"
            parts = ("    " + before if before else "", "    " + after if after else "")
            source = BACKWARD.format(head=head, before=parts[0], after=parts[1])
            mine.write_text("import numpy as np\n" + source)
            given = ("--set", "w=randn(4,3)", "--mine", f"{mine}:backward")
            ran = run("check", circuit, *given, cwd=folder, timeout=20)
            said = text(ran.stdout + ran.stderr)
            checks.that(ran.returncode in statuses, f"{label}: status {ran.returncode}: {said}")


def main():
    checks = Checks()
    rows = list(programs())
    checks.that(len(rows) >= 300, f"only {len(rows)} programs")
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(2) as pool:
        folder = Path(name)
        runs = [pool.submit(run_program, folder, i, row[1]) for i, row in enumerate(rows)]
        for (label, source, must_read), ran in zip(rows, runs):
            judge(checks, label, source, must_read, *ran.result())
        judge_backward(checks, folder)
    checks.done()


if __name__ == "__main__":
    main()
