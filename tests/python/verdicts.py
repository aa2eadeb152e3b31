"""`backstep check` attacked on purpose: no wrong backward pass is called right, no right one wrong.

A row is `old => new`: a change of the backward pass above it. A wrong one must be found at the line
that was changed, or at the one that holds the text after `at`.
"""

import tempfile
from pathlib import Path

from checks import Checks, run, text

RIGHT, WRONG, REFUSED, INCOMPLETE = 0, 1, 2, 3

GATE = '''
def gate(x, w, b, s):
    """x: input (N, D), randn
    w: parameter (D, D), randn
    b: parameter (1, D), zeros
    s: parameter (1, D), ones
    """
    z = x @ w + b
    h = np.tanh(z) * s
    out = np.where(z > 2.5, h * x, h - x)
    return out
'''
CUT = '''
def cut(x, s):
    """x: input (N, D), randn
    s: parameter (1, D), ones
    """
    t = x * s
    out = np.clip(t, -30, 30) * x
    return out
'''
FIXED = '''
def fixed(x, w, s, b):
    """x: input (4, 4), randn
    w: parameter (4, 4), ones
    s: parameter (1, 4), ones
    b: parameter (1, 4), zeros
    """
    z = (x * s + b) @ w
    out = z * z + b * x
    return out
'''
PLAIN = '''
def plain(x, w, b):
    z = x * w + b
    out = z**2 * x
    return out
'''
MEANS = '''
def means(x, t):
    """x: input (N, D), rand
    t: input (N, D), rand
    """
    r = x.mean(axis=1, keepdims=True)
    c = x.mean(axis=0, keepdims=True)
    top = np.max(t, axis=1, keepdims=True)
    out = (x - r) * c + np.abs(t - x) * top
    return out
'''
CHAIN = '''
def chain(x, w):
    """x: input (N, D), rand
    w: parameter (1, D), rand
    """
    a = np.log(x + 1)
    b = np.exp(-a * w)
    c = np.sqrt(b + x)
    out = np.sum(c**3) / len(x)
    return out
'''

TABLE = [
    ("linear", '''
def linear_backward(dout, cache):
    x, W, b = cache
    N, D = x.shape
    dx = dout @ W.T
    dW = x.T @ dout
    db = dout.sum(axis=0)
    return dx, dW, db
''', [
        "dx = dout @ W.T => dx = dout @ W.T * (1 + 1e-4)",
        "dW = x.T @ dout => dW = x.T @ dout * (1 + 1e-6)",
        "dW = x.T @ dout => dW = x.T @ dout / N",
        "dW = x.T @ dout => dW = x.T @ dout + W",
        "dW = x.T @ dout => dW = W",
        "dW = x.T @ dout => dW = (x + 1e-5).T @ dout",
        "dW = x.T @ dout => dW = np.abs(x).T @ dout",
        "db = dout.sum(axis=0) => db = dout.sum()",
        "db = dout.sum(axis=0) => db = dout.mean(axis=0)",
        "db = dout.sum(axis=0) => db = b",
        "db = dout.sum(axis=0) => db = dout.sum(axis=0, keepdims=True) * N / D",
        "db = dout.sum(axis=0) => db = np.max(dout, axis=0)",
        "dx = dout @ W.T => dx = x",
        "dx = dout @ W.T => dx = np.maximum(dout @ W.T, -9)",
        "return dx, dW, db => return dx, dW, dW.sum(axis=0)",
        "return dx, dW, db => return 0 * dx, dW, db",
        "return dx, dW, db => return {'x': dx, 'W': dW, 'b': 2 * db}",
        "return dx, dW, db => return [dx, -dW, db]",
        "return dx, dW, db => db *= 2; return dx, dW, db",
        "return dx, dW, db => dW -= 0.1 * dW; return dx, dW, db",
        "return dx, dW, db => dx = dx + 1e-6; return dx, dW, db",
    ], [
        "dx = dout @ W.T => dx = np.dot(dout, W.T)",
        "dx = dout @ W.T => dx = (W @ dout.T).T",
        "dx = dout @ W.T => dx = np.matmul(dout, np.transpose(W))",
        "dW = x.T @ dout => dW = (dout.T @ x).T",
        "dW = x.T @ dout => dW = x.T.dot(dout)",
        "db = dout.sum(axis=0) => db = np.ones(N) @ dout",
        "db = dout.sum(axis=0) => db = N * dout.mean(axis=0)",
        "db = dout.sum(axis=0) => db = np.sum(dout, axis=0, keepdims=True)",
        "db = dout.sum(axis=0) => db = dout.sum(axis=0) * (1 + 1e-13)",
        "db = dout.sum(axis=0) => unused = x * 7; db = dout.sum(axis=0)",
        "return dx, dW, db => return {'dx': dx, 'dW': dW, 'db': db}",
        "return dx, dW, db => return [dx, dW, db]",
        "return dx, dW, db => grads = (dx, dW, db); return grads",
        "return dx, dW, db => return (dx, (dW, db))",
        "return dx, dW, db => return dW, db, dx",
        "return dx, dW, db => g = {}; g['W'] = dW; g['b'] = db; g['x'] = dx; return g",
        "return dx, dW, db => g = {}; g['W'] = dW; g['b'] = db; return dx, g",
        "return dx, dW, db => return dx, dW, db, x",
    ]),
    ("batch_norm", '''
def bn_backward(dout, x, gamma, xhat, ivar):
    N, D = x.shape
    dgamma = np.sum(dout * xhat, axis=0)
    dbeta = np.sum(dout, axis=0)
    dxhat = dout * gamma
    dx = ivar / N * (N * dxhat - dxhat.sum(axis=0) - xhat * (dxhat * xhat).sum(axis=0))
    return dx, dgamma, dbeta
''', [
        "dx = ivar / N => dx = ivar / D",
        "N, D = x.shape => D, N = x.shape at dx = ivar",
        "dx = ivar / N => dx = ivar * 1.0001 / N",
        "dxhat = dout * gamma => dxhat = dout * (gamma + 1e-6)",
        "dgamma = np.sum(dout * xhat, axis=0) => dgamma = np.sum(dout * x * ivar, axis=0)",
        "dgamma = np.sum(dout * xhat, axis=0) => dgamma = np.sum(dout, axis=0)",
        "dbeta = np.sum(dout, axis=0) => dbeta = np.sum(dout * xhat, axis=0)",
        "return dx, dgamma, dbeta => return dx, dbeta, np.sum(dout * gamma, axis=0) at return",
        "dx = ivar / N => dx = 1 / x.std(axis=0, ddof=1) / N",
        "dxhat.sum(axis=0) - xhat => dxhat.sum() / D - xhat",
        "xhat * (dxhat * xhat).sum(axis=0)) => xhat * (dxhat * xhat).sum(axis=0) * (N - 1) / N)",
    ], [
        "dx = ivar / N * (N * dxhat => dx = ivar * dxhat - ivar / N * (0 * dxhat + 2 * dxhat.sum(axis=0) - dxhat.sum(axis=0) + xhat * (dxhat * xhat).sum(axis=0)) + 0 * ivar * (N * dxhat",
        "dbeta = np.sum(dout, axis=0) => dbeta = N * np.mean(dout, axis=0)",
        "dgamma = np.sum(dout * xhat, axis=0) => dgamma = np.sum(dout * (x - x.mean(axis=0)), axis=0) * ivar",
        "dgamma = np.sum(dout * xhat, axis=0) => dgamma = np.mean(xhat * dout, axis=0) * N",
        "dx = ivar / N => dx = 1 / N * ivar",
        "dx = ivar / N => dx = (ivar / x.shape[0])",
        "dxhat = dout * gamma => dxhat = gamma * dout; dxhat = dxhat * 1.0",
    ]),
    ("layer_norm", '''
def ln_backward(dout, x, gamma, eps=1e-6):
    N, D = x.shape
    xc = x - x.mean(axis=1, keepdims=True)
    istd = 1 / np.sqrt((xc**2).mean(axis=1, keepdims=True) + eps)
    xn = xc * istd
    g = dout * gamma
    dx = istd * (g - g.mean(axis=1, keepdims=True) - xn * (g * xn).mean(axis=1, keepdims=True))
    return dx, (dout * xn).sum(axis=0), dout.sum(axis=0)
''', [
        "g - g.mean(axis=1, => g - g.mean(axis=0,",
        "(g * xn).mean(axis=1, => (g * xn).mean(axis=0,",
        "g = dout * gamma => g = dout at dx =",
        "(dout * xn).sum(axis=0), dout => (g * xn).sum(axis=0), dout",
        "dout.sum(axis=0) => g.sum(axis=0)",
        "(dout * xn).sum(axis=0), dout.sum(axis=0) => dout.sum(axis=0), (dout * xn).sum(axis=0)",
        "(xc**2).mean(axis=1, keepdims=True) + eps => (xc**2).sum(axis=1, keepdims=True) / (D - 1) + eps",
    ], [
        "x.mean(axis=1, keepdims=True) => x.sum(axis=1, keepdims=True) / D",
        "istd = 1 / np.sqrt((xc**2) => istd = 1.0 / np.sqrt((xc * xc)",
        "istd = 1 / np.sqrt((xc**2).mean(axis=1, keepdims=True) + eps) => istd = ((xc**2).mean(axis=1, keepdims=True) + eps) ** -0.5",
        "dx = istd * (g - g.mean(axis=1, => dx = istd / D * (D * g - D * g.mean(axis=1,; (g * xn).mean( => (g * xn).sum(",
        "dout.sum(axis=0) => np.sum(dout, 0)",
    ]),
    ("softmax_cross_entropy", '''
def loss_backward(scores, y):
    N, C = scores.shape
    e = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    dscores = (p - y) / N
    return dscores
''', [
        "dscores = (p - y) / N => dscores = (p - y) / C",
        "dscores = (p - y) / N => dscores = (p - y * 1.0001) / N",
        "dscores = (p - y) / N => dscores = p * (1 - y) / N",
        "dscores = (p - y) / N => dscores = np.where(y > 0, p - 1, 0) / N",
        "dscores = (p - y) / N => dscores = (p**2 - y) / N",
        "e.sum(axis=1, keepdims=True) => e.sum(axis=0)",
        "return dscores => return (scores - y) / N",
    ], [
        "dscores = (p - y) / N => dscores = np.where(y > 0, p - 1, p) / N",
        "scores - np.max(scores, axis=1, keepdims=True) => scores",
        "scores - np.max(scores, axis=1, keepdims=True) => scores - 3",
        "dscores = (p - y) / N => dscores = p / N - y / N",
        "dscores = (p - y) / N => dscores = p * y.sum(axis=1, keepdims=True) - y; dscores /= N",
        "return dscores => return -np.sum(y * np.log(p)) / N, dscores",
    ]),
    (GATE, '''
def gate_backward(dout, x, w, b, s, z):
    t = np.tanh(z)
    on = z > 2.5
    dh = np.where(on, dout * x, dout)
    ds = (dh * t).sum(axis=0)
    dz = dh * s * (1 - t**2)
    dx = dz @ w.T + np.where(on, dout * t * s, -dout)
    return dx, x.T @ dz, dz.sum(axis=0), ds
''', [
        "on = z > 2.5 => on = z > 2",
        "on = z > 2.5 => on = z > 99",
        "dz @ w.T => dz @ w",
        "x.T @ dz => x.T @ (dz * (z < 2.5))",
        "x.T @ dz, => (x.T @ dz).T,",
        "dz = dh * s * => dz = dh *",
        "dout * t * s, -dout => dout * t, -dout",
        "dout * t * s, -dout => dout * t * s, dout",
        "(1 - t**2) => (1 - (t * s)**2)",
        "t = np.tanh(z) => t = np.tanh(z - b)",
        "ds = (dh * t).sum(axis=0) => ds = (dh * z).sum(axis=0)",
    ], [
        "on = z > 2.5 => on = (z >= 2.5)",
        "dh = np.where(on, dout * x, dout) => dh = dout * (on * x + (1 - on))",
        "(1 - t**2) => (1 - t) * (1 + t)",
        "dz = dh * s * (1 - t**2) => dz = dh * s / np.exp(2 * np.log((np.exp(z) + np.exp(-z)) / 2))",
        "x.T @ dz => (dz.T @ x).T",
    ]),
    (CUT, '''
def cut_backward(dout, x, s):
    t = x * s
    inside = (t > -30) * (t < 30)
    dt = dout * x * inside
    dx = dt * s + dout * np.clip(t, -30, 30)
    ds = (dt * x).sum(axis=0)
    return dx, ds
''', [
        "* inside => at dt =",
        "(t > -30) * (t < 30) => (t > -30) at dt =",
        "np.clip(t, -30, 30) => t",
        "dt * s => dt",
    ], [
        "inside = (t > -30) * (t < 30) => inside = np.abs(t) < 30",
        "dt = dout * x * inside => dt = np.where(inside, dout * x, 0)",
    ]),
    (FIXED, '''
def fixed_backward(dout, x, w, s, b):
    u = x * s + b
    z = u @ w
    dz = 2 * z * dout
    du = dz @ w.T
    dw = u.T @ dz
    db = du.sum(axis=0) + (dout * x).sum(axis=0)
    dx = du * s + dout * b
    ds = (du * x).sum(axis=0)
    return dx, dw, ds, db
''', [
        "du = dz @ w.T => du = dz @ w",
        "dw = u.T @ dz => dw = u @ dz",
        "dw = u.T @ dz => dw = x.T @ dz",
        "dw = u.T @ dz => dw = (u.T @ dz).T",
        "dx = du * s + dout * b => dx = du * s",
        "dx = du * s + dout * b => dx = du + dout * b",
        "u = x * s + b => u = x + b",
        "db = du.sum(axis=0) + (dout * x).sum(axis=0) => db = du.sum(axis=0)",
    ], [
        "du = dz @ w.T => du = (w @ dz.T).T",
        "dz = 2 * z * dout => dz = z * dout + dout * z",
    ]),
    (PLAIN, '''
def plain_backward(dout, x, w, b):
    z = x * w + b
    dz = 2 * z * x * dout
    dx = dz * w + z * z * dout
    return dx, (dz * x).sum(axis=0), dz.sum(axis=0)
''', [
        "2 * z * x => 2 * x * w * x",
        "dx = dz * w => dx = dz",
        "dz * w + z * z * dout => dz * w + z * dout",
        "dz.sum(axis=0) => dout.sum(axis=0)",
    ], [
        "2 * z * x * dout => (z + z) * (x * dout)",
        "dz = 2 * z * x * dout => dz = -(-2.0) * dout * x * z",
        "dx = dz * w + z * z * dout => dx = z * z * dout; dx += dz * w",
        "z * z * dout => z**2 * dout",
    ]),
    (MEANS, '''
def means_backward(dout, x, t):
    N, D = x.shape
    r = x.mean(axis=1, keepdims=True)
    c = x.mean(axis=0)
    top = np.max(t, axis=1, keepdims=True)
    dc = (dout * (x - r)).sum(axis=0)
    dr = -(dout * c).sum(axis=1, keepdims=True)
    da = dout * top * np.sign(t - x)
    dtop = (dout * np.abs(t - x)).sum(axis=1, keepdims=True)
    dx = dout * c + dc / N + dr / D - da
    dt = da + dtop * (t == top)
    return dx, dt
''', [
        "dc / N + dr / D => dc / D + dr / N",
        "dc / N + dr / D => dc / N + dr / N",
        "dt = da + dtop * (t == top) => dt = da + dtop",
        "dt = da + dtop * (t == top) => dt = da",
        "dr / D - da => dr / D + da",
        "np.sign(t - x) => np.sign(x - t) at dx =",
        "dtop * (t == top) => dtop * (t > 0.9 * top)",
        "return dx, dt => return dx + 0, dt * (t > -1) + 1e-7",
    ], [
        "np.sign(t - x) => ((t > x) * 2.0 - 1)",
        "np.sign(t - x) => np.where(t > x, 1, -1)",
        "return dx, dt => return dt, dx",
        "dtop * (t == top) => dtop * (t >= top)",
        "dc / N + dr / D => dr * (1 / D) + dc * (1 / N)",
    ]),
    (CHAIN, '''
def chain_backward(x, w, a, b, c):
    dc = 3 * c**2 / len(x)
    db = dc / (2 * c)
    da = -db * b * w
    dw = -(db * b * a).sum(axis=0)
    dx = db + da / (x + 1)
    return dx, dw
''', [
        "dx = db + da / (x + 1) => dx = da / (x + 1)",
        "dx = db + da / (x + 1) => dx = db + da / x",
        "dw = -(db * b * a) => dw = -(db * b * x)",
        "db = dc / (2 * c) => db = dc / 2 / np.sqrt(b)",
        "3 * c**2 / len(x) => 3 * c**2 / x.size",
        "da = -db * b * w => da = -db * w",
    ], [
        "db = dc / (2 * c) => db = 0.5 * dc * (b + x) ** -0.5",
        "da / (x + 1) => da * np.exp(-a)",
        "dx = db + da / (x + 1) => dx = da; dx = dx / (1 + x); dx = dx + db",
        "dw = -(db * b * a).sum(axis=0) => dw = np.sum(-a * b * db, axis=0, keepdims=True)",
        "3 * c**2 / len(x) => 3 * (b + x) / x.shape[0]",
        "da = -db * b * w => da = w * b * (-db)",
    ]),
]


def changed(body, row):
    """The backward pass with the changes of a row, and the line that is to be found."""
    change, _, at = row.partition(" at ")
    first = None
    for part in change.split("; ") if change.count(" => ") > 1 else [change]:
        old, _, new = part.partition(" => ")
        old = old.removesuffix(" =>") if not new else old
        if body.count(old) != 1:
            raise ValueError(f"{old!r} stands {body.count(old)} times")
        first = body[: body.index(old)].count("\n") + 1 if first is None else first
        body = body.replace(old, new)
    if at:
        first = next((i for i, t in enumerate(body.splitlines(), 1) if at in t), None)
    return body.replace("; ", "\n    "), first


# What a hand-in may return: (the return, status, what is said).
RETURNS = [
    ("return dx, dW, None", INCOMPLETE, "incomplete: nothing is wrong, but only 2 of 3 gradients "
     "could be compared\nnot returned: db\n"),
    ("return None, None, db", INCOMPLETE, "only 1 of 3 gradients"),
    ("return dx, None, 2 * db", WRONG, "db is wrong: a factor 1/2 is missing"),
    ("return dx", INCOMPLETE, "not returned: dW, db"),
    ("return dx, dW", INCOMPLETE, "not returned: db"),
    ("return dx, dx, db", INCOMPLETE, "not returned: dW"),
    ("return dx, dW, 'db'", INCOMPLETE, "not returned: db"),
    ("return dx, dW, 0", WRONG, "shapes   (), (11,)"),
    ("return dx, dW, 2 * db", WRONG, "db is wrong"),
    ("return {'dx': dx, 'dW': dW}", INCOMPLETE, "not returned: db"),
    ("return {'dx': dx, 'dW': dW, 'db': 2 * db}", WRONG, "mine.py:8:5: db is wrong"),
    ("return {'dx': dx, 'dW': dW, 'gradient': db}", INCOMPLETE,
     "not returned: db\nnot compared, as the circuit has no such value: gradient\n"),
    ("return {'first': dx, 'second': dW}", REFUSED, "backward() returns no gradient that linear has: "
     "dx, dW, db; it returns first, second"),
    ("return 'nothing'", REFUSED, "write instead: return dx, dW, db"),
    ("g = {'x': dx, 'W': dW, 'b': db}\n    h = {'x': dx}\n    return h", INCOMPLETE,
     "not returned: dW, db"),
    ("g = {'x': dx, 'W': dW}\n    g['b'] = db\n    g['b'] = 2 * db\n    return g", WRONG,
     "mine.py:10:14: b is wrong: a factor 1/2 is missing"),
    ("g = {'x': dx, 'W': dW}\n    g['b'] = 2 * db\n    g['b'] = db\n    return g", RIGHT, "right: 3"),
    ("g = [dx, dW, 2 * db]\n    return g", WRONG, "db is wrong"),
    ("return dx, (dW, 2 * db)", WRONG, "db is wrong"),
    ("return db, dW, dx", RIGHT, "note: the results were told apart by their names: backward() "
     "returns db, dW, dx, where linear has its parameters in the order dx, dW, db"),
    ("return dx / np.sum(dW - dW), dW, db", WRONG, "of its 35 elements are nan or inf "
     "where the right ones are finite"),
    ("return dx, dW, db, 3 * dx", RIGHT,
     "not compared, as the circuit has no such value: 3 * dx\n"),
]
RETURNING = '''
def backward(dout, x, W):
    dx = dout @ W.T
    dW = x.T @ dout
    b = np.ones((1, len(x)))

    db = np.sum(dout, axis=0)
    RETURN
'''

ROOT = '''
def root(x):
    y = np.sqrt(x - 0.5)
    return y
'''
ROOT_BACKWARD = '''
def backward(dy, y):
    return 0.5 * dy / y
'''

# A circuit whose x is data alone, and a clip whose bounds are met: any convention passes.
DATA = '''
def data(x, w):
    """x: constant (N, D), randn
    w: parameter (1, D), randn
    """
    out = x * w
    return out
'''
DATA_BACKWARD = '''
def backward(dout, x):
    return np.sum(dout * x, axis=0)
'''
TIES = '''
def ties(x, t):
    """x: input (N, D), randn
    t: input (N, D), randn
    """
    out = np.maximum(x, t) * np.clip(x, -1, 1)
    return out
'''
TIES_BACKWARD = '''
def backward(dout, x, t):
    c = np.minimum(np.maximum(x, -1), 1)
    dx = dout * c * (x > t) + dout * np.maximum(x, t) * (x > -1) * (x < 1)
    return dx, dout * c * (x <= t)
'''

MASKED = '''
def masked(x):
    """x: input (1, 3), randn"""
    r = np.maximum(x, 0)
    s = np.sqrt(r)
    out = s * 2
    return out
'''

# Of a loss, the upstream gradient is 1: who forgets it is right for 1 only.
FORGOTTEN = '''
def backward(dout, prediction, target):
    d = 2 * (prediction - target) / target.size
    return d, -d
'''

RARE = '''
def rare(x):
    out = np.where(x > 1e9, x * x, x)
    return out
'''
RARE_BACKWARD = '''
def backward(dout, x):
    return dout
'''


# What is right nearly everywhere: a threshold, a bound, a small constant that is a little off.
NEARLY = [
    ("relu", "def backward(dout, x):\n    return dout * (x > LIMIT)\n",
     ["1e-3", "1e-6", "1e-9", "-1e-7"], ["0", "0.0"]),
    ("relu", "def backward(dout, x):\n    return dout * (x > 0) * (x < LIMIT)\n",
     ["150", "1e5"], ["np.inf"]),
    (CUT, "def backward(dout, x, s):\n    t = x * s\n    on = (t > -30) * (t < LIMIT)\n"
     "    dt = dout * x * on\n    return dout * np.clip(t, -30, 30) + dt * s, np.sum(dt * x, axis=0)\n",
     ["30.001", "29.999", "30 + 1e-6"], ["30", "10 * 3"]),
    ("def f(x, w):\n    \"\"\"x: input (N, D), rand\n    w: parameter (D,), randn\n    \"\"\"\n"
     "    out = np.log(x + 1e-8) * w\n    return out\n",
     "def backward(dout, x, w):\n    dx = dout * w / (x + LIMIT)\n"
     "    return dx, np.sum(dout * np.log(x + 1e-8), axis=0)\n", ["1e-9", "2e-8", "0"], ["1e-8"]),
    ("def f(x):\n    out = np.abs(x) * 2.0\n    return out\n",
     "def backward(dout, x):\n    return dout * np.where(x < LIMIT, -2.0, 2.0)\n",
     ["1e-4", "-1e-8"], ["0"]),
    ("def f(x):\n    out = 1e-15 * x * x\n    return out\n",
     "def backward(dout, x):\n    return LIMIT * dout * x\n", ["0", "1e-15", "-2e-15"], ["2e-15"]),
]

EPSILON = '''
def backward(dout, x, gamma):
    var = x.var(axis=0)
    ivar = 1 / np.sqrt(var + 1e-8)
    xhat = (x - x.mean(axis=0)) * ivar
    g = dout * gamma
    dx = ivar * (g - g.mean(axis=0) - xhat * (g * xhat).mean(axis=0))
    return dx, np.sum(dout * xhat, axis=0), np.sum(dout, axis=0)
'''

# Names that differ by underscores alone are two.
UNDERSCORES = '''
def f(x_1, x1, y_1_9, y_19):
    out = x_1 * 2 + x1 * 3 + y_1_9 * 5 + y_19 * 7
    return out
'''
UNDERSCORES_BACKWARD = '''
def backward(dout):
    dx_1 = dout * 2
    dx1 = dout * 3
    dy_1_9 = dout * 5
    dy_19 = dout * 7
    return dx_1, dx1, dy_1_9, dy_19
'''

# Three sides, each of its own length: a diagnosis calls them by their number.
SIDES = '''
def f(x, b):
    """x: input (2, 3, 4), randn
    b: parameter (3, 1), randn
    """
    m = x.mean(axis=(0, 2), keepdims=True)
    out = (x - m) * b
    return out
'''
SIDES_BACKWARD = '''
def backward(dout, x, b):
    xm = x - x.mean(axis=(0, 2), keepdims=True)
    d = dout * b
    dx = d - d.sum(axis=(0, 2), keepdims=True) / 8
    db = np.sum(dout * xm, axis=(0, 2)).reshape(3, 1)
    return dx, db
'''
SIDES_WRONG = [
    ("dx = d - d.sum(axis=(0, 2), keepdims=True) / 8", "dx = (d - d.mean(axis=(0, 2), keepdims=True)) / 8",
     "dx is wrong: a factor (x.shape[0] x.shape[2]) is missing\n"),
    ("dx = d - d.sum(axis=(0, 2), keepdims=True) / 8", "dx = 3 * (d - d.mean(axis=(0, 2), keepdims=True))",
     "dx is wrong: a factor 1/x.shape[1] is missing: it is x.shape[1] times too large\n"),
    ("np.sum(dout * xm, axis=(0, 2)).reshape(3, 1)", "np.sum(dout * xm, axis=0)",
     "db is wrong: a sum over axis 1 is missing"),
    ("np.sum(dout * xm, axis=(0, 2)).reshape(3, 1)", "dout * xm",
     "db is wrong: a sum over axes 0 and 2 is missing"),
]


class Table:
    def __init__(self, checks, folder):
        self.checks = checks
        self.folder = Path(folder)

    def circuit(self, name):
        if name.isidentifier():
            return name
        path = self.folder / "circuit.py"
        path.write_text("import numpy as np\n" + name)
        return path

    def ends(self, label, circuit, body, status, *says):
        mine = self.folder / "mine.py"
        mine.write_text("import numpy as np" + body)
        ran = run("check", self.circuit(circuit), "--mine", mine)
        said = text(ran.stdout) + text(ran.stderr)
        self.checks.that(ran.returncode == status, f"{label}: {ran.returncode} for {status}\n{said}")
        for part in says:
            self.checks.that(part in said, f"{label}: {part!r} is not said in\n{said}")
        return said

    def all(self):
        counts = {RIGHT: 0, WRONG: 0}
        for circuit, body, wrong, right in TABLE:
            rows = [(RIGHT, row) for row in right] + [(WRONG, row) for row in wrong]
            self.ends(body, circuit, body, RIGHT)
            for status, row in rows:
                counts[status] += 1
                mine, line = changed(body, row)
                found = [f"mine.py:{line}:"] if status == WRONG and line else []
                self.ends(f"{row}\n{mine}", circuit, mine, status, *found)
        self.checks.that(min(counts.values()) >= 60, f"the table holds {counts}")


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        table = Table(checks, folder)
        table.all()
        for returned, status, says in RETURNS:
            body = RETURNING.replace("RETURN", returned)
            table.ends(returned, "linear", body, status, says)
        table.ends("a gate that nothing opens", RARE, RARE_BACKWARD, RIGHT, "note: x > 1000000000 was "
                   "false in everything that was tried: what the gradients are where it is true "
                   "was not judged\n")
        table.ends("nan in the circuit", ROOT, ROOT_BACKWARD, INCOMPLETE, "nan in the circuit itself, "
                   "so nothing can be judged there: dx; give it other numbers by --set\n")
        table.ends("x is data", DATA, DATA_BACKWARD, RIGHT, "right: 1 results agree")
        table.ends("another convention", TIES, TIES_BACKWARD, RIGHT)
        path = table.circuit(MASKED)
        said = text(run("run", path, "--set", "x=[[-1,2,1]]").stderr)
        note = ("dx = dr * (x > 0) multiplies an infinite number by 0, which gives nan, as in NumPy; "
                "PyTorch gives 0 where a mask stops a gradient")
        checks.that(note in said, said)
        said = text(run("run", path, "--set", "x=[[3,2,1]]").stderr)
        checks.that("infinite" not in said, said)
        said = text(run("gradcheck", path, "--set", "x=[[3,0,1]]").stdout)
        checks.that("could not be judged" in said, said)
        path = table.circuit(SIDES)
        said = text(run("run", path, "--set", "x=randn(1,3,2)").stderr)
        checks.that("m is the mean of a batch of 2: normalised values are +1 and -1" in said, said)
        said = text(run("run", path, "--set", "x=randn(1,3,1)").stderr)
        checks.that("m is the mean of a batch of 1: each deviation from it is 0" in said, said)
        said = text(run("run", path).stderr)
        checks.that("batch" not in said, said)
        path = table.circuit("def bend(x):\n    out = np.abs(x)\n    return out\n")
        said = text(run("gradcheck", path, "--set", "x=[[3,0,1]]", "--upstream", "1").stdout)
        words = ("1 at a kink, where there is no one slope: x[0, 1] at out, with slope -1 to the left "
                 "and 1 to the right; differences give the mean of both, the gradient takes 0.")
        checks.that(words in said, said)
        table.ends("upstream 1", "mean_squared_error", FORGOTTEN, RIGHT, "right for an upstream "
                   "gradient dloss of 1 only, as of a loss: with 1.75 the results are not 1.75 "
                   "times as large")
        for circuit, body, wrong, right in NEARLY:
            rows = [(WRONG, limit) for limit in wrong] + [(RIGHT, limit) for limit in right]
            for status, limit in rows:
                table.ends(f"nearly: {limit}", circuit, "\n" + body.replace("LIMIT", limit), status)
        table.ends("next to a turn", "relu", "\n" + NEARLY[0][1].replace("LIMIT", "1e-9"), WRONG,
                   "is wrong: right nearly everywhere, but not next to where np.maximum(x, 0) turns: "
                   "a threshold, a bound or a small constant is another than that of the circuit")
        table.ends("an epsilon of its own", "batch_norm", EPSILON, RIGHT,
                   "note: right for a forward pass with eps = 1e-08, as the file has it; the circuit "
                   "has 1e-06, with which these results are others: --set eps=1e-06 holds them to that")
        own = EPSILON.replace("1e-8", "1e-6")
        said = table.ends("the circuit's epsilon", "batch_norm", own, RIGHT)
        checks.that("note" not in said, said)
        path = table.folder / "mine.py"
        path.write_text("import numpy as np" + EPSILON)
        ran = run("check", "batch_norm", "--mine", path, "--set", "eps=1e-6")
        checks.that(ran.returncode == WRONG, text(ran.stdout))
        table.ends("underscores", UNDERSCORES, UNDERSCORES_BACKWARD, RIGHT, "right: 4 results agree")
        for name in ("dx_1 = dout * 2", "dx1 = dout * 3", "dy_1_9 = dout * 5", "dy_19 = dout * 7"):
            body = UNDERSCORES_BACKWARD.replace(name, name.replace("dout", "-dout"))
            table.ends(name, UNDERSCORES, body, WRONG, f"{name.split()[0]} is wrong: the sign is wrong")
        nothing = "\ndef backward(dout, cache):\n    return np.broadcast_to(dout, (4, 3))\n"
        summed = 'def f(x):\n    """x: input (4, 3), randn"""\n    out = x.sum(axis=0)\n    return out\n'
        table.ends("a cache in which nothing is kept", summed, nothing, RIGHT)
        table.ends("a cache that is asked", summed, nothing.replace("return", "n = cache * 2\n    return"),
                   REFUSED, "'cache' fits no value of f")
        table.ends("three sides", SIDES, SIDES_BACKWARD, RIGHT)
        for old, new, says in SIDES_WRONG:
            table.ends(new, SIDES, SIDES_BACKWARD.replace(old, new), WRONG, says)
        heeded = FORGOTTEN.replace("2 * (", "dout * 2 * (")
        said = table.ends("upstream heeded", "mean_squared_error", heeded, RIGHT)
        checks.that("1.75" not in said, said)
    checks.done()


if __name__ == "__main__":
    main()
