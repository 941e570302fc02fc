"""What a silent run makes of one participant, as it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from grading.rules.alerting.burden import Watched
from grading.rules.alerting.policy.silent import Calls, ComparedAlert, SilentVerdict


@dataclass(frozen=True, slots=True, kw_only=True)
class SilentContent:
    """`watched` None: never dosed."""

    watched: Watched | None
    lines: tuple[ComparedAlert, ...]


def as_json(content: SilentContent) -> dict[str, Any]:
    watched = content.watched
    return {
        "watched": None if watched is None else [_instant(watched.start), _instant(watched.end)],
        "lines": [_line(one) for one in content.lines],
    }


def read_content(data: Mapping[str, Any]) -> SilentContent:
    watched = data["watched"]
    span = None if watched is None else Watched(start=datetime.fromisoformat(watched[0]), end=_read(watched[1]))
    return SilentContent(watched=span, lines=tuple(_read_line(one) for one in data["lines"]))


def _line(one: ComparedAlert) -> dict[str, Any]:
    return {
        "verdict": one.verdict.value, "kind": one.kind, "grade": one.grade, "condition": one.condition,
        "real_at": _instant(one.real_at), "silent_at": _instant(one.silent_at), "raised_at": _instant(one.raised_at),
        "real_codes": list(one.real_codes), "silent_codes": list(one.silent_codes),
        "real": _calls(one.real), "silent": _calls(one.silent),
    }  # fmt: skip


def _read_line(data: Mapping[str, Any]) -> ComparedAlert:
    return ComparedAlert(
        verdict=SilentVerdict(data["verdict"]), kind=data["kind"], grade=data["grade"], condition=data["condition"],
        real_at=_read(data["real_at"]), silent_at=_read(data["silent_at"]), raised_at=_read(data["raised_at"]),
        real_codes=tuple(data["real_codes"]), silent_codes=tuple(data["silent_codes"]),
        real=_read_calls(data["real"]), silent=_read_calls(data["silent"]),
    )  # fmt: skip


def _calls(calls: Calls) -> list[int]:
    return [calls.pages, calls.on_call, calls.escalations]


def _read_calls(data: list[int]) -> Calls:
    pages, on_call, escalations = data
    return Calls(pages=pages, on_call=on_call, escalations=escalations)


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _read(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
