"""The check of received webhooks.

Two signatures may stand on a request. Patreon's covers the body alone, with MD5; the one of Standard Webhooks covers
the id (which ends in the trigger), the time and the body, with SHA-256. Whoever has the `whsec_` key is never content
with the weaker one: otherwise a forger would just leave the stronger one out.
"""

import base64
import hashlib
import hmac
import json
import re
from dataclasses import dataclass, field
from typing import Any, Callable, Optional, Union

from .absent import ABSENT, Absent
from .errors import WebhookVerificationError
from .headers import ReceivedHeaders, read_header
from .options import DEFAULT_TOLERANCE_SECONDS, Seen, VerifyOptions, checked_options

_TRIGGER = r"[a-z0-9_]+(?:[:.][a-z0-9_]+)*"
_TRIGGER_LIMIT = 128
_TRIGGER_FORM = re.compile(_TRIGGER)
_ID_FORM = re.compile(rf"([A-Za-z0-9_-]{{1,64}})~({_TRIGGER})")
_PATREON_FORM = re.compile(r"[0-9a-f]{32}")
_TIMESTAMP_FORM = re.compile(r"0|[1-9][0-9]{0,9}")
_SIGNATURE_FORM = re.compile(r"v1,[A-Za-z0-9+/]{43}=")
_ANY_SIGNATURE_FORM = re.compile(r"[A-Za-z0-9]+,[\x21-\x7e]+")

# More signatures than any rotation needs, and little enough to read for nothing.
_SIGNATURES_LIMIT_CHARACTERS = 4096


@dataclass(frozen=True)
class VerifiedDelivery:
    """A delivery that was signed with your key; id and timestamp are None without a whsec, as nobody signed them."""

    id: Optional[str]
    trigger: str
    timestamp: Optional[int]
    _body: bytes = field(repr=False)

    @property
    def data(self) -> Any:
        """The body, parsed; raises `body_not_json` when it is not JSON."""
        try:
            return json.loads(self._body.decode("utf-8"), parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            message = "The body is signed, but it is not JSON in UTF-8."
            raise WebhookVerificationError("body_not_json", message) from error


@dataclass(frozen=True)
class _Signed:
    id: str
    trigger: str
    timestamp: int


def verify(
    body: Union[bytes, bytearray, memoryview],
    headers: ReceivedHeaders,
    *,
    secret: Union[str, Absent] = ABSENT,
    whsec: Union[str, Absent] = ABSENT,
    now: Optional[float] = None,
    tolerance: float = DEFAULT_TOLERANCE_SECONDS,
    seen: Optional[Seen] = None,
) -> VerifiedDelivery:
    """Checks that a received request was signed with your key, and gives what it says."""
    options = checked_options(secret=secret, whsec=whsec, now=now, tolerance=tolerance, seen=seen)
    content = _bytes_of(body)

    signed = None if options.key is None else _check_standard(content, headers, options, options.key)
    if options.secret is not None:
        _check_patreon(content, headers, options.secret)
    trigger = _named_trigger(headers, signed)

    if signed is None:
        return VerifiedDelivery(None, trigger, None, content)
    if options.seen is not None:
        _refuse_seen(options.seen, signed.id)
    return VerifiedDelivery(signed.id, trigger, signed.timestamp, content)


def _bytes_of(body: Any) -> bytes:
    if isinstance(body, (bytes, bytearray, memoryview)):
        return bytes(body)
    raise WebhookVerificationError(
        "body_not_bytes",
        "The body must be the bytes as they arrived. A parsed object will not do: printing it as JSON again gives "
        "other bytes (spaces, escapes, the order of keys), and the signature is over the first ones. Read the raw "
        "body, with request.body or request.get_data() for one.",
    )


def _check_standard(body: bytes, headers: ReceivedHeaders, options: VerifyOptions, key: bytes) -> _Signed:
    signatures = read_header(headers, "webhook-signature", "signature")
    if signatures is None:
        raise WebhookVerificationError(
            "signature_missing",
            "There is no webhook-signature header. With a whsec key X-Patreon-Signature alone is not enough.",
        )
    id, trigger = _signed_id(headers)
    timestamp = _signed_timestamp(headers)
    candidates = _candidates_in(signatures)

    content = f"{id}~{trigger}.{timestamp}.".encode() + body
    expected = b"v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest())
    if True not in [hmac.compare_digest(candidate.encode(), expected) for candidate in candidates]:
        raise WebhookVerificationError(
            "signature_wrong",
            "No v1 signature in webhook-signature fits. Check that the whsec key is this webhook's, and that the body "
            "is what arrived, byte for byte.",
        )
    # Looked at last, because the time on a forged request says nothing.
    distance = abs(options.now - timestamp)
    if not distance <= options.tolerance:
        raise WebhookVerificationError(
            "timestamp_outside_tolerance",
            f"It was signed {distance:.0f} s away from the present, and {options.tolerance:g} s are tolerated. It is "
            "a replay, or a clock is wrong.",
        )
    return _Signed(id, trigger, timestamp)


def _signed_id(headers: ReceivedHeaders) -> "tuple[str, str]":
    text = read_header(headers, "webhook-id", "id")
    if text is None:
        raise WebhookVerificationError("id_missing", "There is no webhook-id header.")
    match = _ID_FORM.fullmatch(text)
    if match is None or len(match[2]) > _TRIGGER_LIMIT:
        raise WebhookVerificationError(
            "id_malformed",
            "webhook-id must be the event's id, a tilde and the trigger, such as evt_1~pledges:create.",
        )
    return match[1], match[2]


def _signed_timestamp(headers: ReceivedHeaders) -> int:
    text = read_header(headers, "webhook-timestamp", "timestamp")
    if text is None:
        raise WebhookVerificationError("timestamp_missing", "There is no webhook-timestamp header.")
    if _TIMESTAMP_FORM.fullmatch(text) is None:
        raise WebhookVerificationError(
            "timestamp_malformed",
            "webhook-timestamp must be whole Unix seconds, such as 1700000000, not milliseconds.",
        )
    return int(text)


def _candidates_in(signatures: str) -> "list[str]":
    parts = signatures.split(" ")
    candidates = [part for part in parts if part.startswith("v1,")]
    is_readable = (
        len(signatures) <= _SIGNATURES_LIMIT_CHARACTERS
        and all(_ANY_SIGNATURE_FORM.fullmatch(part) for part in parts)
        and all(_SIGNATURE_FORM.fullmatch(candidate) for candidate in candidates)
    )
    if not is_readable:
        raise WebhookVerificationError(
            "signature_malformed",
            "webhook-signature must be a list of signatures with one space between them, each v1, a comma and 44 "
            "characters of base64.",
        )
    if not candidates:
        raise WebhookVerificationError("signature_missing", "There is no v1 signature in webhook-signature.")
    return candidates


def _check_patreon(body: bytes, headers: ReceivedHeaders, secret: str) -> None:
    signature = read_header(headers, "x-patreon-signature", "signature")
    if signature is None:
        raise WebhookVerificationError("signature_missing", "There is no X-Patreon-Signature header.")
    if _PATREON_FORM.fullmatch(signature) is None:
        raise WebhookVerificationError(
            "signature_malformed",
            "X-Patreon-Signature must be 32 lowercase hexadecimal digits and nothing else.",
        )
    if not hmac.compare_digest(signature, hmac.new(secret.encode(), body, hashlib.md5).hexdigest()):
        raise WebhookVerificationError(
            "signature_wrong",
            "X-Patreon-Signature does not fit. Check that the secret is this webhook's, and that the body is what "
            "arrived, byte for byte.",
        )


def _named_trigger(headers: ReceivedHeaders, signed: Optional[_Signed]) -> str:
    named = read_header(headers, "x-patreon-event", "trigger")
    if named is None:
        if signed is not None:
            return signed.trigger
        raise WebhookVerificationError("trigger_missing", "There is no X-Patreon-Event header.")
    if len(named) > _TRIGGER_LIMIT or _TRIGGER_FORM.fullmatch(named) is None:
        raise WebhookVerificationError(
            "trigger_malformed", "X-Patreon-Event must be one trigger, such as pledges:create."
        )
    if signed is not None and named != signed.trigger:
        raise WebhookVerificationError(
            "trigger_mismatch",
            "X-Patreon-Event names another trigger than the one signed in webhook-id; somebody changed it on the way.",
        )
    return named


def _refuse_seen(seen: Callable[[str], bool], id: str) -> None:
    is_seen = seen(id)
    # A coroutine would count as true and refuse everything.
    if not isinstance(is_seen, bool):
        raise ValueError("seen must return True or False, and at once.")
    if is_seen:
        raise WebhookVerificationError(
            "already_seen", "This event was dealt with before. Answer with 200, so that it is not sent again."
        )


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
