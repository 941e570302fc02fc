"""What a frozen band says of the doses really given: computed by the clock, and made again from facts and band."""

from django.db import models

from grading.models.projection_fields import PROJECTION
from regimens.models import Participant, PredictedBand


class PredictedCourse(models.Model):
    """The doses of one participant under one band. `basis`: hash of all that it depends on; another: computed anew.

    `logs`: of the hazard at SMAX 1, periods x nodes; `prior`, `posterior`: probabilities, periods x draws; each as
    little-endian doubles, a row for every dose that opened a period. Empty: none, and `problem` says why.
    """

    app_may = PROJECTION

    band = models.ForeignKey(PredictedBand, on_delete=models.PROTECT, related_name="courses")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="predicted", db_index=False)
    basis = models.CharField(max_length=64)
    periods = models.PositiveSmallIntegerField()
    logs = models.BinaryField(default=bytes)
    prior = models.BinaryField(default=bytes)
    posterior = models.BinaryField(default=bytes)
    problem = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["band", "participant"], name="predicted_course_once")]

    def __str__(self) -> str:
        return f"course of {self.participant_id} under band {self.band_id}"


class EvidenceFit(models.Model):
    """What the outcomes of the whole study leave of a band, when it was computed last.

    `basis`: of which outcomes. `parameters`: means and standard deviations of the logarithms, before and after; empty:
    `problem` says why there are none. `rows`: the study whole, as the page has it.
    """

    app_may = PROJECTION

    band = models.OneToOneField(PredictedBand, on_delete=models.PROTECT, primary_key=True, related_name="fit")
    basis = models.CharField(max_length=64)
    engine = models.CharField(max_length=120)
    parameters = models.JSONField(default=dict)
    rows = models.JSONField(default=list)
    problem = models.CharField(max_length=20, blank=True)
    computed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"fit of band {self.band_id}"
