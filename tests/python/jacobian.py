"""`backstep jacobian` couples the samples of a batch as the closed form says; gradcheck explains."""

import re

from checks import Checks, run, text


def main():
    checks = Checks()
    said = text(run("jacobian", "batch_norm", "--of", "out", "--to", "x", "--set", "x=randn(6,3)",
                    "--set", "eps=0").stdout)
    checks.that("rank 4 of 6" in said, said)
    checks.that(said.count("  sum 0") == 6, said)
    apart = re.search(r"gamma ivar: (\S+) apart", said)
    checks.that(apart and float(apart[1]) < 1e-12, said)
    second = text(run("jacobian", "batch_norm", "--of", "dx", "--to", "x").stdout)
    checks.that("d dx / d x" in second and "closed form" not in second, second)
    linear = text(run("jacobian", "linear", "--of", "out", "--to", "b").stdout)
    checks.that("rank 5 of 5" in linear, linear)
    for wrong in (["--of", "zonk", "--to", "x"], ["--of", "mu", "--to", "gamma"],
                  ["--of", "out", "--to", "x", "--set", "x=randn(200,200)"],
                  ["--of", "out", "--to", "x", "--column", "3"]):
        ran = run("jacobian", "batch_norm", *wrong)
        checks.that(ran.returncode == 2 and ran.stderr, f"{wrong}: {text(ran.stdout)}")
    explained = text(run("gradcheck", "batch_norm").stdout)
    checks.that(explained.count("best at width") == 3, explained)
    checks.that("warning" not in explained, explained)
    trap = text(run("gradcheck", "batch_norm", "--upstream", "ones(4,3)").stdout)
    checks.that("warning: dx is 0 everywhere" in trap, trap)
    checks.done()


if __name__ == "__main__":
    main()
