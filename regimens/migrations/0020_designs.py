"""Designs of the workbench, their versions, runs and results: written once. How far a run is moves by its table alone."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SQL = """
SELECT audit_attach('regimens_design', 'design', 'id');
SELECT audit_attach('regimens_designversion', 'design', 'design_id');
SELECT audit_attach('regimens_designrun', 'design', 'design_id');
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON regimens_design
    FOR EACH ROW EXECUTE FUNCTION fact_refuse();
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON regimens_designversion
    FOR EACH ROW EXECUTE FUNCTION fact_refuse();
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON regimens_designrun
    FOR EACH ROW EXECUTE FUNCTION fact_refuse();
SELECT fact_seal('regimens_designresult');

-- regimens/rules/runs.py, MOVES: a test holds that both say the same.
CREATE FUNCTION design_run_may_move(old_state text, new_state text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT (old_state, new_state) IN (
        ('queued', 'running'), ('queued', 'failed'), ('queued', 'cancelled'),
        ('running', 'queued'), ('running', 'done'), ('running', 'failed'), ('running', 'cancelled'))
$$;

CREATE FUNCTION design_run_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'queued' THEN
            RAISE EXCEPTION 'design run %: begins queued, not %', NEW.run_id, NEW.state
                USING ERRCODE = 'restrict_violation';
        END IF;
    ELSIF NEW.run_id <> OLD.run_id OR OLD.state NOT IN ('queued', 'running')
        OR (NEW.state <> OLD.state AND NOT design_run_may_move(OLD.state, NEW.state))
    THEN
        RAISE EXCEPTION 'design run %: % does not become %', OLD.run_id, OLD.state, NEW.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER moves BEFORE INSERT OR UPDATE ON regimens_designprogress
    FOR EACH ROW EXECUTE FUNCTION design_run_moves();
CREATE TRIGGER never_deleted BEFORE DELETE ON regimens_designprogress
    FOR EACH ROW EXECUTE FUNCTION fact_refuse();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON regimens_designprogress
    FOR EACH STATEMENT EXECUTE FUNCTION fact_refuse();

-- Looked at when the transaction commits: a run is done exactly where its result is there.
CREATE FUNCTION design_run_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM regimens_designprogress WHERE run_id = NEW.run_id AND state = 'done')
        <> EXISTS (SELECT FROM regimens_designresult WHERE run_id = NEW.run_id)
    THEN
        RAISE EXCEPTION 'design run %: done and a result come together', NEW.run_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER whole AFTER INSERT ON regimens_designresult DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION design_run_whole();
CREATE CONSTRAINT TRIGGER whole AFTER UPDATE ON regimens_designprogress DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.state = 'done') EXECUTE FUNCTION design_run_whole();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("regimens", "0019_limiting_besides"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DesignRun",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=20)),
                ("input", models.TextField()),
                ("seed", models.BigIntegerField(null=True)),
                ("engine", models.CharField(max_length=120)),
                ("digest", models.CharField(db_index=True, max_length=64)),
                ("size", models.BigIntegerField()),
                ("queued_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Design",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="designs", to="regimens.study"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DesignProgress",
            fields=[
                (
                    "run",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="progress",
                        serialize=False,
                        to="regimens.designrun",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "queued"),
                            ("running", "running"),
                            ("done", "done"),
                            ("failed", "failed"),
                            ("cancelled", "cancelled"),
                        ],
                        default="queued",
                        max_length=9,
                    ),
                ),
                ("done", models.BigIntegerField(default=0)),
                ("of", models.BigIntegerField(default=0)),
                ("claim", models.UUIDField(null=True)),
                ("claimed_until", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("started_at", models.DateTimeField(null=True)),
                ("told_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("problem", models.JSONField(blank=True, default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="DesignResult",
            fields=[
                (
                    "run",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="result",
                        serialize=False,
                        to="regimens.designrun",
                    ),
                ),
                ("answer", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("cpu_s", models.FloatField(help_text="Seconds of CPU that it took.")),
            ],
        ),
        migrations.AddField(
            model_name="designrun",
            name="design",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="runs", to="regimens.design"
            ),
        ),
        migrations.AddField(
            model_name="designrun",
            name="queued_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.CreateModel(
            name="DesignVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("contents", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("at", models.DateTimeField()),
                (
                    "design",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="regimens.design"
                    ),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="designrun",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="runs", to="regimens.designversion"
            ),
        ),
        migrations.AddConstraint(
            model_name="design",
            constraint=models.UniqueConstraint(fields=("study", "name"), name="design_name_once"),
        ),
        migrations.AddConstraint(
            model_name="design",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="design_has_a_name"
            ),
        ),
        migrations.AddField(
            model_name="designprogress",
            name="ended_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="designresult",
            constraint=models.CheckConstraint(
                condition=models.Q(("answer", ""), _negated=True), name="design_result_is_there"
            ),
        ),
        migrations.AddConstraint(
            model_name="designversion",
            constraint=models.UniqueConstraint(fields=("design", "number"), name="design_version_once"),
        ),
        migrations.AddConstraint(
            model_name="designversion",
            constraint=models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="design_version_from_one"),
        ),
        migrations.AddIndex(
            model_name="designprogress",
            index=models.Index(
                condition=models.Q(("state__in", ["queued", "running"])), fields=["run"], name="design_progress_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="designprogress",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["queued", "running", "done", "failed", "cancelled"])),
                name="design_progress_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="designprogress",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("state__in", ["queued", "running"])),
                    models.Q(
                        models.Q(("state__in", ["queued", "running"]), _negated=True), ("ended_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="design_progress_ended_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="designprogress",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("claim__isnull", False), ("claimed_until__isnull", False), ("state", "running")),
                    models.Q(models.Q(("state", "running"), _negated=True), ("claim", None), ("claimed_until", None)),
                    _connector="OR",
                ),
                name="design_progress_running_is_claimed",
            ),
        ),
        migrations.AddConstraint(
            model_name="designprogress",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "failed"), models.Q(("problem", {}), _negated=True)),
                    models.Q(models.Q(("state", "failed"), _negated=True), ("problem", {})),
                    _connector="OR",
                ),
                name="design_progress_failed_says_why",
            ),
        ),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
