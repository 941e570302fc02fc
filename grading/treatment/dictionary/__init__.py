"""The dictionary of drugs, `agents.yaml`: read, checked, and written out for the rules, which read no files."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from crsmonitor.error_words import text_of
from crsmonitor.formats.yaml_once import UnreadableYAML, read_yaml
from grading.rules.drugs.agent import Agent, AgentClass
from grading.rules.drugs.words import joined

FILE = Path(__file__).with_name("agents.yaml")
WRITTEN = Path(__file__).parents[2] / "rules" / "drugs" / "dictionary.py"
_FIELDS = {"generic", "class", "atc", "names", "ambiguous", "topical", "oral", "source"}
_SAID = ("topical", "oral")
_ATC = re.compile(r"[A-Z]\d\d[A-Z]{2}\d\d")  # the fifth level: one substance
_SOURCES = ("WHO ATC", "WHO INN", "label: ", "regulator: ", "pharmacopoeia: ")
_WIDTH = 100


class BadDictionary(ValueError):
    """The file does not hold. `place`: which drug, or `file`."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place}: {problem}")
        self.place, self.problem = place, problem


def read_dictionary(file: Path = FILE) -> tuple[Agent, ...]:
    """Raises BadDictionary for the first drug that does not hold, OSError."""
    try:
        data = read_yaml(file)
    except UnreadableYAML as error:
        raise BadDictionary(error.place, text_of(error.message)) from None
    if not isinstance(data, list) or not data:
        raise BadDictionary("file", "a list of drugs is needed")
    agents = [_agent(entry, f"drug {place}") for place, entry in enumerate(data, start=1)]
    _each_name_once(agents)
    return tuple(agents)


def _agent(entry: object, place: str) -> Agent:
    if not isinstance(entry, Mapping):
        raise BadDictionary(place, "an entry with generic, class and source is needed")
    generic = entry.get("generic")
    if not isinstance(generic, str) or not joined(generic) or generic != generic.casefold().strip():
        raise BadDictionary(place, "generic is a name in small letters")
    if unknown := {str(name) for name in entry} - _FIELDS:
        raise BadDictionary(generic, f"unknown field {min(unknown)}")
    known = {member.value for member in AgentClass}
    if entry.get("class") not in known:
        raise BadDictionary(generic, f"class is one of {', '.join(sorted(known))}")
    atc = entry.get("atc", "")
    if atc != "" and not (isinstance(atc, str) and _ATC.fullmatch(atc)):
        raise BadDictionary(generic, "atc is a code of seven signs such as C01CA03, or left out")
    for name in _SAID:
        if type(entry.get(name, False)) is not bool:
            raise BadDictionary(generic, f"{name} is true or false")
    sources = _texts(entry, "source", generic)
    if not sources or not all(source.startswith(_SOURCES) for source in sources):
        raise BadDictionary(generic, f"each source begins with one of {', '.join(_SOURCES)}")
    if atc and "WHO ATC" not in sources:
        raise BadDictionary(generic, "a code has the source WHO ATC")
    return Agent(
        generic,
        AgentClass(entry["class"]),
        atc,
        names=_texts(entry, "names", generic),
        ambiguous=_texts(entry, "ambiguous", generic),
        **{name: bool(entry.get(name, False)) for name in _SAID},
    )


def _texts(entry: Mapping[str, Any], field: str, generic: str) -> tuple[str, ...]:
    texts = entry.get(field, [])
    if not isinstance(texts, list) or not all(isinstance(text, str) and joined(text) for text in texts):
        raise BadDictionary(generic, f"{field} is a list of texts, each with a letter")
    return tuple(texts)


def _each_name_once(agents: Iterable[Agent]) -> None:
    """Also written otherwise: a name read as two drugs would be neither."""
    whose: dict[str, str] = {}
    for agent in agents:
        for name in (agent.generic, *agent.names, *agent.ambiguous):
            key = joined(name)
            if key in whose:
                raise BadDictionary(agent.generic, f"{name} stands under {whose[key]} already")
            whose[key] = agent.generic


# --- Written for the rules --------------------------------------------------------------------------------------

_HEAD = '''"""The dictionary of drugs, which `manage.py drug_dictionary --write` makes of treatment/dictionary/agents.yaml."""

from grading.rules.drugs.agent import Agent, AgentClass

# fmt: off
DICTIONARY: tuple[Agent, ...] = (
'''  # noqa: E501  as it is written


def module_of(agents: Iterable[Agent]) -> str:
    """The text of the module that holds them."""
    return _HEAD + "".join(_written(agent) for agent in agents) + ")\n"


def _written(agent: Agent) -> str:
    lines = [f'    Agent("{agent.generic}", AgentClass.{agent.agent_class.name}, "{agent.atc}",']
    for field in ("names", "ambiguous"):
        texts: tuple[str, ...] = getattr(agent, field)
        if texts:
            lines += [f"          {field}=(", *(f"              {line}" for line in _wrapped(texts)), "          ),"]
    lines += [f"          {name}=True," for name in _SAID if getattr(agent, name)]
    lines[-1] = lines[-1].removesuffix(",") + "),"
    return "".join(f"{line}\n" for line in lines)


def _wrapped(texts: Iterable[str]) -> Iterable[str]:
    line = ""
    for text in texts:
        quoted = f'"{text}",'
        if line and _width(f"{line} {quoted}") > _WIDTH:
            yield line
            line = ""
        line = f"{line} {quoted}" if line else quoted
    yield line


def _width(text: str) -> int:
    """In columns: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
