"""The built programs, called as a person or a company calls them, and the few lines of JOSE these tests need."""

import base64
import copy
import hashlib
import json
import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from joserfc import jwe
from joserfc.jwk import OKPKey

OTHER_USER = 12345
VRM_BIN = os.environ.get("VRM_BIN") and Path(os.environ["VRM_BIN"]).resolve()
needs_programs = pytest.mark.skipif(not VRM_BIN, reason="VRM_BIN does not name the folder of the built programs")

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"the public data is not beside the project ({DATA.name})")


def simulated_clock(folder: Path) -> Path:
    """The library that, preloaded, lets a program's clock stand where SIMULATED_TIME says."""
    library, source = folder / "clock.so", Path(__file__).with_name("simulated_clock.c")
    subprocess.run([shutil.which("clang") or "cc", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    return library


def environment(home: Path) -> dict:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_STATE_HOME": str(home / "state"),
        "XDG_RUNTIME_DIR": str(home),
        "LC_ALL": "C.UTF-8",
        "NO_COLOR": "1",
    }


class Caller:
    """Runs one program in a home of its own and keeps everything it ever said."""

    program = ""
    programs = VRM_BIN
    ids: dict = {}

    def __init__(self, home: Path, uid=None, programs=VRM_BIN):
        """With `uid`, the programs run as that user, from a folder that user can enter; that takes root."""
        self.home = home
        self.said: list[bytes] = []
        self.programs = programs
        self.ids = {} if uid is None else {"user": uid, "group": uid, "extra_groups": []}
        home.mkdir(parents=True, exist_ok=True)

    def always(self) -> list:
        return []

    def started(self, *arguments, program=None, **options):
        """A process that runs on; what `options` leaves open is as in `run`."""
        given = {
            "stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "cwd": self.home,
            "env": environment(self.home), **self.ids, **options}
        return subprocess.Popen(
            [str(self.programs / (program or self.program)), *map(str, arguments), *map(str, self.always())], **given)

    def run(self, *arguments, stdin=b"", check=True, code=None, variables=None, before=(), **options):
        """Runs the program, behind the words of `before`, with `variables` put over its environment (None: taken out)."""
        given = {**environment(self.home), **(variables or {})}
        done = subprocess.run(
            [*map(str, before), str(self.programs / self.program), *map(str, arguments), *map(str, self.always())],
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            env={name: value for name, value in given.items() if value is not None},
            timeout=120,
            **{"cwd": self.home, **self.ids, **options},
        )
        self.said += [done.stdout, done.stderr]
        expected = 0 if code is None else code
        if check:
            assert done.returncode == expected, f"{arguments}: exit {done.returncode}: {done.stderr.decode()}"
        return done

    def lines(self, *arguments, **options) -> list:
        return [json.loads(line) for line in self.run(*arguments, "--json", **options).stdout.splitlines()]

    def json(self, *arguments, **options) -> dict:
        (line,) = self.lines(*arguments, **options)
        return line

    def error(self, code, *arguments, **options) -> dict:
        """What the program says on stderr when it ends with `code`."""
        return json.loads(self.run(*arguments, "--json", code=code, **options).stderr)


class Person(Caller):
    """Somebody with a vault."""

    program = "vrm"

    def __init__(self, home: Path, uid=None, programs=VRM_BIN):
        super().__init__(home, uid, programs)
        self.vault = home / "vault"
        (home / "config" / "vrm").mkdir(parents=True)
        (home / "pp").write_text("correct horse battery staple\n")
        # As $XDG_RUNTIME_DIR has to be.
        home.chmod(0o700)
        if uid is not None:
            for path in (home, *home.rglob("*")):
                os.chown(path, uid, uid)

    def always(self) -> list:
        return ["--vault", self.vault, "--no-input", "--passphrase-file", self.home / "pp"]

    @property
    def by_agent(self) -> "Person":
        """The same person, whose commands have no passphrase but the agent."""
        other = copy.copy(self)
        other.always = lambda: ["--vault", self.vault, "--no-input"]
        return other

    def copied(self, home: Path) -> "Person":
        """The same person with a copy of everything in another home."""
        shutil.copytree(self.home, home, symlinks=True)
        other = copy.copy(self)
        other.home, other.vault, other.said = home, home / self.vault.relative_to(self.home), []
        return other

    def init(self) -> dict:
        return self.json("init", "--recovery-out", self.home / "rc", "--kdf", "floor")

    @property
    def state(self) -> Path:
        return self.home / "state"


class Company(Caller):
    """A company with a key folder."""

    program = "vrm-vendor"

    def __init__(self, home: Path, origin: str):
        super().__init__(home)
        self.origin = origin
        self.keys = home / "keys"

    def new_keys(self) -> dict:
        return self.json("keys", "new", "--origin", self.origin, "--dir", self.keys)

    @property
    def jwk(self) -> dict:
        """The published signing key."""
        return [key for key in json.loads((self.keys / "jwks.json").read_bytes())["keys"] if key["crv"] != "X25519"][0]

    @property
    def sealing_jwk(self) -> dict:
        """The published key to seal to."""
        return [key for key in json.loads((self.keys / "jwks.json").read_bytes())["keys"] if key["crv"] == "X25519"][0]

    @property
    def private(self) -> dict:
        """The private signing key."""
        return [key for key in json.loads((self.keys / "private.json").read_bytes())["keys"] if key["crv"] != "X25519"][0]

    def open(self, sealed: str) -> str:
        """What a JWE for this company holds, opened by a library with the key folder's own key."""
        private = json.loads((self.keys / "private.json").read_bytes())["keys"]
        (key,) = [key for key in private if key["crv"] == "X25519"]
        return jwe.decrypt_compact(sealed, OKPKey.import_key(key), algorithms=["ECDH-ES", "A256GCM"]).plaintext.decode()

    def verify(self, file, *more, **options):
        return self.run("verify", file, "--audience", self.origin, "--json", *more, **options)


class Machine:
    """A folder that every user can enter, with copies of the programs: the project may lie where only root can read."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.programs = folder / "bin"
        folder.chmod(0o755)
        self.programs.mkdir(mode=0o755)
        for name in ("vrm", "vrm-vendor"):
            shutil.copy(VRM_BIN / name, self.programs / name)
            (self.programs / name).chmod(0o755)

    def person(self, name: str, uid=None) -> Person:
        person = Person(self.folder / name, uid, self.programs)
        person.init()
        return person


def until(condition, seconds=30):
    """Asks again and again until the answer is a yes, or fails."""
    deadline = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(0.02)
    return answer


# MARK: JOSE, by hand


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Bundle:
    """A bundle file, opened by its company when it is sealed; the compact form is got by concatenation alone."""

    def __init__(self, path, company=None):
        self.path = Path(path)
        text = self.path.read_text()
        self.sealed = None if text.startswith("{") else text.removesuffix("\n")
        self.file = flat(company.open(self.sealed)) if self.sealed else json.loads(text)
        self.jws = ".".join((self.file["protected"], self.file["payload"], self.file["signature"]))
        self.disclosures = self.file.get("header", {}).get("disclosures", [])
        self.sd_jwt = "~".join([self.jws, *self.disclosures, ""])
        self.header = json.loads(unb64(self.file["protected"]))
        self.payload = json.loads(unb64(self.file["payload"]))

    @property
    def values(self) -> dict:
        """What the Disclosures say, by name."""
        return {name: value for _, name, value in map(lambda d: json.loads(unb64(d)), self.disclosures)}


def flat(token: str) -> dict:
    """The file's members of a compact token."""
    jws, *disclosures = token.split("~")
    protected, payload, signature = jws.split(".")
    file = {"payload": payload, "protected": protected, "signature": signature}
    return {"header": {"disclosures": disclosures[:-1]}} | file if disclosures else file


def thumbprint(jwk: dict) -> str:
    """RFC 7638 of an Ed25519 key."""
    required = {"crv": jwk["crv"], "kty": jwk["kty"], "x": jwk["x"]}
    return b64(hashlib.sha256(json.dumps(required, separators=(",", ":"), sort_keys=True).encode()).digest())


# MARK: Looking for what must not be there


def spellings(word: str) -> set[bytes]:
    """A word as a file could hold it: plain, in UTF-16, in hexadecimal, inside base64 at any of its three offsets."""
    raw = word.encode()
    found = {raw, word.encode("utf-16-le"), word.encode("utf-16-be"), raw.hex().encode(), raw.hex().upper().encode()}
    for offset in range(3):
        # Only the letters that depend on nothing but the word.
        encoded = base64.b64encode(b"\0" * offset + raw)
        first = 4 * offset // 3 + (offset > 0)
        inner = encoded.rstrip(b"=")[first : (offset + len(raw)) * 8 // 6]
        found |= {inner, inner.replace(b"+", b"-").replace(b"/", b"_")}
    return found


def leaks(words, folders=(), streams=(), ignoring_case=False) -> list[tuple[str, str]]:
    """Which words stand where, searched as bytes in every file of the folders and in every stream."""
    places = {str(f): f.read_bytes() for folder in folders for f in sorted(Path(folder).rglob("*")) if f.is_file()}
    places |= {f"output {n}": stream for n, stream in enumerate(streams)}
    fold = (lambda b: b.lower()) if ignoring_case else (lambda b: b)
    return [
        (word, place)
        for place, content in places.items()
        for word in words
        if any(fold(s) in fold(content) for s in spellings(word))
    ]


def lock(person):
    """No agent outlives its test."""
    if (person.home / "vrm").is_dir():
        person.by_agent.run("lock", check=False)
