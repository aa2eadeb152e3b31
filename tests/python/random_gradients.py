"""Random smooth programs from a seed: their gradients are those of central differences in NumPy.

usage: random_gradients.py PATH_OF_BACKSTEP [SEED [COUNT]]
"""

import sys
import tempfile
from collections import Counter

import numpy as np

from checks import Checks, differences, size
from numpy_programs import DIFFERENT, EQUAL, KINDS, ZERO, Judge, Program, Verdict, is_steady
from program_writer import SMOOTH, Writer, helpers_of

COUNT = 300
TOLERANCE = 1e-8  # of differences of fourth order
STEP = 1e-3
SMALLEST_SCALE = 1e-3  # of a gradient: below it stands rounding alone
RESULT = "r0"
SHAPES = {
    **{"s": (), "k": (1,), "v": (3,), "w": (2,), "o": (1, 1), "r": (1, 3), "c": (2, 1)},
    **{"x": (2, 3), "y": (2, 3), "M": (3, 3), "A": (3, 2), "t": (2, 2, 3), "u": (3, 1, 2)},
    **{"h": (1, 2, 3), "q": (2, 1, 2, 3)},
}


def scale_of(gradients):
    return max(SMALLEST_SCALE, *map(size, gradients.values()))


def trusted_differences(program, given, upstream):
    """The gradients by name; None near a kink or a pole, where two steps do not agree."""

    def total(name, value):
        return np.sum(upstream * program.evaluate({**given, name: value})[0])

    smooth = [name for name in program.names if given[name].dtype == float]

    def gradients(step):
        return {n: differences(lambda v: total(n, v), given[n], step) for n in smooth}

    far, near = gradients(STEP), gradients(STEP / 2)
    allowed = TOLERANCE / 10 * scale_of(near)
    agree = all(np.all(np.abs(far[name] - near[name]) <= allowed) for name in near)
    return near if agree else None


def doubled(source, given):
    """Times 2, so that a result is never a leaf by another name."""
    *lines, result = source.split("; ")
    return Program("; ".join([*lines, f"2 * ({result})"]), given, helpers_of(source))


def verdict_on(program, given, npz):
    """What the file says against the differences; a gradient that is not there is to be 0."""
    upstream = npz.get(f"d{RESULT}")
    if upstream is None or upstream.shape != program.value.shape:
        shape = None if upstream is None else upstream.shape
        return Verdict(DIFFERENT, f"upstream gradient {shape} for a result {program.value.shape}")
    gradients = trusted_differences(program, given, upstream)
    if gradients is None:
        return None
    scale = scale_of(gradients)
    for name, theirs in gradients.items():
        ours = npz.get(f"d{name}", np.zeros(theirs.shape))
        if ours.shape != theirs.shape:
            return Verdict(DIFFERENT, f"d{name} is {ours.shape} for {theirs.shape}")
        far = np.max(np.abs(ours - theirs))
        if not far <= TOLERANCE * scale:
            return Verdict(DIFFERENT, f"d{name} is {far:.1e} from the differences")
    return Verdict(EQUAL)


class Tally:
    """The verdicts on gradients, by kind; one that is different is a failure."""

    def __init__(self):
        self.checks = Checks()
        self.kinds = Counter()

    def add(self, program, verdict):
        self.kinds[verdict.kind] += 1
        self.checks.that(verdict.kind != DIFFERENT, f"{program.source}: {verdict.reason}")

    def done(self, seed, count):
        equal = self.kinds[EQUAL]
        print(f"seed {seed}: " + ", ".join(f"{self.kinds[kind]} {kind}" for kind in KINDS))
        self.checks.that(equal > count / 2, f"only {equal} of {count} gradients are equal")
        self.checks.done()


def main():
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    count = int(sys.argv[3]) if len(sys.argv) > 3 else COUNT
    rng = np.random.default_rng(seed)
    given = {name: np.array(rng.normal(size=shape)) for name, shape in SHAPES.items()}
    writer = Writer(given, SMOOTH, rng, changes=False)
    given[ZERO] = np.array(0.0)
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        judge = Judge(folder, given)
        while tally.kinds.total() < count:
            program = doubled(writer.program(), given)
            if program.value is None or not is_steady(program, given):
                continue
            [verdict] = judge.verdicts([program])
            if verdict.kind == EQUAL:
                _, npz = judge.run([program])
                verdict = verdict_on(program, given, npz)
            if verdict is not None:
                tally.add(program, verdict)
    tally.done(seed, count)


if __name__ == "__main__":
    main()
