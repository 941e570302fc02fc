"""Request bodies: JSON read exactly, of limited size, and with no text that the database could not keep."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from django.conf import settings
from rest_framework.exceptions import APIException
from rest_framework.parsers import BaseParser

from crsmonitor.errors import InvalidInput, Message
from crsmonitor.formats.strict_json import UnreadableJSON, loads

SHOWN = 60  # characters of a stranger's text that an error repeats
MEANT_TO_BE_JSON = "application/json"


class UnreadableBody(InvalidInput):
    """The body is not JSON, or is JSON that could be read in more than one way."""

    def __init__(self, code: str, detail: str, field: str = "body") -> None:
        super().__init__(
            "unreadable_body", fields={field: [Message("unreadable_body", {"detail": detail})]}, detail=detail
        )
        self.code, self.detail, self.field = code, detail, field


class BodyTooLarge(APIException):
    status_code = 413
    default_detail = "The body is too large."
    default_code = "too_large"


def _shown(name: str) -> str:
    """A stranger's name for a field, as an answer may repeat it."""
    return name[:SHOWN].encode(errors="backslashreplace").decode().replace("\x00", "\\x00")


def read_json(body: bytes) -> Any:
    """The body's value: numbers with a point or an exponent as Decimal. Raises UnreadableBody."""
    try:
        value = loads(body)
    except UnreadableJSON as error:
        field = "body" if error.twice is None else _shown(error.twice)
        raise UnreadableBody(error.code, error.detail, field) from None
    if b"\\u" in body:  # only an escape can bring in what UTF-8 and JSON forbid
        _check_texts(value)
    return value


def _check_texts(value: object) -> None:
    """No NUL, which PostgreSQL cannot keep, and no half of a surrogate pair, which is no character."""
    for field, text in _texts(value):
        if "\x00" in text or (not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text)):
            raise UnreadableBody("invalid_text", "a text holds a character that cannot be kept", _shown(field))


def _texts(value: object) -> Iterator[tuple[str, str]]:
    """Every text with the name it stands under. A loop, so that deep nesting costs no stack."""
    waiting: list[tuple[str, object]] = [("body", value)]
    while waiting:
        field, one = waiting.pop()
        if isinstance(one, str):
            yield field, one
        elif isinstance(one, dict):
            yield from ((name, name) for name in one)
            waiting.extend(one.items())
        elif isinstance(one, list):
            waiting.extend((field, item) for item in one)


class ExactJSONParser(BaseParser):
    """DRF's own parser makes floats of numbers, keeps the last of two equal names, and has no limit of size."""

    media_type = MEANT_TO_BE_JSON

    def parse(self, stream: BinaryIO, media_type: str | None = None, parser_context: Any = None) -> Any:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise BodyTooLarge
        return read_json(body)
