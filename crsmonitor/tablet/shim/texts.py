"""Texts of any script: what MicroPython knows of ASCII alone is asked of the browser (`host`) or of a table."""

import json

import host
from shim.tables import COMBINING, FOLDED, SPACES

_matches, _split, _normalize, _lower, _is = host.matches, host.split, host.normalize, host.lower, host.is_of


def isascii(text):
    return len(text) == len(text.encode())


def lower(text):
    return text.lower() if isascii(text) else _lower(text)


def casefold(text):
    if isascii(text):
        return text.lower()
    return "".join([FOLDED[sign] if sign in FOLDED else lower(sign) for sign in text])


def strip(text):
    """MicroPython's own looks at bytes, and tears the last one off 素, which ends as a space begins."""
    if isascii(text):
        return text.strip(SPACES)
    first, last = 0, len(text)
    while first < last and text[first] in SPACES:
        first += 1
    while first < last and text[last - 1] in SPACES:
        last -= 1
    return text[first:last]


def isalpha(text):
    return text.isalpha() if isascii(text) else _is("alpha", text)


def isalnum(text):
    if isascii(text):
        return bool(text) and not [sign for sign in text if not (sign.isalpha() or sign.isdigit())]
    return _is("alnum", text)


def removeprefix(text, prefix):
    return text[len(prefix) :] if text.startswith(prefix) else text


def removesuffix(text, suffix):
    return text[: -len(suffix)] if suffix and text.endswith(suffix) else text


def normalized(form, text):
    return text if isascii(text) else _normalize(form, text)


def combining(sign):
    """Whether it stands over or under another; Python says its class, which is 0 for any other."""
    code = ord(sign)
    if code < COMBINING[0]:
        return 0
    low, high = 0, len(COMBINING) // 2
    while low < high:
        middle = (low + high) // 2
        if code > COMBINING[2 * middle + 1]:
            low = middle + 1
        else:
            high = middle
    return int(2 * low < len(COMBINING) and COMBINING[2 * low] <= code)


class Match:
    def __init__(self, matches):
        self.matches = matches

    def __getitem__(self, group):
        if group == 0:
            return self.matches["all"]
        return self.matches["groups"][group - 1] if isinstance(group, int) else self.matches["named"][group]


class Pattern:
    def __init__(self, source):
        self.source = source

    def findall(self, text):
        matches = json.loads(_matches(self.source, text))
        if matches and matches[0]["groups"]:
            raise NotImplementedError("findall of a pattern with groups")
        return [one["all"] for one in matches]

    def search(self, text):
        matches = json.loads(_matches(self.source, text))
        return Match(matches[0]) if matches else None

    def fullmatch(self, text):
        matches = json.loads(_matches("^(?:" + self.source + ")$", text))
        return Match(matches[0]) if matches else None

    def split(self, text):
        return json.loads(_split(self.source, text))
