"""Canaries: a passphrase, a recovery code, values, logins, companies; looked for wherever they have no business to be."""

import array
import fcntl
import os
import re
import resource
import shutil
import signal
import subprocess
import termios
from datetime import date, timedelta
from pathlib import Path

import pytest

import story as told
from agents import Socket, is_gone
from programs import OTHER_USER, Person, environment, leaks, needs_programs, until
from test_agent import as_user
from watch import Watch

pytestmark = needs_programs

PASSPHRASE, NEW_PASSPHRASE = "canary velvet ostrich lantern", "canary copper walrus thimble"
VALUE, OLD_VALUE, LOGIN, NAME = "canary+now@plumtree.example", "canary+old@plumtree.example", "canary.login.77", "Canary Plumtree"
DOMAIN, COMPANY = "canary-cobbler.example", "Canary Cobbler & Daughters"
CRASHES = [signal.SIGSEGV, signal.SIGABRT, signal.SIGQUIT, signal.SIGTRAP, signal.SIGBUS, signal.SIGILL, signal.SIGFPE]
BACKTRACE = {"SWIFT_BACKTRACE": "enable=yes,interactive=no,color=no,output-to=stderr,sanitize=no"}


# MARK: A day's commands


class Day:
    """A vault with canaries in it, lived with through the agent; what was said, by command."""

    def __init__(self, folder: Path):
        self.person = person = Person(folder / "home")
        self.shared = set(Path("/dev/shm").iterdir())
        self.temporary = folder / "temporary"
        self.temporary.mkdir()
        self.said: list[tuple[str, bytes]] = []
        self.codes: list[str] = []
        (person.home / "pp").write_text(PASSPHRASE + "\n")
        (person.home / "new").write_text(NEW_PASSPHRASE + "\n")
        with Watch() as self.watch:
            self.live()

    def run(self, who: Person, *arguments, **options):
        done = who.run(*arguments, variables={"TMPDIR": str(self.temporary), **BACKTRACE}, **options)
        self.said.append((" ".join(map(str, arguments[:2])), done.stdout + done.stderr))
        return done

    def code(self, path: Path):
        self.codes.append(path.read_text().strip())
        # Where it was asked to go it has business.
        path.unlink()

    def live(self):
        person, agent = self.person, self.person.by_agent
        self.run(person, "init", "--recovery-out", person.home / "rc", "--kdf", "floor")
        self.code(person.home / "rc")
        self.run(agent, "status", code=4)
        self.run(person, "unlock")
        for fact, value in (("name", NAME), ("email", OLD_VALUE)):
            self.run(agent, "me", "set", fact, "-", stdin=value + "\n")
        export = f"name,url,username,password\n{COMPANY},https://{DOMAIN},{LOGIN},x\n"
        self.run(agent, "import", "passwords", "-", stdin=export)
        for value in (OLD_VALUE, VALUE):
            self.run(agent, "data", "set", "email", "-", stdin=value + "\n")
        until = (date.today() + timedelta(days=30)).isoformat()
        self.run(agent, "grant", "new", DOMAIN, "email", "--purpose", "CustomerCare", "--until", until, "--out", person.home / "g.json", "--yes")
        self.run(agent, "data", "list")
        self.run(agent, "ledger", "list")
        self.run(agent, "ledger", "verify")
        self.run(agent, "backup", "--out", person.home / "first")
        self.run(agent, "backup", "list")
        self.run(person, "passphrase", "--list")
        self.run(person, "passphrase", "--new-passphrase-file", person.home / "new")
        shutil.copy(person.home / "new", person.home / "pp")
        self.run(person, "recovery", "new", "--out", person.home / "rc")
        self.code(person.home / "rc")
        self.run(agent, "data", "remove", "email", "--version", "1", "--yes")
        self.run(agent, "backup", "--out", person.home / "second")
        self.run(person, "restore", person.home / "second", "--yes")
        self.run(agent, "status")
        self.run(agent, "data", "get", "shoe_size", code=5)
        self.run(agent, "company", "show", "no-such-company.example", code=5)
        self.run(agent, "lock")
        self.run(agent, "status", code=4)
        person.home.joinpath("wrong").write_text("not the passphrase at all\n")
        self.run(agent, "status", "--passphrase-file", person.home / "wrong", code=4)
        mistyped = ("1" if self.codes[1][0] != "1" else "2") + self.codes[1][1:]
        person.home.joinpath("wrong").write_text(mistyped + "\n")
        self.run(agent, "status", "--passphrase-file", person.home / "wrong", code=4)
        person.home.joinpath("wrong").unlink()
        self.secrets = [PASSPHRASE, NEW_PASSPHRASE, *self.codes, *(code.replace("-", "") for code in self.codes)]
        self.personal = [VALUE, OLD_VALUE, LOGIN, NAME]
        self.companies = [DOMAIN, COMPANY]


@pytest.fixture(scope="module")
def day(tmp_path_factory):
    day = Day(tmp_path_factory.mktemp("day"))
    yield day
    day.person.by_agent.run("lock", check=False)


def test_nothing_stands_in_the_arguments_or_the_environment_of_a_process(day, story):
    # What the person types on the command line is theirs to show: names of companies, but no value and no secret.
    words = day.secrets + day.personal + told.VALUES + [told.SECRET, "correct horse battery staple", (story.person.home / "rc").read_text().strip()]
    seen = [*day.watch.seen.values(), *story.watch.seen.values()]
    assert not leaks(words, streams=seen)
    assert len(day.watch.processes) > 15 and len(story.watch.processes) > 60, "it looked"
    assert b"vrm\0agent\0" in day.watch.seen.values()


def test_a_watch_sees_what_stands_on_a_command_line(day):
    with Watch() as watch:
        for _ in range(3):
            day.person.run("find", "control-word-on-the-command-line", variables={"CONTROL": "control-word-in-the-environment"})
    words = ["control-word-on-the-command-line"] + ["control-word-in-the-environment"] * (os.geteuid() == 0)
    assert {word for word, _ in leaks(words, streams=watch.seen.values())} == set(words)


def test_commands_print_no_secret_and_only_some_print_values_or_companies(day):
    assert not leaks(day.secrets, streams=[said for _, said in day.said])
    showing = {"grant new"}
    assert not leaks(day.personal, streams=[said for command, said in day.said if command not in showing])
    quiet = ("init", "unlock", "lock", "passphrase", "recovery", "backup", "restore", "ledger verify")
    said = [said for command, said in day.said if command.startswith(quiet)]
    # `vrm status` names the companies that need something; locked, it names nobody.
    locked = [said for command, said in day.said if command.startswith("status") and b"error: the vault is locked" in said]
    assert len(said) >= 11 and len(locked) >= 2
    assert not leaks(day.companies, streams=said + locked)


def test_nothing_lies_in_the_files_of_the_vault_its_backups_and_this_machine(day):
    home = day.person.home
    copies = [home / "vault", *home.glob("vault.*")]
    assert len(copies) == 2, "the vault, and the one that was put aside"
    everything = day.secrets + day.personal + day.companies
    backups = [(home / name).read_bytes() for name in ("first", "second")]
    folders = [*copies, home / "state", home / "config", home / "vrm", day.temporary]
    assert not leaks(everything, folders=folders, streams=backups, ignoring_case=True)
    assert not list(day.temporary.iterdir()) and not list(home.glob(".vrm*"))
    new = [path for path in set(Path("/dev/shm").iterdir()) - day.shared if path.is_file()]
    assert not leaks(everything, streams=[path.read_bytes() for path in new])
    assert leaks([VALUE], streams=[(home / "g.json").read_bytes()]), "what is looked for can be found where it belongs"


# MARK: Completion


def test_names_of_companies_are_completed_while_the_vault_is_unlocked_and_kept_nowhere(person):
    person.run("company", "add", DOMAIN, "--name", COMPANY)
    bare = Person.__new__(Person)
    bare.__dict__.update(person.__dict__)
    bare.always = lambda: []

    def complete(typed=""):
        words = ["---completion", "company", "show", "--", "positional@0", "3", str(len(typed)), "vrm", "company", "show", typed]
        done = bare.run(*words, variables={"VRM_VAULT": str(person.vault)})
        assert done.stderr == b""
        return done.stdout.decode().split()

    assert complete() == []
    person.run("unlock")
    assert complete() == [DOMAIN] == complete("canary") and complete("shop") == []
    for shell in ("bash", "zsh", "fish"):
        script = bare.run("--generate-completion-script", shell, variables={"VRM_VAULT": str(person.vault)}).stdout
        assert b"---completion" in script
        assert not leaks([DOMAIN, COMPANY, "canary"], streams=[script], ignoring_case=True)
    assert not leaks([DOMAIN, COMPANY], folders=[person.home / "state", person.home / "vrm", person.home / "config"])
    person.by_agent.run("lock")
    assert complete() == []


# MARK: Memory


def test_a_process_of_the_same_user_cannot_look_into_the_agent(stranger):
    stranger.run("unlock")
    pid = Socket(stranger).pid
    plain = subprocess.Popen(["sleep", "60"], **stranger.ids)
    try:
        for what in ("mem", "maps", "environ", "auxv"):
            assert as_user(OTHER_USER, lambda: open(f"/proc/{plain.pid}/{what}", "rb").close()) == "done", "without protection one can"
            assert as_user(OTHER_USER, lambda: open(f"/proc/{pid}/{what}", "rb").close()) == "PermissionError", what
        assert as_user(OTHER_USER, lambda: os.listdir(f"/proc/{pid}/fd")) == "PermissionError"
        attached = subprocess.run(
            ["strace", "-p", str(pid), "-o", "/dev/null"], capture_output=True, timeout=30, cwd="/", **stranger.ids)
        assert attached.returncode != 0 and b"Operation not permitted" in attached.stderr
    finally:
        plain.kill()
        plain.wait()


def cores(folder: Path) -> set:
    return {path for path in (*folder.iterdir(), *Path("/").iterdir()) if path.name.startswith("core") and path.is_file()}


def crashing(person, program, *arguments, **options):
    """A program that waits in the middle of a pipe, with core files and crash reports asked for."""
    infinite = (resource.RLIM_INFINITY, resource.getrlimit(resource.RLIMIT_CORE)[1])
    process = person.started(
        *arguments, program=program, env={**environment(person.home), **BACKTRACE},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (infinite[1], infinite[1])), **options)
    return process


def took(pipe) -> bool:
    left = array.array("i", [0])
    fcntl.ioctl(pipe, termios.FIONREAD, left)
    return left[0] == 0


@pytest.mark.parametrize("number", CRASHES)
@pytest.mark.parametrize("program", ["vrm", "vrm-vendor"])
def test_a_crash_writes_nothing_down(person, program, number):
    before = cores(person.home)
    person.always = lambda: []
    arguments = {
        "vrm": ["data", "set", "email", "-", "--vault", person.vault, "--no-input", "--passphrase-file", person.home / "pp"],
        "vrm-vendor": ["verify", "-", "--audience", "https://shop.example"],
    }[program]
    process = crashing(person, program, *arguments)
    process.stdin.write(VALUE.encode())
    process.stdin.flush()
    until(lambda: took(process.stdin))
    assert re.search("^Max core file size +0 +0 ", Path(f"/proc/{process.pid}/limits").read_text(), re.M)
    process.send_signal(number)
    said, complaint = process.communicate(timeout=60)
    assert (process.returncode, said, complaint) == (-number, b"", b"")
    assert cores(person.home) == before


@pytest.mark.parametrize("number", CRASHES)
def test_a_crash_of_the_agent_writes_nothing_down(person, number):
    before = cores(person.home)
    process = crashing(person, "vrm", "unlock")
    said, complaint = process.communicate(timeout=60)
    assert process.returncode == 0 and complaint == b""
    pid = Socket(person).pid
    assert re.search("^Max core file size +0 +0 ", Path(f"/proc/{pid}/limits").read_text(), re.M)
    os.kill(pid, number)
    until(lambda: is_gone(pid))
    assert cores(person.home) == before
    person.by_agent.run("company", "list", code=4)
