"""The two verifiers of docs/webhooks.md, as they stand there, on a call that was really made."""

import os
import re
import subprocess
from datetime import timedelta

import pytest
from django.utils import timezone

from crsmonitor.audit.acting import acting
from grading.alerting.delivery import channels
from grading.models import Channel, Delivery, Endpoint
from tests.builders import dose, kept, stay, vitals
from tests.project.shape.sources import ROOT
from tests.sinks import Hook, serving

SECRET = "3f9c'$x \"7b0e4d2a81"  # what a shell might stumble over
DOCUMENT = (ROOT / "docs/webhooks.md").read_text()


def block(language: str) -> str:
    return re.search(rf"^```{language}\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)[1]


def by_python(body: bytes, headers: dict[str, str], secret: str) -> bool:
    names: dict = {}
    exec(block("python"), names)
    return names["is_genuine"](body, headers, secret)


def by_shell(body: bytes, headers: dict[str, str], secret: str) -> bool:
    env = {"TIMESTAMP": headers["X-Crsmonitor-Timestamp"], "SIGNATURE": headers["X-Crsmonitor-Signature"]}
    environment = {"PATH": os.environ["PATH"], "SECRET": secret} | env
    return subprocess.run(["sh", "-c", block("sh")], input=body, env=environment).returncode == 0


@pytest.fixture
def call(world):
    """Headers and body of a page, as a receiver got them just now."""
    with serving(Hook()) as hook:
        with acting(by="test", reason="an endpoint"):
            Endpoint.objects.create(study=world.study, url=hook.url, secret=SECRET)
        kept(stay(world), world)
        kept(dose(world), world)
        kept(vitals(world, 4, temperature_c=38.6, sbp=85, hypotension=True), world)
        channels.send(Delivery.objects.get(channel=Channel.WEBHOOK), at=timezone.now())
    [(headers, body)] = hook.calls
    return dict(headers), body


@pytest.mark.parametrize("is_genuine", [by_python, by_shell])
def test_the_documented_verifier_takes_our_call_and_no_other(call, is_genuine):
    headers, body = call
    other = {"X-Crsmonitor-Signature": "v1=" + "0" * 64}
    late = {"X-Crsmonitor-Timestamp": str(int(headers["X-Crsmonitor-Timestamp"]) - 301)}

    assert is_genuine(body, headers, SECRET)
    assert not is_genuine(body + b" ", headers, SECRET)
    assert not is_genuine(body, headers, SECRET + "x")
    assert not is_genuine(body, headers | other, SECRET)
    assert not is_genuine(body, headers | late, SECRET)


@pytest.mark.parametrize("is_genuine", [by_python, by_shell])
def test_an_old_call_is_refused_though_its_signature_is_right(call, is_genuine, world):
    delivery = Delivery.objects.get(channel=Channel.WEBHOOK)
    with serving(Hook()) as hook:
        with acting(by="test", reason="moved"):
            Endpoint.objects.filter(pk=delivery.endpoint_id).update(url=hook.url)
        channels.send(Delivery.objects.get(pk=delivery.pk), at=timezone.now() - timedelta(seconds=310))
    [(headers, body)] = hook.calls

    assert not is_genuine(body, dict(headers), SECRET)
