"""base64url and JSON as the page wants them (B-02, B-03), and how a rule is broken."""

import base64
import json
import re

LETTERS = re.compile(r"[A-Za-z0-9_-]*", re.ASCII)
SAFE = 2**53 - 1


class Broken(Exception):
    """The first rule that is broken."""

    def __init__(self, rule, why=""):
        super().__init__(f"{rule} {why}")
        self.rule = rule


def need(condition, rule, why=""):
    if not condition:
        raise Broken(rule, why)


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text, rule="B-02") -> bytes:
    """The bytes of the one canonical spelling."""
    need(isinstance(text, str) and LETTERS.fullmatch(text) and len(text) % 4 != 1, rule, "base64url")
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    need(encode(data) == text, rule, "another spelling")
    return data


def parse(data: bytes, rule="B-03"):
    """One strict JSON value."""
    try:
        text = data.decode("utf-8")
        need(levels(text) <= 32, rule, "too deep")
        value = json.loads(text, object_pairs_hook=unique, parse_int=whole, parse_float=nothing, parse_constant=nothing)
    except (ValueError, RecursionError):
        raise Broken(rule, "not JSON") from None
    return value


def levels(text) -> int:
    """How many objects and arrays are open at once, at most."""
    deepest = open_now = 0
    inside = escaped = False
    for letter in text:
        if inside:
            if escaped:
                escaped = False
            elif letter == "\\":
                escaped = True
            elif letter == '"':
                inside = False
        elif letter == '"':
            inside = True
        elif letter in "[{":
            open_now += 1
            deepest = max(deepest, open_now)
        elif letter in "]}":
            open_now -= 1
    return deepest


def unique(pairs):
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names) or not all(name.isascii() for name in names):
        raise ValueError("names")
    for name, value in pairs:
        whole_text(value)
    return dict(pairs)


def whole_text(value):
    """No lone surrogates; lists are looked through, objects were."""
    if isinstance(value, str):
        value.encode("utf-8")
    elif isinstance(value, list):
        for one in value:
            whole_text(one)


def whole(text):
    value = int(text)
    if text == "-0" or abs(value) > SAFE:
        raise ValueError("number")
    return value


def nothing(text):
    raise ValueError("number")


def is_origin(value) -> bool:
    found = re.fullmatch(r"https://([^:/]+)(?::([1-9][0-9]{0,4}))?", value)
    if not found:
        return False
    labels, port = found[1].split("."), int(found[2] or 1)
    return (len(labels) >= 2 and all(re.fullmatch(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", label) for label in labels)
            and not re.fullmatch("[0-9]+", labels[-1]) and port <= 65535 and port != 443)
