"""Facts are written once; packs, alerts and endpoints are audited. Projections and deliveries are neither."""

from django.db import migrations

SQL = """
SELECT fact_seal('grading_vitalsigns');
SELECT fact_seal('grading_neuroassessment');
SELECT fact_seal('grading_treatment');
SELECT fact_seal('grading_treatmentend');
SELECT fact_seal('grading_attribution');
SELECT fact_seal('grading_alertmove');
SELECT audit_attach('grading_thresholdpack', 'study', 'study_id');
SELECT audit_attach('grading_endpoint', 'study', 'study_id');
SELECT audit_attach('grading_alert', 'participant', 'participant_id');
"""


class Migration(migrations.Migration):
    dependencies = [("grading", "0001_initial"), ("audit", "0002_triggers")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
