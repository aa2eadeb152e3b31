"""`backstep derive`: five equal forms for each station of batch norm are right, near misses are not."""

import os
import subprocess
import tempfile

from checks import Checks, program, run, text

FORMS = {
    "dgammax": ["dout", "1 * dout", "dout + 0", "dout * np.ones((N, D))", "-(-dout)"],
    "dbeta": ["np.sum(dout, axis=0)", "dout.sum(axis=0)", "dout.sum(0)",
              "np.sum(dout, axis=0, keepdims=True)", "N * np.mean(dout, axis=0)"],
    "dxhat": ["dgammax * gamma", "gamma * dout", "dout * gamma", "gamma * dgammax",
              "dout / (1 / gamma)"],
    "dgamma": ["np.sum(dgammax * xhat, axis=0)", "(dout * xhat).sum(0)",
               "np.sum(xhat * dgammax, 0)", "N * np.mean(dout * xhat, axis=0)",
               "np.sum(dout * xmu, axis=0) * ivar"],
    "dxmu1": ["dxhat * ivar", "ivar * dxhat", "dxhat / sqrtvar", "dout * gamma * ivar",
              "dxhat / np.sqrt(var + eps)"],
    "divar": ["np.sum(dxhat * xmu, axis=0)", "(xmu * dxhat).sum(0)",
              "np.sum(dout * gamma * xmu, axis=0)", "N * (dxhat * xmu).mean(axis=0)",
              "gamma * np.sum(dout * xmu, axis=0)"],
    "dsqrtvar": ["-1 / sqrtvar**2 * divar", "-divar / sqrtvar**2", "-divar * ivar**2",
                 "-divar / (var + eps)", "-1 * ivar * ivar * divar"],
    "dvar": ["0.5 / np.sqrt(var + eps) * dsqrtvar", "dsqrtvar / (2 * sqrtvar)",
             "0.5 * ivar * dsqrtvar", "dsqrtvar * 0.5 * (var + eps)**-0.5",
             "-0.5 * divar * ivar**3"],
    "dsq": ["np.ones((N, D)) * dvar / N", "np.broadcast_to(dvar / N, (N, D))",
            "1 / N * dvar * np.ones((N, D))", "dvar / N", "(1 / N) * dvar"],
    "dxmu2": ["2 * xmu * dsq", "xmu * dsq * 2", "2 * xmu * dvar / N", "xmu * dsq + xmu * dsq",
              "2 / N * dvar * xmu"],
    "dxmu": ["dxmu1 + dxmu2", "dxmu2 + dxmu1", "dxhat * ivar + dxmu2", "dxmu1 + 2 * xmu * dsq",
             "dxhat * ivar + 2 / N * xmu * dvar"],
    "dx1": ["dxmu", "1.0 * dxmu", "dxmu1 + dxmu2", "dxmu + 0", "dxmu2 + dxhat * ivar"],
    "dmu": ["-np.sum(dxmu, axis=0)", "np.sum(-dxmu, axis=0)", "-dxmu.sum(0)",
            "-np.sum(dxmu1, axis=0)", "-N * np.mean(dxmu, axis=0)"],
    "dx2": ["np.ones((N, D)) * dmu / N", "dmu / N", "1 / N * dmu",
            "np.broadcast_to(dmu / N, (N, D))", "-np.mean(dxmu, axis=0) * np.ones((N, D))"],
    "dx": ["dx1 + dx2", "dx2 + dx1", "dxmu + dmu / N", "dxmu - np.mean(dxmu, axis=0)",
           "gamma * ivar / N * (N * dout - dbeta - xhat * dgamma)"],
}

NEAR = {
    "dbeta": ["np.mean(dout, axis=0)", "dout", "np.sum(dout)"],
    "dxhat": ["dgammax", "dgammax * gamma * gamma", "dout + gamma"],
    "dgamma": ["np.sum(dout, axis=0)", "np.mean(dout * xhat, axis=0)", "np.sum(dout * xmu, axis=0)"],
    "dxmu1": ["dxhat", "dxhat * sqrtvar", "dout * ivar"],
    "divar": ["np.sum(dxhat * xhat, axis=0)", "np.sum(dxhat, axis=0)", "dxhat * xmu"],
    "dsqrtvar": ["1 / sqrtvar**2 * divar", "-1 / sqrtvar * divar", "-divar / var"],
    "dvar": ["1 / np.sqrt(var + eps) * dsqrtvar", "0.5 / var * dsqrtvar", "0.5 * dsqrtvar"],
    "dsq": ["dvar", "dvar / (N - 1)", "dvar / D"],
    "dxmu2": ["xmu * dsq", "2 * xmu * dvar", "2 * dsq"],
    "dxmu": ["dxmu1", "dxmu2", "dxmu1 - dxmu2"],
    "dmu": ["np.sum(dxmu, axis=0)", "-np.mean(dxmu, axis=0)", "-np.sum(dxhat, axis=0)"],
    "dx2": ["dmu", "-dmu / N", "dmu / D"],
    "dx": ["dx1", "dx1 - dx2", "gamma * ivar * (N * dout - dbeta - xhat * dgamma)"],
}

UNREADABLE = ["", "dxhat", "zonk * 2", "dx1 +", "import os", "dx1\n+ dx2", "np.fft(dout)"]


def typed(checks, folder):
    """A session that is broken off, and goes on where it was."""
    state = os.path.join(folder, "state.json")
    command = [program(), "derive", "batch_norm", "--state", state]
    first = subprocess.run(command, input=b"dout\ndout\n?\n!\nq\n", capture_output=True, timeout=60)
    checks.that(b"right" in first.stdout and b"2 of 15 gradients" in first.stdout, text(first.stdout))
    again = subprocess.run(command, input=b"gamma * dout\n", capture_output=True, timeout=60)
    checks.that(b"3 of 15, " in again.stdout, text(again.stdout))
    checks.that(b"3 of 15 gradients, 4 of 30 points" in again.stdout, text(again.stdout))
    anew = subprocess.run([*command, "--again", "--lang", "ko"], input=b"q\n", capture_output=True,
                          timeout=60)
    checks.that("1/15" in text(anew.stdout), text(anew.stdout))


def in_the_stepper(checks):
    """The same judgement behind the stepper's `p`: the event before the gradient, then a formula."""
    def ask(name, form, *more):
        script = f"g={name} N p=formula:{form.replace(' ', '')}"
        return text(run("step", "batch_norm", "--script", script, *more).stdout)
    for name, forms in FORMS.items():
        for form in forms:
            said = ask(name, form)
            checks.that("\nRight: " in said, f"{name} = {form}: {said}")
    for name, forms in NEAR.items():
        for form in forms:
            said = ask(name, form)
            checks.that("\nNot so: it is " in said, f"{name} = {form}: {said}")
    checks.that("gamma is forgotten as a factor" in ask("dxhat", "dgammax"), "no cause is given")
    checks.that("\n맞습니다: " in ask("dxhat", "gamma*dgammax", "--lang", "ko"), "no Korean verdict")
    unread = ask("dxhat", "zonk*2")
    checks.that("there is no value 'zonk' here" in unread, unread)


def main():
    checks = Checks()
    for name, forms in FORMS.items():
        checks.that(len(forms) >= 5, name)
        ran = run("derive", "batch_norm", *[f"--answer={name}={form}" for form in forms])
        lines = text(ran.stdout).splitlines()
        checks.that(len(lines) == len(forms), f"{name}: {text(ran.stderr)}")
        for form, line in zip(forms, lines):
            checks.that(line.startswith(f"{name}: right"), f"{form}: {line}")
    for name, forms in NEAR.items():
        for form in forms:
            ran = run("derive", "batch_norm", f"--answer={name}={form}")
            checks.that(ran.returncode == 1, f"{name} = {form}: {text(ran.stdout + ran.stderr)}")
            checks.that(": wrong: " in text(ran.stdout), f"{name} = {form}: {text(ran.stdout)}")
    for form in UNREADABLE:
        ran = run("derive", "batch_norm", f"--answer=dxhat={form}")
        checks.that(ran.returncode == 2, f"{form!r}: {text(ran.stdout)}")
    number = run("derive", "batch_norm", "--answer=dxhat=3")
    said = text(number.stdout)
    checks.that(number.returncode == 1 and said.startswith("dxhat: wrong: "), said)
    in_the_stepper(checks)
    with tempfile.TemporaryDirectory() as folder:
        typed(checks, folder)
    checks.done()


if __name__ == "__main__":
    main()
