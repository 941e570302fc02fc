"""By which device oxygen runs, and at what flow, from what was typed of a treatment. Pure."""

import re
from decimal import Decimal
from enum import StrEnum

from grading.rules.drugs.words import joined, words


class OxygenDevice(StrEnum):
    ROOM_AIR = "room_air"
    NASAL_CANNULA = "nasal_cannula"
    BLOW_BY = "blow_by"
    HIGH_FLOW_NASAL_CANNULA = "high_flow_nasal_cannula"
    FACE_MASK = "face_mask"
    VENTURI_MASK = "venturi_mask"
    NON_REBREATHER = "non_rebreather"
    CPAP = "cpap"
    BIPAP = "bipap"
    MECHANICAL_VENTILATION = "mechanical_ventilation"


# The greater support comes first: "high flow nasal cannula" is no plain cannula, "CPAP by mask" no plain mask.
_WORDS: tuple[tuple[OxygenDevice, tuple[str, ...]], ...] = (
    (OxygenDevice.MECHANICAL_VENTILATION, ("mechanicalventilation", "ventilator", "ventilated", "invasiveventilation",
        "intubation", "intubated", "endotrachealtube", "呼吸器", "插管", "機械通氣", "机械通气")),
    (OxygenDevice.BIPAP, ("bipap", "bilevel", "niv", "noninvasiveventilation", "雙正壓", "双水平")),
    (OxygenDevice.CPAP, ("cpap", "持續正壓", "持续正压")),
    (OxygenDevice.NON_REBREATHER, ("nonrebreather", "nonrebreathing", "nrb", "nrm", "reservoirmask", "非再吸入",
        "非再呼吸", "儲氧面罩")),
    (OxygenDevice.VENTURI_MASK, ("venturi", "文丘里", "文氏")),
    (OxygenDevice.HIGH_FLOW_NASAL_CANNULA, ("highflow", "hfnc", "hfno", "optiflow", "airvo", "高流量")),
    (OxygenDevice.BLOW_BY, ("blowby", "吹氧")),
    (OxygenDevice.NASAL_CANNULA, ("nasalcannula", "nasalcanula", "nasalprongs", "cannula", "prongs", "鼻導管", "鼻导管",
        "鼻套管")),
    (OxygenDevice.FACE_MASK, ("facemask", "simplemask", "oxygenmask", "mask", "面罩")),
)  # fmt: skip
_OXYGEN = ("oxygen", "supplementaloxygen", "o", "氧氣", "氧气", "氧")  # "O2" without its number
_AROUND = frozenset({
    "oxygen", "o", "by", "via", "per", "with", "at", "on", "l", "min", "lpm", "lmin", "fio", "liter", "litre",
    "liters", "litres", "minute", "supplemental", "therapy", "support",
})  # fmt: skip
_FLOW = re.compile(r"(\d{1,3}(?:[.,]\d{1,3})?)\s*(?:l\s*/\s*min|l\s*/\s*m\b|lpm\b|l\b)")
_PER_MINUTE = frozenset({"l/min", "l/m", "lpm", "l", "liter/min", "litre/min", "liters/min", "litres/min"})


def device_of(typed: str) -> OxygenDevice | None:
    """The device that is named. None: none is."""
    text = joined(typed)
    single = set(words(typed))
    for device, names in _WORDS:
        if any(name in single if len(name) <= 4 and name.isascii() else name in text for name in names):
            return device
    return None


def is_oxygen(typed: str) -> bool:
    """Whether this names oxygen or a device, and nothing besides: "rocuronium for intubation" does not."""
    rest = joined(" ".join(word for word in words(typed) if word not in _AROUND))
    for _, names in _WORDS:
        for name in sorted(names, key=len, reverse=True):
            rest = rest.replace(name, "")
    rest = rest.replace("氧氣", "").replace("氧气", "").replace("氧", "")
    return rest == "" and (device_of(typed) is not None or any(word in _OXYGEN for word in words(typed)))


def flow_of(typed: str, dose: Decimal | None, unit: str) -> Decimal | None:
    """In L/min: the dose where its unit says so, else what stands in the name. None: neither does."""
    if dose is not None and unit.casefold().replace(" ", "") in _PER_MINUTE:
        return dose
    match = _FLOW.search(typed.casefold())
    return None if match is None else Decimal(match[1].replace(",", "."))
