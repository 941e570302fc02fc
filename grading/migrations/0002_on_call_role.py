"""Who is called when has an on-call role (docs/glossary.md): the columns say so, the rows stay as they are."""

from django.db import migrations, models

ROLES = ["assigned_nurse", "charge_nurse", "on_call_investigator", "back_up", "principal_investigator"]


class Migration(migrations.Migration):
    dependencies = [("grading", "0001_initial")]

    operations = [
        migrations.RemoveConstraint("EscalationStep", "escalation_step_duty_known"),
        migrations.RemoveConstraint("RotaShift", "shift_duty_known"),
        migrations.AlterModelOptions("RotaShift", {"ordering": ["starts_at", "on_call_role"]}),
        migrations.RenameField("EscalationStep", "duty", "on_call_role"),
        migrations.RenameField("RotaShift", "duty", "on_call_role"),
        migrations.RenameField("Escalation", "duties", "on_call_roles"),
        migrations.AlterField(
            "Escalation",
            "passed_over",
            models.JSONField(default=list, help_text="Who had the role and counts as nobody: key and why."),
        ),
        migrations.AddConstraint(
            "EscalationStep",
            models.CheckConstraint(
                condition=models.Q(("on_call_role__in", ROLES)), name="escalation_step_on_call_role_known"
            ),
        ),
        migrations.AddConstraint(
            "RotaShift",
            models.CheckConstraint(condition=models.Q(("on_call_role__in", ROLES)), name="shift_on_call_role_known"),
        ),
    ]
