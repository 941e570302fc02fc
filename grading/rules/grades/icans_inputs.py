"""One neurological examination for ICANS. None means nobody looked, which is never the same as normal."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Consciousness(StrEnum):
    AWAKE = "awake"
    SPONTANEOUS = "spontaneous"
    VOICE = "voice"
    TACTILE = "tactile"
    VIGOROUS_TACTILE = "vigorous_tactile"
    UNAROUSABLE = "unarousable"


class Seizure(StrEnum):
    NONE = "none"
    BRIEF_RESOLVED = "brief_resolved"
    EEG_NONCONVULSIVE_RESOLVED = "eeg_nonconvulsive_resolved"
    PROLONGED_OVER_5_MIN = "prolonged_over_5_min"
    REPETITIVE_NO_RETURN_TO_BASELINE = "repetitive_no_return_to_baseline"


class Motor(StrEnum):
    NONE = "none"
    DEEP_FOCAL_WEAKNESS = "deep_focal_weakness"
    TREMOR = "tremor"
    MYOCLONUS = "myoclonus"


class Oedema(StrEnum):
    NONE = "none"
    FOCAL = "focal"
    DIFFUSE = "diffuse"


class IcpSign(StrEnum):
    DECEREBRATE_POSTURING = "decerebrate_posturing"
    DECORTICATE_POSTURING = "decorticate_posturing"
    CN_VI_PALSY = "cn_vi_palsy"
    PAPILLOEDEMA = "papilloedema"
    CUSHINGS_TRIAD = "cushings_triad"


class IceUnableReason(StrEnum):
    UNAROUSABLE = "unarousable"
    APHASIA = "aphasia"
    INTUBATED_SEDATED = "intubated_sedated"
    REFUSED = "refused"


NAMING_POINTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class IceItems:
    """The ten points, as succeeded or failed after adapting the item (N9). None: not attempted, not failed."""

    year: bool | None = None
    month: bool | None = None
    city: bool | None = None
    hospital: bool | None = None
    naming: int | None = None
    command: bool | None = None
    writing: bool | None = None
    attention: bool | None = None

    @property
    def points(self) -> tuple[int | None, ...]:
        """In the order of the fields."""
        return (
            self.year,
            self.month,
            self.city,
            self.hospital,
            self.naming,
            self.command,
            self.writing,
            self.attention,
        )

    @property
    def score(self) -> int | None:
        """0 to 10. None: an item was not attempted."""
        return self.lowest if self.lowest == self.highest else None

    @property
    def lowest(self) -> int:
        return sum(points for points in self.points if points is not None)

    @property
    def highest(self) -> int:
        untried = sum(1 for points in self.points if points is None)
        return self.lowest + untried + (NAMING_POINTS - 1 if self.naming is None else 0)

    @property
    def untried(self) -> tuple[str, ...]:
        return tuple(name for name in self.__slots__ if getattr(self, name) is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class IcansInputs:
    """What was seen. Fields that default to False are judgements: not made means no."""

    pediatric: bool  # under 12 years or with developmental delay: CAPD governs, not ICE
    ice: IceItems | None = None
    ice_unable_reason: IceUnableReason | None = None
    capd_score: int | None = None
    consciousness: Consciousness | None = None
    seizure: Seizure | None = None
    motor: Motor | None = None
    oedema: Oedema = Oedema.NONE
    icp_signs: Collection[IcpSign] | None = None
    intracranial_haemorrhage: bool = False
    consciousness_attributed_to_other_cause: bool = False
    seizure_attributed_to_other_cause: bool = False
    motor_attributed_to_other_cause: bool = False
    oedema_attributed_to_other_cause: bool = False
    died_of_icans: bool = False

    @property
    def unable_reason(self) -> IceUnableReason | None:
        """Why the test could not be done. Unarousable from another cause is sedation (N10)."""
        if self.consciousness_attributed_to_other_cause and self.ice_unable_reason is IceUnableReason.UNAROUSABLE:
            return IceUnableReason.INTUBATED_SEDATED
        return self.ice_unable_reason
