"""The pages of regimens."""

from regimens.views import access, design, drafting, versions

urlpatterns = [*versions.urlpatterns, *drafting.urlpatterns, *access.urlpatterns, *design.urlpatterns]
