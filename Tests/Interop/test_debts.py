"""What is done stays done, and says what is missing."""

import shutil
import threading

from programs import needs_programs

pytestmark = needs_programs


def test_a_change_that_cannot_be_remembered_is_done_and_said(person):
    person.run("company", "add", "shop.example")
    memory = person.state / "vrm"
    shutil.rmtree(memory)
    memory.write_text("no folder")
    done = person.run("data", "set", "email", "-", "--yes", stdin="mara@muster.example\n")
    assert b"could not note the vault's state" in done.stderr
    assert person.json("data", "get", "email", "--yes")["value"] == "mara@muster.example"
    out = person.home / "terms.json"
    person.run("terms", "offer", "shop.example", "--out", out, "--yes")
    assert out.exists(), "what was made is handed over all the same"


def test_no_id_that_leaves_the_vault_stands_in_its_files(person):
    person.run("company", "add", "shop.example", "--privacy-email", "privacy@shop.example")
    for fact, value in (("name", "Mara Muster"), ("email", "mara@muster.example")):
        person.run("me", "set", fact, "-", stdin=value)
    person.run("data", "set", "email", "-", stdin="mara@muster.example\n")
    made = [
        person.json("terms", "offer", "shop.example", "--out", person.home / "t.json", "--yes"),
        person.json("request", "new", "access", "shop.example", "--out", person.home / "letters", "--yes"),
    ]
    files = b"".join(path.read_bytes() for path in person.vault.iterdir())
    for answer in made:
        assert bytes.fromhex(answer["id"])[:4] not in files and answer["id"].encode() not in files


def test_a_company_does_not_take_two_bundles_under_one_id_at_the_same_time(person, shop):
    """Both look the id up at once; only one may be the first."""
    person.run("company", "add", "shop.example")
    bundle = person.home / "t.json"
    person.run("terms", "offer", "shop.example", "--out", bundle, "--yes")
    answers = []

    def verify():
        answers.append(shop.json("verify", bundle, "--audience", shop.origin, "--store", shop.home / "store")["replay"])

    visitors = [threading.Thread(target=verify) for _ in range(6)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert sorted(answers) == [False] + [True] * 5


def test_an_interrupt_while_a_vault_is_made_leaves_no_recovery_code(tmp_path):
    import signal
    import subprocess
    import time

    from programs import VRM_BIN, environment

    home = tmp_path / "home"
    home.mkdir()
    (home / "pp").write_text("correct horse battery staple\n")
    process = subprocess.Popen(
        [str(VRM_BIN / "vrm"), "init", "--recovery-out", "code", "--no-input", "--passphrase-file", "pp"],
        env=environment(home), cwd=home, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 20
    while not list(home.glob(".vrm-*")) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.002)
    process.send_signal(signal.SIGINT)
    assert process.wait() == -signal.SIGINT
    assert sorted(path.name for path in home.iterdir() if path.is_file()) == ["pp"]
