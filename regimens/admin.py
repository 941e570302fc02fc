"""Where a trial is set up: studies, sites, people's roles, participants and regimen versions."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crsmonitor.accounts.sign_in import sessions
from crsmonitor.audit.admin import AuditedAdmin, ReasonForm, reason_field
from crsmonitor.error_words import fields_of
from crsmonitor.errors import InvalidInput
from regimens.forms import admin_words
from regimens.models import Membership, Participant, Regimen, Site, Step, Study
from regimens.replanning import PLANNED_BY, replanned, site_described
from regimens.selectors import look_alikes_of
from regimens.services.enrolment import check_enrolment
from regimens.wording import ROLE_NAMES

admin_words.call_all()


@admin.register(Study)
class StudyAdmin(AuditedAdmin):
    list_display = ["code", "title", "resolution_hours"]


@admin.register(Site)
class SiteAdmin(AuditedAdmin):
    list_display = ["code", "name", "country", "time_zone"]

    def save_model(self, request: HttpRequest, obj: Site, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change:
            site_described(obj)


class RoleFilter(admin.ChoicesFieldListFilter):
    def choices(self, changelist: Any) -> Iterator[Any]:
        for one in super().choices(changelist):
            yield one | {"display": ROLE_NAMES.get(one["display"], one["display"])}


@admin.register(Membership)
class MembershipAdmin(AuditedAdmin):
    list_display = ["user", "study", "site", "role_word", "ended_at"]
    list_select_related = ["user", "study", "site"]
    list_filter = ["study", ("role", RoleFilter)]

    @admin.display(description=gettext_lazy("role"), ordering="role")
    def role_word(self, membership: Membership) -> str:
        return str(ROLE_NAMES[membership.role])

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "role":
            kwargs["choices"] = [("", "---------"), *ROLE_NAMES.items()]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and form.changed_data:
            sessions.end_and_say(obj.user, because="membership", by=request.user, at=timezone.now())


class ParticipantForm(ReasonForm):
    """Who is new is enrolled only where the study and the site are ready; the same guard as everywhere."""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        needed = {name: values.get(name) for name in ("study", "site", "regimen")}
        if self.instance.pk is None and None not in needed.values():
            try:
                check_enrolment(**needed, at=timezone.now())
            except InvalidInput as error:
                for name, texts in fields_of(error).items():
                    self.add_error(name, texts)
        return values


@admin.register(Participant)
class ParticipantAdmin(AuditedAdmin):
    form = ParticipantForm
    list_display = ["number", "study", "site", "regimen", "neuro_instrument"]
    list_select_related = ["study", "site", "regimen"]
    list_filter = ["study", "site"]

    def save_model(self, request: HttpRequest, obj: Participant, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and PLANNED_BY.intersection(form.changed_data):
            replanned(obj, by=request.user, at=timezone.now())
        if alike := look_alikes_of(obj):
            warning = _("At this site %(numbers)s ends alike: mind the wristbands.") % {"numbers": ", ".join(alike)}
            messages.warning(request, warning)


class VersionForm(ReasonForm):
    """A version has a reason of its own, why it was made; this is why it is changed."""

    reason_name = "change_reason"
    reason = None
    change_reason = reason_field()


@admin.register(Regimen)
class RegimenAdmin(AuditedAdmin):
    form = VersionForm
    list_display = ["code", "version", "study", "title"]
    list_select_related = ["study"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A version that was approved or dosed under is frozen; the database refuses it too."""
        return super().has_change_permission(request, obj) and not is_frozen(obj)


@admin.register(Step)
class StepAdmin(AuditedAdmin):
    list_display = ["regimen", "position", "label", "planned_dose", "unit"]
    list_select_related = ["regimen"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and is_frozen(obj.regimen))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """What a regimen file says is amended by the next file; how often to look is the study's own."""
        if obj is None or obj.regimen.document is None:
            return []
        return [field.name for field in Step._meta.fields if field.name not in ("id", *OWN_TO_STUDY)]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "regimen":
            kwargs["queryset"] = open_regimens()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


OWN_TO_STUDY = ("vitals_every_h", "neuro_every_h", "risk_window_h")


def is_frozen(regimen: Regimen | None) -> bool:
    if regimen is None:
        return False
    return regimen.approved_by_id is not None or regimen.steps.filter(doses__isnull=False).exists()


def open_regimens() -> QuerySet[Regimen]:
    """Versions set up by hand that neither approval nor a dose has frozen yet."""
    return Regimen._default_manager.filter(document__isnull=True, approved_by=None).exclude(steps__doses__isnull=False)
