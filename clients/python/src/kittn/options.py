"""The options of verify; whatever would quietly weaken the check is a ValueError."""

import base64
import binascii
import math
import time
from dataclasses import dataclass
from typing import Any, Callable, Optional, Union

from .absent import ABSENT, Absent
from .errors import WebhookVerificationError

#: Whether an event of this id was dealt with before.
Seen = Callable[[str], bool]

# What Standard Webhooks recommends: clocks differ by less, and a replay comes later.
DEFAULT_TOLERANCE_SECONDS = 300

# What Standard Webhooks allows: 192 to 512 bits.
KEY_BYTES_MIN, KEY_BYTES_MAX = 24, 64

# Eleven digits of seconds are the year 2286 and later; whoever hands them in has milliseconds.
NOW_LIMIT_SECONDS = 10_000_000_000


@dataclass(frozen=True)
class VerifyOptions:
    """The options of verify, checked and with their defaults."""

    secret: Optional[str]
    key: Optional[bytes]
    now: float
    tolerance: float
    seen: Optional[Seen]


def checked_options(
    *,
    secret: Union[str, Absent],
    whsec: Union[str, Absent],
    now: Optional[float],
    tolerance: float,
    seen: Optional[Seen],
) -> VerifyOptions:
    """Gives the options with their defaults, or says which one is a mistake."""
    # None is no way to leave a key out: a forgotten environment variable must not turn a check off.
    if secret is ABSENT and whsec is ABSENT:
        raise ValueError("verify needs a secret, a whsec key or both.")
    secret_text = None if secret is ABSENT else _not_blank("secret", secret)
    whsec_text = None if whsec is ABSENT else _not_blank("whsec", whsec)
    present = math.floor(time.time()) if now is None else now
    if not _is_number(present) or not 0 <= present < NOW_LIMIT_SECONDS:
        raise ValueError("now must be the present in Unix seconds, not in milliseconds.")
    if not _is_number(tolerance) or tolerance < 0:
        raise ValueError("tolerance must be a number of seconds.")
    if seen is not None and not callable(seen):
        raise ValueError("seen must be a function of an event's id.")
    if seen is not None and whsec_text is None:
        raise ValueError("seen needs a whsec key: Patreon's signature does not cover the event's id.")
    key = None if whsec_text is None else _decoded_key(whsec_text)
    return VerifyOptions(secret_text, key, present, tolerance, seen)


def _not_blank(name: str, value: Any) -> str:
    if isinstance(value, str) and value.strip() != "":
        return value
    raise ValueError(f"{name} is missing or blank. Leave the argument out if this webhook has no such key.")


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and math.isfinite(value)


def _decoded_key(whsec: str) -> bytes:
    text = whsec[len("whsec_") :] if whsec.startswith("whsec_") else ""
    try:
        key = base64.b64decode(text.encode(), validate=True)
    except binascii.Error:
        key = b""
    # Decoding forgives bits that are left over; only what would be printed again is base64.
    if base64.b64encode(key).decode() != text or not KEY_BYTES_MIN <= len(key) <= KEY_BYTES_MAX:
        raise WebhookVerificationError(
            "key_malformed",
            f"The whsec key must be whsec_ and then {KEY_BYTES_MIN} to {KEY_BYTES_MAX} bytes in base64; copy it whole "
            "from the webhook's page.",
        )
    return key
