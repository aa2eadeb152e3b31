# with: --set x=randn(5,4) --set slope=rand(1,4)
import numpy as np


def where_and_masks(x, slope):
    leaky = np.where(x > 0, x, slope * x)
    positive = (x > 0)
    clipped = leaky * positive + (x <= 0) * 0.1 * leaky
    close = np.abs(x) < 1
    huber = np.where(close, 0.5 * x**2, np.abs(x) - 0.5)
    out = np.minimum(clipped, 1.25) + np.maximum(-0.75, huber)
    return out
