"""`backstep check FILE.py`: every forward function of a file against its own backward function."""

import json
import sys
import tempfile
from pathlib import Path

from checks import GRAPHS, Checks, run, text

FILE = Path(__file__).parent / "whole_files" / "layers.py"
BATCHNORM = ("batchnorm_forward", "batchnorm_backward")

# In the order of the file: forward, backward, verdict.
PAIRS = [
    ("affine_forward", "affine_backward", "right"),
    ("relu_forward", "relu_backward", "right"),
    (*BATCHNORM, "right"),
    ("batchnorm_forward", "batchnorm_backward_alt", "right"),
    ("rnn_step_forward", "rnn_step_backward", "right"),
    ("lstm_gates_forward", "lstm_gates_backward", "right"),
    ("sigmoid", "sigmoid_grad", "right"),
    ("attention_forward", "attention_backward", "not judged"),
    ("softmax_loss", "softmax_loss", "right"),
    ("svm_loss", "svm_loss", "right"),
]

# What is changed, and the backward function, line (of what is changed) and cause that are named.
WRONG = [
    ("dw = x.reshape(x.shape[0], -1).T.dot(dout)", "dw = x.reshape(x.shape[0], -1).T.dot(dout) / N",
     None, None),  # N has no value there: not judged
    ("db = np.sum(dout, axis=0)\n    return dx, dw", "db = np.mean(dout, axis=0)\n    return dx, dw",
     "affine_backward", "mean-for-sum"),
    ("dx = dout * (x > 0)", "dx = dout * (x < 0)", "relu_backward", None),
    ("dvar = 0.5 * ivar * dstd", "dvar = ivar * dstd", "batchnorm_backward", "factor"),
    ("dmu = -np.sum(dxmu, axis=0)", "dmu = np.sum(dxmu, axis=0)", "batchnorm_backward", "sign"),
    ("dprev_h = da @ Wh.T", "dprev_h = da @ Wh", "rnn_step_backward", "transposed"),
    ("return s * (1 - s)", "return s * (1 + s)", "sigmoid_grad", None),
]

OWN = '''import numpy as np
def %s
    h = x @ w + b
    return np.tanh(h), (x, w, h)

def %s
    x, w, h = cache
    dh = dout * (1 - np.tanh(h) ** 2)
    return dh @ w.T, x.T @ dh, dh.sum(axis=0)
'''

# Names that belong together.
NAMES = [
    ("dense_forward", "dense_backward"),
    ("dense_forward", "backward_dense"),
    ("dense", "dense_backward"),
    ("dense", "grad_dense"),
    ("dense", "ddense"),
    ("denseForward", "denseBackward"),
    ("dense_fwd", "dense_bwd"),
    ("dense_forward", "dense_backward_naive"),
    ("forward", "backward"),
]

OTHERS = '''

def other_forward(x):
    return x * x, x

def other_backward(dout, cache):
    return 2 * cache * dout
'''

SHAPES = '''import numpy as np
def layer_forward(x, kernel, shift):
    out = np.tanh(x @ kernel + shift)
    return out, (x, kernel, out)

def layer_backward(dout, cache):
    x, kernel, out = cache
    dz = dout * (1 - out ** 2)
    return dz @ kernel.T, x.T @ dz, dz.sum(axis=0)
'''


def judge(*arguments):
    ran = run("check", *arguments, "--json")
    try:
        return ran.returncode, json.loads(ran.stdout), text(ran.stderr)
    except json.JSONDecodeError:
        return ran.returncode, {"pairs": []}, text(ran.stderr)


def verdicts(verdict):
    return [(p["forward"], p["backward"], p["verdict"]) for p in verdict["pairs"]]


def whole(checks):
    status, verdict, _ = judge(FILE)
    checks.that(verdicts(verdict) == PAIRS, f"the whole file: {verdicts(verdict)}")
    checks.that(status == 2, f"one could not be judged: ends with {status}")
    checks.that(verdict["without_backward"] == ["embedding_forward"], f"{verdict}")
    why = [p["why"] for p in verdict["pairs"] if p["verdict"] == "not judged"]
    checks.that(len(why) == 1 and "there is no value 'somebody'" in why[0], f"{why}")
    said = text(run("check", FILE).stdout)
    for line in ("relu_forward, relu_backward: right: 1 results agree, over 7 lines\n",
                 "attention_forward, attention_backward: not judged\n",
                 "10 pairs: 9 right, 0 wrong, 0 incomplete, 1 not judged\n",
                 "without a backward function: embedding_forward\n"):
        checks.that(line in said, f"{line!r} is not said in\n{said}")


def one(checks):
    status, verdict, _ = judge(f"{FILE}:relu_forward")
    checks.that(verdicts(verdict) == [PAIRS[1]] and status == 0, f"one pair: {verdict}")
    status, verdict, _ = judge(f"{FILE}:batchnorm_forward")
    checks.that(verdicts(verdict) == PAIRS[2:4] and status == 0, f"two backward functions: {verdict}")
    # Its own file, by the circuit's name: not the last def.
    status, verdict, words = judge(f"{FILE}:relu_forward", "--mine", FILE)
    checks.that(verdicts(verdict) == [PAIRS[1]] and status == 0, f"with --mine: {verdict} {words}")
    checks.that(verdict.get("verdict") == "right", "the fields of a single judgement stay")
    # A circuit of ours, by its name.
    for circuit, backward in (("batch_norm", "batchnorm_backward"), ("relu", "relu_backward")):
        status, verdict, words = judge(circuit, "--mine", FILE)
        found = [(p["backward"], p["verdict"]) for p in verdict["pairs"]]
        checks.that(found == [(backward, "right")], f"{circuit}: {found} {words}")
    status, _, words = judge("batch_norm")
    checks.that(status == 2 and "--mine FILE.py is missing" in words, words)


def wrong(checks, folder):
    body = FILE.read_text(encoding="utf-8")
    path = Path(folder) / "layers.py"
    for right, mistaken, backward, cause in WRONG:
        checks.that(body.count(right) == 1, f"{right!r} stands {body.count(right)} times")
        path.write_text(body.replace(right, mistaken), encoding="utf-8")
        line = body[:body.index(right)].count("\n") + 1
        status, verdict, _ = judge(path)
        found = [p for p in verdict["pairs"] if p["verdict"] == "wrong"]
        if backward is None:
            checks.that(not found and status == 2, f"{mistaken}: {found}")
            continue
        names = [p["backward"] for p in found]
        if not checks.that(names == [backward] and status == 1, f"{mistaken}: {names}, {status}"):
            continue
        lines = [f["line"] for f in found[0]["findings"]]
        checks.that(lines == [line], f"{mistaken}: {lines} for {line}")
        causes = [f["cause"] for f in found[0]["findings"]]
        checks.that(cause in (None, *causes), f"{mistaken}: {causes} for {cause}")


def names(checks, folder):
    path = Path(folder) / "names.py"
    for forward, backward in NAMES:
        body = OWN % (f"{forward}(x, w, b):", f"{backward}(dout, cache):")
        for more in ("", OTHERS):
            path.write_text(body + more, encoding="utf-8")
            _, verdict, words = judge(path)
            checks.that((forward, backward, "right") in verdicts(verdict),
                        f"{forward}, {backward}: {verdict} {words}")


def settings(checks, folder):
    path = Path(folder) / "shapes.py"
    path.write_text(SHAPES, encoding="utf-8")
    status, verdict, words = judge(path)
    checks.that(status == 0, f"shapes that fit the student's too: {verdict} {words}")
    ran = run("run", f"{FILE}:batchnorm_forward", "--set", "bn_param.mode=test")
    checks.that("np.mean" not in text(ran.stdout), "bn_param.mode=test in run")
    checks.that("bn_param['mode']" not in text(ran.stderr), "what is set is not assumed")
    ran = run("run", f"{FILE}:batchnorm_forward")
    checks.that("note: bn_param['mode'] is not set: 'train'\n" in text(ran.stderr), text(ran.stderr))
    for setting, says in (
            ("bn_param.mode=dream", "'out' has no value yet"),
            ("x.mode=test", "batchnorm_forward has an entry 'x.mode' only if 'x' is a dictionary"),
            ("bn_param=3", "'bn_param' is a dictionary: what can be set are its entries, as --set "
                           "bn_param.eps=VALUE")):
        ran = run("run", f"{FILE}:batchnorm_forward", "--set", setting)
        if setting == "bn_param.mode=dream":
            checks.that(ran.returncode == 2, f"{setting}: {text(ran.stderr)}")
        else:
            checks.that(ran.returncode == 2 and says in text(ran.stderr), text(ran.stderr))
    status, _, words = judge(FILE, "--set", "nothing.mode=test")
    checks.that(status == 2 and "no function of a pair has a parameter 'nothing'" in words, words)


def gradcheck(checks, folder):
    path = Path(folder) / "root.py"
    path.write_text("import numpy as np\ndef f(x):\n    return np.sqrt(x)\n", encoding="utf-8")
    ran = run("gradcheck", path)
    checks.that(ran.returncode == 0, f"what is under a root is positive: {text(ran.stdout)}")
    ran = run("gradcheck", path, "--set", "x=-rand(4,3)")
    checks.that(ran.returncode == 2, f"nothing was judged: ends with {ran.returncode}")
    checks.that("dx was not judged at any element: give x other numbers, such as "
                "--set 'x=0.5+rand(4, 3)'\n" in text(ran.stdout), text(ran.stdout))
    checks.that(run("gradcheck", path, "--set", "x=0.5+rand(4, 3)").returncode == 0, "the way out")
    ran = run("gradcheck", "batch_norm", "--set", "x=randn(1,3)")
    checks.that(ran.returncode == 2 and "take more rows, such as --set 'x=randn(4, 3)'"
                in text(ran.stdout), text(ran.stdout))
    checks.that(run("gradcheck", "batch_norm", "--set", "x=randn(4, 3)").returncode == 0,
                "with more rows")


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        whole(checks)
        one(checks)
        wrong(checks, folder)
        names(checks, folder)
        settings(checks, folder)
        gradcheck(checks, folder)
    checks.that(GRAPHS.is_dir() and len(sys.argv) > 1, "the program is given")
    checks.done()


if __name__ == "__main__":
    main()
