"""A ward under a policy with conditions, and what the tests of these alerts ask of it."""

from crsmonitor.audit.acting import acting
from grading.alerting.services.conditions import due, left_behind, meet
from grading.models import Alert, AlertPolicy, AlertState
from grading.policies.library import DEFAULT, read_policy
from tests.builders import THRESHOLDS, World, call_raised, dose, hour, kept, stay

FEVER = {"temperature_c": 38.6}
LOW = FEVER | {"sbp": 85, "hypotension": True}
CONDITIONS = {
    "fever_persisting": {"hours": 24},
    "no_improvement_after_steroid": {"hours": 12, "from_grade": 2},
    "steroid_after_anti_il6": {},
    "manage_as_next_grade": {},
    "seizure_or_posturing": {},
    "ice_drop": {"points": 1},
    "observation_overdue": {"minutes": 0},
    "window_ending": {"hours": 4},
    "tocilizumab_eligible": {},
    "tocilizumab_maximum": {},
}


def entries(*codes: str) -> list[dict[str, object]]:
    return [{"code": code, "source": "test"} | CONDITIONS[code] for code in codes]


def bring(world: World, *codes: str, version: int = 2, at: float = -999) -> AlertPolicy:
    """A policy with these conditions and nothing by grade beyond what the world has."""
    with acting(by="test", reason="a policy for a test"):
        return AlertPolicy.objects.create(
            study=world.study, version=version, title="Conditions", thresholds=[*THRESHOLDS, *entries(*codes)],
            drugs=read_policy(DEFAULT).stored_drugs, in_force_from=hour(at),
        )  # fmt: skip


def ward(world: World, *codes: str) -> World:
    """A participant in bed, dosed at hour 0: vital signs every 4 h, neuro every 8 h, for 24 h; 30 min of grace."""
    bring(world, *codes)
    kept(stay(world), world)
    kept(dose(world), world)
    return world


def sweep(h: float) -> list[Alert]:
    waiting = dict.fromkeys([*due(at=hour(h)), *left_behind(at=hour(h))])
    raised = [alert for key in waiting for alert in meet(key, at=hour(h))]
    call_raised(*raised, at=hour(h))
    return raised


def raised_conditions(*states: AlertState) -> list[tuple[str, str]]:
    rows = Alert.objects.exclude(condition="").order_by("raised_at", "kind")
    rows = rows.filter(state__in=states) if states else rows
    return list(rows.values_list("condition", "kind"))


def only() -> Alert:
    return Alert.objects.exclude(condition="").select_related("participant__site").get()
