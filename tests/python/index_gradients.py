"""Random indices and stores from a seed: their gradients are those of central differences in NumPy.

usage: index_gradients.py PATH_OF_BACKSTEP [SEED [COUNT]]
"""

import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count

import numpy as np

from numpy_programs import EQUAL, ZERO, Judge, Program
from random_gradients import Tally, verdict_on
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
    with tempfile.TemporaryDirectory() as folder:
        judge = Judge(folder, given)
        verdicts = [verdict for [verdict] in judge.all_verdicts([p] for p in programs)]
        with ThreadPoolExecutor(cpu_count()) as pool:
            files = [npz for _, npz in pool.map(judge.run, ([p] for p in programs))]
    tally = Tally()
    for program, verdict, npz in zip(programs, verdicts, files):
        if verdict.kind == EQUAL:
            verdict = verdict_on(program, given, npz)
        if verdict is not None:
            tally.add(program, verdict)
    tally.done(seed, count)


if __name__ == "__main__":
    main()
