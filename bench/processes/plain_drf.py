"""What is usual, to compare with: Django REST framework as its tutorial writes it, at an application of its own.

`python -m bench.processes.plain_drf PORT`, with DATABASE_URL of a role that may make tables. `POST /one/` keeps a set
in one row; `/five/` a set and four rows that follow of it in a transaction. Nobody signs in, nothing is permitted,
graded, derived or told; the middleware is that of `startproject`, the connection is kept.
"""

import os
import sys
import uuid
from urllib.parse import urlsplit

import django
import uvicorn
from a2wsgi import WSGIMiddleware
from django.conf import settings

THREADS = 4


def configure() -> None:
    url = urlsplit(os.environ["DATABASE_URL"])
    settings.configure(
        ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, SECRET_KEY="bench", USE_TZ=True,
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "rest_framework"],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        DATABASES={"default": {
            "ENGINE": "django.db.backends.postgresql", "HOST": url.hostname, "PORT": url.port, "NAME": url.path[1:],
            "USER": url.username, "PASSWORD": url.password, "CONN_MAX_AGE": None,
        }},
        REST_FRAMEWORK={"DEFAULT_AUTHENTICATION_CLASSES": [], "DEFAULT_PERMISSION_CLASSES": []},
    )  # fmt: skip
    django.setup()


if __name__ == "__main__":
    configure()

from django.db import connection, models, transaction  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework import generics, serializers  # noqa: E402


class Look(models.Model):
    """A set, its columns as they are sent."""

    id = models.UUIDField(primary_key=True)
    observed_at = models.DateTimeField()
    temperature_c = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    sbp = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    dbp = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    spo2 = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    heart_rate = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    respiratory_rate = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    oxygen_device = models.CharField(max_length=30, blank=True)
    hypotension = models.BooleanField(null=True)
    fluid_bolus = models.BooleanField(null=True)
    vasopressors = models.JSONField(default=list)

    class Meta:
        app_label = "bench"
        db_table = "bench_look"

    def __str__(self) -> str:
        return f"{self.observed_at}"


class Row(models.Model):
    """One that follows of a set: a grade, the current state, what is to be sent, what the trail says."""

    look = models.ForeignKey(Look, on_delete=models.PROTECT, related_name="rows")
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    what = models.JSONField()

    class Meta:
        app_label = "bench"
        db_table = "bench_row"

    def __str__(self) -> str:
        return self.kind


class LookSerializer(serializers.ModelSerializer):
    class Meta:
        model = Look
        fields = "__all__"


class One(generics.CreateAPIView):
    queryset = Look.objects.all()
    serializer_class = LookSerializer


class Five(One):
    def perform_create(self, serializer: serializers.BaseSerializer) -> None:  # type: ignore[type-arg]
        with transaction.atomic():
            look = serializer.save()
            for kind in ("grade", "state", "outbox", "audit"):
                Row.objects.create(look=look, kind=kind, at=look.observed_at, what={"id": str(uuid.uuid4())})


urlpatterns = [path("one/", One.as_view()), path("five/", Five.as_view())]


def main() -> None:
    from django.core.wsgi import get_wsgi_application

    with connection.schema_editor() as editor:
        for model in (Look, Row):
            editor.create_model(model)
    uvicorn.run(
        WSGIMiddleware(get_wsgi_application(), workers=THREADS),  # type: ignore[arg-type]
        port=int(sys.argv[1]), log_level="warning", access_log=False,
    )  # fmt: skip


if __name__ == "__main__":
    main()
