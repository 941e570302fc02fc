"""Everything that lowered code may name."""

from shim.data import MADE, Data, DataById, Row, StrEnum, replace, row_of, value_of
from shim.decimals import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, InvalidOperation, formatted, rounded
from shim.moments import UTC, datetime, timedelta
from shim.order import (
    cache,
    from_keys,
    joined_into,
    lru_cache,
    ordered,
    pairwise,
    reduce,
    stable_sort,
    stable_sorted,
    union,
    zipped,
)
from shim.texts import (
    Pattern,
    casefold,
    combining,
    isalnum,
    isalpha,
    isascii,
    lower,
    normalized,
    removeprefix,
    removesuffix,
    strip,
)
from shim.words import filled, gettext, language, pgettext
