"""Layers that are classes, as courses write them: each file in tests/people/classes is read and gives
what Python gives; its backward method is judged right, and with the one line that stands behind `#~`
in place of the line before it, wrong there."""

import ast
import importlib.util
import inspect
import json
import re
import tempfile
from pathlib import Path

import numpy as np

from checks import ROOT, Checks, is_one_of, load, run, text

FOLDER = ROOT / "tests" / "people" / "classes"
MARK = re.compile(r"^(\s*)(.*?)  #~ (.*)$")


def right_text(source):
    return "\n".join(MARK.sub(r"\1\2", line) for line in source.split("\n"))


def wrong_text(source):
    """The text with its mistake, and the line that holds it."""
    lines = source.split("\n")
    marked = [i for i, line in enumerate(lines) if MARK.match(line)]
    assert len(marked) == 1, "a file has one mistake"
    return "\n".join(MARK.sub(r"\1\3", line) for line in lines), marked[0] + 1


def verdicts(path):
    result = run("check", path, "--json")
    try:
        pairs = json.loads(text(result.stdout))["pairs"]
    except (ValueError, KeyError):
        return [], text(result.stderr) + text(result.stdout)
    return pairs, text(result.stdout)


def last_class(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return [c for c in vars(module).values() if inspect.isclass(c) and c.__module__ == path.stem][-1]


def in_python(layer, values, notes):
    """What the class gives on the numbers of the run: those of its leaves, else of its notes."""

    def arguments(function):
        given = {}
        for name, parameter in list(inspect.signature(function).parameters.items()):
            if name in ("self", "args", "kwargs"):
                continue
            is_whole = name in notes and re.fullmatch(r"[-\d\[\], ]+", notes[name])
            if name in values and not is_whole:
                given[name] = values[name]
            elif is_whole:
                known = ast.literal_eval(notes[name])
                given[name] = np.array(known) if isinstance(known, list) else known
            elif parameter.default is inspect.Parameter.empty:
                raise KeyError(name)
            if np.ndim(given.get(name, 0)) == 0 and name in given:
                given[name] = given[name] if isinstance(given[name], int) else float(given[name])
        return given

    np.random.seed(50)
    is_plain = layer.__init__ is object.__init__
    made = layer() if is_plain else layer(**arguments(layer.__init__))
    return made.forward(**arguments(layer.forward))


def values_of(checks, path, folder):
    layer = last_class(path)
    file = Path(folder) / "run.npz"
    result = run("run", f"{path}:{layer.__name__}", "--npz", file)
    if not checks.that(result.returncode == 0, f"{path.name} runs: {text(result.stderr)}"):
        return
    notes = dict(re.findall(r"note: (\w+) is not set: (.+)", text(result.stderr)))
    values = load(file)
    out = in_python(layer, values, notes)
    checks.that(
        is_one_of(out, values.values()), f"{path.name}: no value of the run is {np.asarray(out)}"
    )


def main():
    checks = Checks()
    files = sorted(FOLDER.glob("*.py"))
    checks.that(len(files) >= 25, f"{len(files)} files")
    with tempfile.TemporaryDirectory() as folder:
        for file in files:
            source = file.read_text(encoding="utf-8")
            path = Path(folder) / file.name
            path.write_text(right_text(source), encoding="utf-8")
            values_of(checks, path, folder)
            pairs, said = verdicts(path)
            is_right = bool(pairs) and all(pair["verdict"] == "right" for pair in pairs)
            checks.that(is_right, f"{file.name} is right: {said}")
            bad, line = wrong_text(source)
            path.write_text(bad, encoding="utf-8")
            pairs, said = verdicts(path)
            found = [f["line"] for pair in pairs for f in pair.get("findings", [])]
            checks.that(found[:1] == [line], f"{file.name} is wrong in line {line}: {said}")
    checks.done()


if __name__ == "__main__":
    main()
