"""A serious-event sheet on paper, drawn as every sheet of the house."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from grading.downtime.sheet import Sheet, SheetLine, SheetSection, SheetTable
from grading.serious.drugs import DrugRow, row_cells
from grading.serious.elements import SheetElement
from grading.serious.sections import shown_at
from grading.serious.sheet import EventSheet
from grading.words.wording import bracketed, named, phrases


def paper_of(event: EventSheet, *, at: datetime) -> Sheet:
    facts, kind = event.facts, event.facts.episode.kind.upper()
    return Sheet(
        title=named(_("Serious-event sheet"), facts.participant.study.code),
        number=facts.usubjid,
        bed=_("%(kind)s grade %(grade)s") % {"kind": kind, "grade": facts.highest_grade},
        as_of=_("As of %(time)s") % {"time": shown_at(at, facts)},
        warning=_(
            "Put together from recorded facts alone, for whoever reports the event. “Not recorded” is never “no”. "
            "Research software: the investigator answers what is open, and decides."
        ),
        check=_("Investigator: seriousness, causality and action taken answered. Name ______________  Date ________"),
        foot=phrases([*event.versions.values(), f"SHA-256 {event.sha256}"]),
        page_of=_("page %(page)s of %(pages)s"),
        sections=[
            _section("E", _("Event"), event.event),
            _section("C", _("Report"), event.report),
            _section("D", _("Participant"), event.participant),
            _section("G", _("Study drug"), event.drug),
            SheetSection(
                title=f"H.1 {_('Narrative')}",
                texts=[f"{place}. {one.text}" for place, one in enumerate(event.narrative, start=1)],
            ),
            *[
                SheetSection(title=_("Narrative as it was signed"), texts=text.splitlines())
                for text in event.signed_narratives
            ],
            _section("H", _("Comments"), event.comments),
            SheetSection(
                title=_("Signatures"),
                texts=[one.text(facts) for one in event.signatures] or [_("Nothing of this event is signed.")],
            ),
        ],
        known=[
            _drugs(f"G.k.4 {_('Doses up to the onset')}", event.doses, event),
            _drugs(_("Doses after the onset"), event.doses_since, event),
            _drugs(_("Treatments, from a day before the onset"), event.treatments, event),
            SheetTable(
                title=f"F.r {_('Readings')}",
                columns=[_("At"), _("What"), _("Value"), pgettext("which reading", "Which")],
                rows=[one.cells(facts) for one in event.readings],
            ),
        ],
    )  # fmt: skip


def _section(letter: str, title: str, elements: list[SheetElement]) -> SheetSection:
    return SheetSection(
        title=f"{letter} {title}",
        lines=[SheetLine(name=f"{one.number} {one.name}".strip(), text=_text(one)) for one in elements],
    )


def _text(element: SheetElement) -> str:
    return bracketed(element.why, beside=element.shown) if element.why else element.shown


def _drugs(title: str, rows: list[DrugRow], event: EventSheet) -> SheetTable:
    return SheetTable(
        title=title, columns=[_("Start"), _("What"), _("Dose"), _("Details"), _("End")],
        rows=[row_cells(one, event.facts) for one in rows], note="" if rows else _("none on record"),
    )  # fmt: skip
