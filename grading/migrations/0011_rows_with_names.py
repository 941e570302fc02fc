"""A dose period holds the names that the export writes, and lies in its order: joined once, when the row is written."""

import django.db.models.deletion
from django.db import migrations, models

# As grading/course/dose_periods/naming.py writes them from now on.
NAMES = """
UPDATE grading_doseperiod period
   SET study_id = participant.study_id, subject_number = participant.number,
       usubjid = study.code || '-' || coalesce((
           SELECT enrolled.code FROM regimens_transfer transfer
             JOIN regimens_site enrolled ON enrolled.id = transfer.from_site_id
            WHERE transfer.participant_id = participant.id ORDER BY transfer.at LIMIT 1
       ), here.code) || '-' || participant.number,
       site_code = site.code, country = site.country, time_zone = site.time_zone,
       regimen_code = regimen.code, regimen_version = regimen.version::text,
       step_label = nullif(left(coalesce(nullif(step.short_label, ''), step.label), 40), ''),
       by_ice = participant.neuro_instrument = 'ice',
       confirmed_at = (
           SELECT min(confirmed.recorded_at) FROM regimens_dosecheck confirmed
            WHERE confirmed.dose_id = period.dose_id AND NOT confirmed.withdrawn
              AND NOT EXISTS (SELECT FROM regimens_dosecheck later WHERE later.supersedes_id = confirmed.id)
       ),
       checked_at = (SELECT max(one.recorded_at) FROM regimens_dosecheck one WHERE one.dose_id = period.dose_id)
  FROM regimens_participant participant, regimens_study study, regimens_site here, regimens_site site,
       regimens_step step, regimens_regimen regimen
 WHERE participant.id = period.participant_id AND study.id = participant.study_id AND here.id = participant.site_id
   AND site.id = period.site_id AND step.id = period.step_id AND regimen.id = step.regimen_id
"""


def text(length: int, help_text: str = "", **options: object) -> models.Field:
    return models.CharField(max_length=length, null=True, help_text=help_text, **options)


def moment(help_text: str) -> models.Field:
    return models.DateTimeField(null=True, help_text=help_text)


FIELDS = {
    "study": models.ForeignKey(
        "regimens.Study", django.db.models.deletion.PROTECT, related_name="+", null=True, db_index=False
    ),
    "usubjid": text(52, "Sorts by its bytes.", db_collation="C"),
    "subject_number": text(20),
    "site_code": text(10),
    "country": text(3),
    "time_zone": text(40),
    "regimen_code": text(20),
    "regimen_version": text(5),
    "step_label": text(40, "The short one of a step with a longer label."),
    "by_ice": models.BooleanField(null=True, help_text="The participant is assessed by ICE, not by CAPD."),
    "confirmed_at": moment("Recorded first of the confirmations that stand."),
    "checked_at": moment("Recorded last of all, one taken back too."),
}


class Migration(migrations.Migration):
    dependencies = [("grading", "0010_tablets"), ("regimens", "0014_tablets")]

    operations = [
        *(migrations.AddField("DosePeriod", name, field) for name, field in FIELDS.items()),
        migrations.AlterField(
            "DosePeriod",
            "planned_dose",
            text(24, "In the unit given: grading/course/dose_periods/planned_doses.py."),
        ),
        migrations.AlterField(
            "DosePeriod",
            "release_deviation",
            text(12, "RELDEVC of the export: grading/course/dose_periods/releases.py."),
        ),
        migrations.AddIndex(
            "DosePeriod",
            models.Index(
                fields=["study", "usubjid", "dose_number"],
                include=["participant", "started_at", "ended_at", "ended_by"],
                name="dose_period_as_exported",
            ),
        ),
        migrations.RunSQL(NAMES, migrations.RunSQL.noop),
    ]
