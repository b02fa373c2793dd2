"""What was acknowledged is there after a kill, a crash of the database, a full disk; what is over is not."""

import os
import subprocess
import threading
import time

import pytest
import requests
from serving import Service, needs_service
from signers import Pseudonym, Seeker

pytestmark = needs_service
SHOP = "https://shop.example"


def test_a_killed_service_lost_nothing_it_acknowledged(service):
    acknowledged, held, sent = [], [], threading.Event()

    def hand_in():
        session = requests.Session()
        try:
            while True:
                seeker = Seeker()
                if session.post(service.url + "/intents", data=seeker.intent.file, timeout=20).status_code == 201:
                    acknowledged.append(seeker)
                grant = Pseudonym().grant(SHOP, {"email": "mara@muster.example"})
                if session.post(service.url + "/bundles", data=grant.file, timeout=20).status_code == 201:
                    held.append(grant)
                if len(acknowledged) > 150:
                    sent.set()
        except requests.RequestException:
            pass

    threads = [threading.Thread(target=hand_in) for _ in range(8)]
    for thread in threads:
        thread.start()
    assert sent.wait(60)
    service.kill()
    for thread in threads:
        thread.join()

    service.start()
    for seeker in acknowledged:
        again = service.post("/intents", seeker.intent)
        assert (again.status_code, again.json()["replay"]) == (200, True)
        assert service.clerk("GET", f"/intents/{seeker.intent.s256}").content == seeker.intent.file
    assert len(held) > 100
    for grant in held:
        assert service.clerk("GET", f"/bundles/{grant.s256}").content == grant.file


def test_a_receipt_that_did_not_arrive_is_the_same_when_it_is_asked_for_again(service):
    request = Pseudonym().request(SHOP, "access", subject={"email": "mara@muster.example"})
    first = service.post("/bundles", request).json()["receipt"]
    service.kill()
    service.start()
    assert service.post("/bundles", request).json()["receipt"] == first


def test_ended_is_ended_after_a_kill(service):
    person, seeker = Pseudonym(), Seeker()
    grant = person.grant(SHOP, {"email": "mara@muster.example"})
    service.post("/bundles", grant)
    service.post("/bundles", person.revocation(SHOP, grant))
    service.post("/intents", seeker.withdrawal())
    service.kill()
    service.start()
    assert service.post("/bundles", grant).json()["rule"] == "B-15"
    assert service.post("/intents", seeker.intent).json()["rule"] == "B-15"


def test_a_stop_waits_for_who_waits(service):
    seekers = [Seeker() for _ in range(400)]
    answers = []
    thread = threading.Thread(target=lambda: answers.append(
        service.post("/intents/batch", b"\n".join(seeker.intent.file for seeker in seekers))))
    thread.start()
    time.sleep(0.05)
    assert service.stop() == 0
    thread.join()
    assert answers[0].status_code == 200 and answers[0].text.count('"taken":true') == 400


def test_a_database_that_went_away_takes_nothing_and_comes_back(postgresql, shop):
    service = Service(shop, postgresql.new("wentaway")).start()
    try:
        before, during = Seeker(), Seeker()
        assert service.post("/intents", before.intent).status_code == 201
        postgresql.stop()
        answer = service.post("/intents", during.intent)
        assert answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0
        postgresql.start()
        assert service.post("/intents", during.intent).status_code == 201
        assert set(service.open_intents()) == {before.intent.s256, during.intent.s256}
    finally:
        service.kill()


def test_two_services_share_one_database(shop, database):
    one, other = Service(shop, database).start(), Service(shop, database).start()
    try:
        seekers = [Seeker() for _ in range(120)]
        def hand_in(service, some):
            for seeker in some:
                assert service.post("/intents", seeker.intent).status_code in (200, 201)
        threads = [threading.Thread(target=hand_in, args=(service, seekers)) for service in (one, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert set(one.open_intents(limit=500)) == {seeker.intent.s256 for seeker in seekers}
        assert one.post("/intents", seekers[0].withdrawal()).status_code == 201
        assert other.post("/intents", seekers[0].intent).json()["rule"] == "B-15"
    finally:
        one.kill()
        other.kill()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a small disk")
def test_a_full_disk_takes_nothing_and_harms_nothing(shop, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], capture_output=True).returncode != 0:
        pytest.skip("no small disk can be mounted here")
    try:
        service = Service(shop, str(disk / "shop.sqlite")).start()
        taken = []
        for _ in range(2000):
            seeker = Seeker()
            answer = service.post("/intents", seeker.intent)
            if answer.status_code != 201:
                break
            taken.append(seeker)
        assert answer.status_code == 503 and len(taken) > 10
        service.kill()
        service.start()
        for seeker in taken:
            assert service.clerk("GET", f"/intents/{seeker.intent.s256}").content == seeker.intent.file
        service.kill()
    finally:
        subprocess.run(["umount", disk], check=True)


def test_what_is_over_is_forgotten(shop, database, request):
    """The service looks once a minute, and when it starts."""
    service = Service(shop, database).start()
    soon = int(time.time()) + 2 - 120
    # Over, but within the leeway that clocks are given: taken, and soon to be forgotten.
    over = Seeker(made=soon - 7200, exp=soon)
    lasting = Seeker()
    assert service.post("/intents", over.intent).status_code == 201
    assert service.post("/intents", lasting.intent).status_code == 201
    assert service.clerk("GET", f"/intents/{over.intent.s256}").status_code == 404
    time.sleep(3)
    service.kill()
    service.start()
    for _ in range(100):
        rows = everything(service, request)
        if over.intent.s256 not in rows and over.intent.payload not in rows:
            break
        time.sleep(0.1)
    rows = everything(service, request)
    assert over.intent.payload not in rows and over.intent.s256 not in rows
    assert lasting.intent.payload in rows and lasting.intent.s256 in rows
    service.kill()


def everything(service, request) -> str:
    if service.database.startswith("postgresql:"):
        return request.getfixturevalue("postgresql").everything(service.database.split("/")[3].split("?")[0])
    folder = service.company.home.parent
    return b"".join(file.read_bytes() for file in sorted(folder.glob("shop.sqlite*"))).decode("latin-1")
