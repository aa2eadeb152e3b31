# Padding, joining, and rows that are picked twice: elements that are made of none, one or several.
import numpy as np


def maps(x, w, C):
    """
    x: input (3, 4), randn
    w: parameter (2, 4), randn
    C: parameter (3, 4), randn
    """
    p = np.pad(x, ((1, 1), (0, 0)))
    j = np.concatenate((p, w), axis=0)
    s = j[1:5]
    rows = C[np.array([0, 2, 2, 1])]
    y = s * rows
    return y
