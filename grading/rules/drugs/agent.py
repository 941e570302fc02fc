"""One drug of the dictionary, and what it is to a grade. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class AgentClass(StrEnum):
    """What hides a fever longest comes first, then what holds a pressure: of several drugs in one entry the first
    class counts.
    """

    ANTICYTOKINE = "anticytokine"
    CORTICOSTEROID = "corticosteroid"
    ANTIPYRETIC = "antipyretic"
    VASOPRESSOR = "vasopressor"
    VASOPRESSIN = "vasopressin"  # a vasopressor that the paper does not count beside another (C4)
    INOTROPE = "inotrope"
    FLUID = "fluid"
    ANTIBIOTIC = "antibiotic"
    DIURETIC = "diuretic"
    OTHER = "other"


HOLDS_PRESSURE = (AgentClass.VASOPRESSOR, AgentClass.VASOPRESSIN, AgentClass.INOTROPE)
# Under which class of a treatment each is entered; any other is its own.
_ENTERED_AS = dict.fromkeys(HOLDS_PRESSURE, "vasopressor") | {AgentClass.DIURETIC: "other"}


@dataclass(frozen=True, slots=True)
class Agent:
    """`names`: every other name that is read as it. `ambiguous`: short forms that are asked about where a treatment is
    entered. `topical`: also made for skin, eye, nose, ear or lung, and then not the drug meant here. `oral`: a
    vasopressor by mouth, which is taken at home.
    """

    generic: str
    agent_class: AgentClass
    atc: str  # empty: none
    names: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    topical: bool = False
    oral: bool = False

    @property
    def entered_as(self) -> str:
        """The class of a treatment with it."""
        return _ENTERED_AS.get(self.agent_class, self.agent_class.value)
