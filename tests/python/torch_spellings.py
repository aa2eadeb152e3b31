"""PyTorch's spellings: what they compute and their gradients are those of the same in NumPy's words,
which NumPy runs; and those of PyTorch itself where it is installed."""

import tempfile
from pathlib import Path

import numpy as np

from checks import Checks, load, run, text

try:
    import torch
    import torch.nn.functional
    torch.set_default_dtype(torch.float64)
except ImportError:
    torch = None

INPUT = 2
EINSUM = None

# PyTorch's words, NumPy's, and what the arguments are.
SAME = [
    ("torch.exp(x) + x.exp()", "2 * np.exp(x)"),
    ("torch.log(x * x + 1)", "np.log(x * x + 1)"),
    ("(x ** 2 + 1).sqrt() + torch.sqrt(x.square() + 2)", "np.sqrt(x ** 2 + 1) + np.sqrt(x ** 2 + 2)"),
    ("x.tanh() * torch.tanh(y)", "np.tanh(x) * np.tanh(y)"),
    ("x.abs() + torch.abs(y)", "np.abs(x) + np.abs(y)"),
    ("torch.sigmoid(x) + x.sigmoid()", "2 / (1 + np.exp(-x))"),
    ("torch.relu(x) + F.relu(y) + x.relu()", "2 * np.maximum(x, 0) + np.maximum(y, 0)"),
    ("F.leaky_relu(x, 0.1)", "np.where(x > 0, x, 0.1 * x)"),
    ("F.silu(x)", "x / (1 + np.exp(-x))"),
    ("F.gelu(x, approximate='tanh')",
     "0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x ** 3)))"),
    ("x.pow(3) + torch.pow(y, 2)", "x ** 3 + y ** 2"),
    ("(x * x + 1)**-1", "1 / (x * x + 1)"),
    ("(x * x + 1).rsqrt()", "1 / np.sqrt(x * x + 1)"),
    ("x.add(y, alpha=2) - x.sub(y) * x.mul(y)", "x + 2 * y - (x - y) * x * y"),
    ("x.div(y * y + 1).neg()", "-x / (y * y + 1)"),
    ("torch.maximum(x, y) + torch.min(x, y)", "np.maximum(x, y) + np.minimum(x, y)"),
    ("x.clamp(-0.5, 0.5) + torch.clamp(y, min=0) + y.clamp(max=0.3)",
     "np.clip(x, -0.5, 0.5) + np.clip(y, 0, None) + np.clip(y, None, 0.3)"),
    ("torch.where(x > 0, x, y)", "np.where(x > 0, x, y)"),
    ("x.where(x > 0, y)", "np.where(x > 0, x, y)"),
    ("x.masked_fill(x > 0, 2.0)", "np.where(x > 0, 2.0, x)"),
    ("(x > y).float() * x", "(x > y) * x"),
    ("x.sum() + x.sum(0) + x.sum(dim=0) + x.sum(axis=0)", "np.sum(x) + 3 * np.sum(x, axis=0)"),
    ("x.sum(1, keepdim=True) * y", "np.sum(x, axis=1, keepdims=True) * y"),
    ("x.sum(1, keepdims=True) * y", "np.sum(x, axis=1, keepdims=True) * y"),
    ("torch.sum(x, dim=(0, 1)) + torch.sum(x, [0, 1])", "2 * np.sum(x)"),
    ("x.mean(0, keepdim=True) * y + x.mean()", "np.mean(x, axis=0, keepdims=True) * y + np.mean(x)"),
    ("x.prod(1)", "np.prod(x, axis=1)"),
    ("x.var(0)", "np.var(x, axis=0, ddof=1)"),
    ("x.var()", "np.var(x, ddof=1)"),
    ("x.var(0, unbiased=False, keepdim=True) + x.var(0, True)",
     "np.var(x, axis=0, keepdims=True) + np.var(x, axis=0, ddof=1)"),
    ("torch.var(x, dim=1, unbiased=True)", "np.var(x, axis=1, ddof=1)"),
    ("x.std(1, keepdim=True) + torch.std(x, 0)", "np.std(x, axis=1, ddof=1, keepdims=True) + np.std(x, axis=0, ddof=1)"),
    ("x.var(False)", "np.var(x)"),
    ("x.max(1, keepdim=True).values * y", "np.max(x, axis=1, keepdims=True) * y"),
    ("torch.max(x, 1)[0] + x.min(dim=1).values", "np.max(x, axis=1) + np.min(x, axis=1)"),
    ("x.max() + x.amax(0) + torch.amin(x, dim=1, keepdim=True)",
     "np.max(x) + np.max(x, axis=0) + np.min(x, axis=1, keepdims=True)"),
    ("F.one_hot(x.max(1).indices, num_classes=3) * x", "(x == np.max(x, axis=1, keepdims=True)) * x"),
    ("F.one_hot(torch.argmax(x, dim=1), num_classes=x.shape[1]).float() * x",
     "(x == np.max(x, axis=1, keepdims=True)) * x"),
    ("torch.logsumexp(x, 1) + x.logsumexp(dim=1)", "2 * np.log(np.sum(np.exp(x), axis=1))"),
    ("x.cumsum(0)", "np.cumsum(x, axis=0)"),
    ("x.view(-1) * y.reshape(-1)", "x.reshape(-1) * y.reshape(-1)"),
    ("x.view(3, 4).sum(0) + x.view(3, -1).sum(0) + x.view((3, 4)).sum(0)", "3 * x.reshape(3, 4).sum(axis=0)"),
    ("x.view(x.size(0), -1) + x.view(*x.shape) + x.view_as(y)", "3 * x"),
    ("x.t() @ y + x.T @ y", "2 * x.T @ y"),
    ("x.permute(1, 0) @ y + x.transpose(0, 1) @ y", "2 * x.T @ y"),
    ("x.unsqueeze(1) * y.unsqueeze(0)", "x[:, None] * y[None]"),
    ("x.unsqueeze(-1).squeeze(-1) + x.unsqueeze(0).squeeze() + x.squeeze(0)", "3 * x"),
    ("x.flatten() + torch.flatten(y, 0)", "x.ravel() + y.ravel()"),
    ("x[0].expand(4, 3) * y + x[:1].expand_as(y) + x[:1].expand(4, -1)", "x[0] * y + 2 * x[:1] + 0 * y"),
    ("x.repeat(2, 1).sum(0)", "np.tile(x, (2, 1)).sum(axis=0)"),
    ("torch.cat([x, y], dim=1).sum(1) + torch.cat((x, y)).sum()", "np.concatenate([x, y], axis=1).sum(axis=1) + x.sum() + y.sum()"),
    ("torch.stack([x, y], 1).prod(1)", "x * y"),
    ("x.split(2, dim=1)[0] * torch.chunk(y, 2, 1)[0]", "x[:, :2] * y[:, :2]"),
    ("torch.tril(x) + x.triu(1)", "np.tril(x) + np.triu(x, 1)"),
    ("torch.flip(x, [0]) * y", "x[::-1] * y"),
    ("torch.matmul(x, y.T) + x.mm(y.t()) + x @ y.T", "3 * x @ y.T"),
    ("torch.bmm(x[None], y.T[None])", "x[None] @ y.T[None]"),
    ("torch.outer(x[0], y[0]) + x[0].dot(y[0]) + x.mv(y[0]).sum()",
     "np.outer(x[0], y[0]) + np.dot(x[0], y[0]) + np.sum(x @ y[0])"),
    ("x + torch.zeros_like(x) + torch.ones(4, 3) + torch.ones((4, 3)) + torch.zeros(3)", "x + 2"),
    ("x * torch.arange(3) + torch.full((4, 3), 2.0) + torch.eye(4, 3)", "x * np.arange(3) + 2.0 + np.eye(4, 3)"),
    ("x * torch.tensor([1.0, 2.0, 3.0]) + torch.tensor(0.5)", "x * np.array([1.0, 2.0, 3.0]) + 0.5"),
    ("x.clone() * x.contiguous() + x.double()", "x * x + x"),
    ("F.softmax(x, dim=1) * y", "np.exp(x) / np.sum(np.exp(x), axis=1, keepdims=True) * y"),
    ("torch.softmax(x, -1) * y + x.softmax(0)",
     "np.exp(x) / np.sum(np.exp(x), axis=1, keepdims=True) * y + np.exp(x) / np.sum(np.exp(x), axis=0)"),
    ("F.log_softmax(x, 1) * y + x.log_softmax(dim=1)",
     "(y + 1) * (x - np.log(np.sum(np.exp(x), axis=1, keepdims=True)))"),
    ("F.mse_loss(x, y) + F.mse_loss(x, y, reduction='sum')", "np.mean((x - y) ** 2) + np.sum((x - y) ** 2)"),
    ("F.l1_loss(x, y)", "np.mean(np.abs(x - y))"),
    ("F.cross_entropy(x, F.softmax(y, 1))",
     "-np.mean(np.sum(np.exp(y) / np.sum(np.exp(y), axis=1, keepdims=True)"
     " * (x - np.log(np.sum(np.exp(x), axis=1, keepdims=True))), axis=1))"),
    ("F.cross_entropy(x, torch.tensor([2, 0, 1, 2]))",
     "-np.mean((x - np.log(np.sum(np.exp(x), axis=1, keepdims=True)))[np.arange(4), [2, 0, 1, 2]])"),
    ("F.nll_loss(F.log_softmax(x, 1), torch.tensor([2, 0, 1, 2]), reduction='sum')",
     "-np.sum((x - np.log(np.sum(np.exp(x), axis=1, keepdims=True)))[np.arange(4), [2, 0, 1, 2]])"),
    ("F.layer_norm(x, (3,))",
     "(x - np.mean(x, axis=1, keepdims=True)) / np.sqrt(np.var(x, axis=1, keepdims=True) + 1e-5)"),
    ("F.layer_norm(x, [3], y[0], y[1], 1e-3)",
     "(x - np.mean(x, axis=1, keepdims=True)) / np.sqrt(np.var(x, axis=1, keepdims=True) + 1e-3) * y[0] + y[1]"),
    ("F.batch_norm(x, None, None, y[0], y[1], training=True)",
     "(x - np.mean(x, axis=0)) / np.sqrt(np.var(x, axis=0) + 1e-5) * y[0] + y[1]"),
    ("F.linear(x, y[:2, :], y[:2, 0])", "x @ y[:2].T + y[:2, 0]"),
    ("F.one_hot(torch.tensor([0, 2, 1, 1])) * x", "np.eye(3)[[0, 2, 1, 1]] * x"),
    ("x[range(4), torch.tensor([0, 2, 1, 1])] * x[torch.arange(4), [0, 0, 1, 1]]",
     "x[np.arange(4), [0, 2, 1, 1]] * x[np.arange(4), [0, 0, 1, 1]]"),
    ("x.detach() * x", None),
    ("x - x.max(1, keepdim=True).values.detach()", None),
    ("x.sum().item() * x", None),
]

# Lines, where one expression does not do: PyTorch's, NumPy's, the result.
LINES = [
    (["z = x.clone()", "z[x > 0] = 0", "z += y"], ["z = x.copy()", "z[x > 0] = 0", "z = z + y"], "z"),
    (["z = torch.zeros_like(x)", "z[range(4), torch.tensor([0, 1, 2, 0])] = 2.0", "z = z * x"],
     ["z = np.zeros_like(x)", "z[np.arange(4), [0, 1, 2, 0]] = 2.0", "z = z * x"], "z"),
    (["z = torch.zeros(5, 3)", "z.index_add_(0, torch.tensor([1, 1, 4, 0]), x)"],
     ["z = np.zeros((5, 3))", "np.add.at(z, [1, 1, 4, 0], x)"], "z"),
    (["z = torch.zeros(5, 3).index_add(0, torch.tensor([1, 1, 4, 0]), x)"],
     ["z = np.zeros((5, 3))", "np.add.at(z, [1, 1, 4, 0], x)"], "z"),
    (["z = x.clone()", "z.add_(y)", "z.mul_(2)"], ["z = (x + y) * 2"], "z"),
    (["values, places = x.max(1, keepdim=True)", "z = x - values"],
     ["z = x - np.max(x, axis=1, keepdims=True)"], "z"),
    # A view shares its numbers.
    (["z = x * 1", "w = z.view(-1)", "w[0] = 5.0"], ["z = x * 1", "w = z.reshape(-1)", "w[0] = 5.0"], "z"),
    (["z = x * 1", "w = z.t()", "w[0] += y[:, 0]"], ["z = x * 1", "w = z.T", "w[0] += y[:, 0]"], "z"),
    # A tensor of no sides changes under all of its names.
    (["s = x.sum()", "t = s", "t += 1", "z = s * y"], ["z = (np.sum(x) + 1) * y"], "z"),
    (["z = x * 1", "w = z.float()", "w += 1"], ["z = x + 1"], "z"),
    (["with torch.no_grad():", "    w = 2", "z = w * x"], ["z = 2 * x"], "z"),
    (["with torch.no_grad():", "    w = y * 2", "    v = w.view(-1)", "z = w * x + v[0]"], None, "z"),
    (["z = x * y", "z.retain_grad()", "z.requires_grad_(True)", "z.grad = None"], ["z = x * y"], "z"),
]

REFUSED = [
    ("torch.fft.fft(x)", "torch.fft.fft is not read"),
    ("torch.randn(4, 3) * x", "torch.randn is not read"),
    ("F.gelu(x)", "the exact gelu needs the error function"),
    ("F.dropout(x, 0.5)", "dropout draws its mask from PyTorch's own random numbers"),
    ("F.softmax(x)", "takes the side along which it works"),
    ("x.foo()", ".foo is not read: it is none of PyTorch's"),
    ("x.grad * 2", ".grad has no value here"),
    ("1 - (x > 0)", "PyTorch takes no difference of True and False"),
    ("(x > 0).mean()", "takes floats"),
    ("F.mse_loss(x, y[0])", "differ in shape"),
    ("F.batch_norm(x, y[0], y[1], training=True)", "changes its running mean in place"),
    ("F.cross_entropy(x, torch.tensor([0, 1, 5, 0]))", "label 5 is none of 3 classes"),
    ("x.view(5, -1)", "do not fill the shape"),
    ("x.view(-1, -1)", "only one side can be -1"),
    ("F.relu(x, inplace=True)", "inplace=True changes its argument"),
    ("x.sum(foo=1)", "has no argument 'foo'"),
]

# Words of both in one function, and words that differ.
MIXED = [
    ("import numpy as np\nimport torch\ndef f(x):\n    return x.var(0) * np.pi + torch.exp(x)\n",
     ".var does one thing in NumPy and another in PyTorch"),
    ("import numpy as np\ndef f(x):\n    return x.exp()\n", ".exp is not read"),
    ("import numpy as np\ndef f(x):\n    return np.sum(x).view(3)\n", ".view is not read"),
    ("def f(x):\n    y = x.var(0)\n    return y + x.exp()\n",
     ".exp is PyTorch's, and a line above was read as NumPy's"),
]


def torch_text(lines, result):
    body = "".join(f"    {line}\n" for line in lines)
    return f"import torch\nimport torch.nn.functional as F\ndef f(x, y):\n{body}    return {result}\n"


def numpy_text(lines, result):
    body = "".join(f"    {line}\n" for line in lines)
    return f"import numpy as np\ndef f(x, y):\n{body}    return {result}\n"


class Spellings:
    def __init__(self, checks, folder):
        self.checks = checks
        self.folder = Path(folder)

    def run(self, label, name, source):
        path = self.folder / name
        path.write_text(source)
        out = self.folder / "out.npz"
        out.unlink(missing_ok=True)
        ran = run("run", f"{path}:f", "--npz", out, "--set", "x=randn(4,3)", "--set", "y=randn(4,3)", "--json",
                  self.folder / "out.json")
        if not self.checks.that(ran.returncode == 0, f"{label}: {text(ran.stderr)}"):
            return None, ""
        return load(out), text(ran.stderr)

    def gradients(self, values):
        zero = np.zeros((4, 3))
        return values.get("dx", zero), values.get("dy", zero)

    def same(self, label, source, other, result):
        values, notes = self.run(label, "t.py", source)
        if values is None:
            return
        self.checks.that("float32" in notes, f"{label}: nothing is said of float32")
        x, y = values["x"], values["y"]
        ours = self.gradients(values)
        upstream = [v for k, v in values.items() if k in (f"d{result}", "dout")]
        if other is not None:
            wanted, _ = self.run(label, "n.py", other)
            if wanted is None:
                return
            for one, two, what in zip(ours, self.gradients(wanted), "xy"):
                self.checks.close(one, two, 1, 1e-11, f"{label}: d{what}")
            scope = {}
            exec(other, scope)  # noqa: S102: our own text
            right = np.asarray(scope["f"](x, y))
            self.checks.close(values[result] if result in values else values["out"], right, 1, 1e-11,
                              f"{label}: the value")
        if torch is None or not upstream:
            return
        a, b = (torch.tensor(v, requires_grad=True) for v in (x, y))
        scope = {}
        exec(source, scope)  # noqa: S102: our own text
        made = scope["f"](a * 1, b * 1)
        made.backward(torch.tensor(upstream[0]).reshape(made.shape))
        for leaf, one, what in ((a, ours[0], "x"), (b, ours[1], "y")):
            theirs = np.zeros((4, 3)) if leaf.grad is None else leaf.grad.numpy()
            self.checks.close(one, theirs, 1, 1e-10, f"{label}: d{what} of PyTorch")

    def refused(self, label, source, says):
        path = self.folder / "r.py"
        path.write_text(source)
        ran = run("run", path, "--set", "x=randn(4,3)")
        error = text(ran.stderr)
        self.checks.that(ran.returncode == INPUT, f"{label}: ends with {ran.returncode}: {error}")
        self.checks.that(says in error, f"{label}: no {says!r} in {error!r}")


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        spellings = Spellings(checks, folder)
        for words, others in SAME:
            lines = ["" or f"out = {words} + 0 * y.sum() + 0 * x.sum()"]
            other = None if others is None else numpy_text([f"out = {others} + 0 * y.sum() + 0 * x.sum()"], "out")
            spellings.same(words, torch_text(lines, "out"), other, "out")
        for lines, others, result in LINES:
            source = torch_text([*lines, f"out = {result} * 1 + 0 * y.sum()"], "out")
            other = None if others is None else numpy_text([*others, f"out = {result} * 1 + 0 * y.sum()"], "out")
            spellings.same("; ".join(lines), source, other, "out")
        for words, says in REFUSED:
            spellings.refused(words, torch_text([f"out = {words}"], "out").replace("(x, y)", "(x, y=2.0)", 1)
                              if "y" not in words else torch_text([f"out = {words}"], "out"), says)
        for source, says in MIXED:
            spellings.refused(source, source, says)
    checks.done()


if __name__ == "__main__":
    main()
