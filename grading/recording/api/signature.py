"""The signature in the body of what is signed: looked at, and kept nowhere."""

from django.http import HttpRequest
from rest_framework import serializers

from crsmonitor.accounts.proof import Proof
from crsmonitor.accounts.signing import prove
from crsmonitor.errors import InvalidInput


class SignatureSerializer(serializers.Serializer):
    """Who signs proves again who they are: by a session only, never by a key for machines."""

    name = serializers.CharField(max_length=150, help_text="One's own name to sign in.")
    password = serializers.CharField(
        max_length=4096,
        trim_whitespace=False,
        allow_blank=True,
        help_text="Or, as JSON text, what the browser says of a passkey, for the challenge of /accounts/signing/. "
        "Empty: the provider of the single sign-on asked again (/accounts/prove/).",
    )


def proof_in(request: HttpRequest, signature: dict[str, str] | None) -> Proof | None:
    """By what whoever is signed in proved who they are. None: there is no signature.

    Raises InvalidInput at `signature` for a wrong one, Forbidden for a password that somebody else set.
    """
    if signature is None:
        return None
    try:
        return prove(request, **signature)
    except InvalidInput as error:
        raise InvalidInput.at("signature", error.message.code) from None
