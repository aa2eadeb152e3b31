"""Random indices and stores from a seed: their gradients are those of central differences in NumPy.

usage: index_gradients.py PATH_OF_BACKSTEP [SEED [COUNT]]
"""

import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count

import numpy as np

from checks import Checks
from numpy_programs import DIFFERENT, EQUAL, KINDS, ZERO, Judge, Program
from random_gradients import verdict_on
from random_indices import SHAPES, WHOLE, Writer

COUNT = 250


def main():
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    count = int(sys.argv[3]) if len(sys.argv) > 3 else COUNT
    rng = np.random.default_rng(seed)
    given = {name: np.array(rng.normal(size=shape)) for name, shape in SHAPES.items()}
    given |= WHOLE | {ZERO: np.array(0.5)}
    writer = Writer(given, rng)
    programs = []
    while len(programs) < count:
        *lines, result = writer.program().split("; ")
        # Squared, so that what a gradient is sent back from is not the same everywhere.
        program = Program("; ".join([*lines, f"({result}) * ({result}) / 2.0"]), given)
        finite = program.value is not None and np.all(np.isfinite(program.value))
        if finite and program.value.size > 0 and np.max(np.abs(program.value)) < 1e3:
            programs.append(program)
    checks = Checks()
    kinds = Counter()
    with tempfile.TemporaryDirectory() as folder:
        judge = Judge(folder, given)
        verdicts = [verdict for [verdict] in judge.all_verdicts([p] for p in programs)]
        with ThreadPoolExecutor(cpu_count()) as pool:
            files = [npz for _, npz in pool.map(judge.run, ([p] for p in programs))]
    for program, verdict, npz in zip(programs, verdicts, files):
        if verdict.kind == EQUAL:
            verdict = verdict_on(program, given, npz)
        if verdict is None:
            continue
        kinds[verdict.kind] += 1
        checks.that(verdict.kind != DIFFERENT, f"{program.source}: {verdict.reason}")
    print(f"seed {seed}: " + ", ".join(f"{kinds[kind]} {kind}" for kind in KINDS))
    checks.that(kinds[EQUAL] > count / 2, f"only {kinds[EQUAL]} of {count} gradients are equal")
    checks.done()


if __name__ == "__main__":
    main()
