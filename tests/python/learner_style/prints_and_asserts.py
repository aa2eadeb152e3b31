# with: --set x=rand(4,3)
import numpy as np
from math import pi

print("loading", pi)
np.random.seed(0)


def prints_and_asserts(x):
    print("x has shape", x.shape, "and mean %.3f" % np.mean(x))
    assert x.shape[1] == 3, "three features"
    y = np.log(x + 1)
    print(f"y: {y.max()!r}")  # a comment (with a bracket
    assert not np.isnan(y).any()
    out = y / np.std(x, axis=0)
    return out
