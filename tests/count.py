"""Prints "PASSED FAILED" for a JUnit file of CTest: count.py JUNIT TESTS_FOLDER

Counts the test cases that doctest counted, and one for each other test. A test that failed without
a failed case (a crash, a time-out) counts as one, and so does a test file that did not run."""

import os
import re
import sys
import xml.etree.ElementTree as xml
from pathlib import Path

CASES = re.compile(r"test cases:\s+\d+\s+\|\s+(\d+) passed\s+\|\s+(\d+) failed")


def names_of_files(folder):
    """tests/read/npy_test.cpp is read/npy, tests/graph_test.cpp is engine/graph."""
    for path in Path(folder).rglob("*_test.cpp"):
        parts = path.relative_to(folder).parts
        room = parts[0] if len(parts) > 1 else "engine"
        yield f"{room}/{path.name.removesuffix('_test.cpp')}"


def tally(test):
    good = test.get("status") == "run"
    words = re.sub("\x1b\\[[0-9;]*m", "", test.findtext("system-out") or "")
    cases = CASES.findall(words)
    passed, failed = map(int, cases[-1]) if cases else (int(good), 0)
    if good == (failed > 0):  # CTest and doctest disagree
        failed = max(failed, 1)
    return passed, failed


tests = list(xml.parse(sys.argv[1]).getroot().iter("testcase"))
tallies = [tally(test) for test in tests]
passed = sum(tally[0] for tally in tallies)
failed = sum(tally[1] for tally in tallies)
expected = set() if os.environ.get("BACKSTEP_RECORD") else set(names_of_files(sys.argv[2]))
missing = expected - {test.get("name") for test in tests}
for name in sorted(missing):
    print(f"{name} did not run", file=sys.stderr)
print(passed, failed + len(missing))
