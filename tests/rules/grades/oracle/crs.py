"""CRS of one look."""

from itertools import product

WATCHED = ["norepinephrine", "epinephrine", "phenylephrine", "dopamine", "midodrine", "terlipressin"]
OTHER_NAMES = {"noradrenaline": "norepinephrine", "levophed": "norepinephrine", "adrenaline": "epinephrine"}
VASOPRESSIN = {"vasopressin", "argipressin"}
INOTROPES = {"dobutamine", "milrinone"}
MASKS = {"face_mask", "venturi_mask", "non_rebreather"}
PRESSURE_DEVICES = {"cpap", "bipap", "mechanical_ventilation"}


def grade(seen):
    """Grade, at least, at most."""
    grades = attainable(seen)
    least, most = min(grades), max(grades)
    return (least if least == most else -1), least, most


def attainable(seen):
    if seen.get("died_of_crs"):
        return {5}  # C6
    earlier = _either(seen.get("prior_crs_fever_this_episode", False))
    treated = _either(seen.get("antipyretic_or_anticytokine_since_onset", False))
    every = product(fever(seen), earlier, treated, pressure(seen), oxygen(seen))
    return {grade for one in every for grade in _of(seen, *one)}


def _either(answer):
    return {True, False} if answer is None else {answer}


def _of(seen, hot, earlier, treated, low, short):
    worse = max(low, short)  # C7
    # C8; what nobody measured cannot be attributed away (C10).
    attributed = seen.get("fever_attributed_to_other_cause") and len(fever(seen)) == 1
    if hot and not attributed:
        return {max(1, worse)}  # C1
    if earlier:
        return {worse}  # C2, C2a, C2b; C8: an attributed fever does not cancel what was
    if treated and not hot:
        return {0, worse}  # C2c: a fever may be masked; an attributed one is seen, and not masked
    return {0}  # C2d, C8


def fever(seen):
    """C1, C10: below 30 °C is no measurement."""
    temperature = seen.get("temperature_c")
    return {True, False} if temperature is None or temperature < 30 else {temperature >= 38}


# --- Pressure -----------------------------------------------------------------------------------------------------


def pressure(seen):
    if seen.get("hypotension_attributed_to_other_cause"):
        return {0}  # C8
    home, record = agents(seen.get("vasopressors_at_baseline")), agents(seen.get("running", {}).get("vasopressors"))
    record -= home  # what was taken before the first dose is not counted
    names = seen.get("vasopressors")
    if names is None:
        without = unsupported(seen) | {3, 4}
        return {g for g in without if g >= min(by_count(record))} | by_count(record) if record else without
    agents_named = agents(names)
    counted = agents_named - home
    grades = by_count(counted) if counted else unsupported(seen)
    if record <= agents_named:
        return grades
    # Denied: up to all of them, and at least 3 while one runs by the record (CF2).
    least = max(min(grades), min(3, *by_count(record)))
    most = max(grades | by_count(counted | record))
    return {g for g in (2, 3, 4) if least <= g <= most}


def agents(names):
    """C4b: distinct agents; two names of one drug are one."""
    plain = (name.strip().casefold() for name in names or ())
    return {"vasopressin" if name in VASOPRESSIN else OTHER_NAMES.get(name, name) for name in plain}


def by_count(drugs):
    """C4, C4a, C4b; Rulings 2: two names that nobody knows are bounds."""
    known = drugs & set(WATCHED)
    unknown = drugs - known - INOTROPES - {"vasopressin"}
    if len(known) + bool(unknown) >= 2:
        return {4}
    if len(unknown) >= 2:
        return {3, 4}
    if known or unknown:
        return {3, 4} if drugs & INOTROPES else {3}
    return {3} if "vasopressin" in drugs else {2, 3}


def unsupported(seen):
    """Without a vasopressor: C3, C3a, C3b."""
    bolus, by_record = seen.get("fluid_bolus"), seen.get("running", {}).get("fluid_bolus")
    if bolus or seen.get("hypotension") or seen.get("pressure_unrecordable"):
        return {2}
    if by_record and bolus is None:
        return {2}  # unsaid: the record is the lower bound
    grades = by_number(seen)
    return grades | {2} if bolus is None or by_record else grades


def by_number(seen):
    """The box is empty or denied."""
    sbp, mean, child = seen.get("sbp"), seen.get("mean_pressure"), seen.get("sbp_prompt_below")
    denied = seen.get("hypotension") is False
    if sbp is None:
        may_be_low = mean is not None and mean < 65 and child is None
        return {0, 2} if may_be_low or not denied else {0}
    baseline = seen.get("baseline_sbp")
    fallen = baseline is not None and sbp * 10 < baseline * 8 and sbp < 100
    may_be_low = fallen or (sbp < child if child is not None else sbp < 85)  # Rulings 2
    low = child is None and not denied and sbp < 90  # C3b
    if low and seen.get("position") != "standing":
        return {2}
    return {0, 2} if low or may_be_low else {0}


# --- Oxygen -------------------------------------------------------------------------------------------------------


def oxygen(seen):
    if seen.get("hypoxia_attributed_to_other_cause"):
        return {0}  # C8
    device, grades = seen.get("oxygen_device"), by_the_set(seen)
    record = by_the_record(seen.get("running", {}))
    if not record:
        return grades
    if device is None:  # unsaid: the record is the lower bound, unless it is said to be for another reason
        return record | {g for g in grades if g >= min(record)} | ({0} if may_be_silenced(seen) else set())
    needs = {0} if device == "room_air" else required(device, seen.get("oxygen_flow_l_min"))
    return grades | record if min(record) > min(needs) else grades


def may_be_silenced(seen):
    low = seen.get("spo2") is not None and seen["spo2"] < 90
    return seen.get("oxygen_indication") in ("comfort", "baseline") and not low


def by_the_record(running):
    device, flow = running.get("oxygen_device"), running.get("oxygen_flow_l_min")
    if device == "room_air":
        return set()
    if device is not None:
        return required(device, flow)
    if flow is None:
        return {2, 3} if running.get("oxygen") else set()
    return {2, 3} if flow else set()


def required(device, flow):
    """C5, C5a, C5b."""
    if device in PRESSURE_DEVICES:
        return {4}
    if device in MASKS:
        return {3}
    if device == "blow_by":
        return {2}
    if flow is None:
        return {3} if device == "high_flow_nasal_cannula" else {2, 3}
    return {3} if flow > 6 else {2}


def by_the_set(seen):
    device, flow, spo2 = seen.get("oxygen_device"), seen.get("oxygen_flow_l_min"), seen.get("spo2")
    rich = seen.get("fio2_percent") is not None and seen["fio2_percent"] > 21
    silenced = seen.get("oxygen_indication") in ("comfort", "baseline")
    if device is None:
        given = bool(flow) or rich
        low = spo2 is not None and spo2 < 90
        return {2, 3, 4} | ({0} if not low and (not given or silenced) else set())
    if device == "room_air":
        air = {0, 2} if spo2 is None else {2} if spo2 < 90 else {0}  # C5d
        return air | ({2, 3} if flow else set()) | ({2, 3, 4} if rich else set())
    needs = required(device, flow)
    if not silenced:
        return needs
    return {0} if believed(seen, device, flow, spo2) else needs | {0}


def believed(seen, device, flow, spo2):
    """Rulings 2: what an indication may silence. What is not charted is never fine."""
    if spo2 is None or spo2 < 90:
        return False
    if seen["oxygen_indication"] == "comfort":
        return device in ("nasal_cannula", "blow_by") and flow is not None and flow <= 6
    home = seen.get("baseline_oxygen_flow_l_min")
    if device != seen.get("baseline_oxygen_device"):
        return False
    if flow is None:  # CPAP used at home without a flow
        return device in PRESSURE_DEVICES and not home
    return flow <= (home or 0)
