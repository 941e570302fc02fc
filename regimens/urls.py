"""The pages of regimens."""

from regimens.views import access, drafting, versions

urlpatterns = [*versions.urlpatterns, *drafting.urlpatterns, *access.urlpatterns]
