"""Markup and formulas in every text that somebody may type: shown as texts on every page, in files and in mails."""

import csv
import io
import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from crsmonitor.audit.acting import acting
from grading.alerting import tasks
from grading.alerting.delivery import outbox
from grading.bedside.kinds import AT_EDGE
from grading.models import Alert, PhoneTree
from grading.recording.api.fields import Text
from regimens.models import Dose, Regimen, Site, Step, Study
from tests.bodies import BODIES, FEVER
from tests.builders import call_raised, dose, kept, stay
from tests.project.pages.test_pages import LINK, kind_of
from tests.sizes import sized
from tests.stages import stage

pytestmark = pytest.mark.django_db

MARK = "zq7"  # stands in each, so that what is shown is found
CORPUS = sized(
    # Several in one, where one does not hide the other: each costs a request for every text of the API.
    [f"<script>{MARK}()</script></textarea><svg onload={MARK}()>",
     f'"><img src=x onerror={MARK}()><a href=javascript:{MARK}()>x</a>', f"'-{MARK}()-'{{{{ {MARK} }}}}{{% now 'Y' %}}",
     f'=HYPERLINK("http://{MARK}")', f"@SUM({MARK})", f"+{MARK}", f"-{MARK}", f"＝{MARK}"],
    sample=[f'"><img src=x onerror={MARK}()></script>', f'=HYPERLINK("http://{MARK}")'],
)  # fmt: skip
# What a browser would take for markup, or for a handler.
LIVE = [
    f"<script>{MARK}",
    f"<img src=x onerror={MARK}",
    f"<svg onload={MARK}",
    f"<a href=javascript:{MARK}",
    "<svg onload",
]
TEXTS = {  # of each kind of fact, with the most characters of each
    one.path: {name: field.most for name, field in one.shape.fields.items() if isinstance(field, Text)}
    for one in AT_EDGE if one.path in BODIES
}  # fmt: skip


@stage
def nasty(world):
    """A dosed participant, and everything about the trial that is free text says something nasty."""
    text = CORPUS[0]
    with acting(by="test", reason=text):
        Study.objects.filter(pk=world.study.pk).update(title=text)
        Site.objects.filter(pk=world.site.pk).update(name=text)
        Regimen.objects.filter(pk=world.regimen.pk).update(title=text, source=text, reason=text)
        for place, label in enumerate([CORPUS[0], CORPUS[-1], f"={MARK}"]):
            Step.objects.filter(pk=world.steps[place].pk).update(label=label, short_label=label[:40])
        PhoneTree.objects.create(study=world.study, text=text)
    at = timezone.now()
    kept(stay(world, observed_at=at - timedelta(hours=8), ward=text[:40], bed=text[:20]), world)
    kept(dose(world, observed_at=at - timedelta(hours=7)), world)
    return world


def sent(path: str, world, **changes):
    at = (timezone.now() - timedelta(minutes=45)).isoformat()
    client = Client(raise_request_exception=False)
    client.force_login(world.investigator)
    body = {"id": str(uuid.uuid4()), "observed_at": at, "reason": "late"} | BODIES[path] | changes
    return client.post(
        f"/api/v1/participants/{world.participant.pk}/{path}/", body, content_type="application/json"
    ).status_code


def every_page(world, most: int = 45) -> dict[str, str]:
    """What the investigator reaches by links, as HTML."""
    client, pages, waiting, seen = Client(), {}, ["/"], {"/"}
    client.force_login(world.investigator)
    while waiting and len(pages) < most:
        address = waiting.pop(0)
        answer = client.get(address, follow=True)
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        pages[address] = answer.content.decode()
        for link in LINK.findall(pages[address]):
            if kind_of(link) not in seen and link.startswith(("/participants", "/corrections", "/alerts/", "/regimens/",
                                                              "/rota", "/exports/", "/setup", "/burden", "/policies",
                                                              "/disagreements")):  # fmt: skip
                seen.add(kind_of(link))
                waiting.append(link.replace("&amp;", "&"))
    return pages


@pytest.mark.long
def test_whatever_is_typed_is_shown_as_a_text(nasty):
    kept_somewhere = set()
    for path, fields in TEXTS.items():
        for text in CORPUS:
            typed = {name: text[:most] for name, most in fields.items()}
            if sent(path, nasty, **typed) == 201:  # each fact derives the course again: all in one, if they may
                kept_somewhere |= {(path, name) for name in typed}
            else:
                alone = {name for name in typed if sent(path, nasty, **{name: typed[name]}) == 201}
                kept_somewhere |= {(path, name) for name in alone}
    assert sent("vital-signs", nasty, **FEVER | {"reason": CORPUS[0]}) == 201

    pages = every_page(nasty)

    assert len(kept_somewhere) > 12  # or nothing nasty came so far
    assert sum(MARK in page for page in pages.values()) > 5
    assert {(address, one) for address, page in pages.items() for one in LIVE if one in page} == set()


def test_no_cell_of_a_spreadsheet_is_a_formula_of_somebodys(nasty):
    """S13: neutral in the spreadsheet's variant, to the letter in that for programs."""
    from grading.exports.rows import rows_of, scope_for
    from grading.exports.writers import blocks_of

    for place in (1, 2):
        kept(dose(nasty, step=place, observed_at=timezone.now() - timedelta(hours=6 - place)), nasty)
    scope = scope_for(nasty.sponsor, nasty.study.code)

    def cells(**flavour: bool) -> set[str]:
        from django.db import connection

        with connection.cursor() as cursor:
            data = b"".join(blocks_of(cursor.cursor, rows_of(scope, timezone.now(), **flavour))).decode()
        return {cell for row in csv.reader(io.StringIO(data)) for cell in row}

    labels = set(Step.objects.filter(regimen=nasty.regimen).values_list("short_label", flat=True))
    assert Dose.objects.count() == 3
    assert labels <= cells()
    begun = {cell for cell in cells(excel_safe=True) if cell[:1] in tuple("=+-@＝\t\r") and not cell.startswith('="')}
    assert {cell for cell in begun if MARK in cell} == set()


def test_a_mail_says_nothing_that_somebody_typed(nasty):
    """S14, S23: a message holds ids and grades; what was typed is read behind the sign-in."""
    sent("vital-signs", nasty, **FEVER | {"reason": CORPUS[0]})
    assert Alert.objects.exists()
    call_raised(at=timezone.now())
    for one in outbox.due(at=timezone.now()):
        tasks.deliver(str(one))

    assert mail.outbox
    assert [message.body for message in mail.outbox if MARK in message.subject + message.body] == []
