"""That a message has not left."""

TIMEOUT_SECONDS = 5  # of a whole call of a webhook or a gateway; settings.EMAIL_TIMEOUT is the mail server's


class ChannelFailed(Exception):
    """The message has not left, as far as we know. `code` says why, without addresses or bodies."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class ReceiverGone(ChannelFailed):
    """It takes no message any more, and says so: another try is in vain."""
