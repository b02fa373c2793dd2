"""Every type in EdDSA and ES256, Key Binding JWTs and JWEs, made by other people's libraries and accepted by the programs.

Payloads and keys are those of the valid vectors; the libraries sign and seal them anew. Needs VRM_BIN.
"""

import json
import sys

import pytest
import time_machine

from interoperability import header_text, is_sealed, joined
from libraries import LIBRARIES, bound_by_openvc, bound_by_sd_jwt, openvc_sign
from page.strict import parse
from programs import ROOT, b64, needs_programs, unb64
from test_page import VECTORS, seconds
from test_vectors import Clerk, sayable

sys.path.insert(0, str(ROOT / "scripts"))
from vectors import tokens  # noqa: E402
from vectors.primitives import Key, P256Key, SealingKey  # noqa: E402

pytestmark = needs_programs

KEYS = {json.dumps(key.jwk): key for key in vars(tokens).values() if isinstance(key, (Key, P256Key))}
READERS = {key.kid: key for key in vars(tokens).values() if isinstance(key, SealingKey) and key is not tokens.OTHER_ENC}
# What the signature is about is the same whatever stands beside it; one vector of each type, alg and company is enough.
ONE_EACH = {}
for name, case in VECTORS.items():
    if case["expect"] == "valid" and "before" not in case and not is_sealed(joined(case)) and not case.get("nonce") and sayable(case):
        header = json.loads(header_text(joined(case)))
        if header["alg"] != "Ed25519" and case["audience"]:
            ONE_EACH.setdefault((case["verdict"]["type"], header["alg"]), name)
SIGNERS = [library for library in LIBRARIES if library.sign]


def secret(case, header, payload) -> dict:
    pins = [pin["jwk"] for pins in case.get("pins", {}).values() for pin in pins if pin["kid"] == header["kid"]]
    key = KEYS[json.dumps(payload["cnf"]["jwk"] if "cnf" in payload else pins[0])]
    if isinstance(key, Key):
        return key.jwk | {"d": b64(key.private.private_bytes_raw()), "kid": key.kid}
    return key.jwk | {"d": b64(key.private.private_numbers().private_value.to_bytes(32, "big")), "kid": key.kid}


def taken_apart(name):
    jws, *disclosures = joined(VECTORS[name]).split("~")
    header, payload = (parse(unb64(part)) for part in jws.split(".")[:2])
    return header, payload, disclosures


def accepted(tmp_path, case, token):
    verdict = Clerk(tmp_path / "clerk", {**case, "bundle": token}).verdict()
    assert verdict["valid"]
    assert {member: verdict[member] for member in case["verdict"]} == case["verdict"]
    return verdict


def test_every_type_and_algorithm_is_here():
    assert {type_ for type_, _ in ONE_EACH} == {case["verdict"]["type"] for case in VECTORS.values() if case["expect"] == "valid"}
    assert {type_ for type_, alg in ONE_EACH if alg == "ES256"} == {
        "vrm-terms-acceptance+jwt", "vrm-receipt+jwt", "vrm-offer+jwt", "vrm-message+jwt", "vrm-rotation+jwt"}


@pytest.mark.parametrize(
    ("library", "name"),
    [
        pytest.param(library, name, id=f"{library.package} {name}")
        for library in SIGNERS for (_, alg), name in ONE_EACH.items() if alg in library.algorithms
    ],
)
def test_a_token_signed_by_a_library_is_accepted(tmp_path, library, name):
    header, payload, disclosures = taken_apart(name)
    token = library.sign(header, payload, secret(VECTORS[name], header, payload))
    accepted(tmp_path, VECTORS[name], "~".join([token, *disclosures]))


@pytest.mark.parametrize("name", [name for (type_, _), name in ONE_EACH.items() if type_.startswith("urn:")])
def test_an_sd_jwt_signed_by_openvc_is_accepted(tmp_path, name):
    header, payload, disclosures = taken_apart(name)
    token = openvc_sign(header, payload, secret(VECTORS[name], header, payload))
    accepted(tmp_path, VECTORS[name], "~".join([token, *disclosures]))


@pytest.mark.parametrize("bind", [bound_by_sd_jwt, bound_by_openvc])
def test_a_key_binding_jwt_made_by_a_library_is_accepted(tmp_path, bind):
    case = VECTORS["ok-intent-shown"]
    whole = joined(case)
    bare = whole[: whole.rindex("~") + 1]
    header, payload, _ = taken_apart("ok-intent-shown")
    with time_machine.travel(seconds(case["now"]), tick=False):
        token = bind(bare, secret(case, header, payload), case["nonce"], case["audience"])
        other = bind(bare, secret(case, header, payload), "another nonce", case["audience"])
    assert token.startswith(bare) and token != whole
    accepted(tmp_path, case, token)
    assert Clerk(tmp_path / "again", {**case, "bundle": other, "expect": "B-13"}).verdict()["rule"] == "B-13"


SEALERS = [library for library in LIBRARIES if library.seal]


@pytest.mark.parametrize("library", SEALERS, ids=[library.package for library in SEALERS])
@pytest.mark.parametrize("name", [name for name in VECTORS if name.startswith("ok-sealed") and name != "ok-sealed-newline"])
def test_a_token_sealed_by_a_library_is_accepted(tmp_path, library, name):
    case = VECTORS[name]
    header = {k: v for k, v in json.loads(header_text(joined(case))).items() if k != "epk"}
    to = READERS[header["kid"]]
    (opener,) = [other for other in LIBRARIES if other.package == "jwcrypto"]
    inside = opener.open(joined(case), to.secret)
    token = library.seal(inside, header, to.jwk)
    assert token != joined(case)
    accepted(tmp_path, case, token)
