"""The classic notebook exercise, by hand in NumPy: batch norm forward through stations 1 to 9, back
through 9 to 0. Every named value and gradient of the program must agree with it."""

import tempfile
from pathlib import Path

import numpy as np

from checks import Checks, distance, load, run, text


def forward(x, gamma, beta, eps):
    N = x.shape[0]
    # 1
    mu = 1.0 / N * np.sum(x, axis=0)
    # 2
    xmu = x - mu
    # 3
    sq = xmu**2
    # 4
    var = 1.0 / N * np.sum(sq, axis=0)
    # 5
    sqrtvar = np.sqrt(var + eps)
    # 6
    ivar = 1.0 / sqrtvar
    # 7
    xhat = xmu * ivar
    # 8
    gammax = gamma * xhat
    # 9
    out = gammax + beta
    return dict(
        mu=mu, xmu=xmu, sq=sq, var=var, sqrtvar=sqrtvar, ivar=ivar, xhat=xhat, gammax=gammax,
        out=out,
    )  # fmt: skip


def backward(dout, x, gamma, beta, eps, mu, xmu, sq, var, sqrtvar, ivar, xhat, gammax, out):
    N, D = dout.shape
    # 9
    dbeta = np.sum(dout, axis=0)
    dgammax = dout
    # 8
    dgamma = np.sum(dgammax * xhat, axis=0)
    dxhat = dgammax * gamma
    # 7
    divar = np.sum(dxhat * xmu, axis=0)
    dxmu1 = dxhat * ivar
    # 6
    dsqrtvar = -1.0 / sqrtvar**2 * divar
    # 5
    dvar = 0.5 * 1.0 / np.sqrt(var + eps) * dsqrtvar
    # 4
    dsq = 1.0 / N * np.ones((N, D)) * dvar
    # 3
    dxmu2 = 2 * xmu * dsq
    # 2
    dxmu = dxmu1 + dxmu2
    dx1 = dxmu
    dmu = -1 * np.sum(dxmu1 + dxmu2, axis=0)
    # 1
    dx2 = 1.0 / N * np.ones((N, D)) * dmu
    # 0
    dx = dx1 + dx2
    return dict(
        dout=dout, dbeta=dbeta, dgammax=dgammax, dgamma=dgamma, dxhat=dxhat, divar=divar,
        dxmu1=dxmu1, dsqrtvar=dsqrtvar, dvar=dvar, dsq=dsq, dxmu2=dxmu2, dxmu=dxmu, dx1=dx1,
        dmu=dmu, dx2=dx2, dx=dx,
    )  # fmt: skip


def largest(*terms):
    """The largest magnitude in each column."""
    return np.max([np.max(np.abs(np.atleast_2d(t)), axis=0) for t in terms], axis=0)


def scales(v):
    """For each name, the largest of the terms that its column sums.

    Where nothing is summed that is the value itself. Where a term is a sum that all but vanishes,
    as each entry of dxmu1 + dxmu2 does here, its own terms are the measure: dmu and dx2 are nothing
    but their rounding, and so is dbeta of the rounding of dout.
    """
    N = v["x"].shape[0]
    scale = {name: largest(value) for name, value in v.items()}
    scale["mu"] = largest(v["x"]) / N
    scale["xmu"] = largest(v["x"], v["mu"])
    scale["var"] = largest(v["sq"]) / N
    scale["out"] = largest(v["gammax"], v["beta"])
    scale["dbeta"] = largest(v["dout"])
    scale["dgamma"] = largest(v["dgammax"] * v["xhat"])
    scale["divar"] = largest(v["dxhat"] * v["xmu"])
    scale["dxmu"] = scale["dx1"] = scale["dmu"] = scale["dx"] = largest(v["dxmu1"], v["dxmu2"])
    scale["dx2"] = scale["dmu"] / N
    return scale


def main():
    checks = Checks()

    np.random.seed(50)
    x = np.random.rand(50, 50)
    leaves = dict(x=x, gamma=np.ones(50), beta=np.zeros(50), eps=10e-7)
    values = forward(**leaves)
    # The upstream gradient is the output itself, which here is xhat: that is why dx is so small.
    gradients = backward(dout=values["out"], **leaves, **values)
    expected = {**leaves, **values, **gradients}
    del expected["eps"]

    # NumPy against NumPy, so that a slip of the hand above cannot pass: the compact formula.
    xhat, ivar, dout = values["xhat"], values["ivar"], values["out"]
    compact = ivar / 50 * (50 * dout - dout.sum(axis=0) - xhat * (dout * xhat).sum(axis=0))
    checks.close(compact, gradients["dx"], scales(expected)["dx"], 1e-13, "the compact formula")

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "values.npz"
        ran = run(
            *("run", "batch_norm", "--seed", "50", "--set", "x=rand(50,50)"),
            *("--set", "gamma=ones(50)", "--set", "beta=zeros(50)", "--set", "eps=1e-6"),
            *("--upstream", "out", "--npz", file),
        )
        if checks.that(ran.returncode == 0 and file.exists(), f"the run: {text(ran.stderr)}"):
            ours = load(file)
            checks.that(ours.get("x", x[:0]).tobytes() == x.tobytes(), "x, bit by bit")
            scale = scales(expected)
            worst = {}
            for name, theirs in expected.items():
                if checks.that(name in ours, f"{name} is not in the file"):
                    checks.close(ours[name], theirs, scale[name], 1e-12, name)
                    if ours[name].shape == np.shape(theirs):
                        worst[name] = distance(ours[name], theirs, scale[name])
            # dx is small here, but it is no rounding: many of its digits are left.
            for name in {"dxmu", "dx1", "dx"} & worst.keys():
                checks.close(ours[name], expected[name], largest(expected[name]), 1e-9, name)
            for name, far in worst.items():
                print(f"{name:>10}  {far:.1e}")
    checks.done()


if __name__ == "__main__":
    main()
