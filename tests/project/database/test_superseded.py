"""A database of before 0.2 is named before anything is migrated, with what to do."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def test_a_database_of_before_is_named_with_what_to_do():
    MigrationRecorder(connections["owner"]).record_applied("regimens", "0002_sealed_and_audited")

    with pytest.raises(CommandError, match=r"before 0\.2.*rename the folder var/"):
        call_command("migrate", database="owner", verbosity=0)


def test_one_of_now_is_migrated_again_in_silence():
    call_command("migrate", database="owner", verbosity=0)
