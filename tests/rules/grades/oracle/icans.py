"""ICANS of one examination."""

from itertools import product

CONSCIOUSNESS = {"awake": 0, "spontaneous": 1, "voice": 2, "tactile": 3, "vigorous_tactile": 4, "unarousable": 4}
ITEMS = ["year", "month", "city", "hospital", "command", "writing", "attention"]


def grade(seen, *, child):
    grades = {5} if seen.get("died_of_icans") else {max(one) for one in product(*domains(seen, child))}  # N7, N8
    least, most = min(grades), max(grades)
    return (least if least == most else -1), least, most


def domains(seen, child):
    attributed = {
        name
        for name in ("consciousness", "seizure", "motor", "oedema")
        if seen.get(f"{name}_attributed_to_other_cause")
    }
    unable, bleeding = seen.get("ice_unable_reason"), seen.get("intracranial_haemorrhage")
    if unable == "unarousable" and "consciousness" in attributed:
        unable = "intubated_sedated"  # N10
    yield {4} if unable == "unarousable" else capd(seen) if child else ice(seen, unable)  # N2, K4
    if "consciousness" in attributed or unable == "intubated_sedated":
        yield {0}  # N3, N10
    else:
        state = seen.get("consciousness")
        yield set(range(5)) if state is None else {CONSCIOUSNESS[state]}  # N3, N3a
    seizure = seen.get("seizure")
    yield (
        {0}
        if "seizure" in attributed or seizure == "none"
        else {0, 3, 4}
        if seizure is None
        else {3 if seizure.endswith("resolved") else 4}
    )  # N4
    motor = seen.get("motor")
    weak = {0, 4} if bleeding else {4}  # N6: left to the clinician
    yield {0} if "motor" in attributed else {0, 4} if motor is None else weak if motor == "deep_focal_weakness" else {0}
    oedema = seen.get("oedema") or "none"
    if "oedema" in attributed or oedema == "none" or (bleeding and oedema == "focal"):
        yield {0}
    else:
        yield {3} if oedema == "focal" else {0, 4} if bleeding else {4}  # N6
    signs = seen.get("icp_signs")
    yield {0, 4} if signs is None else {4} if signs else {0}


def ice(seen, unable):
    if unable == "aphasia":
        return {3}  # N2
    items = seen.get("ice")
    tried = {name: value for name, value in (items or {}).items() if value is not None}
    if not tried:
        return {0, 1, 2, 3}  # N10
    low = tried.get("naming", 0) + sum(tried.get(name, False) for name in ITEMS)
    open_ = (0 if "naming" in tried else 3) + sum(name not in tried for name in ITEMS)
    return {by_score(score) for score in range(low, low + open_ + 1)}


def by_score(score):
    """N1."""
    return 0 if score == 10 else 1 if score >= 7 else 2 if score >= 3 else 3


def capd(seen):
    """K1-K4; the 2 of a child that wakes to voice comes from consciousness."""
    score = seen.get("capd_score")
    if score is None or score > 32:
        return {0, 1, 3}
    return {3} if score >= 9 else {1} if score else {0}
