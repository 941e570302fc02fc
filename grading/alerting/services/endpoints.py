"""What is sealed of the ways by which alerts leave: secrets of a study's endpoints, subscriptions of browsers."""

from crsmonitor.audit.acting import acting
from crsmonitor.security import sealing
from grading.models import Endpoint, PushSubscription


def reseal(*, by: str, reason: str) -> int:
    """All under the first key; all or none. Returns how many. Raises CannotOpen."""
    with acting(by=by, reason=reason):
        rows = list(Endpoint.objects.exclude(sealed_secret="").select_for_update())
        for endpoint in rows:
            endpoint.sealed_secret = sealing.reseal(endpoint.sealed_secret)
        Endpoint.objects.bulk_update(rows, ["sealed_secret"])
        browsers = list(PushSubscription.objects.select_for_update())
        for browser in browsers:
            browser.sealed = sealing.reseal(browser.sealed)
        PushSubscription.objects.bulk_update(browsers, ["sealed"])
    return len(rows) + len(browsers)
