"""The page and the stepper in the terminal say the same of every event of every circuit.

Whatever a face adds or leaves out shows: the page's record, as its script reads it, against the
plain lines of the stepper. tests/browser compares what the page then shows with them too."""

import json
import re
import tempfile
from pathlib import Path

from checks import GRAPHS, Checks, run, text

START = {"en": r"^step (\d+) of (\d+): (.*)$", "ko": r"^(\d+)단계 중 (\d+): (.*)$"}
# Where a text of the page stands in this language.
PLACE = {"en": 0, "ko": 1}


def events_of_page(name, folder):
    out = Path(folder) / "page.html"
    ran = run("page", name, "--out", out)
    html = out.read_text("utf-8") if ran.returncode == 0 else ""
    record = re.search(r'<script id="record" type="application/json">(.*?)</script>', html, re.S)
    return json.loads(record.group(1))["events"] if record else []


def steps_in_terminal(name, language):
    """For each step its number and its sentence, and all that is said of it."""
    said = text(run("step", name, "--lang", language).stdout)
    found = list(re.finditer(START[language], said, re.M))
    ends = [match.start() for match in found[1:]] + [len(said)]
    steps = []
    for match, end in zip(found, ends):
        numbers = sorted(int(match.group(k)) for k in (1, 2))
        steps.append((numbers[0], match.group(3), said[match.start() : end]))
    return steps[1:]  # the start is no event


def check_circuit(checks, name, folder):
    events = events_of_page(name, folder)
    checks.that(len(events) > 0, f"{name}: the page has no events")
    for language in START:
        steps = steps_in_terminal(name, language)
        counts = f"{len(steps)} steps in the terminal, {len(events)} on the page"
        if not checks.that(len(steps) == len(events), f"{name} {language}: {counts}"):
            continue
        place = PLACE[language]
        for k, (event, (number, said, whole)) in enumerate(zip(events, steps)):
            label = f"{name} {language}, step {k + 1}"
            checks.that(number == k + 1, f"{label}: the terminal counts {number}")
            sentence = event["said"][place]
            checks.that(said == sentence, f"{label}: {said!r} and {sentence!r}")
            why = event.get("why", ["", ""])[place]
            checks.that(why in whole, f"{label}: no {why!r} in {whole!r}")


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted(GRAPHS.glob("*.py")):
            check_circuit(checks, path.stem, folder)
    checks.done()


if __name__ == "__main__":
    main()
