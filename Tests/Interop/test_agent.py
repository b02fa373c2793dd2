"""The agent as somebody else, a broken client and an unlucky machine meet it."""

import os
import re
import resource
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest

from agents import Socket, frame, is_gone
from programs import OTHER_USER, VRM_BIN, Person, environment, needs_programs, until

pytestmark = needs_programs
LOCKED = "the vault is locked"
KEYS = 5 + 9 * 32


def is_open(person) -> bool:
    """Whether a command gets in without a passphrase; the other answer must be that the vault is locked."""
    done = person.by_agent.run("company", "list", "--json", check=False)
    assert done.returncode in (0, 4), done
    return done.returncode == 0


def as_user(uid: int, act) -> str:
    """What came of an act done by another user: "done", or the name of the exception."""
    reader, writer = os.pipe()
    if (child := os.fork()) == 0:
        said = "done"
        try:
            os.setgroups([])
            os.setresgid(uid, uid, uid)
            os.setresuid(uid, uid, uid)
            act()
        except BaseException as error:
            said = type(error).__name__
        os.write(writer, said.encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return said


# MARK: A day


def test_a_list_of_processes_calls_the_agent_by_its_name(unlocked):
    """It is started as /proc/self/exe."""
    name = (Path(f"/proc/{Socket(unlocked).pid}") / "comm").read_text()
    assert name == "vrm-agent\n"


def test_after_one_unlock_commands_need_no_passphrase_until_lock(person):
    assert not is_open(person)
    assert person.json("unlock")["locked"] is False
    person.by_agent.run("company", "add", "shop.example")
    assert person.by_agent.json("company", "show", "shop.example")["domain"] == "shop.example"
    assert "unlocked already" in person.by_agent.run("unlock").stdout.decode()
    person.by_agent.run("lock")
    assert not is_open(person)
    assert "locked already" in person.by_agent.run("lock").stdout.decode()
    person.run("unlock")
    assert is_open(person)
    person.by_agent.run("lock")


def test_when_lock_is_back_the_keys_are_gone(person):
    for _ in range(10):
        person.run("unlock")
        pid = Socket(person).pid
        assert not is_gone(pid)
        person.by_agent.run("lock")
        assert is_gone(pid) and not Socket(person).path.exists()


def test_two_vaults_have_two_agents(person, tmp_path):
    other = Person(tmp_path / "other")
    other.init()
    runtime = {"XDG_RUNTIME_DIR": str(person.home)}
    person.run("unlock")
    other.run("unlock", variables=runtime)
    other.by_agent.run("lock", variables=runtime)
    assert is_open(person)
    other.by_agent.run("company", "list", variables=runtime, code=4)
    person.by_agent.run("lock")


def test_a_passphrase_that_is_given_is_used_whether_or_not_there_is_an_agent(unlocked):
    wrong = unlocked.home / "wrong"
    wrong.write_text("incorrect horse battery staple\n")
    assert unlocked.by_agent.error(4, "company", "list", "--passphrase-file", wrong)["error"] == "wrong passphrase"


def test_the_passphrase_is_asked_for_again_to_change_it_and_the_agent_stays(unlocked):
    new = unlocked.home / "new"
    new.write_text("another horse, another staple\n")
    for command in (["passphrase", "--new-passphrase-file", new], ["passphrase", "--list"], ["recovery", "new", "--out", unlocked.home / "code"]):
        assert unlocked.by_agent.error(4, *command)["error"] == LOCKED
    unlocked.run("passphrase", "--new-passphrase-file", new)
    assert is_open(unlocked)
    unlocked.run("company", "list", code=4)


def test_it_works_in_tmux_and_in_a_shell_without_a_runtime_directory_it_says_what_to_do(unlocked):
    there = {name: value for name, value in environment(unlocked.home).items()} | {"TERM": "xterm"}
    command = f"{VRM_BIN}/vrm company list --vault {unlocked.vault} --no-input; echo $? > code; exit"
    subprocess.run(["tmux", "-S", "tmux", "-f", "/dev/null", "new-session", "-d", command], env=there, cwd=unlocked.home, check=True)
    until(lambda: (unlocked.home / "code").exists() and (unlocked.home / "code").read_text())
    assert (unlocked.home / "code").read_text() == "0\n"
    assert unlocked.by_agent.error(4, "company", "list", variables={"XDG_RUNTIME_DIR": None})["error"] == LOCKED
    refused = unlocked.error(69, "unlock", variables={"XDG_RUNTIME_DIR": None})
    assert refused["error"] == "XDG_RUNTIME_DIR names no folder for the agent" and "export XDG_RUNTIME_DIR=" in refused["hint"]


# MARK: How it ends


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_and_takes_the_socket_away(person, number):
    person.run("unlock")
    agent = Socket(person)
    pid = agent.pid
    os.kill(pid, number)
    until(lambda: is_gone(pid))
    assert not agent.path.exists() and not is_open(person)


def test_killed_between_two_commands_it_leaves_a_socket_that_is_no_hindrance(person):
    person.run("unlock")
    agent = Socket(person)
    pid = agent.pid
    os.kill(pid, signal.SIGKILL)
    until(lambda: is_gone(pid))
    assert agent.path.exists() and not is_open(person)
    assert "locked already" in person.by_agent.run("lock").stdout.decode()
    person.run("unlock")
    assert is_open(person)
    person.by_agent.run("lock")


def test_without_use_it_ends_however_often_somebody_asks_how_long_it_stays(person):
    person.run("unlock", "--idle", "1s")
    agent = Socket(person)
    until(lambda: agent.listeners == 0 or agent.path.exists() and not _tried(agent, "STATUS"))
    assert not is_open(person)


def test_after_its_time_it_ends_however_much_it_is_used(person):
    person.run("unlock", "--most", "2s")
    agent = Socket(person)
    used = []
    until(lambda: agent.listeners == 0 or used.append(_tried(agent, "GIVE")))
    assert KEYS in map(len, used) and not is_open(person)


def _tried(agent, word):
    try:
        return agent.ask(word)
    except (FileNotFoundError, ConnectionRefusedError):
        return b""


@pytest.mark.parametrize("asked", [["--idle", "16m"], ["--idle", "0s"], ["--most", "9h"], ["--idle", "-1s"], ["--most", "1d"], ["--idle", "9223372036854775807h"]])
def test_nobody_can_ask_for_more_time_than_there_is(person, asked):
    # Joined, so that a value that begins with a hyphen is not taken for an option.
    assert person.error(64, "unlock", "=".join(asked))["error"] == "not a time an agent may stay"
    assert Socket(person).listeners == 0


def test_without_its_socket_file_it_ends_and_another_can_start(person):
    person.run("unlock")
    agent = Socket(person)
    pid = agent.pid
    agent.path.unlink()
    assert not is_open(person)
    until(lambda: is_gone(pid))
    person.run("unlock")
    assert is_open(person) and agent.pid != pid
    person.by_agent.run("lock")


@pytest.mark.parametrize("number", [2, 8])
def test_several_unlocks_at_the_same_time_leave_one_agent(person, number):
    together = [person.started("unlock") for _ in range(number)]
    for process in together:
        said, complaint = process.communicate(timeout=120)
        assert process.returncode == 0, complaint
    assert Socket(person).listeners == 1 and is_open(person)
    person.by_agent.run("lock")
    assert Socket(person).listeners == 0 and not is_open(person)


# MARK: What it is


def test_its_folder_and_its_socket_are_for_its_user_alone(unlocked):
    agent = Socket(unlocked)
    for path, wanted in ((agent.folder, 0o700), (agent.path, 0o700), (Path(f"{agent.path}.lock"), 0o600)):
        assert path.lstat().st_mode & 0o777 == wanted and path.lstat().st_uid == os.geteuid(), path


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can look into a process that cannot be dumped")
def test_it_has_nothing_of_the_shell_that_started_it(person):
    secret = open(person.home / "left-open", "w+")
    os.set_inheritable(secret.fileno(), True)
    high = os.dup2(secret.fileno(), 200)
    person.run("unlock", pass_fds=(secret.fileno(), high), variables={"CANARY": "in the environment", "TERM": "xterm"})
    os.close(high)
    agent = Socket(person)
    process = Path(f"/proc/{agent.pid}")
    assert (process / "cmdline").read_bytes() == b"vrm\0agent\0"
    assert (process / "environ").read_bytes() == f"XDG_RUNTIME_DIR={person.home}\0".encode()
    assert os.readlink(process / "cwd") == "/"
    stat = (process / "stat").read_text().rsplit(")", 1)[1].split()
    assert int(stat[3]) == agent.pid, "a session of its own"
    opened = {int(entry.name): os.readlink(entry) for entry in (process / "fd").iterdir()}
    assert [opened.pop(number) for number in range(3)] == ["/dev/null"] * 3
    expected = {str(agent.folder), f"{agent.path}.lock", "anon_inode:[signalfd]"}
    left = [target for target in opened.values() if target not in expected and not target.startswith("socket:")]
    assert not left
    assert re.search("^Max core file size +0 +0 ", (process / "limits").read_text(), re.M)


def test_it_cannot_be_started_by_hand(person):
    done = subprocess.run(
        [VRM_BIN / "vrm", "agent"], env=environment(person.home), stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    assert done.returncode == 64 and b"started with the keys" in done.stderr
    assert b"agent" not in person.run("company", "list", "--help").stdout


# MARK: Where it may be


@pytest.fixture
def places(person):
    """Values of XDG_RUNTIME_DIR that no agent may use, and what is said."""
    missing, unsafe = "XDG_RUNTIME_DIR names no folder for the agent", "XDG_RUNTIME_DIR is not for you alone"
    (person.home / "wide").mkdir()
    (person.home / "wide").chmod(0o755)
    (person.home / "mine").mkdir(mode=0o700)
    (person.home / "link").symlink_to("mine")
    (person.home / "file").touch(0o600)
    places = {
        "unset": (None, missing), "empty": ("", missing), "relative": ("mine", missing),
        "not there": (str(person.home / "nowhere"), missing), "open to others": (str(person.home / "wide"), unsafe),
        "a link": (str(person.home / "link"), unsafe), "a file": (str(person.home / "file"), unsafe),
    }
    (person.home / "vrm-link").mkdir(mode=0o700)
    (person.home / "vrm-link" / "vrm").symlink_to(person.home / "mine")
    places["a link inside"] = str(person.home / "vrm-link"), unsafe
    (person.home / "vrm-wide" / "vrm").mkdir(parents=True)
    (person.home / "vrm-wide").chmod(0o700)
    (person.home / "vrm-wide" / "vrm").chmod(0o770)
    places["open inside"] = str(person.home / "vrm-wide"), unsafe
    if os.geteuid() == 0:
        (person.home / "theirs").mkdir(mode=0o700)
        os.chown(person.home / "theirs", OTHER_USER, OTHER_USER)
        places["of another user"] = str(person.home / "theirs"), unsafe
    return places


def test_a_place_that_is_not_safe_is_said_to_be_and_everything_else_works(person, places):
    for name, (place, words) in places.items():
        variables = {"XDG_RUNTIME_DIR": place, "TMPDIR": str(person.home)}
        refused = person.error(69, "unlock", variables=variables)
        assert (refused["error"], bool(refused["hint"])) == (words, True), name
        person.run("company", "list", variables=variables)
        person.by_agent.run("company", "list", variables=variables, code=4)
    agent = Socket(person)
    assert agent.listeners == 0
    for folder in (person.home, Path("/tmp"), Path("/var/tmp"), Path("/dev/shm")):
        assert not [*folder.glob(agent.name), *folder.glob(f"*/{agent.name}")], "never somewhere else"


def test_a_long_path_is_no_hindrance(person):
    runtime = person.home
    for _ in range(6):
        runtime /= "so-long-that-no-socket-address-could-hold-it"
    runtime.mkdir(parents=True)
    runtime.chmod(0o700)
    variables = {"XDG_RUNTIME_DIR": str(runtime)}
    person.run("unlock", variables=variables)
    person.by_agent.run("company", "list", variables=variables)
    person.by_agent.run("lock", variables=variables)


# MARK: Other users


def test_another_user_cannot_reach_it(stranger):
    """Not by the folder's permissions; and root, whom they do not stop, is sent away without a word."""
    stranger.run("unlock")
    agent = Socket(stranger)
    assert as_user(OTHER_USER, agent.connect) == "done"
    assert as_user(OTHER_USER + 1, agent.connect) == "PermissionError"
    for word in ("GIVE", "STATUS", "LOCK"):
        assert agent.ask(word) == b""
    assert is_open(stranger)


def test_a_socket_that_another_user_planted_is_not_talked_to(stranger):
    agent = Socket(stranger)
    stranger.run("unlock")
    stranger.by_agent.run("lock")
    heard = []
    with socket.socket(socket.AF_UNIX) as planted:
        with agent.address() as address:
            planted.bind(address)
        os.chown(agent.path, OTHER_USER, OTHER_USER)
        planted.listen()

        def listen():
            while True:
                try:
                    visitor, _ = planted.accept()
                except OSError:
                    return
                with visitor:
                    heard.append(visitor.recv(100))

        listener = threading.Thread(target=listen, daemon=True)
        listener.start()
        assert stranger.by_agent.error(1, "company", "list")["error"] == "another user answers in the agent's place"
        assert stranger.by_agent.error(1, "lock")["error"] == "another user answers in the agent's place"
        stranger.run("company", "list")
        stranger.run("unlock")
        assert is_open(stranger), "unlocking takes the place back"
        planted.shutdown(socket.SHUT_RDWR)
        listener.join(30)
    assert set(heard) == {b""}, "not even a request was said"


# MARK: Broken clients


def test_a_request_is_one_of_three_words(unlocked):
    agent = Socket(unlocked)
    assert len(agent.ask("GIVE")) == KEYS and len(agent.ask("STATUS")) == 13
    for word in ("", "give", "GIVE ", "TAKE", "GIVEGIVE", "G" * 65536):
        assert agent.ask(word) == b"\x01\0\0\0\0", word[:10]
    assert is_open(unlocked)


@pytest.mark.parametrize(
    "said",
    [b"", b"\4", b"\4\0\0\0", frame(b"GIVE")[:-1], b"GIVE", os.urandom(4096) + b"\xff", b"\xff" * 8, b"\1\0\1\0" + b"x" * 70_000],
    ids=["nothing", "one byte", "a length", "all but a byte", "no length", "noise", "a huge length", "a frame too long"])
def test_what_is_no_request_gets_no_answer(unlocked, said):
    agent = Socket(unlocked)
    assert agent.say(said, then_close=True) == b""
    assert is_open(unlocked)


def test_a_frame_that_is_too_long_is_refused_before_it_is_sent(unlocked):
    assert Socket(unlocked).say(b"\1\0\1\0") == b"", "hung up without waiting for it"


def test_a_client_that_says_nothing_whole_in_time_is_dropped_and_holds_nobody_up(unlocked):
    agent = Socket(unlocked)
    with agent.connect() as slow, agent.connect() as silent:
        dropped = threading.Event()

        def dribble():
            try:
                for byte in frame(b"GIVE") * 100:
                    slow.send(bytes([byte]))
                    time.sleep(0.3)
            except (BrokenPipeError, ConnectionResetError):
                dropped.set()

        sending = threading.Thread(target=dribble)
        sending.start()
        assert is_open(unlocked)
        sending.join(60)
        assert dropped.is_set()
        assert silent.recv(1) == b""
    assert is_open(unlocked)


def test_a_thousand_silent_clients_keep_nobody_out(unlocked):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 1200:
        pytest.skip("this machine lets a process open too few files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    agent = Socket(unlocked)
    crowd, crowding = [], threading.Event()

    def come():
        mine = 0
        while mine < 125:
            try:
                crowd.append(agent.connect())
            except OSError:  # the queue is full: they come again
                continue
            mine += 1
            if len(crowd) > 200:
                crowding.set()

    comers = [threading.Thread(target=come, daemon=True) for _ in range(8)]
    try:
        for comer in comers:
            comer.start()
        crowding.wait(10)
        answers = [unlocked.by_agent.run("company", "list", check=False).returncode for _ in range(3)]
        for comer in comers:
            comer.join(120)
        assert answers == [0, 0, 0] and len(crowd) == 1000
        assert is_open(unlocked)
    finally:
        for visitor in crowd:
            visitor.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
