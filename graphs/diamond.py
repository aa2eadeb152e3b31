import numpy as np


def diamond(a=1.0):
    """Four paths lead from a to c: why a node waits for all of its contributions.

    a: input (1, 1), 1
    """
    # Both arguments are the same node, so two contributions come back to it.
    b = a + a
    c = b + b
    return c
