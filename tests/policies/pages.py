"""What is typed on the pages of threshold policies, and how their answers are read."""

import re
from html import unescape

from django.urls import reverse

from grading.models import AlertPolicy

TEXT = """\
# our protocol
title: Protocol 7, table 4
thresholds:
  - {code: new_grade, kind: crs, from_grade: 2, source: protocol 7.4}
  - {code: new_grade, kind: icans, from_grade: 1, source: protocol 7.5}
"""


def page_text(answer) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def new_page(world) -> str:
    return reverse("policy-new", args=[world.study.code])


def send(client, world, text=TEXT, reason="amendment 2", **more):
    return client.post(new_page(world), {"text": text, "reason": reason, **more})


def newest() -> AlertPolicy:
    return AlertPolicy.objects.latest("version")
