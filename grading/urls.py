"""The pages of grading."""

from grading.alerting.views import (
    alarms,
    alerts,
    browsers,
    burden,
    calendars,
    contacts,
    drills,
    lock,
    reaching,
    rota,
    rota_plans,
    running,
)
from grading.alerting.views import watchdog as watch
from grading.bedside.views import baseline, board, confirm, entry, handover, head, second, transfer, ward
from grading.copies import views as copies
from grading.dosing.views import cohort, gate, protocol, window
from grading.downtime.views import back_entry
from grading.downtime.views import sheets as downtime
from grading.effort import views as effort
from grading.evidence import decide_views
from grading.evidence import views as evidence
from grading.exports import views as exports
from grading.exports.blinding import views as export_blinding
from grading.exports.cuts import views as export_cuts
from grading.exports.keys import views as export_keys
from grading.exports.preview import views as export_preview
from grading.intake.files import views as intake_files
from grading.intake.streams import views as streams
from grading.intake.views import automatic, queue, unplaced
from grading.policies import views as policies
from grading.policies.silent import views as silent_runs
from grading.queries import source_views
from grading.queries import views as queries
from grading.review.signatures import views as signatures
from grading.review.trail.views import history, trail
from grading.review.views import assessment as judge
from grading.review.views import episode, inbox, sample
from grading.safety import views as safety
from grading.serious import views as serious
from grading.setup import enrol_views as enrolment
from grading.setup import people_views as people
from grading.setup import views as setup
from grading.tablet import views as tablet
from grading.treatment.views import drugs

urlpatterns = [
    *board.urlpatterns,
    *ward.urlpatterns,
    *head.urlpatterns,
    *handover.urlpatterns,
    *entry.urlpatterns,
    *confirm.urlpatterns,
    *baseline.urlpatterns,
    *window.urlpatterns,
    *transfer.urlpatterns,
    *back_entry.urlpatterns,
    *downtime.urlpatterns,
    *intake_files.urlpatterns,
    *streams.urlpatterns,
    *effort.urlpatterns,
    *decide_views.urlpatterns,
    *second.urlpatterns,
    *gate.urlpatterns,
    *cohort.urlpatterns,
    *drugs.urlpatterns,
    *tablet.urlpatterns,
    *alerts.urlpatterns,
    *alarms.urlpatterns,
    *burden.urlpatterns,
    *policies.urlpatterns,
    *silent_runs.urlpatterns,
    *protocol.urlpatterns,
    *drills.urlpatterns,
    *lock.urlpatterns,
    *browsers.urlpatterns,
    *contacts.urlpatterns,
    *rota.urlpatterns,
    *reaching.urlpatterns,
    *rota_plans.urlpatterns,
    *calendars.urlpatterns,
    *watch.urlpatterns,
    *running.urlpatterns,
    *exports.urlpatterns,
    *export_cuts.urlpatterns,
    *export_blinding.urlpatterns,
    *export_keys.urlpatterns,
    *export_preview.urlpatterns,
    *judge.urlpatterns,
    *sample.urlpatterns,
    *signatures.urlpatterns,
    *trail.urlpatterns,
    *history.urlpatterns,
    *queries.urlpatterns,
    *source_views.urlpatterns,
    *queue.urlpatterns,
    *automatic.urlpatterns,
    *unplaced.urlpatterns,
    *inbox.urlpatterns,
    *episode.urlpatterns,
    *serious.urlpatterns,
    *copies.urlpatterns,
    *safety.urlpatterns,
    *evidence.urlpatterns,
    *setup.urlpatterns,
    *people.urlpatterns,
    *enrolment.urlpatterns,
]
