"""Hand-written backward passes of batch norm in several styles, right ones and each of the twelve
mistakes: (name, text, line of the mistake, cause), where `#!` marks the line."""

# Each style: a head, then lines; a mistake replaces some of them.
NOTEBOOK = '''
def BN_backward(dout, cache):
    dx, dgamma, dbeta = None, None, None

    # unfold the variables stored in cache
    xhat,gamma,xmu,ivar,sqrtvar,var,eps = cache
    N,D = dout.shape
    dbeta = np.sum(dout, axis=0)
    dgammax = dout
    dgamma = np.sum(dgammax*xhat, axis=0)
    dxhat = dgammax * gamma
    divar = np.sum(dxhat*xmu, axis=0)
    dxmu1 = dxhat * ivar
    dsqrtvar = -1. /(sqrtvar**2) * divar
    dvar = 0.5 * 1. /np.sqrt(var+eps) * dsqrtvar
    dsq = 1. /N * np.ones((N,D)) * dvar
    dxmu2 = 2 * xmu * dsq
    dx1 = (dxmu1 + dxmu2)
    dmu = -1 * np.sum(dxmu1+dxmu2, axis=0)
    dx2 = 1. /N * np.ones((N,D)) * dmu
    dx = dx1 + dx2
    return dx, dgamma, dbeta
'''

# As in course work: with bn_param, a forward function that fills the cache, and few lines.
COURSE = '''
def batchnorm_forward(x, gamma, beta, bn_param):
    mode = bn_param['mode']
    eps = bn_param.get('eps', 1e-5)
    momentum = bn_param.get('momentum', 0.9)
    N, D = x.shape
    running_mean = bn_param.get('running_mean', np.zeros(D, dtype=x.dtype))
    out, cache = None, None
    if mode == 'train':
        sample_mean = np.mean(x, axis=0)
        sample_var = np.var(x, axis=0)
        x_norm = (x - sample_mean) / np.sqrt(sample_var + eps)
        out = gamma * x_norm + beta
        running_mean = momentum * running_mean + (1 - momentum) * sample_mean
        cache = (x, x_norm, sample_mean, sample_var, gamma, eps)
    elif mode == 'test':
        out = gamma * (x - running_mean) + beta
    else:
        raise ValueError('Invalid forward batchnorm mode "%s"' % mode)
    bn_param['running_mean'] = running_mean
    return out, cache

def batchnorm_backward(dout, cache):
    x, x_norm, mean, var, gamma, eps = cache
    N = x.shape[0]
    istd = 1.0 / np.sqrt(var + eps)
    dbeta = dout.sum(axis=0)
    dgamma = (dout * x_norm).sum(axis=0)
    dx_norm = dout * gamma
    dvar = np.sum(dx_norm * (x - mean) * -0.5 * istd**3, axis=0)
    dmean = np.sum(-dx_norm * istd, axis=0) + dvar * np.mean(-2.0 * (x - mean), axis=0)
    dx = dx_norm * istd + dvar * 2.0 * (x - mean) / N + dmean / N
    return dx, dgamma, dbeta
'''

# Names with underscores, a dictionary as cache, accumulation in place.
STEPWISE = '''
def bn_backward(grad_output, cache):
    x_hat = cache['x_hat']
    x_centered = cache['x_centered']
    std = cache['std']
    gamma = cache['gamma']
    n = grad_output.shape[0]
    grad_beta = np.sum(grad_output, 0)
    grad_gamma = np.sum(grad_output * x_hat, 0)
    grad_x_hat = grad_output * gamma
    grad_inv_std = np.sum(grad_x_hat * x_centered, 0)
    grad_x_centered = grad_x_hat / std
    grad_std = -grad_inv_std / std**2
    grad_var = grad_std / (2 * std)
    grad_x_centered += 2 * x_centered * grad_var / n
    grad_mean = -np.sum(grad_x_centered, 0)
    grad_x = grad_x_centered + grad_mean / n
    return grad_x, grad_gamma, grad_beta
'''

# Letters that say nothing, and two lines for all of dx.
TERSE = '''
def bw(dy, xn, g, s):
    m = len(dy)
    db = dy.sum(0)
    dg = (dy * xn).sum(0)
    t = dy * g
    a = t.mean(0)
    b = xn * (t * xn).mean(0)
    dx = (t - a - b) / s
    return dx, dg, db
'''

# All at once.
COMPACT = '''
def backward(dout, cache):
    x_hat, gamma, ivar = cache
    N = dout.shape[0]
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(x_hat * dout, axis=0)
    dx = (gamma * ivar / N) * (N * dout - dbeta - x_hat * dgamma)
    return dx, dgamma, dbeta
'''

# With dL_ before each name.
LEIBNIZ = '''
def grad_bn(dL_dout, x, gamma, eps=1e-6):
    N, D = x.shape
    mu = x.mean(axis=0)
    xc = x - mu
    var = (xc**2).mean(axis=0)
    sigma = (var + eps) ** 0.5
    xhat = xc / sigma
    dL_dgamma = np.sum(dL_dout * xhat, axis=0, keepdims=True)
    dL_dbeta = np.sum(dL_dout, axis=0, keepdims=True)
    dL_dxhat = gamma * dL_dout
    dL_dsigma = -np.sum(dL_dxhat * xc, axis=0) / sigma**2
    dL_dvar = dL_dsigma * 0.5 / sigma
    dL_dxc = dL_dxhat / sigma + 2 / N * xc * dL_dvar
    dL_dmu = -dL_dxc.sum(axis=0)
    dL_dx = dL_dxc + dL_dmu / N
    return dL_dx, dL_dgamma, dL_dbeta
'''

STYLES = {
    "notebook": NOTEBOOK,
    "course": COURSE,
    "stepwise": STEPWISE,
    "terse": TERSE,
    "compact": COMPACT,
    "leibniz": LEIBNIZ,
}

# (mistake, cause, {style: [(right line, wrong line)]}): the first wrong line holds the mistake.
MISTAKES = [
    ("mean and variance as constants", "constant-statistics", {
        "notebook": [("dx = dx1 + dx2", "dx = dxhat * ivar")],
        "course": [("dx = dx_norm * istd + dvar * 2.0 * (x - mean) / N + dmean / N",
                    "dx = dx_norm * istd")],
        "terse": [("dx = (t - a - b) / s", "dx = t / s")],
        "compact": [("dx = (gamma * ivar / N) * (N * dout - dbeta - x_hat * dgamma)",
                     "dx = gamma * ivar * dout")],
        "leibniz": [("dL_dx = dL_dxc + dL_dmu / N", "dL_dx = dL_dxhat / sigma")],
    }),
    ("mean branch dropped", "missing-branch", {
        "notebook": [("dx = dx1 + dx2", "dx = dx1")],
        "course": [("dx = dx_norm * istd + dvar * 2.0 * (x - mean) / N + dmean / N",
                    "dx = dx_norm * istd + dvar * 2.0 * (x - mean) / N")],
        "stepwise": [("grad_x = grad_x_centered + grad_mean / n", "grad_x = grad_x_centered")],
        "terse": [("dx = (t - a - b) / s", "dx = (t - b) / s")],
        "compact": [("dx = (gamma * ivar / N) * (N * dout - dbeta - x_hat * dgamma)",
                     "dx = (gamma * ivar / N) * (N * dout - x_hat * dgamma)")],
    }),
    ("variance branch dropped", "missing-branch", {
        "notebook": [("dx1 = (dxmu1 + dxmu2)", "dx1 = dxmu1")],
        "course": [("dx = dx_norm * istd + dvar * 2.0 * (x - mean) / N + dmean / N",
                    "dx = dx_norm * istd + dmean / N")],
        "terse": [("dx = (t - a - b) / s", "dx = (t - a) / s")],
        "compact": [("dx = (gamma * ivar / N) * (N * dout - dbeta - x_hat * dgamma)",
                     "dx = (gamma * ivar / N) * (N * dout - dbeta)")],
        "leibniz": [("dL_dxc = dL_dxhat / sigma + 2 / N * xc * dL_dvar",
                     "dL_dxc = dL_dxhat / sigma")],
    }),
    ("assignment for accumulation at x - mu", "stale", {
        "stepwise": [("grad_x_centered += 2 * x_centered * grad_var / n",
                      "grad_x_centered = 2 * x_centered * grad_var / n")],
        "notebook": [("dxmu2 = 2 * xmu * dsq", "dxmu = 2 * xmu * dsq"),
                     ("dxmu1 = dxhat * ivar", "dxmu = dxhat * ivar"),
                     ("dx1 = (dxmu1 + dxmu2)", "dx1 = dxmu"),
                     ("dmu = -1 * np.sum(dxmu1+dxmu2, axis=0)",
                      "dmu = -1 * np.sum(dxmu, axis=0)")],
        "leibniz": [("dL_dxc = dL_dxhat / sigma + 2 / N * xc * dL_dvar",
                     "dL_dxc = 2 / N * xc * dL_dvar"),
                    ("dL_dxhat = gamma * dL_dout",
                     "dL_dxhat = gamma * dL_dout; dL_dxc = dL_dxhat / sigma")],
    }),
    ("no 1/2 at the square root", "factor", {
        "notebook": [("dvar = 0.5 * 1. /np.sqrt(var+eps) * dsqrtvar",
                      "dvar = 1. /np.sqrt(var+eps) * dsqrtvar")],
        "course": [("dvar = np.sum(dx_norm * (x - mean) * -0.5 * istd**3, axis=0)",
                    "dvar = np.sum(dx_norm * (x - mean) * -1.0 * istd**3, axis=0)")],
        "stepwise": [("grad_var = grad_std / (2 * std)", "grad_var = grad_std / std")],
        "leibniz": [("dL_dvar = dL_dsigma * 0.5 / sigma", "dL_dvar = dL_dsigma / sigma")],
    }),
    ("no 2 at the square", "factor", {
        "notebook": [("dxmu2 = 2 * xmu * dsq", "dxmu2 = xmu * dsq")],
        "course": [("dx = dx_norm * istd + dvar * 2.0 * (x - mean) / N + dmean / N",
                    "dx = dx_norm * istd + dvar * (x - mean) / N + dmean / N")],
        "stepwise": [("grad_x_centered += 2 * x_centered * grad_var / n",
                      "grad_x_centered += x_centered * grad_var / n")],
        "leibniz": [("dL_dxc = dL_dxhat / sigma + 2 / N * xc * dL_dvar",
                     "dL_dxc = dL_dxhat / sigma + 1 / N * xc * dL_dvar")],
    }),
    ("sign of the inverse", "sign", {
        "notebook": [("dsqrtvar = -1. /(sqrtvar**2) * divar", "dsqrtvar = 1. /(sqrtvar**2) * divar")],
        "course": [("dvar = np.sum(dx_norm * (x - mean) * -0.5 * istd**3, axis=0)",
                    "dvar = np.sum(dx_norm * (x - mean) * 0.5 * istd**3, axis=0)")],
        "stepwise": [("grad_std = -grad_inv_std / std**2", "grad_std = grad_inv_std / std**2")],
        "terse": [("dx = (t - a - b) / s", "dx = (t - a + b) / s")],
        "leibniz": [("dL_dsigma = -np.sum(dL_dxhat * xc, axis=0) / sigma**2",
                     "dL_dsigma = np.sum(dL_dxhat * xc, axis=0) / sigma**2")],
    }),
    ("no 1/N at the variance's mean", "factor", {
        "notebook": [("dsq = 1. /N * np.ones((N,D)) * dvar", "dsq = np.ones((N,D)) * dvar")],
        "course": [("dx = dx_norm * istd + dvar * 2.0 * (x - mean) / N + dmean / N",
                    "dx = dx_norm * istd + dvar * 2.0 * (x - mean) + dmean / N")],
        "stepwise": [("grad_x_centered += 2 * x_centered * grad_var / n",
                      "grad_x_centered += 2 * x_centered * grad_var")],
        "terse": [("b = xn * (t * xn).mean(0)", "b = xn * (t * xn).sum(0)")],
        "leibniz": [("dL_dxc = dL_dxhat / sigma + 2 / N * xc * dL_dvar",
                     "dL_dxc = dL_dxhat / sigma + 2 * xc * dL_dvar")],
    }),
    ("N - 1 in the backward pass only", "n-minus-1", {
        "notebook": [("dsq = 1. /N * np.ones((N,D)) * dvar",
                      "dsq = 1. /(N-1) * np.ones((N,D)) * dvar")],
        "course": [("dx = dx_norm * istd + dvar * 2.0 * (x - mean) / N + dmean / N",
                    "dx = dx_norm * istd + dvar * 2.0 * (x - mean) / (N - 1) + dmean / N")],
        "stepwise": [("grad_x_centered += 2 * x_centered * grad_var / n",
                      "grad_x_centered += 2 * x_centered * grad_var / (n - 1)")],
        "terse": [("b = xn * (t * xn).mean(0)", "b = xn * (t * xn).sum(0) / (m - 1)")],
    }),
    ("gamma forgotten", "operand", {
        "notebook": [("dxhat = dgammax * gamma", "dxhat = dgammax")],
        "course": [("dx_norm = dout * gamma", "dx_norm = dout")],
        "stepwise": [("grad_x_hat = grad_output * gamma", "grad_x_hat = grad_output")],
        "compact": [("dx = (gamma * ivar / N) * (N * dout - dbeta - x_hat * dgamma)",
                     "dx = (ivar / N) * (N * dout - dbeta - x_hat * dgamma)")],
        "leibniz": [("dL_dxhat = gamma * dL_dout", "dL_dxhat = dL_dout")],
    }),
    ("no 1/N at the mean", "factor", {
        "notebook": [("dx2 = 1. /N * np.ones((N,D)) * dmu", "dx2 = np.ones((N,D)) * dmu")],
        "course": [("dx = dx_norm * istd + dvar * 2.0 * (x - mean) / N + dmean / N",
                    "dx = dx_norm * istd + dvar * 2.0 * (x - mean) / N + dmean")],
        "stepwise": [("grad_x = grad_x_centered + grad_mean / n",
                      "grad_x = grad_x_centered + grad_mean")],
        "terse": [("a = t.mean(0)", "a = t.sum(0)")],
        "leibniz": [("dL_dx = dL_dxc + dL_dmu / N", "dL_dx = dL_dxc + dL_dmu")],
    }),
    ("sign of the subtraction", "sign", {
        "notebook": [("dmu = -1 * np.sum(dxmu1+dxmu2, axis=0)", "dmu = np.sum(dxmu1+dxmu2, axis=0)")],
        "course": [("dmean = np.sum(-dx_norm * istd, axis=0) + dvar * np.mean(-2.0 * (x - mean), axis=0)",
                    "dmean = np.sum(dx_norm * istd, axis=0)")],
        "stepwise": [("grad_mean = -np.sum(grad_x_centered, 0)",
                      "grad_mean = np.sum(grad_x_centered, 0)")],
        "terse": [("dx = (t - a - b) / s", "dx = (t + a - b) / s")],
        "leibniz": [("dL_dmu = -dL_dxc.sum(axis=0)", "dL_dmu = dL_dxc.sum(axis=0)")],
    }),
    ("a mean for a sum", "mean-for-sum", {
        "notebook": [("dgamma = np.sum(dgammax*xhat, axis=0)", "dgamma = np.mean(dgammax*xhat, axis=0)")],
        "course": [("dbeta = dout.sum(axis=0)", "dbeta = dout.mean(axis=0)")],
        "terse": [("dg = (dy * xn).sum(0)", "dg = (dy * xn).mean(0)")],
    }),
    ("a sum forgotten", "missing-sum", {
        "notebook": [("dbeta = np.sum(dout, axis=0)", "dbeta = dout")],
        "course": [("dgamma = (dout * x_norm).sum(axis=0)", "dgamma = dout * x_norm")],
        "leibniz": [("dL_dbeta = np.sum(dL_dout, axis=0, keepdims=True)", "dL_dbeta = dL_dout")],
    }),
]


def source(text):
    return "import numpy as np\n" + text


def mistaken(style, changes):
    """The text with the mistake, and its line."""
    text = source(STYLES[style])
    for right, wrong in changes:
        if text.count(right) != 1:
            raise ValueError(f"{style}: {right!r} stands {text.count(right)} times")
        text = text.replace(right, wrong)
    line = next(
        i for i, t in enumerate(text.splitlines(), 1) if t.strip() == changes[0][1]
    )
    return text, line

# Other circuits: (circuit, right text, [(right line, wrong line, cause)]).
OTHERS = [
    ("layer_norm", '''
def layernorm_backward(dout, cache):
    x_hat, gamma, ivar = cache
    D = dout.shape[1]
    dgamma = np.sum(dout * x_hat, axis=0)
    dbeta = np.sum(dout, axis=0)
    dx_hat = dout * gamma
    a = np.sum(dx_hat, axis=1, keepdims=True)
    b = np.sum(dx_hat * x_hat, axis=1, keepdims=True)
    dx = ivar / D * (D * dx_hat - a - x_hat * b)
    return dx, dgamma, dbeta
''', [
        ("dgamma = np.sum(dout * x_hat, axis=0)", "dgamma = np.mean(dout * x_hat, axis=0)",
         "mean-for-sum"),
        ("dbeta = np.sum(dout, axis=0)", "dbeta = dout", "missing-sum"),
        ("dx_hat = dout * gamma", "dx_hat = dout", "operand"),
        ("dx = ivar / D * (D * dx_hat - a - x_hat * b)",
         "dx = ivar / D * (D * dx_hat - x_hat * b)", "missing-branch"),
        ("dx = ivar / D * (D * dx_hat - a - x_hat * b)",
         "dx = ivar / D * (D * dx_hat - a + x_hat * b)", "sign"),
        ("dx = ivar / D * (D * dx_hat - a - x_hat * b)",
         "dx = ivar * (D * dx_hat - a - x_hat * b)", "factor"),
        ("dx = ivar / D * (D * dx_hat - a - x_hat * b)", "dx = ivar * dx_hat",
         "constant-statistics"),
        ("dx = ivar / D * (D * dx_hat - a - x_hat * b)",
         "dx = ivar / (D - 1) * (D * dx_hat - a - x_hat * b)", "n-minus-1"),
    ]),
    ("layer_norm", '''
def ln_back(grad_out, x, gamma, eps=1e-5):
    N, D = x.shape
    mean = x.mean(axis=1, keepdims=True)
    xc = x - mean
    var = (xc * xc).mean(axis=1, keepdims=True)
    std = np.sqrt(var + eps)
    xn = xc / std
    grad_gamma = (grad_out * xn).sum(axis=0)
    grad_beta = grad_out.sum(axis=0)
    grad_xn = grad_out * gamma
    grad_xc = grad_xn / std
    grad_std = -(grad_xn * xc).sum(axis=1, keepdims=True) / std**2
    grad_var = grad_std * 0.5 / std
    grad_xc += 2.0 / D * xc * grad_var
    grad_mean = -grad_xc.sum(axis=1, keepdims=True)
    grad_x = grad_xc + grad_mean / D
    return grad_x, grad_gamma, grad_beta
''', [
        ("grad_var = grad_std * 0.5 / std", "grad_var = grad_std / std", "factor"),
        ("grad_xc += 2.0 / D * xc * grad_var", "grad_xc = 2.0 / D * xc * grad_var", "stale"),
        ("grad_xc += 2.0 / D * xc * grad_var", "grad_xc += 2.0 / N * xc * grad_var", "factor"),
        ("grad_mean = -grad_xc.sum(axis=1, keepdims=True)",
         "grad_mean = grad_xc.sum(axis=1, keepdims=True)", "sign"),
    ]),
    ("softmax_cross_entropy", '''
def softmax_loss(scores, y):
    N = scores.shape[0]
    shifted = scores - np.max(scores, axis=1, keepdims=True)
    e = np.exp(shifted)
    p = e / np.sum(e, axis=1, keepdims=True)
    loss = -np.sum(y * np.log(p)) / N
    dscores = (p - y) / N
    return loss, dscores
''', [
        ("dscores = (p - y) / N", "dscores = p - y", "factor"),
        ("dscores = (p - y) / N", "dscores = (y - p) / N", "sign"),
        ("dscores = (p - y) / N", "dscores = p / N", "missing-branch"),
        ("dscores = (p - y) / N", "dscores = (p + y) / N", "sign"),
    ]),
    ("softmax_cross_entropy", '''
def backward(probs, y):
    n, c = probs.shape
    dlog_p = -y / n
    dlogits = dlog_p - probs * np.sum(dlog_p, axis=1, keepdims=True)
    return dlogits
''', [
        ("dlog_p = -y / n", "dlog_p = y / n", "sign"),
        ("dlog_p = -y / n", "dlog_p = -y", "factor"),
        ("dlogits = dlog_p - probs * np.sum(dlog_p, axis=1, keepdims=True)",
         "dlogits = dlog_p - probs * dlog_p", "missing-sum"),
    ]),
    ("two_layer_net", '''
def affine_backward(dout, cache):
    x, w = cache
    dx = dout @ w.T
    dw = x.T @ dout
    db = np.sum(dout, axis=0)
    return dx, dw, db

def net_backward(cache):
    x, W1, gamma, W2, y, xhat, ivar, normed, active, probs = cache
    N = x.shape[0]
    grads = {}
    dscores = (probs - y) / N
    dactive, grads['W2'], grads['b2'] = affine_backward(dscores, (active, W2))
    dnormed = dactive * (normed > 0)
    grads['gamma'] = np.sum(dnormed * xhat, axis=0)
    grads['beta'] = np.sum(dnormed, axis=0)
    dxhat = dnormed * gamma
    dhidden = ivar / N * (N * dxhat - np.sum(dxhat, axis=0) - xhat * np.sum(dxhat * xhat, axis=0))
    dx, grads['W1'], grads['b1'] = affine_backward(dhidden, (x, W1))
    grads['x'] = dx
    return grads
''', [
        ("dscores = (probs - y) / N", "dscores = probs - y", "factor"),
        ("dnormed = dactive * (normed > 0)", "dnormed = dactive", "operand"),
        ("dxhat = dnormed * gamma", "dxhat = dnormed", "operand"),
        ("grads['beta'] = np.sum(dnormed, axis=0)", "grads['beta'] = np.mean(dnormed, axis=0)",
         "mean-for-sum"),
    ]),
    ("two_layer_net", '''
def back(x, W1, gamma, W2, y, normed, active, xhat, ivar, scores):
    N = x.shape[0]
    e = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    dscores = (p - y) / N
    dW2 = active.T @ dscores
    db2 = dscores.sum(axis=0)
    dactive = dscores @ W2.T
    dnormed = np.where(normed > 0, dactive, 0)
    dgamma = (dnormed * xhat).sum(axis=0)
    dbeta = dnormed.sum(axis=0)
    dxhat = dnormed * gamma
    dhidden = ivar * (dxhat - dxhat.mean(axis=0) - xhat * (dxhat * xhat).mean(axis=0))
    dW1 = x.T @ dhidden
    db1 = dhidden.sum(axis=0)
    dx = dhidden @ W1.T
    return dx, dW1, db1, dgamma, dbeta, dW2, db2
''', [
        ("dW2 = active.T @ dscores", "dW2 = dscores.T @ active", "transposed"),
        ("dW1 = x.T @ dhidden", "dW1 = x @ dhidden", "transposed"),
        ("dW2 = active.T @ dscores", "dW2 = normed.T @ dscores", "operand"),
        ("dW2 = active.T @ dscores", "dW2 = active.T @ dscores / N", "factor"),
        ("dnormed = np.where(normed > 0, dactive, 0)", "dnormed = np.where(xhat > 0, dactive, 0)",
         "operand"),
        ("dhidden = ivar * (dxhat - dxhat.mean(axis=0) - xhat * (dxhat * xhat).mean(axis=0))",
         "dhidden = ivar * (dxhat - xhat * (dxhat * xhat).mean(axis=0))", "missing-branch"),
    ]),
]
