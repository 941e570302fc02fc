"""What is wrong with the way of the alerts, in words: on stripes, in mails to operators, at the terminal."""

from django.utils.translation import gettext as _

from grading.models import OperatorNote
from grading.rules.alerting.watchdog import Trouble


def trouble_text(trouble: str) -> str:
    texts = {
        Trouble.DATABASE: _("The database does not answer."),
        Trouble.OUTBOX: _("Messages wait for more than a minute: nobody takes them."),
        Trouble.SWEEP: _("The sweep has stopped: no worker, no beat, or no broker."),
        Trouble.BEACON: _("No test alert has come back for two minutes: alerts may not arrive."),
        Trouble.CLOCK: _(
            "The clocks of this or a worker's machine and of the database differ by more than two minutes."
        ),
        Trouble.CHANNEL: _("A channel fails again and again (see the boards and the admin)."),
        Trouble.GIVEN_UP: _("Messages of alerts were given up: repair, then `manage.py revive_deliveries`."),
        Trouble.HELD: _("Messages of before a restore wait for a decision: `manage.py held_messages`."),
    }
    return texts[Trouble(trouble)]


def note_lines(note: OperatorNote) -> list[str]:
    """The body of a note to operators: ids and codes only, as in every message."""
    trouble = note.trouble
    endpoint = trouble.endpoint
    where = (
        _("Study %(study)s, endpoint %(id)s (%(channel)s)") % {
            "study": endpoint.study.code, "id": endpoint.pk, "channel": trouble.channel,
        }
        if endpoint
        else _("User %(id)s, %(channel)s") % {"id": trouble.recipient_id, "channel": trouble.channel}
    )  # fmt: skip
    since = _("Failed since %(at)s UTC, %(n)d times in a row") % {
        "at": f"{trouble.first_at:%Y-%m-%d %H:%M}", "n": trouble.failures,
    }  # fmt: skip
    if note.over:
        return [where, since, _("It works again.")]
    return [
        where,
        since,
        _("Last failure: %(code)s") % {"code": trouble.failure},
        _("Alerts for it wait, and are given up after 1 h 38 min. Then: `manage.py revive_deliveries`."),
    ]
