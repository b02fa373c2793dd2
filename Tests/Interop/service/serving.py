"""vrm-vendor-serve as a process, and a PostgreSQL server of the tests' own."""

import json
import os
import re
import shutil
import signal
import subprocess
import threading
from pathlib import Path

import pytest
import requests
from programs import environment

SERVICE_BIN = os.environ.get("VRM_SERVICE_BIN") and Path(os.environ["VRM_SERVICE_BIN"]).resolve()
needs_service = pytest.mark.skipif(not SERVICE_BIN, reason="VRM_SERVICE_BIN does not name the folder of vrm-vendor-serve")
TOKEN = "a-clerk-of-the-tests-shows-this"


class Service:
    """A company's service; everything it ever says is kept in `log`."""

    def __init__(self, company, database: str, *options):
        self.company, self.database, self.options = company, database, options
        self.log = ""
        self.process = None
        (company.home / "token").write_text(TOKEN + "\n")

    def start(self):
        command = [
            SERVICE_BIN / "vrm-vendor-serve", "--keys", self.company.keys, "--database", self.database, "--clerk-token",
            self.company.home / "token", "--listen", "127.0.0.1:0", "--rate", "0", "--json", *self.options]
        self.process = subprocess.Popen(
            [str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=self.company.home,
            env=environment(self.company.home))
        started = self.process.stdout.readline()
        if not started:
            raise AssertionError(self.process.communicate()[1])
        self.port = json.loads(started)["port"]
        self.url = f"http://127.0.0.1:{self.port}"
        self.session = requests.Session()
        self.reader = threading.Thread(target=self.listen, args=(self.process,), daemon=True)
        self.reader.start()
        return self

    def listen(self, process):
        for line in process.stderr:
            self.log += line

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.reader.join()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=30)
        self.reader.join()
        return code

    def post(self, path, body, **options):
        body = body.file if hasattr(body, "file") else body
        return self.session.post(self.url + path, data=body, timeout=60, **options)

    def get(self, path, **options):
        return self.session.get(self.url + path, timeout=60, **options)

    def clerk(self, method, path, **options):
        return self.session.request(
            method, self.url + "/clerk" + path, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=60, **options)

    def open_intents(self, **query) -> list:
        return [line["id"] for line in self.clerk("GET", "/intents", params=query).json()["intents"]]


class PostgreSQL:
    """A server in a folder, reached through a socket in it, by nobody else."""

    def __init__(self, folder: Path):
        self.programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        self.folder = folder
        # The server refuses to run as root.
        self.before = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        folder.mkdir()
        if self.before:
            shutil.chown(folder, "postgres")
        self.run("initdb", "-D", folder / "data", "-U", "vrm", "-A", "trust", "--no-sync")
        self.start()

    def start(self):
        socket = f"-c listen_addresses='' -k {self.folder}"
        self.run("pg_ctl", "-D", self.folder / "data", "-w", "-l", self.folder / "log", "-o", socket, "start")

    def run(self, program, *arguments):
        # Into a file: the server keeps a pipe open for as long as it runs.
        said = self.folder / "said"
        with said.open("w") as out:
            done = subprocess.run(
                [*self.before, self.programs / program, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=out,
                stderr=subprocess.STDOUT, cwd=self.folder)
        assert done.returncode == 0, said.read_text()
        return said.read_text()

    def new(self, name: str) -> str:
        self.run("createdb", "-h", self.folder, "-U", "vrm", name)
        return f"postgresql:///{name}?host={self.folder}&user=vrm"

    def everything(self, name: str) -> str:
        """All rows of a database, as text."""
        return self.run("pg_dump", "-h", self.folder, "-U", "vrm", "--data-only", name)

    def stop(self):
        self.run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop")


def has_postgresql() -> bool:
    return any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


def database_name(text: str) -> str:
    return re.sub("[^a-z]", "", text.lower())[:40]
