"""Studies, regimens, participants and doses as of 0013: what 13 migrations made, made at once where a database is new.

A database of before goes through those, which stay beside it. Facts are written once and chained, configuration is
audited, a regimen that was dosed under is frozen, one id is one fact over all tables of facts, and what records are
known by does not change under them.
"""

import uuid

import django.contrib.postgres.fields
import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

CLIENT_IDS = r"""
-- Tables of facts: what every one of them has (regimens/facts.py).
CREATE FUNCTION fact_tables() RETURNS SETOF regclass LANGUAGE sql STABLE AS $$
    SELECT attrelid::regclass FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND NOT a.attisdropped
      AND a.attname IN ('root', 'digest', 'supersedes_id', 'participant_id')
    GROUP BY attrelid HAVING count(*) = 4
$$;

-- The service has registered it first, so that two who come at once wait there; what came past the service is
-- registered here. An id of another kind or participant is refused either way.
CREATE FUNCTION fact_register() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO regimens_clientid (id, kind, participant_id) VALUES (NEW.id, TG_TABLE_NAME, NEW.participant_id)
    ON CONFLICT (id) DO NOTHING;
    IF NOT FOUND AND NOT EXISTS (SELECT FROM regimens_clientid
                                 WHERE id = NEW.id AND kind = TG_TABLE_NAME AND participant_id = NEW.participant_id) THEN
        RAISE unique_violation USING CONSTRAINT = 'regimens_clientid_pkey',
            MESSAGE = format('regimens_clientid_pkey: id %s is that of another record', NEW.id);
    END IF;
    RETURN NULL;
END $$;
"""

CHAINED = r"""
-- The link of a new fact: whose it is stands in the row itself.
CREATE FUNCTION fact_link() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public SET timezone = 'UTC' AS $$
DECLARE
    e audit_event;
BEGIN
    e.actor := (SELECT 'user:' || id || ':' || username FROM accounts_user WHERE id = NEW.recorded_by_id);
    e.reason := NEW.reason;
    e.subject := 'participant:' || NEW.participant_id;
    e.action := TG_OP;
    e.table_name := TG_TABLE_NAME;
    e.row_id := NEW.id::text;
    e.after := to_jsonb(NEW);
    PERFORM audit_link(e);
    RETURN NULL;
END $$;

-- Rows of `tbl` are written once; the id of a fact is registered, and what it says is chained.
CREATE OR REPLACE FUNCTION fact_seal(tbl regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON %s
                    FOR EACH ROW EXECUTE FUNCTION fact_refuse()', tbl);
    EXECUTE format('CREATE TRIGGER never_truncated BEFORE TRUNCATE ON %s
                    FOR EACH STATEMENT EXECUTE FUNCTION fact_refuse()', tbl);
    IF tbl IN (SELECT fact_tables()) THEN
        EXECUTE format('CREATE TRIGGER registered_once AFTER INSERT ON %s
                        FOR EACH ROW EXECUTE FUNCTION fact_register()', tbl);
        EXECUTE format('CREATE TRIGGER chained AFTER INSERT ON %s
                        FOR EACH ROW EXECUTE FUNCTION fact_link()', tbl);
    END IF;
END $$;
"""

SEALED = r"""
SELECT fact_seal('regimens_clientid');
SELECT fact_seal('regimens_dose');
SELECT fact_seal('regimens_doseend');
SELECT fact_seal('regimens_stay');
SELECT fact_seal('regimens_stayend');
SELECT fact_seal('regimens_measurement');
SELECT fact_seal('regimens_disposition');
SELECT audit_attach('regimens_study', 'study', 'id');
SELECT audit_attach('regimens_site', 'site', 'id');
SELECT audit_attach('regimens_membership', 'study', 'study_id');
SELECT audit_attach('regimens_participant', 'participant', 'id');
SELECT audit_attach('regimens_regimen', 'regimen', 'id');
SELECT audit_attach('regimens_step', 'regimen', 'regimen_id');
SELECT fact_seal('regimens_missedobservationreason');
SELECT fact_seal('regimens_windowcompletion');
SELECT fact_seal('regimens_doserelease');
SELECT audit_attach('regimens_cohortclearance', 'study', 'study_id');
SELECT audit_attach('regimens_transfer', 'participant', 'participant_id');
SELECT audit_attach('regimens_studysite', 'study', 'study_id');
SELECT fact_seal('regimens_dosecheck');
SELECT audit_attach('regimens_cohortchange', 'participant', 'participant_id');
"""

FROZEN = r"""
CREATE FUNCTION regimen_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed bigint := CASE TG_TABLE_NAME WHEN 'regimens_regimen' THEN (to_jsonb(OLD) ->> 'id')::bigint
                      ELSE coalesce(to_jsonb(NEW) ->> 'regimen_id', to_jsonb(OLD) ->> 'regimen_id')::bigint END;
BEGIN
    IF EXISTS (SELECT FROM regimens_dose d JOIN regimens_step s ON s.id = d.step_id WHERE s.regimen_id = changed) THEN
        RAISE EXCEPTION 'regimen version % is frozen: a dose was given under it', changed
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF EXISTS (SELECT FROM regimens_regimen WHERE id = changed AND approved_by_id IS NOT NULL) THEN
        RAISE EXCEPTION 'regimen version % is frozen: it was approved as it stands', changed
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER frozen_once_used BEFORE UPDATE OR DELETE ON regimens_regimen
    FOR EACH ROW EXECUTE FUNCTION regimen_frozen();
CREATE TRIGGER frozen_once_used BEFORE INSERT OR UPDATE OR DELETE ON regimens_step
    FOR EACH ROW EXECUTE FUNCTION regimen_frozen();

CREATE FUNCTION enrolled_under_approved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM regimens_regimen WHERE id = NEW.regimen_id AND approved_at IS NOT NULL) THEN
        RAISE EXCEPTION 'regimen version % is a draft: nobody is enrolled under it', NEW.regimen_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER enrolled_under_approved BEFORE INSERT OR UPDATE OF regimen_id ON regimens_participant
    FOR EACH ROW EXECUTE FUNCTION enrolled_under_approved();
"""

FIXED_ONCE_RECORDED = r"""
-- Whether anything is recorded that rests on this row.
CREATE FUNCTION has_records(tbl text, whole jsonb) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT CASE tbl
        WHEN 'regimens_study' THEN EXISTS (
            SELECT FROM regimens_clientid c JOIN regimens_participant p ON p.id = c.participant_id
             WHERE p.study_id = (whole ->> 'id')::bigint)
        WHEN 'regimens_membership' THEN EXISTS (
            SELECT FROM regimens_clientid c JOIN regimens_participant p ON p.id = c.participant_id
             WHERE p.study_id = (whole ->> 'study_id')::bigint)
        WHEN 'regimens_site' THEN EXISTS (
            SELECT FROM regimens_clientid c JOIN regimens_participant p ON p.id = c.participant_id
             WHERE p.site_id = (whole ->> 'id')::bigint) OR EXISTS (
            SELECT FROM regimens_transfer WHERE from_site_id = (whole ->> 'id')::bigint)
        WHEN 'regimens_participant' THEN EXISTS (
            SELECT FROM regimens_clientid WHERE participant_id = (whole ->> 'id')::bigint)
        WHEN 'regimens_regimen' THEN EXISTS (
            SELECT FROM regimens_participant p JOIN regimens_clientid c ON c.participant_id = p.id
             WHERE p.regimen_id = (whole ->> 'id')::bigint)
        WHEN 'accounts_user' THEN EXISTS (
            SELECT FROM audit_event WHERE actor = 'user:' || (whole ->> 'id') || ':' || (whole ->> 'username'))
    END
$$;

-- Arguments: the columns.
CREATE FUNCTION refuse_once_recorded() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed text;
BEGIN
    SELECT string_agg(name, ', ') INTO changed FROM unnest(TG_ARGV) name
     WHERE to_jsonb(OLD) -> name IS DISTINCT FROM to_jsonb(NEW) -> name;
    IF changed IS NOT NULL AND has_records(TG_TABLE_NAME, to_jsonb(OLD)) THEN
        RAISE EXCEPTION '% %: % fixed since the first record', TG_TABLE_NAME, OLD.id, changed
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

-- A participant's regimen is of the participant's study. Once something is recorded only another version of it
-- follows, and another site only by a transfer.
CREATE FUNCTION participant_belongs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM regimens_regimen WHERE id = NEW.regimen_id AND study_id = NEW.study_id) THEN
        RAISE EXCEPTION 'participant %: the regimen is another study''s', NEW.number USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'INSERT' OR NOT has_records(TG_TABLE_NAME, to_jsonb(OLD)) THEN
        RETURN NEW;
    END IF;
    IF NOT EXISTS (SELECT FROM regimens_regimen now JOIN regimens_regimen was USING (code, drug)
                    WHERE now.id = NEW.regimen_id AND was.id = OLD.regimen_id) THEN
        RAISE EXCEPTION 'participant %: regimen_id fixed since the first record, but for its versions', NEW.number
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.site_id <> OLD.site_id AND (OLD.site_id, NEW.site_id) IS DISTINCT FROM (
            SELECT (from_site_id, to_site_id) FROM regimens_transfer WHERE participant_id = NEW.id
             ORDER BY at DESC LIMIT 1) THEN
        RAISE EXCEPTION 'participant %: site_id changes by a transfer alone', NEW.number
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER belongs BEFORE INSERT OR UPDATE ON regimens_participant
    FOR EACH ROW EXECUTE FUNCTION participant_belongs();
CREATE TRIGGER fixed_once_recorded BEFORE UPDATE ON regimens_participant
    FOR EACH ROW EXECUTE FUNCTION refuse_once_recorded('study_id', 'number', 'neuro_instrument');
CREATE TRIGGER fixed_once_recorded BEFORE UPDATE ON regimens_study
    FOR EACH ROW EXECUTE FUNCTION refuse_once_recorded('code', 'resolution_hours', 'concurrence_days');
CREATE TRIGGER fixed_once_recorded BEFORE UPDATE ON regimens_site
    FOR EACH ROW EXECUTE FUNCTION refuse_once_recorded('code', 'time_zone');
CREATE TRIGGER fixed_once_recorded BEFORE UPDATE ON regimens_membership
    FOR EACH ROW EXECUTE FUNCTION refuse_once_recorded('user_id', 'study_id', 'site_id', 'role');
CREATE TRIGGER fixed_once_recorded BEFORE UPDATE ON regimens_regimen
    FOR EACH ROW EXECUTE FUNCTION refuse_once_recorded('study_id', 'code', 'drug');
CREATE TRIGGER fixed_once_recorded BEFORE UPDATE OF username ON accounts_user
    FOR EACH ROW EXECUTE FUNCTION refuse_once_recorded('username');
"""

CHECKED_BY_ANOTHER = r"""
CREATE FUNCTION dose_checked_by_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM regimens_dose WHERE id = NEW.dose_id AND recorded_by_id = NEW.recorded_by_id) THEN
        RAISE EXCEPTION 'dose %: the second person recorded it', NEW.dose_id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER by_another BEFORE INSERT ON regimens_dosecheck
    FOR EACH ROW EXECUTE FUNCTION dose_checked_by_another();
"""

COHORT = r"""
-- Once something is recorded the cohort changes by a row of regimens_cohortchange alone.
CREATE FUNCTION participant_cohort() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF has_records(TG_TABLE_NAME, to_jsonb(OLD)) AND (OLD.cohort, NEW.cohort) IS DISTINCT FROM (
            SELECT (was, becomes) FROM regimens_cohortchange WHERE participant_id = NEW.id ORDER BY at DESC LIMIT 1)
    THEN
        RAISE EXCEPTION 'participant %: cohort changes by a record of its own alone', NEW.number
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cohort_recorded BEFORE UPDATE ON regimens_participant
    FOR EACH ROW WHEN (OLD.cohort IS DISTINCT FROM NEW.cohort) EXECUTE FUNCTION participant_cohort();
"""


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("regimens", "0001_initial"),
        ("regimens", "0002_minimum_interval_is_of_the_plan"),
        ("regimens", "0003_facts_chained"),
        ("regimens", "0004_study_sites"),
        ("regimens", "0005_observation_kind"),
        ("regimens", "0006_fixed_once_recorded"),
        ("regimens", "0007_regimen_approval"),
        ("regimens", "0008_second_factor_roles"),
        ("regimens", "0009_baseline_scores"),
        ("regimens", "0010_dose_check"),
        ("regimens", "0011_site_words"),
        ("regimens", "0012_cohort_changes"),
        ("regimens", "0013_study_blinded"),
    ]

    dependencies = [
        ("accounts", "0001_initial"),
        ("audit", "0003_rows_held_against_the_trail"),
    ]

    operations = [
        migrations.CreateModel(
            name="Site",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        max_length=10,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Za-z0-9][A-Za-z0-9._-]*$", "Letters, digits, dot, dash and underscore only."
                            )
                        ],
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "country",
                    models.CharField(
                        max_length=3,
                        validators=[django.core.validators.RegexValidator("^[A-Z]{3}$", "ISO 3166 alpha-3.")],
                    ),
                ),
                ("time_zone", models.CharField(max_length=40)),
                ("city", models.CharField(blank=True, max_length=80)),
                ("hospital", models.CharField(blank=True, max_length=120)),
                (
                    "language",
                    models.CharField(
                        blank=True, choices=[("en", "English"), ("zh-hant", "Traditional Chinese")], max_length=8
                    ),
                ),
            ],
            options={
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Study",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        max_length=20,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Za-z0-9][A-Za-z0-9._-]*$", "Letters, digits, dot, dash and underscore only."
                            )
                        ],
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                (
                    "resolution_hours",
                    models.PositiveSmallIntegerField(
                        default=24, validators=[django.core.validators.MinValueValidator(1)]
                    ),
                ),
                ("concurrence_days", models.PositiveSmallIntegerField(default=7)),
                ("late_after_minutes", models.PositiveSmallIntegerField(default=30)),
                (
                    "second_factor_roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("nurse", "nurse"),
                                ("charge_nurse", "charge_nurse"),
                                ("investigator", "investigator"),
                                ("data_manager", "data_manager"),
                                ("sponsor", "sponsor"),
                                ("central_reviewer", "central_reviewer"),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("blinded", models.BooleanField(db_default=False, default=False)),
            ],
            options={
                "verbose_name_plural": "studies",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Regimen",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Za-z0-9][A-Za-z0-9._-]*$", "Letters, digits, dot, dash and underscore only."
                            )
                        ],
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(default=1)),
                ("title", models.CharField(max_length=200)),
                ("drug", models.CharField(max_length=80)),
                (
                    "resolution_hours",
                    models.PositiveSmallIntegerField(
                        default=24, validators=[django.core.validators.MinValueValidator(1)]
                    ),
                ),
                ("source", models.TextField(blank=True, help_text="Where the numbers come from.")),
                ("document", models.JSONField(blank=True, editable=False, null=True)),
                ("library_id", models.CharField(blank=True, editable=False, max_length=40)),
                (
                    "variant",
                    models.CharField(
                        blank=True, editable=False, help_text="The region's label followed.", max_length=10
                    ),
                ),
                ("reason", models.TextField(blank=True, editable=False, help_text="Why this version was made.")),
                ("made_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "grace_minutes",
                    models.PositiveSmallIntegerField(
                        default=30, help_text="How many minutes before or after it is due an observation is on time."
                    ),
                ),
                (
                    "tightening",
                    models.JSONField(
                        blank=True,
                        help_text="Shorter intervals after a trigger, as in regimens/rules/tightening.py; null: none.",
                        null=True,
                    ),
                ),
                (
                    "amends",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amended_by",
                        to="regimens.regimen",
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="regimens", to="regimens.study"
                    ),
                ),
                ("approved_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("approved_because", models.TextField(blank=True, editable=False)),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "untightened_because",
                    models.TextField(
                        blank=True,
                        help_text="Why intervals never get shorter. Empty with no such intervals: nobody has decided.",
                    ),
                ),
            ],
            options={
                "indexes": [],
                "constraints": [
                    models.UniqueConstraint(fields=("study", "code", "version"), name="regimen_version_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at", None), ("approved_because", ""), ("approved_by", None)),
                            models.Q(("approved_at__isnull", False), models.Q(("approved_because", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="regimen_approved_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by", None),
                            ("drafted_by", None),
                            models.Q(("approved_by", models.F("drafted_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="regimen_approved_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("nurse", "nurse"),
                            ("charge_nurse", "charge_nurse"),
                            ("investigator", "investigator"),
                            ("data_manager", "data_manager"),
                            ("sponsor", "sponsor"),
                            ("central_reviewer", "central_reviewer"),
                        ],
                        max_length=20,
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="regimens.site",
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="regimens.study"
                    ),
                ),
            ],
            options={
                "indexes": [],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("user", "study", "site", "role"),
                        name="membership_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "nurse",
                                    "charge_nurse",
                                    "investigator",
                                    "data_manager",
                                    "sponsor",
                                    "central_reviewer",
                                ],
                            )
                        ),
                        name="membership_role_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CohortClearance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cohort", models.CharField(max_length=20)),
                ("step", models.CharField(max_length=120)),
                ("because", models.TextField()),
                ("cleared_at", models.DateTimeField()),
                (
                    "cleared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="clearances", to="regimens.study"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["study", "cohort", "-cleared_at"], name="clearance_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("because", ""), _negated=True), name="clearance_says_why"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StudySite",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("added_at", models.DateTimeField()),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="study_sites", to="regimens.site"
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="study_sites", to="regimens.study"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("study", "site"), name="study_site_once")],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Participant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.CharField(
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Za-z0-9][A-Za-z0-9._-]*$", "Letters, digits, dot, dash and underscore only."
                            )
                        ],
                        verbose_name="study number",
                    ),
                ),
                (
                    "neuro_instrument",
                    models.CharField(
                        choices=[("ice", "ICE score"), ("capd", "CAPD score")], default="ice", max_length=4
                    ),
                ),
                ("cohort", models.CharField(blank=True, max_length=20)),
                (
                    "regimen",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="participants", to="regimens.regimen"
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="participants", to="regimens.site"
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="participants", to="regimens.study"
                    ),
                ),
            ],
            options={
                "indexes": [],
                "constraints": [
                    models.UniqueConstraint(fields=("study", "number"), name="participant_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("neuro_instrument__in", ["ice", "capd"])),
                        name="participant_instrument_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("label", models.CharField(max_length=120)),
                (
                    "short_label",
                    models.CharField(
                        blank=True, help_text="In exports, where the label has more than 40 characters.", max_length=40
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("step_up", "step-up dose"), ("target", "target dose"), ("pretreat", "pretreatment")],
                        max_length=10,
                    ),
                ),
                (
                    "planned_dose",
                    models.DecimalField(
                        decimal_places=4, max_digits=12, validators=[django.core.validators.MinValueValidator(0)]
                    ),
                ),
                ("unit", models.CharField(max_length=12)),
                (
                    "planned_day",
                    models.PositiveSmallIntegerField(blank=True, help_text="1 = day of the first dose", null=True),
                ),
                ("inpatient_h", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "inpatient_clock",
                    models.CharField(
                        choices=[
                            ("infusion_start", "start of infusion"),
                            ("infusion_end", "end of infusion"),
                            ("administration", "administration"),
                        ],
                        default="administration",
                        max_length=16,
                    ),
                ),
                (
                    "risk_window_h",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="a period observed for this long without CRS is a full observation",
                        null=True,
                    ),
                ),
                ("vitals_every_h", models.DecimalField(blank=True, decimal_places=2, max_digits=4, null=True)),
                ("neuro_every_h", models.DecimalField(blank=True, decimal_places=2, max_digits=4, null=True)),
                (
                    "opens_period",
                    models.BooleanField(default=True, help_text="No: a pretreatment that is no T-cell engager."),
                ),
                ("rate_segment", models.BooleanField(default=False, help_text="A rate of a continuous infusion.")),
                ("infusion_h", models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True)),
                (
                    "split_with",
                    models.CharField(blank=True, help_text="The step that is the other part.", max_length=120),
                ),
                ("repeats", models.BooleanField(default=False)),
                ("times", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("condition", models.TextField(blank=True)),
                ("interval_min_d", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("interval_planned_d", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("interval_latest_d", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "observed_in",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("hospital", "in hospital"),
                            ("near_facility", "near the facility"),
                            ("outpatient", "outpatient"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "regimen",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="regimens.regimen"
                    ),
                ),
            ],
            options={
                "ordering": ["regimen", "position"],
                "indexes": [],
                "constraints": [
                    models.UniqueConstraint(fields=("regimen", "position"), name="step_position_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["step_up", "target", "pretreat"])), name="step_kind_known"
                    ),
                    models.CheckConstraint(condition=models.Q(("planned_dose__gte", 0)), name="step_dose_not_negative"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClientId",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=63)),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="client_ids",
                        to="regimens.participant",
                    ),
                ),
            ],
            options={
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Stay",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("observed_at", models.DateTimeField(help_text="When it was so at the bedside.")),
                ("recorded_at", models.DateTimeField(help_text="When the server took it in.")),
                (
                    "source",
                    models.CharField(
                        choices=[("page", "Page"), ("api", "Api"), ("import", "Import"), ("simulation", "Simulation")],
                        max_length=10,
                    ),
                ),
                ("root", models.UUIDField(editable=False)),
                ("withdrawn", models.BooleanField(default=False, help_text="This version says: it never happened.")),
                (
                    "reason",
                    models.TextField(
                        blank=True, help_text="Why the earlier version is corrected, or the entry is late."
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64)),
                (
                    "kind",
                    models.CharField(
                        choices=[("ward", "ward"), ("icu", "intensive care")], default="ward", max_length=4
                    ),
                ),
                ("ward", models.CharField(max_length=40)),
                ("bed", models.CharField(max_length=20)),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_facts",
                        to="regimens.participant",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="regimens.stay",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["participant", "observed_at"], name="regime_stay_course")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("root", models.F("id")), ("supersedes", None), ("withdrawn", False)),
                            models.Q(
                                ("supersedes__isnull", False),
                                models.Q(("root", models.F("id")), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="regimens_stay_corrected_with_reason",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DoseRelease",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("observed_at", models.DateTimeField(help_text="When it was so at the bedside.")),
                ("recorded_at", models.DateTimeField(help_text="When the server took it in.")),
                (
                    "source",
                    models.CharField(
                        choices=[("page", "Page"), ("api", "Api"), ("import", "Import"), ("simulation", "Simulation")],
                        max_length=10,
                    ),
                ),
                ("root", models.UUIDField(editable=False)),
                ("withdrawn", models.BooleanField(default=False, help_text="This version says: it never happened.")),
                (
                    "reason",
                    models.TextField(
                        blank=True, help_text="Why the earlier version is corrected, or the entry is late."
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64)),
                ("dose_at", models.DateTimeField()),
                ("override", models.BooleanField(default=False)),
                ("because", models.TextField(blank=True)),
                (
                    "decision",
                    models.CharField(
                        choices=[("go", "go"), ("hold", "hold"), ("restart", "restart"), ("stop", "stop")],
                        editable=False,
                        max_length=7,
                    ),
                ),
                ("proposed_step", models.CharField(blank=True, editable=False, max_length=120)),
                ("criteria", models.JSONField(editable=False, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="regimens.doserelease",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_facts",
                        to="regimens.participant",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="releases", to="regimens.step"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["participant", "observed_at"], name="regime_dosereleas_course")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("root", models.F("id")), ("supersedes", None), ("withdrawn", False)),
                            models.Q(
                                ("supersedes__isnull", False),
                                models.Q(("root", models.F("id")), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="regimens_doserelease_corrected_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decision__in", ["go", "hold", "restart", "stop"])),
                        name="release_decision_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("override", False), ("decision__in", ["go", "restart"])),
                            models.Q(("override", True), models.Q(("because", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="release_as_proposed_or_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Dose",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("observed_at", models.DateTimeField(help_text="When it was so at the bedside.")),
                ("recorded_at", models.DateTimeField(help_text="When the server took it in.")),
                (
                    "source",
                    models.CharField(
                        choices=[("page", "Page"), ("api", "Api"), ("import", "Import"), ("simulation", "Simulation")],
                        max_length=10,
                    ),
                ),
                ("root", models.UUIDField(editable=False)),
                ("withdrawn", models.BooleanField(default=False, help_text="This version says: it never happened.")),
                (
                    "reason",
                    models.TextField(
                        blank=True, help_text="Why the earlier version is corrected, or the entry is late."
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64)),
                ("planned_at", models.DateTimeField(blank=True, null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("GIVEN", "given"),
                            ("PARTIAL", "given in part"),
                            ("INTERRUPTED", "interrupted"),
                            ("NOT GIVEN", "not given"),
                        ],
                        default="GIVEN",
                        max_length=12,
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("mg", "mg"),
                            ("ug", "µg"),
                            ("mg/kg", "mg/kg"),
                            ("ug/kg", "µg/kg"),
                            ("ug/day", "µg/day"),
                            ("ug/m2/day", "µg/m²/day"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "route",
                    models.CharField(
                        choices=[("SUBCUTANEOUS", "subcutaneous"), ("INTRAVENOUS", "intravenous")], max_length=20
                    ),
                ),
                (
                    "checked_by",
                    models.CharField(blank=True, help_text="Sign-in name of the second person.", max_length=150),
                ),
                ("not_given_because", models.CharField(blank=True, max_length=200)),
                (
                    "retyped",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), blank=True, default=list, size=None
                    ),
                ),
                ("because", models.CharField(blank=True, help_text="Why an unusual dose was given.", max_length=300)),
                (
                    "unusual",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        blank=True,
                        default=list,
                        help_text="What was unusual about it: written by the server.",
                        size=None,
                    ),
                ),
                (
                    "despite_gate",
                    models.CharField(
                        blank=True, help_text="Why it was given although the gate did not say go.", max_length=300
                    ),
                ),
                (
                    "longer_h",
                    models.PositiveSmallIntegerField(
                        editable=False,
                        help_text="Hours of observation that earlier grades ask for with this dose: written by the server.",
                        null=True,
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="regimens.dose",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_facts",
                        to="regimens.participant",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="doses", to="regimens.step"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["participant", "observed_at"], name="regime_dose_course")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("root", models.F("id")), ("supersedes", None), ("withdrawn", False)),
                            models.Q(
                                ("supersedes__isnull", False),
                                models.Q(("root", models.F("id")), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="regimens_dose_corrected_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("amount", None),
                                ("status", "NOT GIVEN"),
                                models.Q(("not_given_because", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("status", "NOT GIVEN"), _negated=True),
                                ("amount__gt", 0),
                                ("amount__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="dose_given_has_amount",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("because", models.TextField()),
                (
                    "from_site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regimens.site"
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="transfers", to="regimens.participant"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "to_site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regimens.site"
                    ),
                ),
            ],
            options={
                "indexes": [],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("because", ""), _negated=True), name="transfer_says_why"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_site", models.F("to_site")), _negated=True),
                        name="transfer_goes_elsewhere",
                    ),
                    models.UniqueConstraint(fields=("participant", "at"), name="transfer_one_at_a_time"),
                ],
            },
        ),
        migrations.CreateModel(
            name="MissedObservationReason",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("observed_at", models.DateTimeField(help_text="When it was so at the bedside.")),
                ("recorded_at", models.DateTimeField(help_text="When the server took it in.")),
                (
                    "source",
                    models.CharField(
                        choices=[("page", "Page"), ("api", "Api"), ("import", "Import"), ("simulation", "Simulation")],
                        max_length=10,
                    ),
                ),
                ("root", models.UUIDField(editable=False)),
                ("withdrawn", models.BooleanField(default=False, help_text="This version says: it never happened.")),
                (
                    "reason",
                    models.TextField(
                        blank=True, help_text="Why the earlier version is corrected, or the entry is late."
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64)),
                ("due_at", models.DateTimeField()),
                (
                    "because",
                    models.CharField(
                        choices=[
                            ("asleep", "asleep"),
                            ("refused", "refused"),
                            ("off_ward", "off the ward"),
                            ("equipment", "equipment"),
                            ("clinician_request", "clinician's request"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="regimens.missedobservationreason",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_facts",
                        to="regimens.participant",
                    ),
                ),
                (
                    "observation_kind",
                    models.CharField(choices=[("vitals", "vital signs"), ("neuro", "neuro assessment")], max_length=6),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["participant", "observed_at"], name="regime_missedobse_course")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("root", models.F("id")), ("supersedes", None), ("withdrawn", False)),
                            models.Q(
                                ("supersedes__isnull", False),
                                models.Q(("root", models.F("id")), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="regimens_missedobservationreason_corrected_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("observation_kind__in", ["vitals", "neuro"])),
                        name="missed_observation_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("because__in", ["asleep", "refused", "off_ward", "equipment", "clinician_request"])
                        ),
                        name="missed_observation_because_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("because", "asleep"), ("observation_kind", "neuro"), _negated=True),
                        name="missed_observation_not_asleep_for_neuro",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Measurement",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("observed_at", models.DateTimeField(help_text="When it was so at the bedside.")),
                ("recorded_at", models.DateTimeField(help_text="When the server took it in.")),
                (
                    "source",
                    models.CharField(
                        choices=[("page", "Page"), ("api", "Api"), ("import", "Import"), ("simulation", "Simulation")],
                        max_length=10,
                    ),
                ),
                ("root", models.UUIDField(editable=False)),
                ("withdrawn", models.BooleanField(default=False, help_text="This version says: it never happened.")),
                (
                    "reason",
                    models.TextField(
                        blank=True, help_text="Why the earlier version is corrected, or the entry is late."
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("weight_kg", "weight, kg"),
                            ("baseline_sbp", "baseline systolic pressure, mmHg"),
                            ("baseline_spo2", "baseline oxygen saturation, %"),
                            ("baseline_oxygen", "baseline oxygen or CPAP use"),
                            ("baseline_vasopressors", "vasopressors before the first dose"),
                            ("baseline_dbp", "baseline diastolic pressure, mmHg"),
                            ("baseline_ice", "baseline ICE score"),
                            ("baseline_capd", "baseline CAPD score"),
                            ("sbp_prompt_below", "ask about hypotension below, mmHg"),
                            ("crp_mg_l", "CRP, mg/L"),
                            ("ferritin_ug_l", "ferritin, µg/L"),
                            ("fibrinogen_g_l", "fibrinogen, g/L"),
                            ("alt_u_l", "ALT, U/L"),
                            ("ast_u_l", "AST, U/L"),
                            ("il6_ng_l", "IL-6, ng/L"),
                            ("neutrophils_1e9_l", "neutrophils, 10⁹/L"),
                            ("glucose_mmol_l", "glucose, mmol/L"),
                            ("urine_ml_h", "urine output, mL/h"),
                            ("cultures_taken", "cultures taken"),
                            ("tocilizumab_on_site", "tocilizumab on site, doses"),
                            ("active_infection", "active infection: 1 yes, 0 no"),
                            ("care_ceiling", "resuscitation and ICU-ceiling status"),
                            ("language", "language in which the participant is asked"),
                        ],
                        max_length=24,
                    ),
                ),
                ("value", models.DecimalField(blank=True, decimal_places=3, max_digits=12, null=True)),
                ("text", models.CharField(blank=True, max_length=60)),
                (
                    "retyped",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), blank=True, default=list, size=None
                    ),
                ),
                ("because", models.CharField(blank=True, help_text="Why an unusual weight is right.", max_length=300)),
                (
                    "unusual",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        blank=True,
                        default=list,
                        help_text="What was unusual about it: written by the server.",
                        size=None,
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="regimens.measurement",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_facts",
                        to="regimens.participant",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["participant", "observed_at"], name="regime_measuremen_course")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("root", models.F("id")), ("supersedes", None), ("withdrawn", False)),
                            models.Q(
                                ("supersedes__isnull", False),
                                models.Q(("root", models.F("id")), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="regimens_measurement_corrected_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("value__isnull", False), models.Q(("text", ""), _negated=True), _connector="OR"
                        ),
                        name="measurement_says_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Disposition",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("observed_at", models.DateTimeField(help_text="When it was so at the bedside.")),
                ("recorded_at", models.DateTimeField(help_text="When the server took it in.")),
                (
                    "source",
                    models.CharField(
                        choices=[("page", "Page"), ("api", "Api"), ("import", "Import"), ("simulation", "Simulation")],
                        max_length=10,
                    ),
                ),
                ("root", models.UUIDField(editable=False)),
                ("withdrawn", models.BooleanField(default=False, help_text="This version says: it never happened.")),
                (
                    "reason",
                    models.TextField(
                        blank=True, help_text="Why the earlier version is corrected, or the entry is late."
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("death_crs", "death due to CRS"),
                            ("death_icans", "death due to ICANS"),
                            ("death_other", "death of another cause"),
                            ("completed", "end of observation"),
                            ("discontinued", "discontinued"),
                            ("lost", "lost to follow-up"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="regimens.disposition",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_facts",
                        to="regimens.participant",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["participant", "observed_at"], name="regime_dispositio_course")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("root", models.F("id")), ("supersedes", None), ("withdrawn", False)),
                            models.Q(
                                ("supersedes__isnull", False),
                                models.Q(("root", models.F("id")), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="regimens_disposition_corrected_with_reason",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CohortChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("was", models.CharField(blank=True, max_length=20)),
                ("becomes", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                ("because", models.TextField()),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cohort_changes",
                        to="regimens.participant",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("because", ""), _negated=True), name="cohort_change_says_why"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("was", models.F("becomes")), _negated=True),
                            models.Q(("becomes", ""), _negated=True),
                        ),
                        name="cohort_change_to_another",
                    ),
                    models.UniqueConstraint(fields=("participant", "at"), name="cohort_change_one_at_a_time"),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="StayEnd",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("observed_at", models.DateTimeField(help_text="When it was so at the bedside.")),
                ("recorded_at", models.DateTimeField(help_text="When the server took it in.")),
                (
                    "source",
                    models.CharField(
                        choices=[("page", "Page"), ("api", "Api"), ("import", "Import"), ("simulation", "Simulation")],
                        max_length=10,
                    ),
                ),
                ("root", models.UUIDField(editable=False)),
                ("withdrawn", models.BooleanField(default=False, help_text="This version says: it never happened.")),
                (
                    "reason",
                    models.TextField(
                        blank=True, help_text="Why the earlier version is corrected, or the entry is late."
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64)),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_facts",
                        to="regimens.participant",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "stay",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ends", to="regimens.stay"
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="regimens.stayend",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["participant", "observed_at"], name="regime_stayend_course")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("root", models.F("id")), ("supersedes", None), ("withdrawn", False)),
                            models.Q(
                                ("supersedes__isnull", False),
                                models.Q(("root", models.F("id")), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="regimens_stayend_corrected_with_reason",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WindowCompletion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("observed_at", models.DateTimeField(help_text="When it was so at the bedside.")),
                ("recorded_at", models.DateTimeField(help_text="When the server took it in.")),
                (
                    "source",
                    models.CharField(
                        choices=[("page", "Page"), ("api", "Api"), ("import", "Import"), ("simulation", "Simulation")],
                        max_length=10,
                    ),
                ),
                ("root", models.UUIDField(editable=False)),
                ("withdrawn", models.BooleanField(default=False, help_text="This version says: it never happened.")),
                (
                    "reason",
                    models.TextField(
                        blank=True, help_text="Why the earlier version is corrected, or the entry is late."
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64)),
                ("complete", models.BooleanField()),
                ("because", models.TextField(blank=True)),
                ("signed", models.BooleanField(default=False)),
                ("missed", models.PositiveSmallIntegerField(editable=False)),
                (
                    "dose",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="closings", to="regimens.dose"
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_facts",
                        to="regimens.participant",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="regimens.windowcompletion",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["participant", "observed_at"], name="regime_windowcomp_course")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("root", models.F("id")), ("supersedes", None), ("withdrawn", False)),
                            models.Q(
                                ("supersedes__isnull", False),
                                models.Q(("root", models.F("id")), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="regimens_windowcompletion_corrected_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("complete", True), ("missed", 0)),
                            models.Q(("complete", False), models.Q(("because", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="window_complete_or_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DoseEnd",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("observed_at", models.DateTimeField(help_text="When it was so at the bedside.")),
                ("recorded_at", models.DateTimeField(help_text="When the server took it in.")),
                (
                    "source",
                    models.CharField(
                        choices=[("page", "Page"), ("api", "Api"), ("import", "Import"), ("simulation", "Simulation")],
                        max_length=10,
                    ),
                ),
                ("root", models.UUIDField(editable=False)),
                ("withdrawn", models.BooleanField(default=False, help_text="This version says: it never happened.")),
                (
                    "reason",
                    models.TextField(
                        blank=True, help_text="Why the earlier version is corrected, or the entry is late."
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64)),
                (
                    "dose",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ends", to="regimens.dose"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="regimens.doseend",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_facts",
                        to="regimens.participant",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["participant", "observed_at"], name="regime_doseend_course")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("root", models.F("id")), ("supersedes", None), ("withdrawn", False)),
                            models.Q(
                                ("supersedes__isnull", False),
                                models.Q(("root", models.F("id")), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="regimens_doseend_corrected_with_reason",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DoseCheck",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("observed_at", models.DateTimeField(help_text="When it was so at the bedside.")),
                ("recorded_at", models.DateTimeField(help_text="When the server took it in.")),
                (
                    "source",
                    models.CharField(
                        choices=[("page", "Page"), ("api", "Api"), ("import", "Import"), ("simulation", "Simulation")],
                        max_length=10,
                    ),
                ),
                ("root", models.UUIDField(editable=False)),
                ("withdrawn", models.BooleanField(default=False, help_text="This version says: it never happened.")),
                (
                    "reason",
                    models.TextField(
                        blank=True, help_text="Why the earlier version is corrected, or the entry is late."
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64)),
                (
                    "dose",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="checks", to="regimens.dose"
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_facts",
                        to="regimens.participant",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="regimens.dosecheck",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["participant", "observed_at"], name="regime_dosecheck_course")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("root", models.F("id")), ("supersedes", None), ("withdrawn", False)),
                            models.Q(
                                ("supersedes__isnull", False),
                                models.Q(("root", models.F("id")), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="regimens_dosecheck_corrected_with_reason",
                    )
                ],
            },
        ),
        migrations.RunSQL(
            CLIENT_IDS + CHAINED + SEALED + FROZEN + FIXED_ONCE_RECORDED + CHECKED_BY_ANOTHER + COHORT,
            migrations.RunSQL.noop,
        ),
    ]
