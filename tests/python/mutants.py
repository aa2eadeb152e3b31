"""400 mutants of 40 right backward passes, drawn from a seed: none passes as right, nearly each is
named at the statement that was changed, and none at an earlier one."""

import ast
import copy
import json
import random
import re
import sys
import tempfile
from pathlib import Path

import numpy as np

from checks import Checks, run, text

FOLDER = Path(__file__).parent / "whole_files"
SEED = 13
EACH = 10  # mutants of each backward pass

# What is not by the letter below: the arguments of functions.
SHAPES = {"w": (4, 4), "w1": (4, 4), "w2": (4, 4), "b": (4,), "b1": (4,), "b2": (4,),
          "gamma": (4,), "beta": (4,), "Wx": (4, 3), "Wh": (3, 3), "prev_h": (5, 3)}
BY_FUNCTION = {"bilinear_forward": {"v": (4, 4)}, "rnn_step_forward": {"b": (3,)}}


class Mutation(ast.NodeTransformer):
    """Changes one place of a statement: the number `wanted` of those that can be changed."""

    def __init__(self, wanted, names):
        self.wanted = wanted
        self.names = names
        self.seen = -1

    def here(self):
        self.seen += 1
        return self.seen == self.wanted

    def visit_BinOp(self, node):
        others = {ast.Add: [ast.Sub], ast.Sub: [ast.Add], ast.Mult: [ast.Div], ast.Div: [ast.Mult]}
        for other in others.get(type(node.op), []):
            if self.here():
                return ast.BinOp(node.left, other(), node.right)
        if isinstance(node.op, (ast.Mult, ast.Add, ast.Sub, ast.Div)):
            if self.here():
                return node.left
        if isinstance(node.op, (ast.Mult, ast.Add)) and self.here():
            return node.right
        return self.generic_visit(node)

    def visit_UnaryOp(self, node):
        if isinstance(node.op, ast.USub) and self.here():
            return node.operand
        return self.generic_visit(node)

    def visit_Constant(self, node):
        if isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
            for value in (node.value * 2, node.value + 1):
                if self.here():
                    return ast.Constant(value)
        return node

    def visit_Compare(self, node):
        if isinstance(node.ops[0], ast.Gt) and self.here():
            return ast.Compare(node.left, [ast.Lt()], node.comparators)
        return self.generic_visit(node)

    def visit_Attribute(self, node):
        if node.attr == "T" and self.here():
            return node.value
        if node.attr in ("sum", "mean") and self.here():
            return ast.Attribute(node.value, "mean" if node.attr == "sum" else "sum", node.ctx)
        return self.generic_visit(node)

    def visit_Name(self, node):
        if isinstance(node.ctx, ast.Load) and node.id in self.names:
            for other in self.names:
                if other != node.id and self.here():
                    return ast.Name(other, node.ctx)
        return node

    def visit_keyword(self, node):
        return node  # axis=0 is no number of the formula

    def visit_Subscript(self, node):
        return node


def mutated(statement, wanted, names):
    """The statement with its place number `wanted` changed; None if there are not so many."""
    change = Mutation(wanted, names)
    tree = copy.deepcopy(statement)
    if isinstance(tree, ast.AugAssign):
        others = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}
        if change.here():
            tree.op = others[type(tree.op)]()
            return ast.unparse(tree)
    if tree.value is None:
        return None
    tree.value = change.visit(tree.value)
    if change.seen < wanted:
        return None
    return ast.unparse(ast.fix_missing_locations(tree))


class Backward:
    """A backward function of a file, and every way to change one statement of it."""

    def __init__(self, lines, tree, forward, backward):
        self.lines = lines
        self.forward = forward
        self.name = backward
        function = next(n for n in tree.body if getattr(n, "name", "") == backward)
        first = 0
        if forward == backward:  # what makes the loss is no backward pass
            first = next(s.lineno for s in function.body if ast.unparse(s).startswith("loss")) + 1
        known = set()
        self.mutants = []
        for statement in function.body:
            is_one = isinstance(statement, (ast.Assign, ast.AugAssign, ast.Return))
            is_cache = is_one and "cache" in ast.unparse(statement.value)
            if not is_one or statement.lineno < first:
                continue
            names = sorted(known & {n.id for n in ast.walk(statement) if isinstance(n, ast.Name)})
            names = names if len(names) > 1 else []
            for wanted in range(40):
                is_taken_apart = isinstance(getattr(statement, "value", None), ast.Tuple)
                if is_cache or is_taken_apart:
                    break
                line = mutated(statement, wanted, names)
                if line is None:
                    break
                self.mutants.append((statement.lineno, line))
            for node in ast.walk(statement):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    known.add(node.id)

    def put(self, lines, mutant):
        line, statement = mutant
        indent = re.match(r" *", self.lines[line - 1]).group()
        lines[line - 1] = indent + statement


def loaded(lines):
    body = "\n".join(line for line in lines if not line.startswith(("import mat", "from builtins")))
    names = {}
    exec(compile(body, "layers", "exec"), names)
    return names


def results(names, forward, backward):
    """What the backward function gives on numbers of its own; None if NumPy stops."""
    rng = np.random.default_rng(7)
    function = names[forward]
    arguments = []
    for name in function.__code__.co_varnames[:function.__code__.co_argcount]:
        shape = BY_FUNCTION.get(forward, {}).get(name, SHAPES.get(name, (5, 4)))
        if name.endswith("param"):
            arguments.append({"mode": "train"})
        elif name == "y" and forward.endswith("_loss"):
            arguments.append(rng.integers(0, 4, 5))
        else:
            arguments.append(rng.uniform(0.2, 1.2, shape) * rng.choice([-1, 1], shape))
    try:
        with np.errstate(all="ignore"):
            out = function(*arguments)
            if forward == backward:
                given = out[1:]
            elif isinstance(out, tuple):
                # Of a loss the upstream gradient is 1.
                ups = [rng.standard_normal(np.shape(o)) if np.ndim(o) else 1.0 for o in out[:-1]]
                given = names[backward](*ups, out[-1])
            else:
                given = names[backward](*arguments)
    except Exception:  # noqa: BLE001 what NumPy refuses is no mutant
        return None
    return [np.asarray(one) for one in (given if isinstance(given, tuple) else (given,))]


def differs(right, other):
    if other is None or len(other) != len(right):
        return False
    for a, b in zip(right, other):
        if a.shape != b.shape or not np.all(np.isfinite(b)):
            return a.shape != b.shape
    return any(not np.allclose(a, b, rtol=1e-6, atol=1e-9) for a, b in zip(right, other))


def backwards(path):
    body = path.read_text(encoding="utf-8")
    lines = body.splitlines()
    tree = ast.parse(body)
    verdict = json.loads(run("check", path, "--json").stdout)
    return lines, [Backward(lines, tree, p["forward"], p["backward"])
                   for p in verdict["pairs"] if p["verdict"] == "right"]


def chosen(lines, backward, rng):
    """The mutants that give other numbers, in the order of a shuffle, no line twice alike."""
    right = results(loaded(lines), backward.forward, backward.name)
    pool = backward.mutants[:]
    rng.shuffle(pool)
    taken = []
    for mutant in pool:
        other = lines[:]
        backward.put(other, mutant)
        if differs(right, results(loaded(other), backward.forward, backward.name)):
            taken.append(mutant)
        if len(taken) == EACH:
            break
    return taken


def main():
    checks = Checks()
    rng = random.Random(SEED)
    told = {"passed": [], "named": 0, "earlier": [], "later": [], "all": 0}
    passes = 0
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted(FOLDER.glob("*.py")):
            lines, functions = backwards(path)
            passes += len(functions)
            mutants = [(one, chosen(lines, one, rng)) for one in functions]
            for turn in range(EACH):
                other = lines[:]
                here = {}
                for one, taken in mutants:
                    if turn < len(taken):
                        one.put(other, taken[turn])
                        here[one.name] = taken[turn]
                judge(checks, Path(folder) / path.name, other, here, told)
    checks.that(passes >= 40, f"{passes} backward passes")
    checks.that(told["all"] >= 390, f"{told['all']} mutants")
    checks.that(not told["passed"], f"passed as right: {told['passed']}")
    checks.that(not told["earlier"], f"an innocent line above is blamed: {told['earlier']}")
    share = told["named"] / max(told["all"], 1)
    checks.that(share >= 0.95, f"{told['named']} of {told['all']} named at their statement")
    print(f"{told['all']} mutants of {passes}: {told['named']} named at their statement, "
          f"{len(told['earlier'])} at an earlier one, {len(told['passed'])} passed")
    if "-v" in sys.argv:
        for kind in ("passed", "earlier", "later"):
            for one in told[kind]:
                print(kind, one)
    checks.done()


def judge(checks, path, lines, here, told):
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    ran = run("check", path, "--json")
    try:
        pairs = json.loads(ran.stdout)["pairs"]
    except json.JSONDecodeError:
        checks.that(False, f"no verdict: {text(ran.stderr)}")
        return
    for pair in pairs:
        if pair["backward"] not in here:
            continue
        line, statement = here[pair["backward"]]
        told["all"] += 1
        found = [f["line"] for f in pair["findings"]]
        what = (pair["backward"], line, statement, pair["verdict"],
                [(f["line"], f["cause"]) for f in pair["findings"]])
        if pair["verdict"] == "right":
            told["passed"].append(what)
        elif found and min(found) < line:
            told["earlier"].append(what)
        elif found and found[0] == line:
            told["named"] += 1
        else:
            told["later"].append(what)


if __name__ == "__main__":
    main()
