"""What a machine does to a program: no space, no time, somebody else at the same vault, input without end."""

import os
import random
import resource
import signal
import subprocess
import sys
import threading
import time

import pytest

from programs import VRM_BIN, environment, needs_programs

pytestmark = needs_programs


def limited(person, size, *arguments, stdin=b""):
    """Runs a command that may make no file longer than `size` bytes: the nearest thing to a full disk without being root."""
    return subprocess.run(
        [str(VRM_BIN / "vrm"), *map(str, arguments), *map(str, person.always())], input=stdin, capture_output=True,
        env=environment(person.home), cwd=person.home, timeout=120,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)))


@pytest.fixture
def shopping(person):
    person.run("company", "add", "shop.example")
    person.run("data", "set", "email", "-", stdin="mara@muster.example\n")
    return person


def test_a_full_disk_while_a_file_is_written_leaves_nothing(shopping):
    """The file is longer than whatever the vault writes before it: only there the disk is full."""
    before = shopping.lines("ledger", "list")
    out = shopping.home / "idea.json"
    done = limited(shopping, 40_000, "message", "new", "shop.example", "-", "--kind", "idea", "--out", out, "--yes", stdin=b"x" * 60_000)
    assert done.returncode == 1 and b"the disk is full" in done.stderr, done
    assert b"To shop.example" in done.stderr, "the vault was opened, and the message shown"
    assert not out.exists() and not list(shopping.home.glob(".vrm-*"))
    assert shopping.lines("ledger", "list") == before
    assert shopping.json("ledger", "verify")["ok"]


def test_a_full_disk_under_the_vault_loses_nothing(shopping):
    log = shopping.vault / "store.db-wal"
    refused = 0
    for spare in (0, 4096, 8192, 20_000, 60_000):
        before = shopping.lines("ledger", "list")
        size = max(log.stat().st_size, 33_000) + spare
        done = limited(shopping, size, "data", "set", "email", "-", stdin=b"new@muster.example\n" + str(spare).encode())
        if done.returncode == 0:
            continue
        refused += 1
        assert done.returncode == 1 and b"the disk is full" in done.stderr, done
        assert shopping.json("data", "get", "email")["value"] == "mara@muster.example"
        assert shopping.lines("ledger", "list") == before
        assert shopping.json("ledger", "verify")["ok"]
    assert refused >= 2
    shopping.run("data", "set", "email", "-", stdin="after@muster.example\n")
    assert shopping.json("data", "get", "email")["value"] == "after@muster.example"


def test_a_process_killed_at_any_moment_leaves_the_vault_whole(shopping):
    choose = random.Random(7)
    acknowledged = "mara@muster.example"
    killed = 0
    for number in range(25):
        value = f"try{number}@muster.example"
        process = subprocess.Popen(
            [str(VRM_BIN / "vrm"), "data", "set", "email", "-", *map(str, shopping.always())], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(shopping.home))
        process.stdin.write(value.encode())
        process.stdin.close()
        time.sleep(choose.uniform(0.02, 0.35))
        process.kill()
        if process.wait() == 0:
            acknowledged = value
        else:
            killed += 1
        now = shopping.json("data", "get", "email")["value"]
        assert now in (acknowledged, value)
        acknowledged = now
    assert killed > 0
    assert shopping.json("ledger", "verify")["ok"]


def test_writers_at_the_same_time_wait_for_each_other(person):
    failed = []

    def write(name):
        for number in range(4):
            done = person.run("data", "set", name, "-", stdin=f"{name}-{number}\n", check=False)
            if done.returncode:
                failed.append(done.stderr)

    writers = [threading.Thread(target=write, args=(f"item_{letter}",)) for letter in "abcd"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert not failed
    assert [(item["name"], item["version"]) for item in person.lines("data", "list")] == [(f"item_{letter}", 4) for letter in "abcd"]
    assert person.json("ledger", "verify")["ok"]


def test_a_vault_in_use_is_said_to_be(person):
    import fcntl

    with open(person.vault / "lock", "r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert person.error(75, "data", "list")["error"] == "another process is using the vault"


def test_a_line_without_end_is_refused_before_it_ends(person):
    reader, writer = os.pipe()
    # Between us and it, a process that is small: what a process used counts from before its exec.
    measured = "import resource, subprocess, sys; code = subprocess.call(sys.argv[1:]); " \
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr); sys.exit(code)"
    process = subprocess.Popen(
        [sys.executable, "-c", measured, str(VRM_BIN / "vrm"), "import", "passwords", "-", *map(str, person.always())], stdin=reader,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(person.home))
    os.close(reader)
    sent = 0
    try:
        os.write(writer, b"name,url,username,password\nx,")
        while sent < 1 << 30:
            sent += os.write(writer, b"a" * 65536)
    except BrokenPipeError:
        pass
    finally:
        os.close(writer)
    said = process.stderr.read()
    assert process.wait() == 65 and b"more than 1 MiB" in said
    assert sent < 16 << 20 and int(said.split()[-1]) < 128 * 1024


def test_an_output_nobody_reads_is_no_error(person):
    process = subprocess.Popen(
        [str(VRM_BIN / "vrm"), "data", "catalogue"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(person.home))
    process.stdout.close()
    assert process.wait() == 0 and process.stderr.read() == b""
