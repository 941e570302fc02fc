"""The pages of grading."""

from grading.views import (
    alerts,
    burden,
    confirm,
    contacts,
    drills,
    drugs,
    entry,
    exports,
    gate,
    judge,
    packs,
    protocol,
    rota,
    ward,
    watch,
    window,
)

urlpatterns = [
    *ward.urlpatterns,
    *entry.urlpatterns,
    *confirm.urlpatterns,
    *window.urlpatterns,
    *gate.urlpatterns,
    *drugs.urlpatterns,
    *alerts.urlpatterns,
    *burden.urlpatterns,
    *packs.urlpatterns,
    *protocol.urlpatterns,
    *drills.urlpatterns,
    *contacts.urlpatterns,
    *rota.urlpatterns,
    *watch.urlpatterns,
    *exports.urlpatterns,
    *judge.urlpatterns,
]
