"""Which agents run, from the names that were typed: what the hypotension axis and the export count. Pure.

Every way of writing one drug is one agent. A name that no dictionary has still counts, because nothing that runs may be
passed over (C4b), and two such names may be one drug.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from grading.rules.drugs.agent import HOLDS_PRESSURE, AgentClass
from grading.rules.drugs.names import AGENTS, NAMES, letters_wrong, named_in, words_left
from grading.rules.drugs.words import joined, words

# Between two drugs of one entry. A comma is none: what follows it beside a known drug is mostly a remark.
_BETWEEN = re.compile(r"[+&]|\b(?:and|plus|und|et)\b|[和與及]")
# "none" in the languages of the pages: who reads in Chinese answers in Chinese.
NO_NAME = frozenset({"none", "無"})
_LIST = re.compile("[,;、，；]")  # between the names of a list
# What stands around a name: units, routes, salts and the way it is given. Unknown names are compared without them.
_AROUND = frozenset({
    "mcg", "ug", "μg", "mg", "g", "kg", "ml", "l", "min", "h", "hr", "hour", "u", "units", "unit", "iu", "ng", "pg",
    "per", "at", "in", "via", "dose", "low", "high", "rate", "iv", "po", "im", "sc", "io", "oral", "intravenous",
    "central", "peripheral", "line", "infusion", "drip", "pump", "syringe", "continuous", "bolus", "push", "running",
    "hydrochloride", "hcl", "bitartrate", "tartrate", "acetate", "lactate", "sulfate", "sulphate", "phosphate",
    "sodium", "succinate", "injection", "tablet", "ampoule", "vial", "premix", "human", "solution", "fluid", "bottle",
    "flush", "注射液", "注射", "靜脈", "静脉", "毫克", "微克", "分鐘",
})  # fmt: skip
# A word that says a kind and no drug: near a name by its letters, and still not known.
_NO_DRUG = frozenset({"vasopressor", "vasopressors", "pressor", "pressors", "inotrope", "inotropes", "catecholamine"})
_HOLDING = tuple(name for name, drug in NAMES.items() if AGENTS[drug].agent_class in HOLDS_PRESSURE)
_SHORTEST = 6  # letters of a name that is read although letters of it are wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Agents:
    """The distinct agents of a list of names. `unknown`: names that no dictionary has, each as it is compared.
    `others`: known drugs that hold no pressure.
    """

    vasopressors: frozenset[str] = frozenset()  # vasopressin is not among them
    inotropes: frozenset[str] = frozenset()
    vasopressin: bool = False
    unknown: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()

    @property
    def holding(self) -> frozenset[str]:
        """All that hold a pressure, as far as anybody knows."""
        vasopressin = frozenset({AgentClass.VASOPRESSIN.value}) if self.vasopressin else frozenset()
        return self.vasopressors | self.inotropes | self.unknown | vasopressin

    @property
    def may_be_at_home(self) -> bool:
        """One is a drug by mouth, which a person may have taken long before the first dose."""
        return any(AGENTS[drug].oral for drug in self.vasopressors)

    def besides(self, others: "Agents") -> "Agents":
        """Without those of `others`."""
        if not others.holding:
            return self
        return Agents(
            vasopressors=self.vasopressors - others.vasopressors,
            inotropes=self.inotropes - others.inotropes,
            vasopressin=self.vasopressin and not others.vasopressin,
            unknown=self.unknown - others.unknown,
        )

    def with_(self, others: "Agents") -> "Agents":
        return Agents(
            vasopressors=self.vasopressors | others.vasopressors,
            inotropes=self.inotropes | others.inotropes,
            vasopressin=self.vasopressin or others.vasopressin,
            unknown=self.unknown | others.unknown,
        )

    @property
    def says_nothing(self) -> bool:
        """Only drugs that hold no pressure are named, which does not say that no vasopressor runs."""
        return bool(self.others) and not self.holding

    @property
    def counted(self) -> int:
        """Vasopressors for certain, vasopressin and inotropes apart: names that are not known may be one drug."""
        return len(self.vasopressors) + bool(self.unknown)


def names_in(text: str) -> tuple[str, ...]:
    """The names of a list that was typed in one line. Empty: it says that there are none, in either language."""
    names = [name.strip() for name in _LIST.split(text) if name.strip()]
    return () if len(names) == 1 and names[0].casefold() in NO_NAME else tuple(names)


def agents_of(names: Iterable[str]) -> Agents:
    return _agents_of(frozenset(names))


@lru_cache(maxsize=4096)
def _agents_of(names: frozenset[str]) -> Agents:
    known, unknown = set[str](), set[str]()
    for name in names:
        drugs, rest = _read(name)
        known |= drugs
        unknown |= rest
    by_class = {drug: AGENTS[drug].agent_class for drug in known}
    return Agents(
        vasopressors=_of(by_class, AgentClass.VASOPRESSOR),
        inotropes=_of(by_class, AgentClass.INOTROPE),
        vasopressin=AgentClass.VASOPRESSIN in by_class.values(),
        unknown=frozenset(unknown),
        others=frozenset(drug for drug, one in by_class.items() if one not in HOLDS_PRESSURE),
    )


def _of(by_class: dict[str, AgentClass], wanted: AgentClass) -> frozenset[str]:
    return frozenset(drug for drug, one in by_class.items() if one is wanted)


@lru_cache(maxsize=4096)
def not_a_vasopressor(name: str) -> str | None:
    """The known drug that holds no pressure and that this entry names. None: it names none such, or another beside it
    that may."""
    agents = agents_of([name])
    return min(agents.others) if agents.others and not agents.holding else None


@lru_cache(maxsize=4096)
def _read(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """The known drugs of one entry, and its names that are not known. Never both empty."""
    known, unknown = set[str](), set[str]()
    for part in _BETWEEN.split(name.casefold()):
        drugs = named_in(words(part))
        if all(AGENTS[drug].agent_class is AgentClass.FLUID for drug in drugs):  # maybe what another is diluted in
            bare = [word for word in words_left(words(part)) if word not in _AROUND]
            spelt = _spelt(bare)
            if bare and not spelt:
                unknown.add("".join(bare))
            drugs = drugs if not bare else spelt
        known |= drugs
    if not known and not unknown:
        unknown.add(joined(name) or name.strip())
    return frozenset(known), frozenset(unknown)


def _spelt(bare: list[str]) -> frozenset[str]:
    """The one drug that holds a pressure and whose name this is but for a letter or two. Empty: none, or several."""
    one = "".join(bare)
    near = {
        NAMES[name]
        for word in {*bare, one} - _NO_DRUG
        if len(word) >= _SHORTEST
        for name in _HOLDING
        if letters_wrong(word, name) is not None
    }  # fmt: skip
    return frozenset(near) if len(near) == 1 else frozenset()
