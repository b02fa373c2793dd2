"""The schemas of the payloads and the rules agree about every vector that is about shape."""

import json

import pytest

from page.strict import Broken, decode, parse
from page.verifier import LIFE, Policy, read
from test_page import DEFAULTS, VECTORS, file
from test_schemas import NAMES, check, schema, validator

SCHEMAS = {
    "vrm-terms+jwt": "terms", "vrm-terms-acceptance+jwt": "terms-acceptance", "urn:vrm:bundle:grant/1": "grant",
    "vrm-revocation+jwt": "revocation", "urn:vrm:bundle:request/1": "request", "vrm-receipt+jwt": "receipt",
    "urn:vrm:bundle:intent/1": "intent", "vrm-offer+jwt": "offer", "vrm-award+jwt": "award", "vrm-withdrawal+jwt": "withdrawal",
    "vrm-message+jwt": "message", "vrm-evidence+jwt": "evidence", "vrm-rotation+jwt": "rotation",
}
# Payloads of tokens inside other tokens.
INNER = {"rotation-pop", "key-binding"}
# What no schema can say: a thumbprint, a point of small order; and what only the Disclosures show.
BEYOND = {"members-jwks-kid", "members-jwks-small-order", "members-rectification-value", "members-rectification-no-new"}
# A cap the schema knows as well, and the page judges under the rule about texts.
CAPPED = {"terms-text-long"}
# Rules about something else than the shape of the payload.
OTHERWISE = {"B-08", "B-10", "B-13", "B-14", "B-15", "B-16", "B-17", "B-18", "B-20"}


def taken_apart(case):
    """The token in a vector, and its payload."""
    found = DEFAULTS | {name: value for name, value in case.items() if value is not None}
    token = read(file(case), Policy(recipient_keys=found["recipient_keys"]))
    return token, parse(decode(token.payload))


def fits(case) -> bool:
    token, payload = taken_apart(case)
    typ = parse(decode(token.protected))["typ"]
    return not list(validator(f"payload/{SCHEMAS[payload.get('vct', typ) if typ == 'dc+sd-jwt' else typ]}").iter_errors(payload))


def vectors(*rules):
    return [name for name, case in VECTORS.items() if case["expect"] in rules]


def test_every_payload_has_a_schema():
    assert set(SCHEMAS) == set(LIFE)
    assert {name.removeprefix("payload/") for name in NAMES if name.startswith("payload/")} == set(SCHEMAS.values()) | INNER


@pytest.mark.parametrize("name", vectors("valid"))
def test_what_is_valid_fits(name):
    case = VECTORS[name]
    assert fits(case)
    kind = SCHEMAS[case["verdict"]["type"]]
    processed = "#/$defs/processed" if kind in ("grant", "request", "intent") else ""
    check(f"payload/{kind}", case["verdict"]["claims"], processed)


@pytest.mark.parametrize("name", [name for name in vectors("B-09") if name not in BEYOND])
def test_what_breaks_the_rule_about_members_does_not(name):
    assert not fits(VECTORS[name])


@pytest.mark.parametrize("name", sorted(BEYOND))
def test_what_no_schema_can_say_is_left_to_the_rule(name):
    assert VECTORS[name]["expect"] == "B-09" and fits(VECTORS[name])


@pytest.mark.parametrize("name", [name for name in vectors(*OTHERWISE) if name not in CAPPED])
def test_what_breaks_a_rule_about_something_else_fits(name):
    try:
        taken_apart(VECTORS[name])
    except Broken as broken:
        assert broken.rule == VECTORS[name]["expect"] == "B-17"
        return
    assert fits(VECTORS[name])


def test_tokens_inside_tokens_fit_their_schemas():
    for name in ("ok-intent-shown", "ok-rotation", "ok-company-rotation", "ok-award"):
        token, payload = taken_apart(VECTORS[name])
        inner, schema = (token.binding, "key-binding") if token.binding else (payload["pop"], "rotation-pop")
        claims = parse(decode(inner.split(".")[1]))
        check(f"payload/{schema}", claims)
        for member in claims:
            for broken in ({k: v for k, v in claims.items() if k != member}, claims | {member: [1]}, claims | {"more": 1}):
                assert list(validator(f"payload/{schema}").iter_errors(broken))


def test_rules_about_the_payload_refuse_what_the_schema_refuses():
    """The other way round: what does not fit breaks a rule that is about the payload."""
    about_payload = {"B-07", "B-09", "B-11", "B-12", "B-19", "B-06"}
    for name, case in VECTORS.items():
        if case["expect"] in about_payload | {"valid"} | OTHERWISE and name not in BEYOND | CAPPED:
            try:
                token, payload = taken_apart(case)
                typ = parse(decode(token.protected))["typ"]
            except Broken:
                continue
            if SCHEMAS.get(payload.get("vct") if typ == "dc+sd-jwt" else typ) and not fits(case):
                assert case["expect"] in about_payload, name


def test_a_bundle_schema_knows_every_typ():
    known = json.dumps(schema("bundle"))
    for type_ in LIFE:
        assert type_.startswith("urn:") or f'"{type_}"' in known
