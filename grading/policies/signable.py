"""What is signed of a threshold policy: a version as it came into force."""

from crsmonitor.accounts.roles import Act
from grading.models import AlertPolicy
from regimens.services.signing import Signable, columns_of

POLICY = Signable(
    kind="policy", model=AlertPolicy, act=Act.APPROVE, meaning=lambda record: "approved", own=columns_of,
)  # fmt: skip
