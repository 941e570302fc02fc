"""Every sentence the gate can say, by its key; {names} are a criterion's values. English: pages translate it."""

_INTERVAL = {
    "first_dose": "The first dose: there is none before it.",
    "no_step": "The plan has no further dose.",
    "resume_says": "An infusion that was stopped goes on, and the restart table says until which day.",
    "restart_says": "A restart is due, and its own rule says from which day.",
    "interval_unknown": "The shortest interval is not known to the library: the study must set it. Days since the "
    "last dose: {days}.",
    "interval_planned": "Days since the last dose: {days}; planned after {least}, and no source prints a minimum.",
    "before_planned": "Days since the last dose: {days}; planned after {least}, and no source prints a minimum: "
    "whether it may be given earlier is not known.",
    "interval_met": "Days since the last dose: {days}; at least {least} are needed.",
    "interval_short": "Days since the last dose: {days}; at least {least} are needed, so it is too early.",
}
_DELAY = {
    "before_the_table": "Days since the last dose: {days}; the restart table begins at day {from}: go on as planned.",
    "row_goes_on": "Days since the last dose: {days}; restart table: {row}.",
    "stop_goes_on": "Days since the infusion was stopped: {days}; restart table: {row}.",
    "stop_restarts": "Days since the infusion was stopped: {days}; restart table: {row}. Restart at {step}.",
    "row_restarts": "Days since the last dose: {days}; restart table: {row}. Restart at {step}.",
    "row_unknown": "Days since the last dose: {days}; the label's restart table has a row for this, and what it says "
    "was not found ({row}).",
    "within_slack": "Days since the last dose: {days}; until day {limit} this is no delay.",
    "delay_unknown": "Days since the last dose: {days}; neither the planned day nor a restart table is known.",
    "restart_table_unknown": "Days since the last dose: {days}, later than day {limit}; the restart table was not "
    "found: take it from the label in force.",
    "since_interruption": "Days since the last dose: {days}, later than day {limit}; the restart table counts from the "
    "interruption of the infusion, which is not known here.",
    "interruption_unknown": "The restart table counts from the interruption of the infusion, which is not known here.",
    "restart_row_unknown": "Days since the last dose: {days}, later than day {limit}; the restart table says nothing "
    "of this delay.",
}
_PLAN = {
    "plan_over": "The plan has no further dose that follows by itself.",
}
_WINDOW = {
    "no_variant": "The library does not say how long to observe for {variant}; it knows: {variants}.",
    "no_windows": "The library does not say how long to observe after a dose of this regimen.",
    "variants_differ": "Which region's label is followed is not known, and they differ after {step}: {variants}.",
    "no_window": "No observation is named after {step}.",
    "window_length_unknown": "How long to observe after {step} was not found: the study must set it ({rule}).",
    "window_unknown": "Whether the {hours} h of observation are complete is not recorded ({rule}).",
    "window_met": "The {hours} h of observation are complete ({rule}).",
    "window_runs": "The {hours} h of observation are not over yet ({rule}).",
    "window_missed": "The {hours} h of observation are over and were not complete ({rule}).",
}
_RESOLVED = {
    "open_unknown": "Whether {name} is open is not known.",
    "open": "{name} is open.",
    "not_open": "No open {name}.",
    "resolved_unknown": "{name} is to be resolved for {hours} h; since when is not known.",
    "resolved_open": "{name} is resolved for {since} h; whether {hours} h are needed cannot be told.",
    "resolved_met": "{name} is resolved for {since} h; {hours} h are needed.",
    "resolved_short": "{name} is resolved for {since} h only; {hours} h are needed.",
}
_GRADES = {
    "no_period_yet": "No dose period yet.",
    "grade_unknown": "The highest {name} grade since the last dose is not known.",
    "no_event": "No {name} since the last dose.",
    "fatal": "{name} grade 5.",
    "rule_open": "{name} grade {grade}: which rule applies cannot be told ({rule}).",
    "no_row_waits": "{name} grade {grade}: no rule was found for it; by convention the next dose waits until it is "
    "resolved: check the label.",
    "table_row_waits": "{name} grade {grade}: this row of the label's next-dose table was not found; by convention the "
    "next dose waits until it is resolved: check the label.",
    "no_row": "{name} grade {grade}: no rule was found for it.",
    "grade_table_unknown": "{name} grade {grade}: the label has a next-dose table, and this row of it was not found: "
    "take it from the label in force.",
    "rule_stops": "{name} grade {grade}: discontinue permanently ({rule}).",
    "rule_unknown": "{name} grade {grade}: the label has a rule for this, and what it says was not found ({rule}).",
    "rule_repeats": "{name} grade {grade}: give {step} again, do not escalate ({rule}).",
    "rule_restarts": "{name} grade {grade}: restart at {step} ({rule}).",
    "rule_waits": "{name} grade {grade}: when resolved ({rule}).",
}
_ALWAYS = {
    "ice_at_baseline_met": "Neuro score as at baseline.",
    "ice_at_baseline_not_met": "Neuro score not back at baseline.",
    "ice_at_baseline_unknown": "Whether the neuro score is back at baseline is not known.",
    "active_infection_met": "No active infection.",
    "active_infection_not_met": "Active infection.",
    "active_infection_unknown": "Nobody said whether there is an active infection.",
}
_SOME = {
    "not_asked": "No rule of this regimen asks for it.",
    "on_site": "Tocilizumab on site: {there} doses, {doses} needed ({rule}).",
    "on_site_unknown": "Nobody said how many doses of tocilizumab are on site; {doses} needed ({rule}).",
    "tocilizumab_washout": "Tocilizumab {since} h ago; {hours} h are needed.",
    "tocilizumab_washout_unknown": "When tocilizumab was last given is not known; {hours} h are needed.",
    "steroid_washout": "Steroid treatment {since} h ago; {hours} h are needed.",
    "steroid_washout_unknown": "When a steroid was last given as treatment is not known; {hours} h are needed.",
}
_AFTER = {
    "observe_none": "No observation is named after {step}.",
    "observe_unknown": "How long to observe after {step} is not known.",
    "observe_hours": "Observe for {hours} h after {step} ({rule}).",
    "observe_longer": "Observe for {hours} h after {step}, because of the last dose ({rule}).",
}
_COHORT = {
    "sentinel_is_first": "No sentinel participant is waited for.",
    "sentinel_window_met": "The sentinel participant's window is complete.",
    "sentinel_window_not_met": "The sentinel participant's window was not complete.",
    "sentinel_window_unknown": "Whether the sentinel participant's window is complete is not recorded.",
    "staggering": "The first dose of the participant before was {since} h earlier; {hours} h are needed.",
    "cohort_unknown": "The participant's cohort ({cohort}) is none of this regimen's ({known}).",
    "cleared_unknown": "Which step the study has cleared for this cohort is not recorded.",
    "cleared_met": "The study has cleared up to {cleared}.",
    "cleared_not_met": "The study has cleared up to {cleared} only, and {step} is higher.",
}
_OFF_LIBRARY = {
    "step_not_in_plan": "Given under an earlier version, and this one has no such step: {step}. Which step follows is "
    "the investigator's to say.",
    "no_rules_on_file": "No gate rules on file for this regimen.",
}
TEXTS: dict[str, str] = (
    _INTERVAL | _DELAY | _PLAN | _WINDOW | _RESOLVED | _GRADES | _ALWAYS | _SOME | _AFTER | _COHORT | _OFF_LIBRARY
)  # fmt: skip
