"""What any user of the machine could see of the programs while they run."""

import os
import threading
import time
from pathlib import Path


class Watch:
    """Reads the arguments and the environment of every process of ours, again and again, until it ends."""

    def __init__(self):
        self.seen: dict[tuple[int, str], bytes] = {}
        # What ran before is none of ours: reading all of it again each time would miss processes that end soon.
        self._before = set(os.listdir("/proc"))
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()

    @property
    def processes(self) -> set[int]:
        return {pid for pid, _ in self.seen}

    def _look(self):
        while not self._over.is_set():
            for name in os.listdir("/proc"):
                if name.isdigit() and name not in self._before:
                    self._note(Path("/proc", name))
            time.sleep(0.002)

    def _note(self, entry: Path):
        try:
            # The agent is started through /proc/self/exe, and the kernel calls it so.
            if not (entry / "comm").read_text().startswith(("vrm", "exe")):
                return
        except OSError:
            return
        for what in ("cmdline", "environ"):
            try:
                # A process that just began shows what its parent gave it only after a moment.
                if (found := (entry / what).read_bytes()):
                    self.seen[int(entry.name), what] = found
            except OSError:
                continue
