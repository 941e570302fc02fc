"""Of every table that hangs on a participant or a study it is said how it was at an instant."""

import re

from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from grading.exports.datasets import ALL
from grading.exports.packet.tables import CHANGED, DERIVED, LOGS, facts, unplaced
from regimens.models import Participant


def test_every_table_of_a_participant_or_a_study_is_placed():
    assert list(unplaced(apps.get_models())) == []


@isolate_apps("grading")
def test_a_table_that_nobody_placed_is_found_also_behind_another():
    class Swab(models.Model):  # noqa: DJ008  # kept nowhere
        participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="+")

        class Meta:
            app_label = "grading"

    class Culture(models.Model):  # noqa: DJ008
        swab = models.ForeignKey(Swab, on_delete=models.PROTECT, related_name="+")

        class Meta:
            app_label = "grading"

    class Weather(models.Model):  # noqa: DJ008
        class Meta:
            app_label = "grading"

    assert list(unplaced([Swab, Culture, Weather])) == ["grading.Swab", "grading.Culture"]


def test_no_data_set_reads_a_table_of_which_nobody_can_say_how_it_was():
    known = {model._meta.db_table for model in (*facts(), *LOGS, *CHANGED, *DERIVED)}
    texts = [text for one in ALL for text in (one.source, *(column.sql for column in one.columns))]
    read = {name for text in texts for name in re.findall(r"\b(?:FROM|JOIN) ([a-z]+_[a-z_]+)", text)}
    tables = {name for name in read if name in {model._meta.db_table for model in apps.get_models()}}
    assert len(tables) > 10
    assert tables - known == set()
