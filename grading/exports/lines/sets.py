"""Which lines are of use: those of this version of the program, of this database, for who is told the same."""

import hashlib
import json
from datetime import UTC, datetime

from django.db import connection

from crsmonitor import __version__
from crsmonitor.accounts.models import ApiToken
from grading.exports.datasets.adcrsp.columns import DATASET_VERSION
from grading.exports.datasets.adcrsp.query import ADCRSP
from grading.exports.lines.texts import line_texts
from grading.exports.rows import scope_of_key
from grading.exports.transactions import place
from grading.models import LineSet
from regimens.blinding import Profile, of_exports
from regimens.models import Study

_SOME_TIME = datetime(2000, 1, 1, tzinfo=UTC)


def version_of(study: Study, profile: Profile) -> str:
    """Hash of what bears on every line: the statement with all its columns, the study's own values, the database."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")  # of how values are written, and of the clocks of sites
        [server] = cursor.fetchone()
        made_by = line_texts(study, cut=_SOME_TIME, profile=profile).as_string(cursor.cursor)
    bears_on_all = [place(), server, __version__, DATASET_VERSION, profile.value, made_by]
    return hashlib.sha256(json.dumps(bears_on_all).encode()).hexdigest()


def profiles_told(study: Study, *, at: datetime) -> list[Profile]:
    """What exports of its rows as they are now hold: the study's own profile first, then what its keys are bound to."""
    keys = ApiToken.objects.filter(
        study=study, datasets__contains=[ADCRSP.name], revoked_at=None, expires_at__gt=at, sealed_shift=""
    )
    return list(dict.fromkeys([of_exports(study), *(scope_of_key(key).profile for key in keys.order_by("pk"))]))


def usable_set(study: Study, profile: Profile) -> LineSet | None:
    """None: nobody has made one."""
    version = version_of(study, profile)
    return LineSet.objects.filter(study=study, profile=profile, version=version, xact__isnull=False).first()
