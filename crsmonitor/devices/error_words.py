"""What the errors of tablets say; `apps.py` adds this table to the project's."""

from typing import Any

from django.utils.translation import gettext_lazy as _l

WORDS: dict[str, Any] = {
    "tablet_name_taken": _l("%(site)s has a tablet of this name already."),
    "say_why_revoked": _l("Say why it is revoked."),
    "tablet_revoked": _l("This tablet is no longer enrolled."),
    "tablet_locked": _l("This tablet is locked."),
    "choose_name_first": _l("Choose your name first."),
    "no_tablet": _l("Only on an enrolled tablet: sign in with name and password."),
    "sign_in_fully": _l("Not signed in on this tablet in this shift: sign in with name and password first."),
    "too_many_on_tablet": _l("Too many wrong tries. Sign in with name and password."),
    "pin_wrong": _l("This PIN is wrong."),
    "pin_six_digits": _l("A PIN has six digits."),
    "pin_trivial": _l("This PIN is guessed first: choose another."),
    "pin_is_date": _l("This PIN can be read as a date, and dates are guessed first: choose another."),
    "pin_differs": _l("The two are not the same."),
    "badge_unknown": _l("This badge is not known here."),
    "badge_length": _l("A badge has %(shortest)s to %(longest)s characters: hold it to the reader."),
    "badge_of_another": _l("This badge is somebody else's."),
    "second_is_another": _l("The second person is somebody else."),
}
