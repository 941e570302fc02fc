"""One name for one drug, and what a name that is not known may have been meant to be. Pure.

The drugs and their names are those of the dictionary, grading/treatment/dictionary/agents.yaml.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from grading.rules.drugs.agent import Agent, AgentClass
from grading.rules.drugs.devices import is_oxygen
from grading.rules.drugs.dictionary import DICTIONARY
from grading.rules.drugs.words import is_wide, joined, words

TOCILIZUMAB = "tocilizumab"
AGENTS: Mapping[str, Agent] = {agent.generic: agent for agent in DICTIONARY}
# By the class under which they are entered. Others are not counted and not checked, so they are asked about.
KNOWN: Mapping[str, tuple[str, ...]] = {
    drug_class.value: tuple(agent.generic for agent in DICTIONARY if agent.agent_class is drug_class)
    for drug_class in (AgentClass.ANTICYTOKINE, AgentClass.CORTICOSTEROID)
}
# What bears on a grade: under any other class such a drug would be missed, and under these no other drug may stand.
BEARS = frozenset({"antipyretic", "anticytokine", "corticosteroid", "vasopressor", "oxygen", "fluid"})
NAMES: Mapping[str, str] = {
    joined(name): agent.generic for agent in DICTIONARY for name in (agent.generic, *agent.names)
}
AMBIGUOUS: Mapping[str, str] = {joined(name): agent.generic for agent in DICTIONARY for name in agent.ambiguous}
_LONGEST = 4  # words of one name
_LONGEST_WIDE = max(len(name) for name in NAMES if is_wide(name))
# On the skin, in the eye or into the lung these are not the systemic dose that is counted.
_TOPICAL = frozenset({
    "cream", "ointment", "gel", "lotion", "topical", "drops", "eye", "ear", "nasal", "spray", "inhaler", "inhaled",
    "mouthwash", "enema",
})  # fmt: skip
# Conventions (docs/conventions.md): how many letters may be wrong in a name of so many, and the shortest that is
# read as the beginning of one.
_TWO_WRONG_FROM = 11
_SHORTEST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class NameReading:
    """What a typed name was read as. `drug`: its generic name; None: not known. `several`: it names more than one.

    `meant`: the known drug that an unknown name is close to; None: none is.
    """

    drug: str | None
    several: bool = False
    meant: str | None = None


def generic(typed: str) -> str:
    """The drug as it is compared: brands, biosimilars and names with a route, strength or salt are the generic name.

    Any other name stays what was typed, without case.
    """
    return reading(typed).drug or typed.strip().casefold()


@lru_cache(maxsize=4096)
def reading(typed: str) -> NameReading:
    """Word by word, so that what stands around the name does not hide it."""
    typed_words = words(typed)
    drugs = named_in(typed_words)
    if len(drugs) > 1:
        return NameReading(drug=None, several=True)
    if drugs:
        [drug] = drugs
        return NameReading(drug=None if _is_rubbed_in(drug, typed_words) else drug)
    return NameReading(drug=None, meant=_meant(typed_words))


@lru_cache(maxsize=4096)
def class_of(typed: str, drug_class: str) -> str:
    """As which class of drug it acts: that of the drug it names, whatever it was entered as.

    A name that is not known, also one that was confirmed, is of the class under which it was entered. Of several drugs
    in one entry (an import) that class counts if one of them is of it, else the one that hides a fever longest.
    """
    typed_words = words(typed)
    agents = [AGENTS[drug] for drug in named_in(typed_words) if not _is_rubbed_in(drug, typed_words)]
    if not agents and is_oxygen(typed):
        return "oxygen"
    classes = {agent.entered_as for agent in agents}
    if not agents or drug_class in classes or not (classes | {drug_class}) & BEARS:
        return drug_class
    order = list(AgentClass)
    return min(agents, key=lambda agent: order.index(agent.agent_class)).entered_as


def named_in(typed_words: list[str]) -> frozenset[str]:
    """The drugs that these words name. A fluid beside another drug is what it is diluted in."""
    drugs = {NAMES[name] for name, _ in _names_in(typed_words)}
    diluted = {drug for drug in drugs if AGENTS[drug].agent_class is not AgentClass.FLUID}
    return frozenset(diluted or drugs)


def words_left(typed_words: list[str]) -> list[str]:
    """Those that belong to no known name."""
    taken = {place for _, span in _names_in(typed_words) for place in span}
    return [word for place, word in enumerate(typed_words) if place not in taken]


def _names_in(typed_words: list[str]) -> Iterator[tuple[str, range]]:
    """Each known name, and the places of its words: the longest first, so that "nor-epinephrine" holds no other."""
    place = 0
    while place < len(typed_words):
        if is_wide(typed_words[place]):
            yield from ((name, range(place, place + 1)) for name in _wide_names_in(typed_words[place]))
            place += 1
            continue
        for length in range(_LONGEST, 0, -1):
            name = "".join(typed_words[place : place + length])
            if name in NAMES:
                yield name, range(place, place + length)
                place += length
                break
        else:
            place += 1


def _wide_names_in(word: str) -> Iterator[str]:
    """Chinese has no spaces: of the names that begin at a sign, the longest."""
    place = 0
    while place < len(word):
        for length in range(min(_LONGEST_WIDE, len(word) - place), 0, -1):
            if (name := word[place : place + length]) in NAMES:
                yield name
                place += length
                break
        else:
            place += 1


def _is_rubbed_in(drug: str, typed_words: list[str]) -> bool:
    return AGENTS[drug].topical and bool(_TOPICAL & set(typed_words))


def _candidates(typed_words: list[str]) -> list[str]:
    """The words, and each two that stand beside each other as one."""
    return [*typed_words, *(one + two for one, two in pairwise(typed_words))]


def _meant(typed_words: list[str]) -> str | None:
    """The nearest known name of those within reach."""
    candidates = _candidates(typed_words)
    if drugs := [AMBIGUOUS[word] for word in candidates if word in AMBIGUOUS]:
        return drugs[0]
    near = [
        (wrong, name)
        for word in candidates
        if len(word) >= _SHORTEST
        for name in NAMES
        if (wrong := _wrong(word, name)) is not None
    ]
    return NAMES[min(near)[1]] if near else None


def _wrong(word: str, name: str) -> int | None:
    """How many letters are wrong. None: too many; the beginning of a name counts as one."""
    return 1 if name.startswith(word) else letters_wrong(word, name)


def letters_wrong(word: str, name: str) -> int | None:
    """None: too many for a name of that length."""
    most = 2 if len(name) >= _TWO_WRONG_FROM else 1
    if abs(len(word) - len(name)) > most:
        return None
    return wrong if (wrong := edits(word, name)) <= most else None


def edits(one: str, two: str) -> int:
    """Letters left out, put in, mistaken, or two beside each other exchanged."""
    before: list[int] = []
    last = list(range(len(two) + 1))
    for i, a in enumerate(one, start=1):
        row = [i]
        for j, b in enumerate(two, start=1):
            best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == two[j - 2] and one[i - 2] == b:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        before, last = last, row
    return last[-1]
