#!/usr/bin/python3
"""Planned runs beside PyTorch's eager mode: float64, one thread each, in turns.

Needs Debian's python3-torch and libopenblas0-pthread, and the benchmark program:
    ninja benchmark_plan_speed
    tests/benchmarks/compare_with_pytorch.py PATH/TO/benchmark_plan_speed [--json] [--rounds N]
A line a case: the shortest time of each in all rounds, and their ratio (above 1: we are faster).
"""
import argparse
import json
import os
import subprocess
import sys
import time

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
import torch

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)

STEPS = [([64, 32, 32, 10], 32, 4.0), ([64, 100, 100, 100, 10], 64, 1.5),
         ([784, 256, 256, 256, 10], 256, 1.0)]
SHAPES = [(50, 50), (256, 256), (4096, 256), (65536, 128)]


def shortest(run, budget=0.4):
    run()
    best, start, count = 1e9, time.perf_counter(), 0
    while count < 5 or time.perf_counter() - start < budget:
        begin = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - begin)
        count += 1
    return best * 1e6


def training_step(widths, batch):
    layers = []
    for i, (a, b) in enumerate(zip(widths, widths[1:])):
        last = i == len(widths) - 2
        layers.append(torch.nn.Linear(a, b, bias=last))
        if not last:
            layers += [torch.nn.BatchNorm1d(b), torch.nn.ReLU()]
    net = torch.nn.Sequential(*layers)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    x, y = torch.randn(batch, widths[0]), torch.randint(0, 10, (batch,))

    def run():
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(net(x), y).backward()
        optimizer.step()

    return run


def batch_norm(n, d, fused):
    x, gamma, beta = (torch.randn(s, requires_grad=True) for s in ((n, d), (d,), (d,)))
    dout = torch.randn(n, d)

    def forward():
        if fused:
            return torch.nn.functional.batch_norm(x, None, None, gamma, beta, True, 0.1, 1e-6)
        mu = x.mean(0)
        xmu = x - mu
        sq = xmu**2
        var = sq.mean(0)
        sqrtvar = torch.sqrt(var + 1e-6)
        ivar = 1 / sqrtvar
        xhat = xmu * ivar
        gammax = gamma * xhat
        return gammax + beta

    return lambda: torch.autograd.grad(forward(), (x, gamma, beta), dout)


def cases():
    """(name, our case, PyTorch's run, the ratio that is asked for)"""
    for widths, batch, target in STEPS:
        name = f"step {'-'.join(map(str, widths))} batch {batch}"
        yield name, name, training_step(widths, batch), target
    for n, d in SHAPES:
        for kind, target in (("primitives", 6.0), ("fused", 1.0)):
            yield f"bn {n}x{d} {kind}", f"bn {n}x{d}", batch_norm(n, d, kind == "fused"), target


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program", help="the built benchmark_plan_speed")
    parser.add_argument("--json", action="store_true", help="a line of JSON a case")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="cases whose names contain this")
    options = parser.parse_args()
    ours_process = subprocess.Popen([options.program, "-"], stdin=subprocess.PIPE,
                                    stdout=subprocess.PIPE, text=True)
    missed = 0
    for name, our_name, run, target in cases():
        if options.only not in name:
            continue
        ours = peer = 1e18
        for _ in range(options.rounds):
            ours_process.stdin.write(our_name + "\n")
            ours_process.stdin.flush()
            ours = min(ours, json.loads(ours_process.stdout.readline())["ours_us"])
            peer = min(peer, shortest(run))
        ratio = peer / ours
        missed += ratio < target
        if options.json:
            print(json.dumps({"case": name, "ours_us": round(ours, 3), "peer_us": round(peer, 3),
                              "ratio": round(ratio, 3)}), flush=True)
        else:
            print(f"{name:36} {ours:12.1f} {peer:12.1f} us  ratio {ratio:7.2f}  "
                  f"{'ok' if ratio >= target else 'MISSED'} (asked: {target:g})", flush=True)
    ours_process.stdin.close()
    ours_process.wait()
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
