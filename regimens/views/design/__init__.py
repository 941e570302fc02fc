"""The pages of the workbench: `/design/`."""

from django.urls import URLPattern

from regimens.views.design import (
    bedside,
    comparing,
    deciding,
    exposure,
    listing,
    operating,
    pathways,
    runs,
    starting_dose,
)

urlpatterns: list[URLPattern] = [
    *listing.urlpatterns,
    *starting_dose.urlpatterns,
    *exposure.urlpatterns,
    *comparing.urlpatterns,
    *deciding.urlpatterns,
    *pathways.urlpatterns,
    *operating.urlpatterns,
    *bedside.urlpatterns,
    *runs.urlpatterns,
]
