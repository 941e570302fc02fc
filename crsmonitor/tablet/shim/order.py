"""Dicts that keep their order, sorting that keeps that of equals, and what remembers."""

from collections import OrderedDict

REMEMBERED = 64


def ordered(pairs=()):
    if isinstance(pairs, dict):
        return OrderedDict([(key, pairs[key]) for key in pairs])
    return OrderedDict(pairs)


def from_keys(keys, value=None):
    return OrderedDict([(key, value) for key in keys])


def union(one, other):
    """`one | other`, where a dict keeps its order."""
    if not isinstance(one, dict):
        return one | other
    both = ordered(one)
    for key in other:
        both[key] = other[key]
    return both


def joined_into(one, other):
    """`one |= other`: the very set or dict that it was."""
    if isinstance(one, dict):
        for key in other:
            one[key] = other[key]
    elif isinstance(one, set):
        one.update(other)
    else:
        one = one | other
    return one


def stable_sorted(items, *, key=None, reverse=False):
    """By insertion: what is sorted here is short."""
    done = []
    for item in items:
        rank = item if key is None else key(item)
        place = len(done)
        while place and (done[place - 1][0] < rank if reverse else rank < done[place - 1][0]):
            place -= 1
        done.insert(place, (rank, item))
    return [item for _, item in done]


def stable_sort(items, *, key=None, reverse=False):
    items[:] = stable_sorted(items, key=key, reverse=reverse)


def zipped(*columns, strict=False):
    if strict:
        columns = [list(column) for column in columns]
        if len({len(column) for column in columns}) > 1:
            raise ValueError("zip() of unequal lengths")
    return zip(*columns)


def pairwise(items):
    items = list(items)
    return zip(items, items[1:])


def reduce(function, items):
    items = iter(items)
    so_far = next(items)
    for item in items:
        so_far = function(so_far, item)
    return so_far


def lru_cache(maxsize):
    """Remembers a few answers, then begins anew: a larger dict is slower than most answers. `maxsize` is Python's."""

    def remembering(function):
        answers = {}

        def remembering_call(*arguments, **named):
            key = arguments
            if named:
                key = (arguments, tuple([(name, _hashed(named[name])) for name in sorted(named)]))
            answer = answers.get(key, answers)
            if answer is answers:
                if len(answers) >= REMEMBERED:
                    answers.clear()
                answer = answers[key] = function(*arguments, **named)
            return answer

        return remembering_call

    return remembering


def cache(function):
    return lru_cache(4096)(function)


def _hashed(value):
    return tuple(value.items()) if isinstance(value, dict) else value
