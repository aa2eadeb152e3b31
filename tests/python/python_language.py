"""Python's loops, conditions, lists, inner functions and texts: programs give Python's numbers, or
are refused with a reason.

Each is run by Python itself, as those of python_rules.py are."""

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from checks import Checks
from python_rules import files_of, judge, run_program

# (whether it has to be read, its programs); in Python's words, for a program or a refusal each.
READ = """
## a loop over a range
def f(x):
    y = x * 0
    for i in range(3):
        y = y + i * x
    return y
## range as older code imports it
from builtins import range
def f(x):
    for i in range(2):
        x = x * 2
    return x
## a loop over a range with a step, backwards
def f(x):
    y = 0
    for i in range(7, -2, -3):
        y = y * 2 + i * x
    return y
## nested loops that fill an array
def f(x):
    out = np.zeros((4, 3))
    for i in range(4):
        for j in range(3):
            out[i, j] = x[i, j] * (i - j)
    return out
## break, continue and else
def f(x):
    y = x
    for i in range(10):
        if i % 2 == 0:
            continue
        if i > 6:
            break
        y = y + i
    else:
        y = y * 100
    for i in range(2):
        y = y * 2
    else:
        y = y + 0.5
    return y
## the name of a loop stays
def f(x):
    for i in range(5):
        pass
    return x * i
## a while loop
def f(x):
    k = 1
    while k < 50:
        k *= 3
        x = x / k
    else:
        x = x + 1
    return x * k
## while True with a break
def f(x):
    n = 0
    while True:
        n += 1
        if n == 4: break
    return x * n
## over rows, which are views
def f(x):
    y = x * 1
    for row in y:
        row *= 2
        row[0] = 1
    return y * 1
## over several lists
def f(x):
    y = 0
    for a, b in zip(x, [1, 2, 3, 4]):
        y = y + a * b
    for i, (a, b) in enumerate(zip(x.T, range(9)), start=2):
        y = y + i * b * a.sum()
    for a in reversed([x, x * 2]):
        y = y - a
    for a in reversed(range(3)):
        y = y * (a + 1)
    return y
## a list that grows while a loop goes over it
def f(x):
    xs = [1, 2]
    y = 0
    for a in xs:
        if len(xs) < 5:
            xs.append(a + len(xs))
        y = y + a * x
    return y
## a zip is gone over once
def f(x):
    z = zip([1, 2, 3], [4, 5, 6])
    y = 0
    for a, b in z:
        y = y + a * b * x
        if a == 2:
            break
    for a, b in z:
        y = y * a + b
    return y * (1 + len(list(z)))
## over a dictionary
def f(x):
    d = {'b': 1, 'a': 2}
    d['c'] = 3
    d['b'] = 5
    y = 0
    for k in d:
        y = y * 2 + d[k] * x
    for k, v in d.items():
        y = y * 3 + (v if k == 'a' else -v)
    for v in d.values():
        y = y * 2 - v
    return y + len(list(d.keys()))
## an unrolled recurrence
def f(x):
    h = np.zeros(3)
    hs = []
    for t in range(4):
        h = np.tanh(x[t] + 0.5 * h)
        hs.append(h)
    return np.stack(hs)
## states by number in a dictionary
def f(x):
    h = {}
    h[-1] = np.zeros(3)
    for t in range(4):
        h[t] = np.tanh(x[t] + h[t - 1])
    d = np.zeros(3)
    for t in reversed(range(4)):
        d = d * 0.5 + h[t]
    return d
## keys that are worked out
def f(x):
    p = {}
    for i in range(3):
        p['W%d' % i] = x * i
        p['b' + str(i)] = i
        p[f'c{i}_{i + 1}'] = 2 * i
        p['d{}'.format(i)] = x
    return p['W1'] * p['b2'] + p['c2_3'] + p['d0'] + ('W2' in p) - ('W3' in p)
## what `in` asks
def f(x):
    y = x * (3 in [1, 2, 3]) + (2 not in (1, 2)) + ('a' in 'cat') + (2 in range(1, 9, 2))
    return y * (None in [0, None]) * (1 in {1: 2}) * (1.0 in [1])
## what `is` asks
def f(x, g=None):
    if g is None:
        g = 2
    y = x * g if g is not None else x
    return y * (True is True) + (None is None)
## and, or and not give one of their operands
def f(x):
    a = 0 or 3
    b = a and 5
    c = None or [] or 'x'
    y = x * a * b * (not a) + (c == 'x') + (not [])
    return y + (1 and 2 and 0 or 7) + (not not 3)
## not every operand is worked out
def f(x):
    k = 0
    y = x * 2 if k == 0 or 1 / k > 2 else x
    return y if not (k != 0 and 1 / k > 1) else x
## comparisons in a row
def f(x):
    n = 5
    return x * (1 < n < 10) + (1 < n < 3) + (3 == 3 != 4 > 2) + (10 > n > 2 > 3)
## a condition within a condition
def f(x):
    n = 2
    return (x if n == 1 else x * 2 if n == 2 else x * 3) + (0 if n else 1)
## whole divisions and rests
def f(x):
    y = x * (7 // 2) + (-7 // 2) + 7 % 3 + -7 % 3 + 7 % -3
    y = y + 7.5 // 2 + -7.5 % 2 + 7.5 % -2 + -0.5 // 4
    n = 17
    n //= 3
    n %= 4
    return y * 2 + n + divmod(7, 2)[0] if False else y * 2 + n
## bits
def f(x):
    m = (x > 0) & (x < 3) | (x == 5)
    return x * m + ~(x > 2) * 7 + ((x > 1) ^ (x > 2)) * 3 + (6 & 3) + (6 | 3) + (6 ^ 3) + ~5
## integers and floats from texts and numbers
def f(x):
    n = int(3.7) + int(-3.7) + int(True) + bool(2) + float(3)
    return x * n + int(np.sqrt(16))
## comprehensions
def f(x):
    a = [r * 2 for r in x]
    b = [i * j for i in range(4) for j in range(i) if i % 2]
    c = {k: v for k, v in zip('abc', a)}
    d = [[i + j for j in range(3)] for i in range(4)]
    return np.stack(a) * sum(b) + c['b'] + np.array(d) + sum(r for r in a) + sum(i for i in b)
## the names of a comprehension are its own
def f(x):
    i = 5
    y = [i * 2 for i in range(3)]
    return x * i + y[2]
## a comprehension sees the names around it
def f(x):
    k = 3
    y = [k * r for r in x]
    z = [[k + a for a in range(k)] for b in range(2)]
    return y[0] + y[3] + z[1][2]
## a lambda, with the names around it when it is called
def f(x):
    k = 2
    g = lambda v, s=k: v * s + k
    k = 3
    return g(x) + g(x, 5) + (lambda: 7)()
## lambdas of a loop see its last value
def f(x):
    gs = [lambda v: v * i for i in range(3)]
    hs = []
    for j in range(3):
        hs.append(lambda v, j=j: v * j)
    return gs[0](x) + hs[1](x)
## an inner function, which changes what it is given
def f(x):
    total = x * 1
    def add(v, times=2):
        w = v * times
        def twice(u):
            return u * 2 + times
        return twice(w) + total
    total = total + 1
    y = add(x)
    return y + add(x, times=3)
## a function without a return gives None
def f(x):
    y = x * 1
    def double(a):
        a *= 2
    r = double(y)
    return y * (3 if r is None else 5)
## functions as values
def relu(v): return np.maximum(v, 0)
def f(x):
    acts = {'relu': relu, 'tanh': np.tanh, 'id': lambda v: v}
    y = x
    for name in ['relu', 'tanh', 'id']:
        y = acts[name](y) + 1
    def apply(g, v, *args):
        return g(v, *args)
    return apply(np.exp, -y) + apply(np.maximum, y, 1.5) + list(map(abs, [-3]))[0]
## stars
def total(*parts, scale=1, **more):
    y = 0
    for p in parts:
        y = y + p * scale
    return y * more.get('twice', 1)
def f(x):
    a, *b = [x, x * 2, x * 3]
    *c, d = (1, 2, 3)
    y = total(*b, scale=2) + total(a, *c, **{'twice': 2}) + total() + d
    return y.reshape(*x.shape) + np.zeros((*x.shape,)) + [*c, 9][2]
## lists that change
def f(x):
    l = [x, x * 2]
    m = l
    m.append(x * 3)
    l.insert(0, x * 4)
    l.extend([1, 2])
    p = l.pop()
    q = l.pop(0)
    l.reverse()
    n = l[:]
    n.append(5)
    l[0] = 7
    l += [8]
    m[-1] += 1
    return q * p + l[1] + l[0] + len(m) + len(n) + n[0] + m[-1]
## lists that are one list
def f(x):
    rows = [[0] * 3] * 2
    rows[0][1] = 5
    apart = [[0] * 3 for _ in range(2)]
    apart[0][1] = 5
    return x * rows[1][1] + apart[1][1]
## arrays in lists are the same arrays
def f(x):
    y = x * 1
    l = [y, y]
    l[0] += 1
    for a in l:
        a *= 2
    grads = {'y': y}
    grads['y'] += 1
    return y + l[1]
## lists add, tuples add
def f(x):
    a = [1] + [2, 3]
    b = (1,) * 3 + (x,)
    return x * sum(a) + b[3] * len(b) + a[-1] + [x, 2].index(2) + [1, 1, 2].count(1)
## a default list keeps what it gets
def g(v, seen=[]):
    seen.append(1)
    return v * len(seen)
def f(x):
    return g(x) + g(x) * 10
## deleting
def f(x):
    d = {'a': x, 'b': 2}
    l = [1, 2, 3]
    y = x * 2
    del d['a'], l[0]
    z = y
    del y
    return z * len(d) + l[0]
## with errstate, and a try that raises nothing
def f(x):
    with np.errstate(divide='ignore', invalid='ignore'):
        y = x / 3
    try:
        y = y * 2
    except ValueError:
        y = None
    else:
        y = y + 1
    finally:
        y = y * 3
    return y
## a raise that is not reached
def f(x, mode='train'):
    if mode == 'train':
        y = x * 2
    else:
        raise ValueError('no such mode "%s"' % mode)
    assert y.shape == x.shape, f'{y.shape}'
    return y
## the text that nobody reads
def f(x):
    "It does nothing."
    msg = f'{x.sum():.3f} of {x!r}'
    note = 'mean: %.2f' % 3.5
    '''and here'''
    print(msg, note)
    return x * 2
## any and all
def f(x):
    return x * any([0, 3]) + all([1, 0]) + any(i > 2 for i in range(4)) + all([])
## known numbers of labels
def f(x):
    y = np.array([0, 2, 1, 2])
    out = np.zeros(4)
    for i in range(4):
        for j in range(3):
            if j == y[i]:
                continue
            out[i] += x[i, j] - x[i, y[i]]
    return out
## a loop that ends by a return
def find(v, limit):
    for i in range(10):
        if i * i > limit:
            return v * i
    return v
def f(x):
    return find(x, 20) + find(x, 1000)
## a condition of one known element
def f(x):
    k = np.array([3])
    n = np.zeros(2)
    if k[0] > 2 and not n.sum():
        x = x * 2
    return x
## letters
def f(x):
    y = 0
    for c in 'aba':
        y = y + (2 if c == 'a' else 5) * x
    return y * ('abc'[1] == 'b') * 'Xy'.lower().startswith('x')
## sums of shapes
def f(x):
    n, d = x.shape
    out = np.zeros((n // 2, d))
    for i in range(0, n, 2):
        out[i // 2] = x[i:i + 2].max(axis=0)
    return out
## an array is unpacked by rows
def f(x):
    a, b, c, d = x
    (p, q, r), *rest = x
    return a * b - c + d * p + q * r + len(rest)
## a break within a loop within a loop
def f(x):
    y = x * 0
    for i in range(4):
        for j in range(4):
            if j > i:
                break
            y = y + x * j
        else:
            y = y * 2
    return y
## pass, and blocks on one line
def f(x):
    for i in range(3): x = x + i; x = x * 1.5
    if True: pass
    while False: x = None
    return x
## assignments in a row
def f(x):
    a = b = [x]
    a.append(2)
    c = d = x * 1
    c += 1
    return b[0] * b[1] + d
## swapping
def f(x):
    a, b = x, x * 2
    for _ in range(3):
        a, b = b, a + b
    return a - b
"""

# Python raises at these, or what they do hangs on what is not known: refused, or Python's number.
MAY_BE_READ = """
## a condition on an array
def f(x):
    if x[0, 0] > 0:
        return x
    return x * 2
## a condition on many numbers
def f(x):
    return x if x > 0 else 0
## a raise that is reached
def f(x):
    raise ValueError('no')
    return x
## a list that does not fit its names
def f(x):
    a, b = [1, 2, 3]
    return x * a
## an item that is not there
def f(x):
    return x * [1, 2][2]
## a tuple does not change
def f(x):
    t = (1, 2)
    t[0] = 3
    return x * t[0]
## a range does not change
def f(x):
    t = range(3)
    t[0] = 3
    return x * t[0]
## a range is no list
def f(x):
    return x * len(range(3) + [1])
## the sum of a list and a tuple
def f(x):
    return x * len([1] + (2,))
## an entry that is not there
def f(x):
    d = {}
    for i in range(3):
        d[i] = i
    return x * d[3]
## a dictionary grows while a loop goes over it
def f(x):
    d = {'a': 1}
    for k in d:
        d[k + 'a'] = 2
    return x * len(d)
## the name of a comprehension does not stay
def f(x):
    y = [i for i in range(3)]
    return x * i
## a name of an inner function is its own
def f(x):
    k = 1
    def g(v):
        v = v * k
        k = 2
        return v
    return g(x)
## a name that is deleted
def f(x):
    y = x
    del y
    return y
## nonlocal
def f(x):
    k = 1
    def g():
        nonlocal k
        k = 2
    g()
    return x * k
## global
K = 1
def f(x):
    global K
    K = 3
    return x * K
## a division by 0
def f(x):
    return x * (3 // 0)
## a rest by 0
def f(x):
    return x * (3 % 0)
## `//` of an array
def f(x):
    return x // 2 + 1.0
## `%` of an array
def f(x):
    return x % 2 + 1.0
## `&` of numbers with a point
def f(x):
    return x * (2.0 & 1)
## `&` of arrays of numbers
def f(x):
    return x & x
## too many arguments
def f(x):
    g = lambda a: a
    return g(x, x)
## too few arguments
def f(x):
    g = lambda a, b: a
    return g(x)
## a value that is called
def f(x):
    y = x * 2
    return y(x)
## a generator under a name is gone over once
def f(x):
    g = (i for i in range(3))
    return x * (sum(g) + sum(g))
## a function that calls itself
def fact(n):
    return 1 if n == 0 else n * fact(n - 1)
def f(x):
    return x * fact(3)
## a try that catches
def f(x):
    try:
        y = x * [1][3]
    except IndexError:
        y = x * 2
    return y
## `is` of numbers
def f(x):
    a = 1000
    return x * (a is 1000)
## a list within itself
def f(x):
    l = [x]
    l.append(l)
    return l[0]
## a text with a point as a key
def f(x):
    d = {f'{0.5}': x, '%.1f' % 2: 3}
    return d['0.5'] * d['2.0']
## tuples as keys
def f(x):
    d = {(1, 2): x}
    return d[1, 2]
## a slice of a list is set
def f(x):
    l = [1, 2, 3]
    l[0:2] = [x]
    return l[0]
## sorting
def f(x):
    return x * sorted([3, 1, 2])[0] + max([3, 1]) + min(4, 2)
## sets
def f(x):
    return x * len({1, 2})
## a loop with a star
def f(x):
    y = 0
    for a, *b in [(1, 2, 3), (4, 5)]:
        y = y + a * sum(b) * x
    return y
## mixed numbers as keys
def f(x):
    d = {1: 'a', 1.0: 'b', True: 'c'}
    return x * len(d) * (d[1] == 'c')
## isinstance
def f(x):
    return x * isinstance(x, np.ndarray)
## True as a place
def f(x):
    return x * [3, 4][True]
"""


def with_result(source):
    """A file whose f(x) names its result as python_rules.py wants it."""
    renamed = source.replace("def f(x", "def work(x")
    return renamed + "def f(x):\n    return 1.0 * work(x)\n"


def main():
    checks = Checks()
    rows = [(label, source, True) for label, source in files_of(READ)]
    rows += [(label, source, False) for label, source in files_of(MAY_BE_READ)]
    checks.that(len(rows) >= 90, f"only {len(rows)} programs")
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(run_program, Path(name), i, with_result(row[1])) for i, row in enumerate(rows)]
        for (label, source, must_read), ran in zip(rows, runs):
            judge(checks, label, with_result(source), must_read, *ran.result())
    checks.done()


if __name__ == "__main__":
    main()
