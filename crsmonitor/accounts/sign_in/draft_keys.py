"""The key under which a browser keeps what its owner typed and did not save (static/bedside/draft_store.js)."""

import base64

from django.utils.crypto import salted_hmac

from crsmonitor.accounts.models import User


def draft_key(user: User) -> str:
    """256 bits in base64. The same at her next sign-in, so that a lost session loses no set; another for everybody
    else, and after her password or the server's key changed.
    """
    words = f"{user.pk}|{user.session_epoch}"
    return base64.b64encode(salted_hmac("crsmonitor.drafts", words, algorithm="sha256").digest()).decode()
