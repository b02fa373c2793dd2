"""How fast a service takes in intents beside how fast they are verified bare, and whether its memory grows. Ratios, not seconds.

benchmark.py FOLDER [COUNT] [DATABASE]; VRM_BIN and VRM_SERVICE_BIN name the folders of the release programs.
"""

import http.client
import json
import os
import resource
import subprocess
import sys
import threading
import time
from pathlib import Path

BATCH = 500
CLIENTS = 4
folder = Path(sys.argv[1])
count = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
database = sys.argv[3] if len(sys.argv) > 3 else str(folder / "shop.sqlite")
vendor, service = (Path(os.environ[name]) for name in ("VRM_BIN", "VRM_SERVICE_BIN"))


def resident(process) -> int:
    """KiB in memory now."""
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))


def seconds_of(process) -> float:
    """Processor time so far, of all threads."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def bare(file) -> dict:
    """Intents a second on one thread and on all, and processor time for one intent."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    out = subprocess.run([service / "market", "verify", file], check=True, capture_output=True, text=True).stdout
    rates = {line.split()[0]: int(line.split()[1]) for line in out.splitlines()}
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Each is verified twice.
    return rates | {"cost": (now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime) / count / 2}


intents = folder / "intents.ndjson"
with intents.open("w") as out:
    subprocess.run([service / "market", "make", str(count)], check=True, stdout=out)
lines = intents.read_bytes().splitlines()
print(f"{count} intents of {sum(map(len, lines)) // count} bytes, {os.cpu_count()} cores, batches of {BATCH} from {CLIENTS} clients")
before = bare(intents)

subprocess.run([vendor / "vrm-vendor", "keys", "new", "--origin", "https://shop.example", "--dir", folder / "keys"], check=True, capture_output=True)
process = subprocess.Popen(
    [service / "vrm-vendor-serve", "--keys", folder / "keys", "--database", database, "--listen", "127.0.0.1:0", "--rate", "0", "--json"],
    stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
port = json.loads(process.stdout.readline())["port"]
batches = iter([lines[start:start + BATCH] for start in range(0, count, BATCH)])
lock, taken, memory = threading.Lock(), [0], {}


def hand_in():
    connection = http.client.HTTPConnection("127.0.0.1", port)
    while True:
        with lock:
            batch = next(batches, None)
        if batch is None:
            return
        connection.request("POST", "/intents/batch", b"\n".join(batch), {"Content-Type": "application/x-ndjson"})
        answer = connection.getresponse()
        assert answer.status == 200, answer.status
        good = answer.read().count(b'"taken":true')
        assert good == len(batch), "an intent was refused"
        with lock:
            taken[0] += good
            for mark in (count // 10, count // 2, count):
                if taken[0] >= mark and mark not in memory:
                    memory[mark] = resident(process)


start, used = time.monotonic(), seconds_of(process)
clients = [threading.Thread(target=hand_in) for _ in range(CLIENTS)]
for client in clients:
    client.start()
for client in clients:
    client.join()
rate, used = count / (time.monotonic() - start), seconds_of(process) - used
after = bare(intents)
process.terminate()
process.wait()

# The machine may have had other work in between: the better of the two runs is what it can do.
one, every = (max(before[name], after[name]) for name in ("one", "all"))
cost = min(before["cost"], after["cost"])
print(f"verified bare, one thread: {one}/s; all cores: {every}/s, ratio {every / one:.2f}")
print(f"taken in, on the disk and acknowledged: {rate:.0f}/s, {rate / every:.2f} of bare verification on all cores, {rate / one:.2f} of one thread")
print(f"processor time of the service for one intent: {used / count / cost:.2f} bare verifications")
print("memory: " + ", ".join(f"{kib / 1024:.0f} MiB after {mark}" for mark, kib in sorted(memory.items())))
print(f"memory grew {memory[count] / memory[count // 10]:.2f} times from {count // 10} to {count}")
