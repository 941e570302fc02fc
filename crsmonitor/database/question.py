"""A question of which the SQL is made once a process, and asked with other values each time.

Django puts the text together anew at each call, which takes several times as long as the database takes to answer:
more than half of the CPU of an average page. What is found are the objects and rows that the query itself would give.

A text that is kept must not keep anything of the first call. So it is made twice, with other values, in another
language and another time zone: where the two differ in anything but the values themselves, it is refused.
"""

import copy
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import connections
from django.db.models import BooleanField, F, Func, Model, QuerySet, Value
from django.utils import timezone, translation

Row = TypeVar("Row")

# Stand in the text for what is asked about; nothing else has these values.
_STAND_INS: dict[type, Callable[[int], Any]] = {
    int: lambda number: 1_987_654_321 - number,
    str: lambda number: f"stands in for {number}",
    UUID: lambda number: UUID(int=0xFACE << 64 | number),
    datetime: lambda number: datetime(1887, 6, 5, 4, 3, 2, 1, tzinfo=UTC) + timedelta(days=number),
}
_GREATEST = 2**63 - 1
_LISTS = (list, tuple, set, frozenset)
_TWO_CIRCUMSTANCES = (("en", "Pacific/Apia"), ("zh-hant", "Asia/Kathmandu"))


class OneOf(Func):
    """Whether a column holds one of these: `= ANY`, whose text is the same however many they are, unlike that of IN.

    Of those of a list that a Question is asked with.
    """

    output_field = BooleanField()
    template, arg_joiner = "%(expressions)s)", " = ANY("

    def __init__(self, column: str, values: Iterable[Any], field: Any) -> None:
        super().__init__(F(column), Value(list(values), output_field=ArrayField(field)))


@dataclass(frozen=True, slots=True)
class _Text:
    """`values`: of the first making. `places`: which of them is which of the names."""

    query: Any  # a queryset
    compiler: Any
    sql: str
    values: tuple[Any, ...]
    places: tuple[tuple[int, str], ...]


class Question(Generic[Row]):
    """`ask` makes the query from values with names: numbers, texts, instants, UUIDs, or rows, of which it is the key.

    None and a truth are part of the text: there is another one for each. A list of them says which ones are meant
    (`OneOf`): where nothing is on it nothing is found, and nothing is asked.
    """

    def __init__(self, ask: "Callable[..., QuerySet[Any, Row]]") -> None:
        self.ask = ask  # the query itself: what is found must be what it finds
        self._texts: dict[tuple[Any, ...], _Text] = {}

    def all(self, **values: Any) -> list[Row]:
        """What the query finds, with what it fetches besides."""
        if _is_none_meant(values):
            return []
        text = self._text_for("all", values)
        again = type(text.query)(model=text.query.model, using=text.query._db)
        again._iterable_class, again._fields = text.query._iterable_class, text.query._fields
        again._prefetch_related_lookups = text.query._prefetch_related_lookups
        again._query = _Filled(text, _compiler(text, again.db, values))
        return list(again)

    def first(self, **values: Any) -> Row | None:
        """Of a query that finds one at most, or says itself that it is cut there."""
        return next(iter(self.all(**values)), None)

    def exists(self, **values: Any) -> bool:
        """Whether there is any row."""
        if _is_none_meant(values):
            return False
        text = self._text_for("exists", values)
        return bool(_compiler(text, text.query.db, values).has_results())

    def _text_for(self, way: str, values: dict[str, Any]) -> _Text:
        shape = (way, *((name, _shape(value)) for name, value in values.items()))
        text = self._texts.get(shape)
        if text is None:
            text = self._texts[shape] = _made(self.ask, values, exists=way == "exists")
        return text


class ReaderQuestion(Question[Row]):
    """What begins with who asks. Nothing is found by the inactive and the anonymous, and nobody else's eyes are lent.

    `ask` gets a user with that key, of whom nothing else is known.
    """

    def all(self, user: Any, **values: Any) -> list[Row]:  # type: ignore[override]
        return super().all(user=user, **values) if _is_somebody(user) else []

    def first(self, user: Any, **values: Any) -> Row | None:  # type: ignore[override]
        return next(iter(self.all(user, **values)), None)

    def exists(self, user: Any, **values: Any) -> bool:  # type: ignore[override]
        return _is_somebody(user) and super().exists(user=user, **values)


def _is_somebody(user: AbstractBaseUser | AnonymousUser) -> bool:
    return bool(user.is_authenticated and user.is_active)


# --- The text -----------------------------------------------------------------------------------------------------


def _shape(value: Any) -> Any:
    """What of a value is part of the text."""
    if value is None or isinstance(value, bool):
        return value
    return list if isinstance(value, _LISTS) else value.__class__  # of a lazy user that of the user


def _is_none_meant(values: dict[str, Any]) -> bool:
    """A list with nothing on it, or a number that no column holds, as an address may have one."""
    return any(
        (isinstance(value, _LISTS) and not value) or (isinstance(value, int) and abs(value) > _GREATEST)
        for value in values.values()
    )


def _made(ask: Callable[..., Any], values: dict[str, Any], *, exists: bool) -> _Text:
    made = []
    for turn, (language, zone) in enumerate(_TWO_CIRCUMSTANCES):
        stand_ins = {
            name: _stand_in(value, turn * len(values) + place) for place, (name, value) in enumerate(values.items())
        }
        with translation.override(language), timezone.override(zone):
            query = ask(**stand_ins)
            compiler = (query.query.exists() if exists else query.query).get_compiler("default")
            sql, filled = compiler.as_sql()
        made.append((query, compiler, sql, tuple(filled), {name: _plain(one) for name, one in stand_ins.items()}))
    (query, compiler, sql, first, firsts), (_, _, other_sql, second, seconds) = made
    if sql != other_sql or len(first) != len(second) or query._known_related_objects:
        raise ValueError(f"a question whose text depends on what it is asked with: {sql}")
    places = []
    for place, (one, other) in enumerate(zip(first, second, strict=True)):
        name = next((name for name in firsts if (one, other) == (firsts[name], seconds[name])), None)
        if name is not None and not _is_part(values[name]):
            places.append((place, name))
        elif one != other:
            raise ValueError(f"a question that makes something else of what it is asked with: {one}, {sql}")
    if missing := {name for name, value in values.items() if not _is_part(value)} - {name for _, name in places}:
        raise ValueError(f"a question that does not depend on {', '.join(sorted(missing))}: {sql}")
    return _Text(query, compiler, sql, first, tuple(places))


def _is_part(value: Any) -> bool:
    return value is None or isinstance(value, bool)


def _stand_in(value: Any, number: int) -> Any:
    if _is_part(value):
        return value
    if _shape(value) is list:
        return [_STAND_INS[type(next(iter(value)))](number)]
    if isinstance(value, AbstractBaseUser | AnonymousUser):
        return get_user_model()(pk=_STAND_INS[int](number))
    if isinstance(value, Model):
        return type(value)(pk=_STAND_INS[type(value.pk)](number))
    return _STAND_INS[type(value)](number)


def _plain(value: Any) -> Any:
    """As it stands in the text."""
    if isinstance(value, Model):
        return value.pk
    return list(value) if _shape(value) is list else value


# --- One asking ---------------------------------------------------------------------------------------------------


def _compiler(text: _Text, alias: str, values: dict[str, Any]) -> Any:
    """Of this thread's connection, with these values in their places."""
    filled = list(text.values)
    for place, name in text.places:
        filled[place] = _like(filled[place], _plain(values[name]))
    compiler = copy.copy(text.compiler)
    compiler.connection, compiler.using = connections[alias], alias
    compiler.as_sql = partial(_as_made, text.sql, tuple(filled))
    return compiler


def _as_made(sql: str, values: tuple[Any, ...], *_given: Any, **_named: Any) -> tuple[str, tuple[Any, ...]]:
    return sql, values


def _like(stand_in: Any, value: Any) -> Any:
    """In the type that Django has the driver write: of a number it says how wide its column is."""
    if isinstance(stand_in, list):
        return [_like(stand_in[0], one) for one in value]
    return type(stand_in)(value) if isinstance(stand_in, int) else value


class _Filled:
    """The query of a queryset, whose compiler has its text already."""

    def __init__(self, text: _Text, compiler: Any) -> None:
        self._query, self._compiler = text.query.query, compiler

    def get_compiler(self, *_given: Any, **_named: Any) -> Any:
        return self._compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._query, name)
