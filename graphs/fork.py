import numpy as np


def fork(x=-2.0, y=5.0):
    """f = (x + y) * x: x is used twice, so two contributions come back to it and are added.

    x: input (), -2
    y: input (), 5
    """
    q = x + y
    # The product is another way from x to f, beside the way through q.
    f = q * x
    return f
