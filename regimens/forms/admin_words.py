"""What the administration calls a trial, its people and its plan. Units stand where a number has one."""

from django.utils.translation import gettext_lazy as _

from crsmonitor.audit.naming import call
from regimens.models import Membership, Participant, Regimen, Site, Step, Study


def call_all() -> None:
    call(
        Study, _("study"), _("studies"), code=_("code"), title=_("title"),
        limiting_grade=_("dose-limiting from grade"), limiting_hours=_("dose-limiting for hours"),
        limiting_syndrome=_("dose-limiting by"), limiting_besides=_("dose-limiting besides (grade, hours)"),
        review_percent=_("sample of central review (%)"), review_seed=_("seed of the sample"),
        resolution_hours=_("resolution window (hours)"), concurrence_days=_("concurrence (days)"),
        late_after_minutes=_("late after (minutes)"), second_factor_roles=_("roles with a second factor"),
        blinded=_("blinded"),
    )  # fmt: skip
    call(
        Site, _("site"), _("sites"), code=_("code"), name=_("name"), country=_("country"), time_zone=_("time zone"),
        city=_("city"), hospital=_("hospital"), language=_("language"),
    )  # fmt: skip
    call(
        Membership, _("membership"), _("memberships"), user=_("user"), study=_("study"), site=_("site"),
        role=_("role"), ended_at=_("ended at"),
    )  # fmt: skip
    call(
        Participant, _("participant"), _("participants"), study=_("study"), site=_("site"), number=_("study number"),
        neuro_instrument=_("neuro instrument"), regimen=_("regimen"), cohort=_("cohort"),
    )  # fmt: skip
    call(
        Regimen, _("regimen"), _("regimens"), study=_("study"), code=_("code"), version=_("version"),
        title=_("title"), drug=_("drug"), resolution_hours=_("resolution window (hours)"), source=_("source"),
        grace_minutes=_("grace (minutes)"), tightening=_("tightening"),
        untightened_because=_("not tightened because"),
    )  # fmt: skip
    call(
        Step, _("step"), _("steps"), regimen=_("regimen"), position=_("position"), label=_("label"),
        short_label=_("short label"), kind=_("kind"), planned_dose=_("planned dose"), unit=_("unit"),
        planned_day=_("planned day"), inpatient_h=_("inpatient (hours)"), inpatient_clock=_("inpatient from"),
        risk_window_h=_("risk window (hours)"), vitals_every_h=_("vital signs every (hours)"),
        neuro_every_h=_("neuro check every (hours)"), opens_period=_("opens a dose period"),
        rate_segment=_("rate segment"), infusion_h=_("infusion (hours)"), split_with=_("split with"),
        repeats=_("repeats"), times=_("times"), condition=_("condition"),
        interval_min_d=_("interval, least (days)"), interval_planned_d=_("interval, planned (days)"),
        interval_latest_d=_("interval, most (days)"), observed_in=_("observed in"),
    )  # fmt: skip
