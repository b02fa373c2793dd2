"""Putting Disclosures in place (RFC 9901 §7.1, B-12)."""

import hashlib

from .members import digest, word
from .strict import decode, encode, need, parse

CONTAINERS = {"urn:vrm:bundle:grant/1": ["data"], "urn:vrm:bundle:request/1": ["subject", "changes"], "urn:vrm:bundle:intent/1": ["attributes"]}


def disclosed(type_, payload, disclosures) -> dict:
    """The payload with every value in place."""
    need(payload.get("_sd_alg") == "sha-256", "B-12", "_sd_alg")
    found = {}
    for text in disclosures:
        name = encode(hashlib.sha256(text.encode()).digest())
        need(name not in found, "B-12", "twice")
        found[name] = parts(text)
    unpacking = Unpacking(found)
    out = {}
    for name, value in payload.items():
        if name == "_sd_alg":
            continue
        if name in CONTAINERS[type_]:
            need(isinstance(value.get("_sd"), list), "B-12", "no digests")
            out[name] = unpacking.value(value, 1)
        else:
            need(not mentions({name: value}), "B-12", "digests elsewhere")
            out[name] = value
    if type_ == "urn:vrm:bundle:intent/1":
        need(len(payload["attributes"]["_sd"]) == 16, "B-12", "16 digests")
    need(unpacking.used == set(found), "B-12", "unreferenced")
    return out


def parts(text):
    found = parse(decode(text))
    need(isinstance(found, list) and len(found) in (2, 3) and isinstance(found[0], str), "B-12", "shape")
    need(len(found) == 2 or word(found[1]) and found[1] not in ("_sd", "..."), "B-12", "name")
    return found


def mentions(value):
    if isinstance(value, dict):
        return any(name in ("_sd", "...") or mentions(one) for name, one in value.items())
    return isinstance(value, list) and any(map(mentions, value))


class Unpacking:
    def __init__(self, found):
        self.found, self.used, self.seen = found, set(), set()

    def take(self, name):
        need(digest(name), "B-12", "digest")
        need(name not in self.seen, "B-12", "digest twice")
        self.seen.add(name)
        if name not in self.found:
            return None
        self.used.add(name)
        return self.found[name]

    def value(self, value, depth):
        need(depth <= 32, "B-12", "too deep")
        if isinstance(value, dict):
            return self.object(value, depth)
        if not isinstance(value, list):
            return value
        out = []
        for one in value:
            if isinstance(one, dict) and "..." in one:
                need(len(one) == 1, "B-12", "array digest")
                found = self.take(one["..."])
                if found is not None:
                    need(len(found) == 2, "B-12", "a member in an array")
                    out.append(self.value(found[1], depth + 1))
            else:
                out.append(self.value(one, depth + 1))
        return out

    def object(self, value, depth):
        need("..." not in value, "B-12", "...")
        out = {name: self.value(one, depth + 1) for name, one in value.items() if name != "_sd"}
        digests = value.get("_sd", [])
        need(isinstance(digests, list), "B-12", "_sd")
        for name in digests:
            found = self.take(name)
            if found is not None:
                need(len(found) == 3 and found[1] not in out, "B-12", "collision")
                out[found[1]] = self.value(found[2], depth + 1)
        return out
