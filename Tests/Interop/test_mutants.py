"""Every edit of scripts/mutants fits the code of today, and every test it names is there. Whether they notice is not told here."""

import subprocess

from programs import ROOT


def test_every_mutant_fits():
    done = subprocess.run([ROOT / "scripts/mutants", "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
