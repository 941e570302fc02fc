"""Codes in words, for people: the only place where a rule's code becomes a sentence."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import pgettext, pgettext_lazy

from grading.rules.grades.catalogue import RULES
from grading.rules.grades.why import ElementChange
from regimens.rules.elapsed import whole_minutes


def provisional_text(flag: str) -> str:
    """What is said of a provisional episode, by the flag that opened it."""
    texts = {
        "possible_masked_fever": _("provisional: a fever may be masked, CRS not ruled out"),
        "temperature_missing_with_hypotension_or_hypoxia": _("provisional: no temperature, CRS not ruled out"),
    }
    return texts.get(flag, _("provisional: unexplained, not CRS by definition"))


def listed(parts: Iterable[object]) -> str:
    """Words one after the other, with the mark that the reader's language puts between them."""
    return pgettext("between parts of a list", ", ").join(map(str, parts))


def colon() -> str:
    """After what something is, in the reader's marks: English has a blank behind it, Chinese none."""
    return pgettext("after what something is", ": ")


def named(name: object, value: object) -> str:
    """`name: value`."""
    return f"{name}{colon()}{value}"


def bracketed(text: object, beside: object) -> str:
    """`beside (text)`, in the brackets of the reader's language."""
    return pgettext("in brackets", "%(beside)s (%(text)s)") % {"beside": beside, "text": text}


def phrases(parts: Iterable[object]) -> str:
    """Phrases one after the other, which may hold lists themselves."""
    return pgettext("between phrases", "; ").join(map(str, parts))


def span(length: timedelta, *, days_from: int = 1) -> str:
    """12 min, 3 h 20 min, 2 d 4 h, whichever way it lies. `days_from`: how many days are no longer told in hours."""
    minutes = whole_minutes(abs(length))
    hours, days = minutes // 60, minutes // 1440
    if days >= days_from:
        return _("%(days)s d %(hours)s h") % {"days": days, "hours": hours % 24}
    if hours:
        return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes % 60}
    return _("%(minutes)s min") % {"minutes": minutes}


# --- Labels of what is tapped -----------------------------------------------------------------------------------

NOT_DONE = {
    "asleep": _l("asleep"),
    "refused": _l("refused"),
    "off_ward": _l("off the ward"),
    "equipment": _l("equipment"),
    "clinician_request": _l("clinician's request"),
}
DEVICES = {
    "room_air": _l("Room air"),
    "nasal_cannula": _l("Nasal cannula"),
    "high_flow_nasal_cannula": _l("High-flow nasal cannula"),
    "blow_by": _l("Blow-by"),
    "face_mask": _l("Face mask"),
    "venturi_mask": _l("Venturi mask"),
    "non_rebreather": _l("Non-rebreather mask"),
    "cpap": _l("CPAP"),
    "bipap": _l("BiPAP"),
    "mechanical_ventilation": _l("Ventilator"),
}
INDICATIONS = {"hypoxia": _l("hypoxia"), "comfort": _l("comfort"), "baseline": _l("as at baseline")}
TEMPERATURE_SITES = {
    "oral": _l("oral"), "tympanic": _l("ear"), "axillary": _l("armpit"), "rectal": _l("rectal"),
    "temporal": _l("forehead"), "core": _l("core"),
}  # fmt: skip
POSITIONS = {"lying": _l("lying"), "sitting": _l("sitting"), "standing": _l("standing")}
ARMS = {"left": _l("left"), "right": _l("right")}
INFUSION = {"interrupted": _l("interrupted"), "slowed": _l("slowed"), "resumed": _l("resumed")}
DIFFERENTIAL = {
    "infection": _l("infection"), "infusion_reaction": _l("infusion reaction"), "dehydration": _l("dehydration"),
    "cardiac": _l("cardiac"), "transfusion": _l("transfusion reaction"), "tumour_lysis": _l("tumour lysis"),
}  # fmt: skip
CONSCIOUSNESS = {
    "awake": _l("Awake"),
    "spontaneous": _l("Drowsy, awakens spontaneously"),
    "voice": _l("Awakens to voice"),
    "tactile": _l("Awakens only to touch"),
    "vigorous_tactile": _l("Needs vigorous or repeated touch"),
    "unarousable": _l("Unarousable"),
}
SEIZURE = {
    "none": _l("None"),
    "brief_resolved": _l("Seizure that resolved rapidly"),
    "eeg_nonconvulsive_resolved": _l("Nonconvulsive on EEG, resolved"),
    "prolonged_over_5_min": _l("Prolonged, over 5 minutes"),
    "repetitive_no_return_to_baseline": _l("Repeated, no return to baseline between"),
}
MOTOR = {
    "none": _l("None"),
    "tremor": _l("Tremor"),
    "myoclonus": _l("Myoclonus"),
    "deep_focal_weakness": _l("Deep focal weakness"),
}
OEDEMA = {"none": _l("none"), "focal": _l("focal"), "diffuse": _l("diffuse")}
ICP_SIGNS = {
    "decerebrate_posturing": _l("Decerebrate posturing"),
    "decorticate_posturing": _l("Decorticate posturing"),
    "cn_vi_palsy": _l("Sixth nerve palsy"),
    "papilloedema": _l("Papilloedema"),
    "cushings_triad": _l("Cushing's triad"),
}
ICE_UNABLE = {
    "aphasia": _l("aphasia"),
    "unarousable": _l("unarousable"),
    "intubated_sedated": _l("intubated and sedated"),
    "refused": _l("refused"),
}
ADAPTATIONS = {
    "hearing": _l("hearing"),
    "sight": _l("sight"),
    "literacy": _l("reading and writing"),
}
INTERPRETERS = {
    "professional": _l("a professional"),
    "telephone": _l("by telephone"),
    "staff": _l("ward staff"),
    "family": _l("family"),
}
BANK_DIFFERS = {
    "other_language_than_baseline": _l("other language than at baseline"),
    "other_version_than_baseline": _l("other version of the words than at baseline"),
    "other_language_than_previous": _l("other language than the time before"),
    "other_version_than_previous": _l("other version of the words than the time before"),
}
ROUTES = {
    "oral": pgettext_lazy("route", "oral"), "intravenous": _l("intravenous"), "subcutaneous": _l("subcutaneous"),
    "rectal": pgettext_lazy("route", "rectal"), "inhaled": _l("inhaled"),
}  # fmt: skip
_SHORT_ROUTES = {"iv": "intravenous", "sc": "subcutaneous", "po": "oral", "pr": "rectal"}


def route_word(route: str) -> str:
    """As an entry, an import or a dose names it; what is not known as it came."""
    code = route.lower()
    return str(ROUTES.get(_SHORT_ROUTES.get(code, code), route))


# --- What nobody looked at, and why a grade is what it is -------------------------------------------------------

MEASURED = {
    "temperature_c": _l("temperature"),
    "sbp": _l("systolic pressure"),
    "dbp": _l("diastolic pressure"),
    "mean_pressure": _l("mean pressure"),
    "heart_rate": _l("pulse"),
    "respiratory_rate": _l("breaths"),
    "spo2": _l("oxygen saturation"),
    "oxygen_flow_l_min": _l("oxygen flow"),
    "fio2_percent": _l("FiO₂"),
}
MISSING = {
    "temperature_c": _l("temperature"),
    "sbp": _l("systolic pressure"),
    "hypotension": _l("hypotension"),
    "fluid_bolus": _l("fluid bolus"),
    "vasopressors": _l("vasopressors"),
    "spo2": _l("oxygen saturation"),
    "oxygen_device": _l("oxygen"),
    "oxygen_flow_l_min": _l("oxygen flow"),
    "baseline_oxygen_device": _l("oxygen before the first dose"),
    "prior_crs_fever_this_episode": _l("earlier fever"),
    "ice": _l("ICE"),
    "ice.year": _l("ICE: year"),
    "ice.month": _l("ICE: month"),
    "ice.city": _l("ICE: city"),
    "ice.hospital": _l("ICE: hospital"),
    "ice.naming": _l("ICE: naming"),
    "ice.command": _l("ICE: command"),
    "ice.writing": _l("ICE: writing"),
    "ice.attention": _l("ICE: attention"),
    "capd_score": _l("CAPD"),
    "consciousness": _l("consciousness"),
    "seizure": _l("seizures"),
    "motor": _l("motor findings"),
    "icp_signs": _l("signs of raised intracranial pressure"),
}
# Values of reasons that are codes.
_CODES: dict[str, dict[str, Any]] = {
    "device": DEVICES, "indication": INDICATIONS, "seizure": SEIZURE, "signs": ICP_SIGNS,
}  # fmt: skip

_MEASURED = {"sbp", "spo2", "flow", "fio2", "mean_pressure"}

# What one change would make of a grade (rules/grades/why.py).
WOULD = {
    "no_fever": _l("without fever"),
    "fever": _l("with a fever of 38.0 °C"),
    "pressure_held": _l("without hypotension, bolus or vasopressor"),
    "hypotension": _l("with hypotension and no vasopressor"),
    "one_vasopressor": _l("on one vasopressor"),
    "two_vasopressors": _l("on two vasopressors"),
    "room_air": _l("on room air"),
    "low_flow": _l("on low-flow oxygen"),
    "high_flow": _l("on high-flow oxygen or a mask"),
    "positive_pressure": _l("on CPAP, BiPAP or a ventilator"),
    "ice_10": _l("with ICE 10"),
    "ice_9": _l("with ICE 7 to 9"),
    "ice_6": _l("with ICE 3 to 6"),
    "ice_2": _l("with ICE 0 to 2"),
    "capd_0": _l("with CAPD 0"),
    "capd_8": _l("with CAPD 1 to 8"),
    "capd_9": _l("with CAPD 9 or more"),
    "awake": _l("awake"),
    "drowsy": _l("drowsy, awakening alone"),
    "voice": _l("awakening to voice"),
    "touch": _l("awakening only to touch"),
    "unarousable": _l("unarousable"),
    "no_seizure": _l("without a seizure"),
    "seizure": _l("with a seizure"),
    "long_seizure": _l("with a seizure over 5 minutes or repeated"),
    "no_weakness": _l("without deep focal weakness"),
    "weakness": _l("with deep focal weakness"),
    "no_oedema": _l("without oedema on imaging"),
    "no_icp_sign": _l("without signs of raised intracranial pressure"),
}


def would_text(changes: Iterable[ElementChange]) -> str:
    """Each change with the grade it would be at least."""
    return phrases(
        _("%(what)s: grade %(grade)s") % {"what": WOULD[change.code], "grade": change.grade} for change in changes
    )


def missing_text(fields: Iterable[str]) -> str:
    """What was not assessed, as a list to be read."""
    return listed(MISSING.get(field, field) for field in fields)


def reason_text(code: str, values: Mapping[str, str]) -> str:
    """A reason or flag in the reader's language. The catalogue of the rules holds the English."""
    words = {name: _in_words(name, value) for name, value in values.items()}
    return _(RULES[code].text).format(**words)


def stored_reason_text(reason: Mapping[str, Any]) -> str:
    """The same of a stored reason; one that an older version of the rules gave, as it was written then."""
    return reason_text(reason["code"], reason["values"]) if reason["code"] in RULES else str(reason["text"])


def as_typed(value: Decimal) -> str:
    """38.400 is how the database keeps what was typed as 38.4."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def in_degrees(value: Decimal) -> str:
    """One decimal at least: 38.0."""
    text = as_typed(value)
    return text if "." in text else f"{text}.0"


def _in_words(name: str, value: str) -> str:
    if name == "temperature_c":
        return in_degrees(Decimal(value))
    if name in _MEASURED:
        return as_typed(Decimal(value))
    if name not in _CODES:
        return value
    return listed(_CODES[name].get(code, code) for code in value.split(", "))
