"""Dataclasses, named tuples and enums of texts."""

MADE = object()  # in the place of a default that is made anew each time


class Data:
    """Equal where class and fields are."""

    __slots__ = ()

    def _values(self):
        return tuple([getattr(self, name) for name in self.__slots__])

    def __eq__(self, other):
        return type(self) == type(other) and self._values() == other._values()

    def __hash__(self):
        return hash(self._values())


class DataById(Data):
    """Equal to itself only."""

    def __eq__(self, other):
        return self is other

    def __hash__(self):
        return id(self)


class Row(Data):
    """A tuple whose places have names."""

    def __iter__(self):
        return iter(self._values())

    def __len__(self):
        return len(self.__slots__)

    def __getitem__(self, place):
        return self._values()[place]


def row_of(kind, values):
    """`tuple.__new__` of a NamedTuple."""
    return kind(*values)


def replace(one, **changes):
    values = {name: getattr(one, name) for name in one.__slots__}
    for name in changes:
        if name not in values:
            raise TypeError(name)
        values[name] = changes[name]
    return type(one)(**values)


class StrEnum:
    """A set of texts. Its members are plain texts: what is the same text is the same member."""

    def __init__(self, name, *members):
        self._name, self._members = name, tuple([text for _, text in members])
        for member, text in members:
            setattr(self, member, text)

    def __call__(self, text):
        if text not in self._members:
            raise ValueError(text)
        return text

    def __iter__(self):
        return iter(self._members)


def value_of(one):
    return one if isinstance(one, str) else one.value
