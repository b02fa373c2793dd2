"""Evidence out of a vault, checked by what docs/spec/bundle.md §5.10 says, with PyJWT and hashlib alone."""

import copy
import hashlib
import json

import jwt
import pytest
from jwt.algorithms import OKPAlgorithm

from programs import Bundle, Company, b64, needs_programs, thumbprint, unb64
from test_schemas import check

pytestmark = needs_programs


class Broken(Exception):
    pass


def blake(data):
    return hashlib.blake2b(data, digest_size=32).digest()


def judged(token: str, audience: str):
    """The lines of a piece of evidence: (number, entry or None, said or None)."""
    header = jwt.get_unverified_header(token)
    assert header["typ"] == "vrm-evidence+jwt"
    jwk = jwt.decode(token, options={"verify_signature": False})["cnf"]["jwk"]
    claims = jwt.decode(token, OKPAlgorithm.from_jwk(json.dumps(jwk)), algorithms=["EdDSA"], audience=audience)
    assert header["kid"] == thumbprint(jwk) and claims["iss"].endswith(header["kid"])
    return lines(claims["chain"])


def lines(chain):
    h, found = unb64(chain["before"]), []
    for number, link in enumerate(chain["links"], chain["seq"]):
        hdr, c = unb64(link["hdr"]), unb64(link["c"])
        h = blake(h + unb64(chain["dev"]) + number.to_bytes(8, "little") + hdr + c)
        entry = unb64(link["entry"]) if "entry" in link else None
        if entry is not None and blake(entry) != c:
            raise Broken("another entry")
        if entry is not None or "said" in link:
            found.append((number, json.loads(entry[32:]) if entry else None, link.get("said")))
    if b64(h) != chain["head"]:
        raise Broken("the chain")
    return found


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    from programs import Person
    folder = tmp_path_factory.mktemp("evidence")
    person, shop = Person(folder / "home"), Company(folder / "shop", "https://shop.example")
    person.init()
    shop.new_keys()
    for domain in ("shop.example", "rival.example"):
        person.run("company", "add", domain)
    person.run("data", "set", "email", "-", stdin="mara@person.example\n")
    person.run("terms", "offer", "shop.example", "--out", "terms.json", "--yes")
    shop.run("accept", person.home / "terms.json", "--keys", shop.keys, "--decision", "accepted", "--out", person.home / "answer.json")
    person.run("company", "trust", "shop.example", shop.keys / "jwks.json", "--yes")
    person.run("agreement", "import", "answer.json")
    person.run("terms", "offer", "rival.example", "--out", "rival.json", "--yes")
    person.run("grant", "new", "shop.example", "email", "--purpose", "CustomerCare", "--until", soon(), "--out", "grant.json", "--yes")
    person.run("message", "new", "shop.example", "-", "--kind", "idea", "--out", "idea.json", "--yes", stdin="Fewer pop-ups.\n")
    person.run("data", "set", "shoe_size", "-", stdin="39\n")
    person.made = {}
    for name, more in (("whole", []), ("told", ["--redact"])):
        person.made[name] = person.json(
            "ledger", "export", "--company", "shop.example", "--out", f"{name}.json", "--files", f"{name}-files", "--yes", *more)
    return person, shop


def soon():
    from datetime import date, timedelta
    return (date.today() + timedelta(days=20)).isoformat()


def opened(person, name, shop):
    return Bundle(person.home / f"{name}.json", shop)


def test_whole_lines_say_what_the_ledger_says(told):
    person, shop = told
    bundle = opened(person, "whole", shop)
    ledger = {line["seq"]: line for line in person.lines("ledger", "list")}
    found = judged(bundle.jws, shop.origin)
    about = [seq for seq, line in ledger.items() if line["company"] == "shop.example" and line["event"] != "evidence-made"]
    assert [number for number, _, _ in found] == about and len(found) == 6
    for number, entry, said in found:
        line = ledger[number]
        assert said is None and (entry["event"], entry["command"], entry["detail"]) == (line["event"], line["command"], line["detail"])
        assert entry["records"] == line["records"] and entry.get("evidence", "") == (line["evidence"] and b64(bytes.fromhex(line["evidence"])) or "")
    made = person.made["whole"]
    check("output/ledger-export", made)
    assert made["lines"] == 6 and made["hidden"] == len(bundle.payload["chain"]["links"]) - 6 > 0
    assert made["last"] == found[-1][0] + 1, "it goes on to the newest line there was"


def test_a_redacted_thread_tells_events_and_nothing_else(told):
    person, shop = told
    bundle = opened(person, "told", shop)
    found = judged(bundle.jws, shop.origin)
    ledger = {line["seq"]: line for line in person.lines("ledger", "list")}
    assert all(entry is None and set(said) <= {"at", "event", "evidence"} for _, entry, said in found)
    assert [said["event"] for _, _, said in found] == [ledger[number]["event"] for number, _, _ in found]
    assert found[-1][2]["event"] == "evidence-made", "what was signed before is in the ledger too"
    for word in ("CustomerCare", "email", "rival", "vrm-service"):
        assert word not in json.dumps(bundle.payload)
    # A line that is shown later proves or disproves what was said of it.
    whole = {link["c"]: link for link in opened(person, "whole", shop).payload["chain"]["links"]}
    for number, link in enumerate(bundle.payload["chain"]["links"], bundle.payload["chain"]["seq"]):
        if link["c"] in whole and "entry" in whole[link["c"]]:
            entry = json.loads(unb64(whole[link["c"]]["entry"])[32:])
            assert (entry["event"], entry["at"]) == (link["said"]["event"], link["said"]["at"]), number


def test_two_pieces_of_one_log_are_one_chain(told):
    """The head of the earlier one is a value that the chain of the later one passes through."""
    person, shop = told
    earlier, later = (opened(person, name, shop).payload["chain"] for name in ("whole", "told"))
    assert earlier["dev"] == later["dev"]
    h, passed = unb64(later["before"]), set()
    for number, link in enumerate(later["links"], later["seq"]):
        h = blake(h + unb64(later["dev"]) + number.to_bytes(8, "little") + unb64(link["hdr"]) + unb64(link["c"]))
        passed.add(b64(h))
    assert earlier["head"] in passed


def test_files_beside_are_those_the_lines_name(told):
    person, shop = told
    for name, count in (("whole", 4), ("told", 4)):
        files = {Bundle(person.home / file, shop) for file in person.made[name]["files"]}
        assert len(files) == count
        digests = {b64(hashlib.sha256(f"{f.file['protected']}.{f.file['payload']}".encode()).digest()) for f in files}
        named = {(said or entry).get("evidence") for _, entry, said in judged(opened(person, name, shop).jws, shop.origin)}
        assert digests <= named
        values = [value for file in files for value in file.values.values()]
        assert values == (["mara@person.example"] if name == "whole" else [])
    # The company's own signature is in one of them.
    answer = next(f for f in person.made["told"]["files"] if "acceptance" in f)
    token = Bundle(person.home / answer).jws
    assert jwt.decode(token, OKPAlgorithm.from_jwk(json.dumps(shop.jwk)), algorithms=["EdDSA"], options={"verify_aud": False})["decision"] == "accepted"


@pytest.mark.parametrize("name", ["whole", "told"])
def test_what_is_tampered_with_does_not_hold(told, name):
    person, shop = told
    chain = opened(person, name, shop).payload["chain"]
    assert lines(chain)
    links = chain["links"]
    shown = [i for i, link in enumerate(links) if "entry" in link or "said" in link]
    changed = {
        "dropped": links[: shown[1]] + links[shown[1] + 1 :],
        "reordered": [links[shown[1]], *links[1 : shown[1]], links[0], *links[shown[1] + 1 :]],
        "cut": links[:-1],
    }
    if name == "whole":
        other = copy.deepcopy(links)
        other[shown[0]]["entry"] = b64(bytes(32) + b'{"event":"granted"}')
        changed["content"] = other
    for what, broken in changed.items():
        with pytest.raises(Broken):
            lines({**chain, "links": broken})
        pytest.raises(Broken, lines, {**chain, "seq": chain["seq"] + 1})
        assert what


def test_the_company_verifies_it(told):
    person, shop = told
    for name in ("whole", "told"):
        verdict = json.loads(shop.verify(person.home / f"{name}.json").stdout)
        check("output/verify", verdict)
        assert verdict["valid"] and "evidence" in verdict["checked"]
        assert [line["seq"] for line in verdict["log"]] == [n for n, _, _ in judged(opened(person, name, shop).jws, shop.origin)]
    assert "mara@" not in shop.said[-1].decode() and "rival" not in shop.said[-1].decode()


def test_a_stretch_too_long_for_one_file_is_refused_whole(person, tmp_path):
    person.run("company", "add", "shop.example")
    rows = "".join(f"S{i},https://s{i}.example/,a{i},z\n" for i in range(2000))
    (person.home / "many.csv").write_text("name,url,username,password\n" + rows)
    person.run("import", "passwords", "many.csv")
    said = person.error(1, "ledger", "export", "--company", "shop.example", "--out", "long.json", "--yes")
    assert "does not fit" in said["error"] and "--since" in said["hint"]
    assert not (person.home / "long.json").exists()
    until = ["--until", soon()]
    person.run("ledger", "export", "--company", "shop.example", "--out", "long.json", "--yes", *until)
    assert person.lines("ledger", "list")[-1]["event"] == "evidence-made"
