"""Web push: subscriptions of browsers as contacts of people."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grading", "0013_tablet_entries"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ContactNote",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=200, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "waiting"),
                            ("sending", "being sent"),
                            ("sent", "sent"),
                            ("delivered", "delivered"),
                            ("failed", "failed, will be tried again"),
                            ("dead", "given up: an operator must look"),
                            ("dropped", "not needed any more"),
                        ],
                        default="queued",
                        max_length=9,
                    ),
                ),
                ("queued_at", models.DateTimeField()),
                ("next_try_at", models.DateTimeField()),
                ("claimed_at", models.DateTimeField(blank=True, help_text="When a worker last took it.", null=True)),
                ("claimed_until", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "delivered_at",
                    models.DateTimeField(blank=True, help_text="When the receiver was proven to have it.", null=True),
                ),
                ("failure", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PushSubscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sealed", models.TextField(editable=False)),
                ("browser", models.CharField(editable=False, max_length=64)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="contact",
            name="contact_channel_known",
        ),
        migrations.RemoveConstraint(
            model_name="delivery",
            name="delivery_to_somebody",
        ),
        migrations.RemoveConstraint(
            model_name="drillmessage",
            name="drill_message_to_somebody",
        ),
        migrations.AlterField(
            model_name="channeloutage",
            name="channel",
            field=models.CharField(
                choices=[
                    ("email", "e-mail"),
                    ("webhook", "webhook"),
                    ("gateway", "gateway"),
                    ("push", "push to a browser"),
                ],
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="contact",
            name="channel",
            field=models.CharField(
                choices=[("email", "e-mail"), ("gateway", "gateway"), ("push", "push to a browser")], max_length=8
            ),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="channel",
            field=models.CharField(
                choices=[
                    ("email", "e-mail"),
                    ("webhook", "webhook"),
                    ("gateway", "gateway"),
                    ("push", "push to a browser"),
                ],
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="drillmessage",
            name="channel",
            field=models.CharField(
                choices=[
                    ("email", "e-mail"),
                    ("webhook", "webhook"),
                    ("gateway", "gateway"),
                    ("push", "push to a browser"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel__in", ["email", "gateway", "push"])), name="contact_channel_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("channel", "email"), ("endpoint", None), ("recipient__isnull", False)),
                    models.Q(
                        ("channel", "webhook"), ("contact", None), ("endpoint__isnull", False), ("recipient", None)
                    ),
                    models.Q(
                        ("channel__in", ["gateway", "push"]),
                        ("contact__isnull", False),
                        ("endpoint", None),
                        ("recipient__isnull", False),
                    ),
                    models.Q(
                        ("channel", "gateway"), ("contact", None), ("endpoint__isnull", False), ("recipient", None)
                    ),
                    _connector="OR",
                ),
                name="delivery_to_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="drillmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("channel", "email"),
                    models.Q(("channel__in", ["gateway", "push"]), ("contact__isnull", False)),
                    _connector="OR",
                ),
                name="drill_message_to_somebody",
            ),
        ),
        migrations.AddField(
            model_name="contactnote",
            name="contact",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="notes", to="grading.contact"
            ),
        ),
        migrations.AddField(
            model_name="pushsubscription",
            name="contact",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="push", to="grading.contact"
            ),
        ),
        migrations.AddIndex(
            model_name="contactnote",
            index=models.Index(
                condition=models.Q(("state__in", ("queued", "sending", "failed"))),
                fields=["next_try_at"],
                name="contactnote_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="contactnote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["queued", "sending", "sent", "delivered", "failed", "dead", "dropped"])
                ),
                name="contactnote_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="contactnote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sent_at__isnull", False), ("state__in", ("sent", "delivered"))),
                    models.Q(models.Q(("state__in", ("sent", "delivered")), _negated=True), ("sent_at", None)),
                    _connector="OR",
                ),
                name="contactnote_sent_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="contactnote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("delivered_at__isnull", False), ("state", "delivered")),
                    models.Q(models.Q(("state", "delivered"), _negated=True), ("delivered_at", None)),
                    _connector="OR",
                ),
                name="contactnote_delivered_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="contactnote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "sending"), _negated=True), ("claimed_until__isnull", False), _connector="OR"
                ),
                name="contactnote_sending_has_lease",
            ),
        ),
        migrations.AddIndex(
            model_name="pushsubscription",
            index=models.Index(fields=["browser"], name="push_browser"),
        ),
    ]
