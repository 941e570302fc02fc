"""Cases for a tablet and for Python, besides the rows of the rules' tests: every combination of the finite axes of
CRS, every combination of the domains of ICANS, and random courses. Seeded; nothing here says what the answer is.
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import product

from grading.rules.contract.tablet import answer
from grading.rules.contract.tablet_facts import READERS, event_of, look_of
from grading.rules.course.events import place_of
from grading.rules.drugs.content import content_of
from grading.rules.grades.entry.limits import LIMITS
from grading.rules.grades.icans_inputs import Consciousness, Motor, Oedema, Seizure
from grading.rules.grades.oxygen.device import oxygen_axis
from grading.rules.grades.pressure import pressure_axis
from grading.rules.treatment.masking_hours import Masking
from tests.rules.course.courses import ZERO
from tests.rules.grades.oracle import cases

TRI = (None, False, True)


def _fields(**choices) -> Iterator[dict]:
    """Every combination; None is left out, as a tablet does."""
    for values in product(*choices.values()):
        yield {name: value for name, value in zip(choices, values, strict=True) if value is not None}


FEVERS = list(_fields(
    temperature_c=(None, "29", "37.9", "38.0"), fever_attributed_to_other_cause=(False, True),
    prior_crs_fever_this_episode=TRI, antipyretic_or_anticytokine_since_onset=TRI,
))  # fmt: skip
# Left out means "no" for these two; not known is null.
FEVERS = [
    {"prior_crs_fever_this_episode": None, "antipyretic_or_anticytokine_since_onset": None} | one for one in FEVERS
]
PRESSURES = list(_fields(
    sbp=(None, "84", "89.5", "120"), hypotension=TRI, fluid_bolus=TRI, position=(None, "standing"),
    vasopressors=(
        None, [], ["norepinephrine"], ["vasopressin"], ["vasopressin", "epinephrine"], ["dopamine", "epinephrine"],
        ["dobutamine"], ["dobutamine", "dopamine"], ["zzqpressor"], ["zzqpressor", "wwxtensin"],
    ),
    running_vasopressors=(None, ["norepinephrine"]),
    hypotension_attributed_to_other_cause=(None, True),
))  # fmt: skip
OXYGENS = list(_fields(
    spo2=(None, "89", "90"), oxygen_device=(None, *cases.DEVICES), oxygen_flow_l_min=(None, "6", "6.1"),
    fio2_percent=(None, "40"), oxygen_indication=(None, "comfort", "baseline"),
    baseline_oxygen_device=(None, "nasal_cannula"), running_oxygen_device=(None, "face_mask"),
    hypoxia_attributed_to_other_cause=(None, True),
))  # fmt: skip


# The domains of ICANS, each by what differs in grade: any other value stands in ONE_DOMAIN.
ICE = [
    {}, {"ice_unable_reason": "aphasia"}, {"ice_unable_reason": "unarousable"},
    {"ice_unable_reason": "intubated_sedated"}, {"capd_score": 9, "pediatric": True},
    *({"ice": dict.fromkeys(cases.ICE_ITEMS, True) | {"naming": points - 7}} for points in (10, 8)),
    {"ice": dict.fromkeys(cases.ICE_ITEMS, False) | {"naming": 3}},
    {"ice": dict.fromkeys(cases.ICE_ITEMS, False) | {"naming": 0}},
    {"ice": {"year": True, "month": False}},
]  # fmt: skip
STATES = (None, *Consciousness)
DOMAINS = list(_fields(
    consciousness=STATES, seizure=(None, "none", "brief_resolved", "prolonged_over_5_min"),
    motor=(None, "none", "deep_focal_weakness"), oedema=("none", "focal", "diffuse"),
    icp_signs=(None, [], ["papilloedema"]), intracranial_haemorrhage=(False, True),
))  # fmt: skip
ONE_DOMAIN = list(_fields(
    seizure=(None, *Seizure), motor=(None, *Motor), oedema=(None, *Oedema),
    consciousness_attributed_to_other_cause=(False, True), seizure_attributed_to_other_cause=(False, True),
    motor_attributed_to_other_cause=(False, True), oedema_attributed_to_other_cause=(False, True),
))  # fmt: skip


def by_grades(states, axis) -> list[dict]:
    """One state for each set of grades that an axis can stand for: all that the other axis and the fever see of it."""
    return list({tuple(sorted(axis(look_of("crs", state)).grades)): state for state in states}.values())


def axes() -> Iterator[dict]:
    """Each axis whole, with a fever; and each of its sets of grades with each of the other and every fever."""
    febrile = FEVERS[-1] | {"prior_crs_fever_this_episode": False}
    yield from (febrile | {"oxygen_device": "room_air", "spo2": "97"} | pressure for pressure in PRESSURES)
    yield from (febrile | {"hypotension": False, "fluid_bolus": False, "vasopressors": []} | one for one in OXYGENS)
    pressures, oxygens = by_grades(PRESSURES, pressure_axis), by_grades(OXYGENS, oxygen_axis)
    yield from (fever | pressure | oxygen for pressure in pressures for oxygen in oxygens for fever in FEVERS)


def every_pair_of_axes() -> Iterator[dict]:
    """What `axes` tells apart by grades alone, told apart by reasons, missing and flags too: 400,000, for once."""
    pressures, oxygens = (_by_answer(*one) for one in ((PRESSURES, pressure_axis), (OXYGENS, oxygen_axis)))
    yield from (fever | pressure | oxygen for pressure in pressures for oxygen in oxygens for fever in FEVERS)


def _by_answer(states, axis) -> list[dict]:
    answers: dict[str, dict] = {}
    for state in states:
        one = axis(look_of("crs", state))
        parts = (one.grades, len(one.reasons), one.missing, one.flags, len(one.notes))
        answers.setdefault(content_of(parts), state)
    return list(answers.values())


def domains() -> Iterator[dict]:
    yield from ({"pediatric": False} | ice | domain for ice in ICE for domain in DOMAINS)
    yield from ({"pediatric": False, "ice": ICE[5]["ice"], "consciousness": "voice"} | one for one in ONE_DOMAIN)


# --- Random ones ----------------------------------------------------------------------------------------------------


def crs_look(rng: random.Random, *, history: bool) -> dict:
    seen = cases.crs(rng, history=history)
    running = seen.pop("running")
    return _plain(seen | {f"running_{name}": value for name, value in running.items()})


def icans_look(rng: random.Random) -> dict:
    child = rng.random() < 0.3
    seen = _plain(cases.icans(rng, child=child)) | {"pediatric": child}
    return {name: value for name, value in seen.items() if name != "oedema" or value is not None}


def _plain(seen: dict) -> dict:
    numbers = {name for name, read in READERS.items() if read is Decimal}
    return {name: str(value) if name in numbers and value is not None else value for name, value in seen.items()}


def one_check(rng: random.Random) -> dict:
    """Measured values around their limits, after those of the last set."""
    edges = (
        "0",
        "0.97",
        "1",
        "5",
        "29",
        "38.4",
        "41.6",
        "60",
        "79",
        "97.5",
        "100.4",
        "140",
        "181",
        "221",
        "384",
        "451",
    )
    values, previous = ({name: rng.choice((None, *edges)) for name in LIMITS} for _ in range(2))
    retyped = [name for name in LIMITS if rng.random() < 0.2]
    device = rng.choice((None, "nasal_cannula", "face_mask"))
    return {"ask": "check", "values": values, "device": device, "previous": previous, "retyped": retyped}


def course(rng: random.Random) -> dict:
    """The facts of one participant in order of time, with some at one instant, folded one by one."""
    at, events = ZERO, []
    for number in range(rng.randint(2, 5)):
        at += timedelta(minutes=rng.choice((0, 1, 30, 60, 240, 1440, 30_000)))
        events.append(_event(rng, f"f{number:02}", at))
    parameters = {"resolution_minutes": rng.choice((60, 1440)), "awaits_dose": rng.random() < 0.5}
    ordered = sorted(events, key=lambda one: place_of(event_of(one)))
    if rng.random() < 0.25:
        return {"ask": "course", "events": rng.sample(events, len(events)), "parameters": parameters}
    return {"ask": "fold", "events": ordered, "parameters": parameters, "state": {}}


def one_preview(rng: random.Random) -> dict:
    """A set that is being typed, after a course that the server folded; one in a few comes too late to go on."""
    before = course(rng)
    folded = answer({"ask": "course", "events": before["events"], "parameters": before["parameters"]})
    at = max(datetime.fromisoformat(one["at"]) for one in before["events"])
    typed = _event(
        rng, "typed", at + timedelta(minutes=rng.choice((-30, 1, 30, 600))), kind=rng.choice(("crs", "icans"))
    )
    return {"ask": "preview", "state": folded["state"], "event": typed, "parameters": before["parameters"]}


NUMBERS_TYPED = (
    "",
    "38.4",
    "38,9",
    "３８．５",
    "36.8",
    "85",
    "118",
    "0",
    "97",
    "384",
    "1,200",
    "38.",
    "x",
    "55",
    "101",
)


def one_form(rng: random.Random) -> dict:
    """A form that is being typed, after a course that the server folded."""
    before = one_preview(rng)
    kind = rng.choice(("vitals", "neuro"))
    fields = {name: [rng.choice(NUMBERS_TYPED)] for name in LIMITS if rng.random() < 0.7}
    fields |= {f"again_{name}": [rng.choice(NUMBERS_TYPED)] for name in ("temperature_c", "sbp") if rng.random() < 0.2}
    fields |= {f"not_done_{name}": ["asleep"] for name in ("spo2", "seizure") if rng.random() < 0.2}
    fields |= {name: [rng.choice(answers)] for name, answers in ANSWERS.items() if rng.random() < 0.7}
    fields |= {name: rng.sample(some, k=rng.randint(0, 2)) for name, some in SEVERAL.items() if rng.random() < 0.7}
    rules = {
        "state": before["state"], "parameters": before["parameters"], "pediatric": rng.random() < 0.3,
        "baseline": {"baseline_sbp": rng.choice((None, "120")), "sbp_prompt_below": None},
        "baseline_at": None, "set_before_at": None,
        "previous": {"temperature_c": "36.5", "sbp": rng.choice((None, "140"))},
        "set_before": rng.choice((None, crs_look(rng, history=False))),
    }  # fmt: skip
    if rng.random() < 0.3:  # a correction, whose state ends before the next fact
        next_at = datetime.fromisoformat(before["event"]["at"]) + timedelta(minutes=rng.choice((-10, 0, 0, 30)))
        rules |= {"same_at": before["event"]["at"], "previous": {},
                  "until": [next_at.isoformat(), rng.choice((-1, 3, 4)), rng.choice(("", "~"))]}  # fmt: skip
    return {"ask": "typed", "kind": kind, "id": "typed", "at": before["event"]["at"], "fields": fields, "rules": rules}


TREATMENTS = (
    {"known": ["paracetamol"], "dose": ["1000"], "unit": ["mg"]}, {"drug": ["Actemra"], "drug_class": ["anticytokine"]},
    {"drug": ["dexamethasone"], "drug_class": ["other"], "dose": ["10"]}, {"drug": ["O2"], "route": ["face mask"]},
    {"drug": ["levophed"], "drug_class": ["vasopressor"]}, {"drug": ["saline"], "drug_class": ["fluid"]},
    {"drug": ["生理食鹽水"], "dose": ["5,"]},
)  # fmt: skip


def one_waiting(rng: random.Random) -> dict:
    """What waits on a tablet of a participant, after a course that the server folded: sets, examinations and drugs."""
    form = one_form(rng)
    at, waiting = datetime.fromisoformat(form["at"]), []
    for number in range(rng.randint(1, 5)):
        at += timedelta(minutes=rng.choice((-90, 0, 1, 30)))
        kind = rng.choice(("vitals", "vitals", "neuro", "treatment", "dose"))
        fields = one_form(rng)["fields"]
        if kind == "treatment":
            fields = rng.choice(TREATMENTS) | {"indication": [rng.choice(("crs", "premedication", "other"))]}
        if kind == "dose":
            fields = {"status": [rng.choice(("GIVEN", "NOT GIVEN"))], "step": [rng.choice(("1", "2"))]}
        waiting.append({"kind": kind, "id": f"w{number}", "at": at.isoformat(), "fields": fields})
    masking = rng.choice(([], [{"code": "antipyretic", "hours": "12"}, {"code": "dexamethasone", "hours": "90.5"}]))
    rules = form["rules"] | {"masking": masking, "period_steps": [2]}
    typed_at = (at + timedelta(minutes=rng.choice((0, 20, -10)))).isoformat()
    return {"ask": "continued", "waiting": waiting, "at": typed_at, "rules": rules}


YES_NO = ("yes", "no", "")
ANSWERS = {
    **dict.fromkeys(("hypotension", "fluid_bolus"), YES_NO),
    **{f"ice_{item}": YES_NO for item in ("year", "month", "city", "hospital", "command", "writing", "attention")},
    "ice_naming": ("0", "1", "2", "3", ""), "capd_score": ("", "0", "9", "33", "8.5"),
    "oxygen_device": ("room_air", "nasal_cannula", "cpap", ""), "oxygen_indication": ("", "comfort", "baseline"),
    "consciousness": (*Consciousness, ""), "seizure": (*Seizure, ""), "motor": (*Motor, ""), "oedema": (*Oedema, ""),
    "vasopressor_other": ("", "levophed、腎上腺素", "saline", "none"), "pressure_unrecordable": ("", "on"),
}  # fmt: skip
SEVERAL = {
    "vasopressors": ("none", "norepinephrine", "vasopressin"),
    "icp_signs": ("none", "papilloedema", "cushings_triad"),
}


def _event(rng: random.Random, root: str, at: datetime, *, kind: str = "") -> dict:
    kind = kind or rng.choices(tuple(_WEIGHTS), tuple(_WEIGHTS.values()))[0]
    event = {"event": kind, "at": at.isoformat(), "root": root}
    if kind == "crs":
        well = _plain({name: value for name, value in cases.WELL.items() if value is not None})
        seen = crs_look(rng, history=False) if rng.random() < 0.5 else well | {"temperature_c": "38.6"}
        beside = {"heart_rate": rng.choice((None, "0", "80")), "respiratory_rate": rng.choice((None, "0", "18"))}
        return event | {"id": root, "seen": seen if rng.random() < 0.7 else well, "beside": beside}
    if kind == "icans":
        return event | {"id": root, "seen": icans_look(rng)}
    if kind == "treated":
        lasts = rng.choice((None, 480, 4320))
        return event | {
            "masking": rng.choice(tuple(Masking)).value,
            "treats": rng.random() < 0.7,
            "lasts_minutes": lasts,
        }
    if kind == "began":
        support = rng.choice((
            {"vasopressor": "norepinephrine"}, {"vasopressor": "dobutamine"}, {"oxygen": True, "oxygen_device": "cpap"},
            {"oxygen": True, "oxygen_flow_l_min": "2"}, {"fluid": True},
        ))  # fmt: skip
        return event | {"support": support, "indication": rng.choice(("crs", "icans", "other"))}
    if kind == "ended":
        return event | {"root": f"f{rng.randint(0, 9):02}"}
    if kind == "attributed":
        until = rng.choice((None, (at + timedelta(hours=12)).isoformat()))
        return event | {"sign": rng.choice(SIGNS), "until": until}
    return event | ({"cause": rng.choice(("crs", "icans", "other"))} if kind == "died" else {})


_WEIGHTS = {"crs": 50, "icans": 15, "dose": 8, "treated": 8, "began": 8, "ended": 4, "attributed": 5, "died": 1}
SIGNS = ("fever", "hypotension", "hypoxia", "consciousness", "seizure", "motor", "oedema")
