"""scripts/tour, the first command of README.md, comes to its end."""

import os
import subprocess

from programs import ROOT, VRM_BIN, needs_programs

pytestmark = needs_programs


def test_the_tour_comes_to_its_end():
    done = subprocess.run(
        ["bash", ROOT / "scripts" / "tour"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120,
        env={**os.environ, "VRM_BIN": str(VRM_BIN)})
    assert done.returncode == 0, done.stdout[-600:] + done.stderr[-600:]
    assert done.stdout.count("\nvalid ") == 2 and done.stdout.endswith("For your own: scripts/install\n")
