"""A study whose sets raise alerts: one by one at a rate, or thousands in one instant."""

import time
from dataclasses import replace
from datetime import timedelta
from functools import partial

from bench.alerts.receiving import Receiver
from bench.alerts.waiting import at_rate, say, wait_for_all


def a_study(receiver: Receiver) -> tuple:  # type: ignore[type-arg]
    """Under the default policy, with this webhook and nobody to mail to."""
    from django.utils import timezone

    from crsmonitor.audit.acting import acting
    from grading.models import Endpoint
    from grading.policies.library import read_policy
    from grading.policies.services import load_policy
    from regimens.models import Membership
    from tests.builders import build_world, hour

    world = build_world()
    load_policy(read_policy(), study=world.study, by="bench", reason="bench", at=timezone.now() - timedelta(days=1))
    with acting(by="bench", reason="bench"):
        endpoint = Endpoint.objects.create(study=world.study, url=receiver.url, secret="bench")
        Membership.objects.filter(user=world.investigator).update(ended_at=hour(0))
    return world, endpoint


def participants(world, count: int) -> list:  # type: ignore[no-untyped-def,type-arg]
    """Dosed, each in a world of its own within the study."""
    from crsmonitor.audit.acting import acting
    from regimens.models import Participant
    from tests.builders import dose, kept

    worlds = []
    for _ in range(count):
        number = f"B{Participant.objects.count():06}"
        with acting(by="bench", reason="bench"):
            one = Participant.objects.create(
                study=world.study, site=world.site, number=number, regimen=world.regimen
            )  # fmt: skip
        worlds.append(replace(world, participant=one))
        kept(dose(worlds[-1]), worlds[-1])
        say(f"making participants: {len(worlds)} of {count}")
    return worlds


def sets(worlds: list, receiver: Receiver, rate: int) -> tuple[list[float], float]:  # type: ignore[type-arg]
    """Seconds from each commit to the webhook's door, and the rate that was reached."""
    from django.db import connection, transaction
    from django.utils import timezone

    from grading.models import Endpoint
    from tests.builders import recorded_only, vitals

    endpoint = Endpoint.objects.get()

    committed: dict[str, float] = {}

    def one(world) -> None:  # type: ignore[no-untyped-def]
        draft = vitals(world, 0, temperature_c=38.6)
        draft.observed_at = timezone.now()
        stamps: list[float] = []
        with transaction.atomic():
            transaction.on_commit(lambda: stamps.append(time.monotonic()))  # the first to run after the commit
            [alert] = recorded_only(draft, world).alerts
        committed[key_of(alert, endpoint)] = stamps[0]

    already = len(receiver.came)
    reached = at_rate(rate, [partial(one, world) for world in worlds])
    wait_for_all(lambda: len(receiver.came) - already, len(worlds), f"{rate} sets a second: received")
    connection.close()
    return [receiver.came[key] - at for key, at in committed.items()], reached


def key_of(alert, endpoint) -> str:  # type: ignore[no-untyped-def]
    """Of the first message of an alert to this webhook (outbox.queue)."""
    return f"alert:{alert.pk}:1:webhook:{endpoint.pk}"


def alerts_at_once(world, endpoint, count: int) -> set[str]:  # type: ignore[no-untyped-def]
    """So many alerts, each of another participant, committed in one instant as a save leaves them; the keys."""
    import uuid

    from django.db import transaction
    from django.utils import timezone

    from crsmonitor.audit.acting import acting
    from grading.alerting.services.paging import due_at_once, hurry
    from grading.models import Alert
    from regimens.models import Participant

    like, first = Alert.objects.earliest("raised_at"), Participant.objects.count()
    with acting(by="bench", reason="bench"):
        people = Participant.objects.bulk_create(
            Participant(study=world.study, site=world.site, number=f"A{first + n:06}", regimen=world.regimen)
            for n in range(count)
        )
    at = timezone.now()
    with transaction.atomic(), acting(by="bench", reason="bench"):
        values = {f.attname: getattr(like, f.attname) for f in Alert._meta.concrete_fields}
        fresh = {"raised_at": at, "state": "open"} | due_at_once(at)
        ids = [{"id": uuid.uuid4(), "fact_root": uuid.uuid4(), "participant_id": one.pk} for one in people]
        rows = [Alert(**values | fresh | one) for one in ids]
        Alert.objects.bulk_create(rows, batch_size=1000)
        for row in rows:
            hurry(row)
    return {key_of(row, endpoint) for row in rows}
