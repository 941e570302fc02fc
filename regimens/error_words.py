"""What the errors of this app say. Codes are raised below the edge; `apps.py` adds this table to the project's."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

WORDS: dict[str, Any] = {
    "not_a_step": _l("Not a step of this regimen."),
    "sign_newer_version": _l("A newer version of this record stands: sign that one, where it is shown."),
    "sign_where_made": _l("This is signed where it is made."),
    "close_window_first": _l("First say how the window of this dose ended: then the period is signed."),
    "assess_again_first": _l("The grade is another now than when it was signed: judge it again, and sign that."),
    "changed_while_signing": _l("The record has changed since you opened this page: look again, then sign."),
    "signed_already": _l("You have signed this already, and your signature holds."),
    "say_why_changed": _l("Say why it is changed."),
    "site_of_another_place": _l(
        "There is a site %(site)s already: %(name)s, in the time of %(zone)s. Choose another code, or give the same "
        "name, country and zone."
    ),
    "site_takes_part": _l("%(site)s takes part already."),
    "site_is_shared": _l("Another study has this site too: an operator changes it."),
    "no_such_regimen": _l("No such regimen."),
    "label_needed": _l("The labels of %(regimen)s differ: say which is followed. It has: %(known)s."),
    "draft_replaced": _l("%(newest)s was drafted since: it is the one to approve."),
    "draft_unfinished": _l("It does not say everything that is asked of a regimen yet: see above."),
    "not_ready_to_enrol": _l("Nobody can be enrolled here yet."),
    "regimen_of_another_study": _l("This regimen is another study's."),
    "regimen_is_draft": _l("%(regimen)s is a draft: an investigator approves it first."),
    "newer_in_force": _l("%(regimen)s is in force: enrol under it."),
    "plan_unfinished": _l("%(regimen)s does not say everything that is asked of a regimen."),
    "say_why_amended": _l("Why is it amended?"),
    "no_earlier_version": _l("There is no earlier version to compare with."),
    "no_cohorts": _l("This version was set up by hand: it has no cohorts."),
    "no_such_label": _l("No such label."),
    "has_it_already": _l("%(study)s has %(regimen)s already: amend it."),
    "not_the_newest": _l("%(regimen)s is not the newest version."),
    "file_of_another": _l("The file is of %(file)s, not of %(regimen)s."),
    "no_such_cohort": _l("This regimen has no such cohort."),
    "same_cohort": _l("The participant is in cohort %(cohort)s already."),
    "dosed_in_cohort": _l(
        "A dose was given in cohort %(cohort)s: the cohort only changes where it was recorded by mistake. Say so."
    ),
    "say_who_decided": _l("Say who decided it, and on what evidence."),
    "step_not_cleared": _l("The step is not cleared."),
    "no_such_variant": _l("%(regimen)s has no variant “%(variant)s”; it has: %(known)s."),
    "not_another_site_of_the_study": _l("Not another site of this study."),
    "say_why_moved": _l("Say why the participant moves."),
    "stay_is_open": _l("The participant is still in a bed here: record first that they left."),
    "risk_windows_lacking": _l(
        "Say the risk window, the hours after a dose for which its period has to be observed. No label prints it. "
        "It lacks at step %(steps)s."
    ),
    "risk_window_lacking": _l("Step %(number)s, %(step)s: say the risk window in hours."),
    "step_without_dose": _l("%(step)s has no dose."),
    "no_such_design": _l("No such design."),
    "escalation_of_others": _l(
        "The escalation rule is of other regimens, days or doses than those compared. Save it anew on the page Decide,"
        " or empty its ladder there first."
    ),
    "design_without_rule": _l("This version of the design has no escalation rule: set it on the page Decide first."),
    "no_such_run": _l("No such run."),
    "no_result_yet": _l("This run has no result."),
    "design_name_length": _l("Give it a name of at most %(most)s characters."),
    "design_name_used": _l("The study has a design of this name already."),
    "note_length": _l("At most %(most)s characters."),
    "design_is_empty": _l("There is nothing in it yet."),
    "design_too_long": _l("This is too much for one design: at most %(most)s characters."),
    "characters_unkept": _l(
        "It holds characters that no text has: the null character, or marks that turn the direction of writing."
    ),
    "number_not_finite": _l("A number is too large, or none at all."),
    "design_version_replaced": _l(
        "Version %(number)s of the design is no longer the newest: %(by)s saved version %(newest)s. "
        "Bring that one to the bedside."
    ),
    "run_of_another_version": _l("This run is of another version of the design."),
    "band_not_frozen": _l("No band of what is predicted can be kept."),
    "no_regimens_in_design": _l("The design has no regimens side by side."),
    "band_needs_prior": _l(
        "No prior of its hazard was put down, so no band of what is predicted can be drawn: save one under Decide."
    ),
    "band_prior_is_of_others": _l(
        "The published prior is of people without CAR-T before and without prophylaxis: "
        "save one under Decide that is of these people."
    ),
    "band_needs_counts": _l("There are no counts in this version: the band is drawn from the prior."),
    "band_unsolved": _l("The band of what is predicted could not be computed from these counts and this prior."),
    "design_changed_since": _l(
        "%(by)s saved version %(number)s since you opened this page. Look at it first; nothing of it was covered up."
    ),
    "drafter_decides": _l("You drafted this version of the design: another investigator decides."),
    "decided_since": lambda values: (
        _("%(by)s has decided since you opened this page: %(rung)s. Look at it first.")
        % (dict(values) | {"rung": values["rung"] or _("nobody is dosed on any rung")})
    ),
    "advice_changed": _l("Facts were recorded since you opened this page. Look at what they say now, then decide."),
    "not_a_rung": _l("Not a rung of this ladder."),
    "clears_a_climb_alone": _l("A step is cleared here with a higher rung alone."),
    "cohorts_not_told": _l("Cohorts of this study are not told to you."),
    "sees_part_of_study": _l("You are told of a part of the participants alone: whoever decides sees all of them."),
    "run_too_large": lambda values: (
        _("%(size)s people to solve (people x regimens x draws), about %(minutes)s min of CPU: at most %(most)s.")
        % {name: f"{number:,}" for name, number in values.items()}
    ),
    "runs_wait": _l("%(most)s runs of this study wait already: cancel one, or wait."),
    "engine_gone": _l("It was queued for another engine than the workers have now. Run it again."),
    "run_ends_workers": _l("What computed it ended several times without a word: there may be too little memory."),
    "run_broke": _l("The engine broke on this input (%(detail)s). It is a fault of the program: tell the operators."),
    "not_verified": _l("The adaptive solver found a difference above 0.001: no result is kept."),
    # Of the design contract. `detail` is what it says itself, in English, for programs.
    "missing_field": _l("This is missing."),
    "invalid_type": _l("A value of another kind is asked for here."),
    "invalid_value": _l("This value cannot be read here."),
    "out_of_range": _l("This value is out of range."),
    "unknown_value": _l("Choose one of those listed."),
    "unknown_field": _l("Nobody asks for this here."),
    "contradictory": _l("This contradicts what stands elsewhere."),
}
