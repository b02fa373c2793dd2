"""Bundles the programs make, read by other people's libraries, and bundles those make, read by the programs.

Nothing is converted on the way: a compact token is the file's members with dots and tildes between them. The key is the one in
`cnf.jwk` for what a person signed, and the published JWKS for what a company signed. Needs VRM_BIN.
"""

import copy
import hashlib
import json
import os
import time

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws as joserfc_jws
from joserfc import jwt as joserfc_jwt
from joserfc.jwk import OKPKey
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS as JWSObject
from sd_jwt.common import SDObj
from sd_jwt.issuer import SDJWTIssuer

from libraries import LIBRARIES, pyjwt_read
from programs import Bundle, Company, b64, needs_programs, thumbprint, unb64

pytestmark = needs_programs

KINDS = ["terms", "grant", "revocation", "request", "terms-acceptance", "receipt", "message", "rotation"]
SEALED = {"grant": "data", "request": "subject"}
DAY = 86_400


def bundles(story, kind):
    return [Bundle(path, story.company) for path in story.bundles[kind]]


def public_key(story, bundle) -> dict:
    """The key a stranger would use."""
    if "cnf" in bundle.payload:
        return bundle.payload["cnf"]["jwk"]
    (key,) = [key for key in json.loads((story.company.keys / "jwks.json").read_bytes())["keys"] if key["kid"] == bundle.header["kid"]]
    return key


def broken(token: str) -> str:
    """The same with one bit of the signature turned."""
    head, signature = token.rsplit(".", 1)
    raw = bytearray(unb64(signature))
    raw[10] ^= 1
    return f"{head}.{b64(bytes(raw))}"


def audience(bundle) -> str:
    return bundle.payload["aud"]


# MARK: Read by libraries

JWS = [library for library in LIBRARIES if library.read and "EdDSA" in library.algorithms]
SD = [library for library in LIBRARIES if library.read_sd]


def by_name(libraries):
    return pytest.mark.parametrize("library", libraries, ids=[library.package for library in libraries])


@by_name(JWS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_bundle_verifies_unchanged(story, kind, library):
    for bundle in bundles(story, kind):
        key = public_key(story, bundle) | {"kid": bundle.header["kid"]}
        assert library.read(bundle.jws, key, audience(bundle)) == bundle.payload
        with pytest.raises(Exception):
            library.read(broken(bundle.jws), key, audience(bundle))
        if library.package != "cryptojwt":  # which reads no claims
            with pytest.raises(Exception):
                library.read(bundle.jws, key, audience(bundle) + "/")


@pytest.mark.parametrize("kind", KINDS)
def test_the_flattened_file_verifies_as_it_is(story, kind):
    """joserfc and jwcrypto read RFC 7515 §7.2.2 themselves."""
    for bundle in bundles(story, kind):
        key = public_key(story, bundle)
        found = joserfc_jws.deserialize_json(
            copy.deepcopy(bundle.file), OKPKey.import_key(key), registry=Disclosing(algorithms=["EdDSA"]))
        assert json.loads(found.payload) == bundle.payload
        read = JWSObject()
        read.allowed_algs = ["EdDSA"]
        read.deserialize(json.dumps(bundle.file), JWK(**{k: key[k] for k in ("kty", "crv", "x")}))
        assert json.loads(read.payload) == bundle.payload


class Disclosing(joserfc_jws.JWSRegistry):
    """joserfc refuses header members nobody registered; RFC 9901 §8 puts the Disclosures there."""

    def check_header(self, header):
        super().check_header({k: v for k, v in header.items() if k != "disclosures"})


@by_name(SD)
@pytest.mark.parametrize("kind", SEALED)
def test_an_sd_jwt_gives_exactly_what_was_shared(story, kind, library):
    for bundle in bundles(story, kind):
        key = {k: public_key(story, bundle)[k] for k in ("kty", "crv", "x")}

        def read(token):
            return {k: v for k, v in library.read_sd(token, key, audience(bundle), None).items() if k != "_sd_alg"}

        found = read(bundle.sd_jwt)
        assert found[SEALED[kind]] == bundle.values
        rest = {k: v for k, v in bundle.payload.items() if k not in (SEALED[kind], "_sd_alg")}
        assert {k: v for k, v in found.items() if k != SEALED[kind]} == rest

        # One value kept back: the token still verifies, and the value is gone.
        kept = read("~".join([bundle.jws, *bundle.disclosures[1:], ""]))[SEALED[kind]]
        assert len(kept) == len(bundle.values) - 1
        with pytest.raises(Exception):
            read("~".join([broken(bundle.jws), *bundle.disclosures, ""]))


OPENERS = [library for library in LIBRARIES if library.open]


@by_name(OPENERS)
def test_a_sealed_bundle_is_opened_by_a_library(story, library):
    """Its header has six members, and says nothing of what is inside."""
    private = json.loads((story.company.keys / "private.json").read_bytes())["keys"]
    (key,) = [key for key in private if key["crv"] == "X25519"]
    sealed = [bundle for kind in KINDS for bundle in bundles(story, kind) if bundle.sealed]
    assert {bundle.header["typ"] for bundle in sealed} >= {"vrm-terms+jwt", "dc+sd-jwt", "vrm-revocation+jwt", "vrm-message+jwt", "vrm-rotation+jwt"}
    for bundle in sealed:
        assert library.open(bundle.sealed, key) == (bundle.sd_jwt if bundle.disclosures else bundle.jws)
        header = json.loads(unb64(bundle.sealed.split(".")[0]))
        assert set(header) == {"alg", "enc", "epk", "kid", "typ", "cty"} and (header["typ"], header["cty"]) == ("vrm-sealed+jwe", "JWT")
        spoiled = bundle.sealed[:-4] + ("AAAA" if bundle.sealed[-4:] != "AAAA" else "BBBB")
        with pytest.raises(Exception):
            library.open(spoiled, key)
    assert len({json.loads(unb64(bundle.sealed.split(".")[0]))["epk"]["x"] for bundle in sealed}) == len(sealed)


def test_the_grant_holds_the_values_of_the_vault(story):
    assert story.first("grant").values == story.values


def test_the_company_reads_only_what_is_in_the_disclosures(story):
    """A value is nowhere in the signed part."""
    for kind in SEALED:
        for bundle in bundles(story, kind):
            signed = json.dumps([bundle.header, bundle.payload])
            assert bundle.values and all(value not in signed for value in bundle.values.values())
            assert bundle.payload[SEALED[kind]]["_sd"] == sorted(bundle.payload[SEALED[kind]]["_sd"])
            salts = [json.loads(unb64(d))[0] for d in bundle.disclosures]
            assert len(set(salts)) == len(salts) and all(len(unb64(s)) == 16 for s in salts)


# MARK: Made by libraries


class Stranger:
    """Somebody who writes bundles with a library of their own."""

    def __init__(self, origin):
        self.private = Ed25519PrivateKey.generate()
        x = b64(self.private.public_key().public_bytes_raw())
        self.jwk = {"crv": "Ed25519", "kty": "OKP", "x": x}
        self.secret = self.jwk | {"d": b64(self.private.private_bytes_raw())}
        self.kid = thumbprint(self.jwk)
        self.origin = origin

    def header(self, typ):
        return {"alg": "EdDSA", "kid": self.kid, "typ": typ}

    def common(self, days):
        now = int(time.time()) // 60 * 60 - 60
        return {
            "iss": "urn:ietf:params:oauth:jwk-thumbprint:sha-256:" + self.kid, "aud": self.origin, "iat": now, "nbf": now,
            "exp": now + days * DAY, "jti": b64(os.urandom(16)), "cnf": {"jwk": self.jwk},
        }

    def terms(self):
        text = "Use what I share for what I asked.\n"
        return self.common(90) | {"terms": {"id": "mine-1", "sha-256": digest(text), "lang": "en", "text": text}}

    def grant(self):
        day = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 20 * DAY))
        return self.common(30) | {
            "vct": "urn:vrm:bundle:grant/1", "purpose": [{"id": "https://w3id.org/dpv#DeliveryOfGoods", "text": "deliver goods"}],
            "basis": "eu-gdpr:A6-1-a", "terms": {"jti": b64(bytes(16)), "s256": b64(bytes(32))}, "retention": day, "onward": "none",
        }


def digest(text: str) -> str:
    return b64(hashlib.sha256(text.encode()).digest())


SIGNERS = [library for library in LIBRARIES if library.sign and "EdDSA" in library.algorithms]
COMPACT = by_name(SIGNERS)


def compact_by(library, stranger, header, payload):
    return library.sign(header, payload, stranger.secret | {"kid": stranger.kid})


@pytest.fixture
def stranger(shop):
    return Stranger(shop.origin)


def flattened(token: str) -> bytes:
    """The file's form of a compact token."""
    jws, *disclosures = token.split("~")
    protected, payload, signature = jws.split(".")
    file = {"payload": payload, "protected": protected, "signature": signature}
    if disclosures:
        file = {"header": {"disclosures": disclosures[:-1]}} | file
    return json.dumps(file, separators=(",", ":")).encode()


def verdicts(shop, token: str, **options):
    """The verdict on both forms."""
    for form in (token.encode(), token.encode() + b"\n", flattened(token)):
        yield json.loads(shop.verify("-", stdin=form, **options).stdout)


@COMPACT
def test_terms_made_by_a_library_are_accepted(shop, stranger, library):
    payload = stranger.terms()
    token = compact_by(library, stranger, stranger.header("vrm-terms+jwt"), payload)
    for verdict in verdicts(shop, token):
        assert verdict["valid"] and verdict["type"] == "vrm-terms+jwt" and verdict["claims"] == payload
    for verdict in verdicts(shop, broken(token), code=3):
        assert verdict["rule"] == "B-08"


def test_the_newer_name_of_the_algorithm_is_accepted(shop, stranger):
    """RFC 9864 calls it Ed25519."""
    header = stranger.header("vrm-terms+jwt") | {"alg": "Ed25519"}
    token = joserfc_jwt.encode(header, stranger.terms(), OKPKey.import_key(stranger.secret), algorithms=["Ed25519"])
    for verdict in verdicts(shop, token):
        assert verdict["valid"]


@COMPACT
def test_terms_made_by_a_library_can_be_answered(shop, stranger, library, tmp_path):
    (tmp_path / "terms.json").write_bytes(flattened(compact_by(library, stranger, stranger.header("vrm-terms+jwt"), stranger.terms())))
    shop.json("accept", tmp_path / "terms.json", "--keys", shop.keys, "--decision", "accepted", "--out", tmp_path / "a.json")
    answer = Bundle(tmp_path / "a.json")
    assert pyjwt_read(answer.jws, shop.jwk, "urn:ietf:params:oauth:jwk-thumbprint:sha-256:" + stranger.kid)["decision"] == "accepted"


VALUES = {"email": "zoë@person.example", "delivery_address": {"street": "1 Test Street", "city": "Testville"}, "sizes": [39, 40]}


def disclosed(values: dict) -> tuple[list, list]:
    """Disclosures and their digests, by hand (RFC 9901 §4.2), with white space where the RFC allows it."""
    made = [b64(json.dumps([b64(os.urandom(16)), k, v], ensure_ascii=False).encode()) for k, v in values.items()]
    return made, sorted(digest(d) for d in made)


@COMPACT
def test_a_grant_made_by_a_library_is_accepted(shop, stranger, library):
    disclosures, digests = disclosed(VALUES)
    payload = stranger.grant() | {"_sd_alg": "sha-256", "data": {"_sd": digests}}
    token = compact_by(library, stranger, stranger.header("dc+sd-jwt"), payload)
    for verdict in verdicts(shop, "~".join([token, *disclosures, ""])):
        assert verdict["valid"] and verdict["claims"]["data"] == VALUES
        assert verdict["disclosed"] == {f"data.{k}": v for k, v in VALUES.items()}
    for verdict in verdicts(shop, "~".join([token, ""])):
        assert verdict["valid"] and verdict["claims"]["data"] == {} and verdict["disclosed"] == {}
    stray, _ = disclosed({"iban": "none"})
    for verdict in verdicts(shop, "~".join([token, *disclosures, *stray, ""]), code=3):
        assert verdict["rule"] == "B-12"


def issued(stranger, claims) -> str:
    """By the issuer of the sd-jwt package."""
    claims = {k: v for k, v in claims.items() if k != "cnf"}
    key = JWK(**stranger.secret)
    rest = {k: v for k, v in stranger.header("dc+sd-jwt").items() if k != "alg"}
    return SDJWTIssuer(claims, key, holder_key=JWK(**stranger.jwk), sign_alg="EdDSA", extra_header_parameters=rest).sd_jwt_issuance


def test_a_grant_of_the_sd_jwt_package_is_accepted(shop, stranger):
    # The values of data can be held back one by one, and the parts of an address as well.
    data = {SDObj("email"): VALUES["email"], SDObj("sizes"): [SDObj(39), 40],
            SDObj("delivery_address"): {SDObj("street"): "1 Test Street", "city": "Testville"}}
    token = issued(stranger, stranger.grant() | {"data": data})
    for verdict in verdicts(shop, token):
        assert verdict["valid"] and verdict["claims"]["data"] == VALUES
    jws, *disclosures, _ = token.split("~")
    without = [d for d in disclosures if json.loads(unb64(d))[1] != "street"]
    for verdict in verdicts(shop, "~".join([jws, *without, ""])):
        assert verdict["claims"]["data"]["delivery_address"] == {"city": "Testville"}


def test_a_grant_that_discloses_outside_data_is_not(shop, stranger):
    claims = stranger.grant() | {"data": {SDObj("email"): VALUES["email"]}}
    for name in ("retention", "exp", "purpose"):
        hidden = {SDObj(k) if k == name else k: v for k, v in claims.items()}
        for verdict in verdicts(shop, issued(stranger, hidden), code=3):
            assert not verdict["valid"] and verdict["rule"] in ("B-09", "B-12")


def test_a_company_that_signs_with_a_library_is_accepted(shop, tmp_path):
    """An acceptance made by joserfc under the key folder's own key verifies with the published JWKS."""
    person = Stranger(shop.origin)
    private = shop.private
    now = int(time.time())
    payload = {
        "iss": shop.origin, "aud": person.common(1)["iss"], "iat": now, "nbf": now, "exp": now + 90 * DAY, "jti": b64(bytes(16)),
        "decision": "accepted", "ref": {"jti": b64(bytes(16)), "s256": b64(bytes(32))},
        "terms": {"sha-256": digest("x"), "lang": "en"},
    }
    header = {"alg": "EdDSA", "kid": private["kid"], "typ": "vrm-terms-acceptance+jwt"}
    token = joserfc_jwt.encode(header, payload, OKPKey.import_key(private), algorithms=["EdDSA"])
    pinned = ["--key", shop.keys / "jwks.json"]
    verdict = json.loads(shop.run("verify", "-", "--json", *pinned, stdin=token).stdout)
    assert verdict["valid"] and verdict["key"] == "pinned"
    # Without the key nothing can be said, and another company's key does not help.
    other = Company(tmp_path / "other", "https://other.example")
    other.new_keys()
    for keys in ([], ["--key", other.keys / "jwks.json"]):
        assert json.loads(shop.run("verify", "-", "--json", *keys, stdin=token, code=3).stdout)["rule"] == "B-07"
