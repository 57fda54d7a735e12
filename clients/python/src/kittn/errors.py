"""What can go wrong, each with a code that a program can compare."""

from typing import Optional

#: The codes that the client itself gives a KittnError; the server's own codes come beside them.
KITTN_CODES = (
    "id_malformed",
    "connection_failed",
    "timed_out",
    "redirect_refused",
    "answer_too_large",
    "answer_not_understood",
)

#: Every code that a WebhookVerificationError can carry; the same list in every language.
VERIFICATION_CODES = (
    "key_malformed",
    "body_not_bytes",
    "signature_missing",
    "signature_malformed",
    "signature_wrong",
    "id_missing",
    "id_malformed",
    "timestamp_missing",
    "timestamp_malformed",
    "timestamp_outside_tolerance",
    "trigger_missing",
    "trigger_malformed",
    "trigger_mismatch",
    "already_seen",
    "body_not_json",
)


class KittnError(Exception):
    """A request that the server refused, or that never got an answer worth the name."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        status: Optional[int] = None,
        field: Optional[str] = None,
        expected: Optional[str] = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.field = field
        self.expected = expected


class WebhookVerificationError(Exception):
    """A received request that is not to be believed; answer it with 401 and do nothing else."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
