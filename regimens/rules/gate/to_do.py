"""The one thing to do about a criterion that holds: which fact to record, which number to set, whom to ask.

A code with values; its words stand in TO_DO, English, and pages and API translate them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

WAIT, DISCONTINUE = "wait", "discontinue"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDo:
    """`values`: those of its criterion; they stand in the words."""

    code: str
    values: Mapping[str, str]

    @property
    def text(self) -> str:
        return TO_DO[self.code].format(**self.values)


# What a criterion says -> what is to be done about it, where it holds and no clock alone will lift it.
AFTER: dict[str, str] = {
    "plan_over": "ask_for_the_step",
    "interval_unknown": "set_interval",
    "delay_unknown": "set_delay",
    "restart_table_unknown": "set_restart",
    "restart_row_unknown": "set_restart",
    "row_unknown": "set_restart",
    "interruption_unknown": "record_infusion_end",
    "since_interruption": "record_infusion_end",
    "no_variant": "set_window",
    "no_windows": "set_window",
    "window_length_unknown": "set_window",
    "variants_differ": "set_region",
    "window_unknown": "close_window",
    "window_runs": "close_window",
    "window_missed": "ask_for_release",
    "open_unknown": "record_a_set",
    "open": "record_until_resolved",
    "resolved_unknown": "record_until_resolved",
    "resolved_open": "ask_which_rule",
    "grade_unknown": "settle_the_grade",
    "fatal": DISCONTINUE,
    "rule_stops": DISCONTINUE,
    "rule_open": "ask_which_rule",
    "no_row": "set_grade_rule",
    "grade_table_unknown": "set_grade_rule",
    "rule_unknown": "set_grade_rule",
    "ice_at_baseline_unknown": "record_ice",
    "ice_at_baseline_not_met": "record_ice_again",
    "active_infection_unknown": "answer_infection",
    "active_infection_not_met": "answer_infection_again",
    "on_site_unknown": "answer_on_site",
    "on_site": "fetch_tocilizumab",
    "tocilizumab_washout_unknown": "record_tocilizumab",
    "steroid_washout_unknown": "record_steroid",
    "sentinel_window_unknown": "close_sentinel_window",
    "sentinel_window_not_met": "ask_for_release",
    "cohort_unknown": "set_cohort",
    "staggering": WAIT,
    "cleared_unknown": "clear_step",
    "cleared_not_met": "clear_step",
    "step_not_in_plan": "ask_for_the_step",
    "no_rules_on_file": "set_regimen",
}
TO_DO: dict[str, str] = {
    WAIT: "Wait: the clock alone meets it.",
    DISCONTINUE: "Give no further dose: the investigator ends the treatment.",
    "ask_for_the_step": "Ask the investigator which step follows, and release it with a reason.",
    "set_interval": "The study sets the days before {step} in its regimen, from its protocol or the label in force.",
    "set_delay": "The study sets the planned day of {step} and what follows a delay in its regimen, from its protocol "
    "or the label in force.",
    "set_restart": "The study sets what follows {days} days after {last} in its regimen, from the label in force; "
    "until then an investigator decides.",
    "record_infusion_end": "Record when the infusion of {last} was stopped.",
    "set_window": "The study sets how many hours are observed after {step} in its regimen.",
    "set_region": "The study says which region's label it follows: {variants}.",
    "close_window": "When the window is over, say on its page whether it was complete.",
    "ask_for_release": "Ask the investigator: only a release with a reason goes past this.",
    "record_a_set": "Record a complete set: whether {name} is open is not known.",
    "record_until_resolved": "Record complete sets until {name} is resolved.",
    "settle_the_grade": "Complete the sets since the last dose, or an investigator says the grade of the {name} "
    "episode.",
    "ask_which_rule": "Ask the investigator which rule applies after {name} grade {grade}.",
    "set_grade_rule": "Take what follows {name} grade {grade} from the label in force; the study sets it in its "
    "regimen, until then an investigator decides.",
    "record_ice": "Record a neuro assessment since the last dose, and the baseline score where there is none.",
    "record_ice_again": "Record a neuro assessment again when the score is back at baseline.",
    "answer_infection": "Say on the gate's page whether there is an active infection.",
    "answer_infection_again": "Say on the gate's page when the infection is over.",
    "answer_on_site": "Say on the gate's page how many doses of tocilizumab are on site.",
    "fetch_tocilizumab": "Have {doses} doses of tocilizumab on site and say so on the gate's page.",
    "record_tocilizumab": "Record when tocilizumab was last given.",
    "record_steroid": "Record when a steroid was last given as treatment.",
    "close_sentinel_window": "Say whether the sentinel participant's window was complete.",
    "set_cohort": "Assign the participant to a cohort of the regimen: {known}.",
    "clear_step": "The study clears {step} for this cohort, or the dose waits.",
    "set_regimen": "The study brings its regimen into force from a file that has gate rules.",
}
