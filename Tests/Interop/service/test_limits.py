"""What is too big, too much, too slow; and who else cannot be harmed by it."""

import http.client
import os
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from serving import Service, needs_service
from signers import Pseudonym, Seeker

pytestmark = needs_service
SHOP = "https://shop.example"


def test_what_is_too_big_is_refused_before_it_is_sent(small):
    for path, cap in (("/intents", 64 * 1024), ("/bundles", 512 * 1024), ("/intents/batch", 4 * 1024 * 1024)):
        connection = http.client.HTTPConnection("127.0.0.1", small.port, timeout=20)
        connection.putrequest("POST", path)
        connection.putheader("Content-Length", str(cap + 1))
        connection.endheaders()
        # Not one byte of the body was sent.
        assert connection.getresponse().status == 413, path
        connection.close()


def test_what_grows_too_big_without_saying_so_is_refused(small):
    def pieces():
        for _ in range(20):
            yield b"x" * 4096

    assert small.post("/intents", pieces()).status_code == 413


def test_a_body_without_end_is_cut_off(small):
    with socket.create_connection(("127.0.0.1", small.port), timeout=30) as wire:
        wire.sendall(b"POST /bundles HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        sent = 0
        with pytest.raises(OSError):
            while sent < 10**9:
                wire.sendall(b"100000\r\n" + b"x" * 0x100000 + b"\r\n")
                sent += 0x100000
        assert sent < 10**8
    assert small.get("/health").status_code == 200


def test_headers_without_end_are_refused(small):
    with socket.create_connection(("127.0.0.1", small.port), timeout=30) as wire:
        wire.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n" + b"X-A: " + b"y" * 20000 + b"\r\n\r\n")
        assert b" 400 " in wire.recv(100)


def test_a_sender_who_dawdles_is_cut_off_and_nobody_waits_for_him(small):
    slow = [socket.create_connection(("127.0.0.1", small.port), timeout=60) for _ in range(50)]
    slow[0].sendall(b"POST /intents HTTP/1.1\r\nHost: x\r\nContent-Length: 50000\r\n\r\n")
    begun = time.monotonic()
    assert small.post("/intents", Seeker().intent).status_code == 201
    # A byte every second does not buy more time, neither in the body nor before it.
    open_ones = set(slow)
    while open_ones and time.monotonic() - begun < 40:
        time.sleep(1)
        for wire in list(open_ones):
            wire.setblocking(False)
            try:
                if wire.recv(1) == b"":
                    open_ones.discard(wire)
                    continue
            except BlockingIOError:
                pass
            except OSError:
                open_ones.discard(wire)
                continue
            try:
                wire.send(b"x" if wire is slow[0] else b"")
            except OSError:
                open_ones.discard(wire)
    assert not open_ones
    for wire in slow:
        wire.close()


def test_more_lines_than_a_batch_may_have_are_refused(small):
    assert small.post("/intents/batch", b"x\n" * 1000).status_code == 200
    assert small.post("/intents/batch", b"x\n" * 1001).status_code == 413
    assert small.post("/intents/batch", b"").text == ""


def test_one_address_can_hand_in_only_so_much_and_others_still_can(shop, tmp_path):
    service = Service(shop, str(tmp_path / "shop.sqlite"), "--rate", "2", "--behind-proxy").start()
    try:
        def tried(address):
            return service.get("/health", headers={"X-Forwarded-For": f"203.0.113.99, {address}"})

        answers = [tried("192.0.2.1") for _ in range(60)]
        codes = [answer.status_code for answer in answers]
        assert 40 <= codes.count(200) <= 45 and codes.count(429) == 60 - codes.count(200)
        assert all(int(answer.headers["Retry-After"]) >= 1 for answer in answers if answer.status_code == 429)
        assert tried("192.0.2.2").status_code == 200
        # A network of IPv6 is one sender, however many addresses it has.
        networks = [tried(f"2001:db8:1:1::{n:x}").status_code for n in range(1, 61)]
        assert 429 in networks and tried("2001:db8:1:2::1").status_code == 200
        assert tried("2001:db8:1:1:ffff::1").status_code == 429

        batch = b"\n".join(Seeker().intent.file for _ in range(60))
        answer = service.post("/intents/batch", batch, headers={"X-Forwarded-For": "192.0.2.3"})
        assert answer.status_code == 429
        assert service.open_intents() == []
    finally:
        service.kill()


def test_many_at_once_are_all_answered(small):
    people = [Pseudonym() for _ in range(40)]
    grants = [person.grant(SHOP, {"email": f"{n}@person.example"}) for person in people for n in range(5)]
    with ThreadPoolExecutor(16) as pool:
        codes = list(pool.map(lambda grant: small.post("/bundles", grant).status_code, grants))
    assert codes == [201] * 200


def test_a_password_on_the_command_line_is_refused(shop, tmp_path):
    with pytest.raises(AssertionError, match="a password on the command line"):
        Service(shop, "postgresql://vrm:hunter2@localhost/vrm").start()


def test_the_database_and_its_log_are_for_the_owner_alone(small):
    small.post("/intents", Seeker().intent)
    for file in small.company.home.parent.glob("shop.sqlite*"):
        assert os.stat(file).st_mode & 0o077 == 0, file


def test_a_port_that_is_taken_is_said_at_once(small, shop, tmp_path):
    with pytest.raises(AssertionError, match="cannot be listened on"):
        Service(shop, str(tmp_path / "other.sqlite"), "--listen", f"127.0.0.1:{small.port}").start()


def test_a_token_that_can_be_guessed_is_refused(shop, tmp_path):
    (tmp_path / "weak").write_text("1234\n")
    with pytest.raises(AssertionError, match="can be guessed"):
        Service(shop, str(tmp_path / "shop.sqlite"), "--clerk-token", tmp_path / "weak").start()


def test_a_folder_that_holds_no_database_is_said(shop, tmp_path):
    (tmp_path / "not.sqlite").write_bytes(b"x" * 5000)
    for database in (str(tmp_path / "not.sqlite"), str(tmp_path / "nowhere" / "shop.sqlite"), f"postgresql:///vrm?host={tmp_path}"):
        with pytest.raises(AssertionError, match='"exit":69'):
            Service(shop, database).start()
