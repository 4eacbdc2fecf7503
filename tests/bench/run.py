#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers

"""All benchmarks as one table, and as JSON; docs/performance.md explains it.

    tests/bench/run.py [--json FILE] [--docs] [--build FOLDER]

--docs puts the table and a plot into docs/.  Peers take part where they are
found: ONNX Runtime (its C library named by MX_ONNXRUNTIME or installed as
libonnxruntime.so.1, and python3-onnx to make its graphs), PyTorch
(python3-torch).
"""

import argparse
import datetime
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time

import plot

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
NETWORKS = {"network-a": 12, "network-b": 6}
WARM, ROUNDS = 3, 15
# After so many seconds fewer rounds, but not fewer than so many.
PATIENCE, ENOUGH = 60, 5


def say(text):
    print(text, file=sys.stderr, flush=True)


# --- the machine ---

def processor_name():
    with open("/proc/cpuinfo") as file:
        for line in file:
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.machine()


def busy_seconds():
    """Of all processors since they started, whoever ran on them."""
    with open("/proc/stat") as file:
        user, nice, system, _, _, irq, softirq, steal = map(int, file.readline().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def own_seconds():
    return sum(u.ru_utime + u.ru_stime for u in (
        resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)))


class Load:
    """The share of the processors that others took."""

    def __init__(self):
        self.begin = datetime.datetime.now()
        self.busy, self.own = busy_seconds(), own_seconds()

    def share(self):
        elapsed = (datetime.datetime.now() - self.begin).total_seconds()
        others = (busy_seconds() - self.busy) - (own_seconds() - self.own)
        return max(0, others / elapsed / os.cpu_count())


def commit():
    git = subprocess.run(["git", "-C", SOURCE, "describe", "--always", "--dirty"],
                         capture_output=True, text=True, check=False)
    return git.stdout.strip() or "unknown"


def describe_machine(load):
    return {
        "processor": processor_name(),
        "cores": os.cpu_count(),
        "system": platform.system() + " " + platform.machine(),
        "date": datetime.date.today().isoformat(),
        "commit": commit(),
        "others": round(load, 3),
    }


# --- the programs ---

def make_graphs(bench, folder):
    """Returns whether there are any."""
    subprocess.run([bench("networks"), "--write", folder], check=True)
    models = [os.path.join(folder, name + ".safetensors") for name in NETWORKS]
    made = subprocess.run([sys.executable, os.path.join(HERE, "export-onnx.py"), folder] + models,
                          stderr=subprocess.PIPE, text=True, check=False)
    if made.returncode != 0:
        say("No graphs for ONNX Runtime: " + made.stderr.strip().splitlines()[-1])
    return made.returncode == 0


def run_programs(bench, build):
    """Rows of the C programs, and the lines they print before their tables."""
    rows, heads = [], []
    with tempfile.TemporaryDirectory() as folder:
        lines = os.path.join(folder, "rows")
        env = dict(os.environ, MX_BENCH_JSON=lines, MX_MODELS=os.path.join(SOURCE, "models"),
                   GST_PLUGIN_PATH=os.path.join(build, "gst", "elements"),
                   GST_REGISTRY=os.path.join(folder, "registry"))
        graphs = [folder] if make_graphs(bench, folder) else []
        arguments = {"networks": graphs, "kernels": ["--layers"]}
        for name in ("networks", "kernels", "stream", "quantised", "sessions", "frontend",
                     "element"):
            say("bench-" + name)
            done = subprocess.run([bench(name)] + arguments.get(name, []),
                                  env=env, stdout=subprocess.PIPE, text=True, check=True)
            heads += [line for line in done.stdout.splitlines() if line.startswith("ONNX Runtime")]
        with open(lines) as file:
            rows = [json.loads(line) for line in file]
    return rows, heads


# --- training: contenders take turns, a step each ---

class Contender:
    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)
        self.wall, self.cpu = [], []

    def step(self, keep):
        try:
            self.process.stdin.write("\n")
            self.process.stdin.flush()
            wall, cpu = map(float, self.process.stdout.readline().split())
        except (ValueError, BrokenPipeError):
            return False  # not installed
        if keep:
            self.wall.append(wall)
            self.cpu.append(cpu)
        return True

    def close(self):
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        self.process.wait()


def occupy_a_core():
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    os.sched_setaffinity(busy.pid, {max(os.sched_getaffinity(0))})
    return busy


def torch_version():
    asked = subprocess.run([sys.executable, "-c", "import torch; print(torch.__version__)"],
                           capture_output=True, text=True, check=False)
    return ["PyTorch " + asked.stdout.strip()] if asked.returncode == 0 else []


def median_ratio(a, b):
    return statistics.median(x / y for x, y in zip(a, b)) if a else None


def train(bench, name, threads, taken):
    """ms of ours, ms of PyTorch, by the clock and of processor time."""
    ours = Contender([bench("training"), name, str(threads)])
    peer = Contender([sys.executable, os.path.join(HERE, "torch-training.py"),
                      os.path.join(HERE, name + ".json"), str(NETWORKS[name]), str(threads)])
    busy = occupy_a_core() if taken else None
    there = True
    end = time.monotonic() + PATIENCE
    for turn in range(WARM + ROUNDS):
        if turn >= WARM + ENOUGH and time.monotonic() > end:
            break
        ours.step(turn >= WARM)
        there = there and peer.step(turn >= WARM)
    if busy:
        busy.kill()
        busy.wait()
    ours.close()
    peer.close()
    return ours, peer


def run_training(bench):
    rows = []
    ways = [("1 thread", 1, False), ("2 threads", 2, False), ("2 threads, one core taken", 2, True)]
    for name in NETWORKS:
        for way, threads, taken in ways[:3 if os.cpu_count() > 1 else 1]:
            say("bench-training %s, %s" % (name, way))
            ours, peer = train(bench, name, threads, taken)
            median = statistics.median
            rows.append({"section": "Training, %s, 64 pairs a step" % name, "row": way, "values": {
                "samples/s": 64e3 / median(ours.wall),
                "per CPU s": 64e3 / median(ours.cpu),
                "ms": median(ours.wall),
                "ms of CPU": median(ours.cpu),
                "PyTorch ms": median(peer.wall) if peer.wall else None,
                "PyTorch ms of CPU": median(peer.cpu) if peer.cpu else None,
                "PyTorch / it": median_ratio(peer.wall, ours.wall),
                "by CPU": median_ratio(peer.cpu, ours.cpu)}})
    return rows


# --- the table ---

def number(value):
    if value is None:
        return "-"
    if abs(value) >= 1000:
        return "%.0f" % value
    return "%.3g" % value


def format_section(title, rows):
    columns = list(rows[0]["values"])
    cells = [[row["row"]] + [number(row["values"][c]) for c in columns] for row in rows]
    table = [[title] + [c.strip() for c in columns]] + cells
    widths = [max(len(line[i]) for line in table) for i in range(len(table[0]))]
    return "\n".join(
        "  ".join([line[0].ljust(widths[0])] + [c.rjust(w) for c, w in zip(line[1:], widths[1:])])
        for line in table)


def format_table(result):
    machine, sections = result["machine"], {}
    for row in result["rows"]:
        sections.setdefault(row["section"], []).append(row)
    load = "%.0f %% of the processors were taken by others" % (100 * machine["others"])
    if machine["others"] > plot.QUIET:
        load = "MEASURED UNDER LOAD: " + load
    head = "%s, %d cores, %s, commit %s\n%s" % (
        machine["processor"], machine["cores"], machine["date"], machine["commit"], load)
    return "\n\n".join([head + "".join("\n" + peer for peer in result["peers"])] + [
        format_section(title, rows) for title, rows in sections.items()]) + "\n"


def update_docs(result):
    docs = os.path.join(SOURCE, "docs")
    with open(os.path.join(docs, "time-per-exit.svg"), "w") as file:
        file.write(plot.draw(result))
    page = os.path.join(docs, "performance.md")
    with open(page) as file:
        text = file.read()
    begin, end = "<!-- made by tests/bench/run.py -->\n", "<!-- end -->"
    before, rest = text.split(begin)
    _, after = rest.split(end)
    table = "".join("    %s\n" % line if line else "\n"
                    for line in format_table(result).splitlines())
    with open(page, "w") as file:
        file.write(before + begin + "\n" + table + "\n" + end + after)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", metavar="FILE", help="write the results there")
    parser.add_argument("--docs", action="store_true", help="put them into docs/")
    parser.add_argument("--build", metavar="FOLDER", default=os.path.join(SOURCE, "build"))
    options = parser.parse_args()
    build = os.path.abspath(options.build)

    def bench(name):
        return os.path.join(build, "tests", "bench", "bench-" + name)

    load = Load()
    rows, peers = run_programs(bench, build)
    rows += run_training(bench)
    result = {"machine": describe_machine(load.share()), "peers": peers + torch_version(),
              "rows": rows}
    print(format_table(result))
    if options.json:
        with open(options.json, "w") as file:
            json.dump(result, file, indent=1)
    if options.docs:
        update_docs(result)


if __name__ == "__main__":
    main()
