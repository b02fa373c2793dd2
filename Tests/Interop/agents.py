"""The other end of an agent's socket, by hand: whatever a command would never say can be said to it."""

import os
import re
import socket
import struct
from contextlib import contextmanager
from pathlib import Path

from programs import Person


class Socket:
    """The place of one vault's agent."""

    def __init__(self, person: Person, runtime=None):
        self.name = vault_id(person)
        self.folder = Path(runtime or person.home) / "vrm"
        self.path = self.folder / self.name

    @contextmanager
    def address(self):
        """Through a descriptor: a path may be longer than the 108 bytes of an address."""
        folder = os.open(self.folder, os.O_PATH | os.O_DIRECTORY)
        try:
            yield f"/proc/self/fd/{folder}/{self.name}"
        finally:
            os.close(folder)

    def connect(self) -> socket.socket:
        visitor = socket.socket(socket.AF_UNIX)
        visitor.settimeout(60)
        with self.address() as address:
            visitor.connect(address)
        return visitor

    def say(self, said: bytes, then_close=False) -> bytes:
        """What comes back until the other side hangs up."""
        with self.connect() as visitor:
            try:
                visitor.sendall(said)
                if then_close:
                    visitor.shutdown(socket.SHUT_WR)
                return b"".join(iter(lambda: visitor.recv(4096), b""))
            except (ConnectionResetError, BrokenPipeError):
                return b""

    def ask(self, word: str) -> bytes:
        return self.say(frame(word.encode()))

    @property
    def pid(self) -> int:
        with self.connect() as visitor:
            return struct.unpack("iII", visitor.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0]

    @property
    def listeners(self) -> int:
        """How many processes listen under this name, whether or not its file is still there."""
        lines = Path("/proc/net/unix").read_text().splitlines()
        return sum(1 for line in lines if line.endswith("/" + self.name) and re.match(r"\S+ \S+ \S+ 00010000 ", line))


def vault_id(person: Person) -> str:
    return re.search(r"^id ([0-9a-f]{32})$", (person.vault / "header").read_text(), re.M)[1]


def frame(word: bytes) -> bytes:
    return struct.pack("<I", len(word)) + word


def is_gone(pid: int) -> bool:
    """Whether a process has no memory any more; its entry may wait for a parent to take note."""
    try:
        return "VmSize" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True
