"""Random programs from a seed: each gives NumPy's value and shape, or is refused.

usage: random_programs.py PATH_OF_BACKSTEP [SEED [COUNT]]
"""

import re
import sys
import tempfile
from collections import Counter

import numpy as np

from checks import Checks
from numpy_programs import DIFFERENT, EQUAL, KINDS, REFUSED, ZERO, Judge, Program, is_steady
from program_writer import ALL, Writer, helpers_of

COUNT = 3000
TOGETHER = 12  # expressions that run as one function
SHAPES = {
    **{"s": (), "k": (1,), "v": (3,), "w": (4,), "o": (1, 1), "r": (1, 3), "c": (4, 1)},
    **{"x": (4, 3), "y": (4, 3), "M": (3, 3), "A": (3, 4), "t": (2, 4, 3), "u": (2, 3, 1)},
    **{"h": (1, 4, 3), "q": (2, 1, 4, 3), "l": (1, 2, 3, 2), "i": (4, 3), "j": (3,)},
}
WHOLE = "i", "j"


def given_arrays(rng):
    """Quarters, so that there are ties and zeros; and some integers."""
    given = {name: np.array(rng.integers(-10, 13, shape) / 4) for name, shape in SHAPES.items()}
    given.update({name: np.array(rng.integers(-3, 6, SHAPES[name])) for name in WHOLE})
    return given | {ZERO: np.array(0.0)}


def written(count, given, rng):
    names = {name: value for name, value in given.items() if name != ZERO}
    writer = Writer(names, ALL, rng)
    programs = []
    while len(programs) < count:
        source = writer.program()
        program = Program(source, given, helpers_of(source))
        if is_steady(program, given):
            programs.append(program)
    return programs


def batches_of(programs):
    """What NumPy refuses, and what changes an array, runs alone."""
    batches, shared = [], []
    for program in programs:
        if program.value is None or re.search(r"[-+*/]= ", program.source):
            batches.append([program])
        else:
            shared.append(program)
    return batches + [shared[i : i + TOGETHER] for i in range(0, len(shared), TOGETHER)]


def cause(reason):
    """A refusal without what is special to its program."""
    reason = re.sub(r"'[^']*'|`[^`]*`", lambda quoted: quoted[0][:24], reason)
    return re.sub(r"\(\d[\d, ]*\)|-?\d+(\.\d+)?", "N", reason)[:90]


def main():
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    count = int(sys.argv[3]) if len(sys.argv) > 3 else COUNT
    rng = np.random.default_rng(seed)
    given = given_arrays(rng)
    batches = batches_of(written(count, given, rng))
    with tempfile.TemporaryDirectory() as folder:
        verdicts = Judge(folder, given).all_verdicts(batches)
    checks = Checks()
    kinds, reasons = Counter(), Counter()
    for batch, found in zip(batches, verdicts):
        for program, verdict in zip(batch, found):
            kinds[verdict.kind] += 1
            if verdict.kind == REFUSED:
                reasons[cause(verdict.reason)] += 1
            checks.that(verdict.kind != DIFFERENT, f"{program.source}: {verdict.reason}")
    print(f"seed {seed}: " + ", ".join(f"{kinds[kind]} {kind}" for kind in KINDS))
    for reason, times in reasons.most_common(20):
        print(f"{times:6}  {reason}")
    checks.that(kinds[EQUAL] > count / 2, f"only {kinds[EQUAL]} of {count} programs are equal")
    checks.done()


if __name__ == "__main__":
    main()
