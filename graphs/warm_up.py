import numpy as np


def warm_up(x=-2.0, y=5.0, z=-4.0):
    """f = (x + y) * z, small enough to walk back by hand.

    x: input (1, 1), -2
    y: input (1, 1), 5
    z: input (1, 1), -4
    """
    # A sum hands its gradient on to both arguments; a product hands each the other's value.
    q = x + y
    f = q * z
    return f
