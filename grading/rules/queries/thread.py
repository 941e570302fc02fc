"""A query from its question to its end: which moves there are, and what state they leave it in."""

from collections.abc import Iterable, Mapping
from enum import StrEnum


class QueryMove(StrEnum):
    """What somebody did to a query."""

    OPENED = "opened"
    ANSWERED = "answered"
    CLOSED = "closed"
    REOPENED = "reopened"


class QueryState(StrEnum):
    """What a query waits for: an answer, its closing, nothing."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


LEAVES: Mapping[QueryMove, QueryState] = {
    QueryMove.OPENED: QueryState.OPEN,
    QueryMove.ANSWERED: QueryState.ANSWERED,
    QueryMove.CLOSED: QueryState.CLOSED,
    QueryMove.REOPENED: QueryState.OPEN,
}
# From each state; None: there is no query yet. An answer can be added to until it is accepted.
MOVES: Mapping[QueryState | None, frozenset[QueryMove]] = {
    None: frozenset({QueryMove.OPENED}),
    QueryState.OPEN: frozenset({QueryMove.ANSWERED, QueryMove.CLOSED}),
    QueryState.ANSWERED: frozenset({QueryMove.ANSWERED, QueryMove.CLOSED, QueryMove.REOPENED}),
    QueryState.CLOSED: frozenset({QueryMove.REOPENED}),
}
# Closing says nothing more where the answer is enough.
SAYS_SOMETHING = frozenset(QueryMove) - {QueryMove.CLOSED}
NOT_CLOSED = frozenset(move for move, state in LEAVES.items() if state is not QueryState.CLOSED)


def state_after(moves: Iterable[QueryMove]) -> QueryState | None:
    """The state that the moves of a query lead to, the first one first. Raises ValueError where one may not follow."""
    state: QueryState | None = None
    for move in moves:
        if move not in MOVES[state]:
            raise ValueError(f"{move} does not follow {state}")
        state = LEAVES[move]
    return state
