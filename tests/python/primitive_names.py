"""No text of a primitive's name is compared but where primitives, patterns of them and the reader's
table of functions stand: all else asks the record, by is(node, primitives::sum()) or a property."""

import re

from checks import ROOT, Checks

HOMES = ("engine/primitives/", "engine/structure/", "engine/read/numpy_functions.cpp",
         "engine/read/torch_functions.cpp")

# The same texts, but of something else: a method or a function as it stands in a user's program, a
# kind of question.
OTHERS = {
    ("engine/read/values.cpp", "reshape"),
    ("engine/read/calls.cpp", "sum"),
    ("engine/read/calls.cpp", "sqrt"),
    ("engine/read/dictionaries.cpp", "copy"),
    ("engine/read/lists.cpp", "copy"),
    ("engine/read/texts.cpp", "join"),
    ("engine/read/views.cpp", "copy"),
    ("engine/step/plain.cpp", "sign"),
    ("engine/read/torch_calls.cpp", "max"),
    ("engine/read/torch_calls.cpp", "min"),
}


def names():
    """Of every record: `.name = "sum"`, or the first argument of mask("greater", ...)."""
    found = set()
    for file in sorted((ROOT / "engine/primitives").glob("*.cpp")):
        text = file.read_text()
        found.update(re.findall(r'\.name = "([^"]+)"', text))
        found.update(re.findall(r'\bmask\(\s*"([^"]+)"', text))
    return found


def comparisons(text, primitives):
    """Each comparison with such a name, as (name, the text around it)."""
    literal = '"(' + "|".join(map(re.escape, sorted(primitives))) + ')"'
    patterns = [
        rf"[!=]=\s*{literal}",
        rf"{literal}\s*[!=]=",
        # is(node, "sum"), only_user(node, "sum"), primitive_named("sum")
        rf"\b(?:is|is_\w+|has_\w+|only_\w+|primitive_\w+)\((?:[^;\"()]|\((?:[^;\"()]|\([^()]*\))*\))*?{literal}",
        rf"\bcase\s+{literal}",
    ]
    for pattern in patterns:
        for match in re.finditer(pattern, text):
            yield match[1], " ".join(match[0].split())
    # One list of names, searched for that of a record.
    for match in re.finditer(r"\b(?:find|count|contains)\([^;]*primitive\w*(?:\(\))?(?:->|\.)name", text):
        yield "", " ".join(match[0].split())


def main():
    checks = Checks()
    primitives = names()
    checks.that(len(primitives) > 35, f"only {len(primitives)} primitives were found")
    known = {"sum", "greater equal", "sqrt with epsilon"}
    checks.that(known <= primitives, f"not found: {known - primitives}")

    # The search finds what it is for.
    for line in (
        'if (node.primitive->name == "sum") return;',
        'if ("mean" != name) return;',
        'return is(graph_.node(find(id)),\n          "sqrt with epsilon");',
        'const auto user = only_user(root, "invert");',
        "std::find(kMasks.begin(), kMasks.end(), primitive->name) != kMasks.end()",
        'reduce(*primitive_named("sum"), a)',
    ):
        checks.that(list(comparisons(line, primitives)), f"the search misses {line}")
    for line in ('named(relu(value), "relu", layer);', 'is(node, primitives::sum()) ? "sum" : "";'):
        checks.that(not list(comparisons(line, primitives)), f"the search takes {line}")

    used = set()
    for folder in ("engine", "lessons"):
        for file in sorted((ROOT / folder).rglob("*")):
            path = str(file.relative_to(ROOT))
            if file.suffix not in (".cpp", ".h") or path.startswith(HOMES):
                continue
            found = []
            for name, text in comparisons(file.read_text(), primitives):
                if (path, name) in OTHERS:
                    used.add((path, name))
                else:
                    found.append(text)
            checks.that(not found, f"{path} compares the name of a primitive: {found}")
    checks.that(used == OTHERS, f"no longer there: {OTHERS - used}")
    checks.done()


if __name__ == "__main__":
    main()
