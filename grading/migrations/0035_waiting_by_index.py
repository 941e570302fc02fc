from django.db import migrations, models
from django.db.models import Q

WAITS = Q(state__in=["delivered", "expired", "open", "seen"])
ANSWERED = Q(state="acknowledged")


class Migration(migrations.Migration):
    """Indexes of what waits, alone: alerts, not sets, so that whoever saves waits for less than a second."""

    dependencies = [("grading", "0034_export_lines")]

    operations = [
        migrations.AddIndex("alert", models.Index(fields=["escalate_at"], name="alert_calls", condition=WAITS)),
        migrations.AddIndex(
            "alert", models.Index(fields=["raised_at"], name="alert_uncalled", condition=WAITS & Q(pages_sent=0))
        ),
        migrations.AddIndex("alert", models.Index(fields=["lapses_at"], name="alert_lapses", condition=ANSWERED)),
        migrations.AddIndex(
            "alert", models.Index(fields=["acknowledged_at"], name="alert_answered", condition=ANSWERED)
        ),
        migrations.RemoveIndex("alert", "alert_escalation_due"),
        migrations.RemoveIndex("alert", "alert_lapse_due"),
        migrations.AddIndex(
            "currentstate", models.Index(fields=["participant"], name="state_watched", condition=Q(ended=""))
        ),
        migrations.AddIndex("alertpolicy", models.Index(fields=["in_force_from"], name="policy_in_force")),
        migrations.AddIndex("escalation", models.Index(fields=["at"], name="escalation_at")),
    ]
