"""Reading one header of a received request."""

from collections.abc import Iterable, Mapping
from typing import Any, Optional, Union

from .errors import WebhookVerificationError

#: A mapping such as request.headers, or pairs of name and value as ASGI gives them.
ReceivedHeaders = Union[Mapping, Iterable]


def read_header(headers: ReceivedHeaders, name: str, part: str) -> Optional[str]:
    """Gives a header's one value, or None when it is not there; more than one is refused as `<part>_malformed`."""
    values = [value for key, given in _pairs_of(headers) if _is_named(key, name) for value in _values_of(given)]
    if not values:
        return None
    value = values[0].decode("latin-1") if isinstance(values[0], bytes) else values[0]
    # Proxies differ in which of two values they pass on, so a second one is never looked past.
    if len(values) > 1 or not isinstance(value, str):
        raise WebhookVerificationError(f"{part}_malformed", f"The {name} header must be there once, as text.")
    return value


def _pairs_of(headers: Any) -> Iterable:
    # Multi-dicts and http.client's messages are no Mappings, but their items() give every value.
    if hasattr(headers, "items"):
        return headers.items()
    if isinstance(headers, Iterable) and not isinstance(headers, (str, bytes)):
        return headers
    raise ValueError("headers must be a mapping such as request.headers, or pairs of name and value.")


def _is_named(key: Any, name: str) -> bool:
    text = key.decode("latin-1") if isinstance(key, bytes) else str(key)
    return text.lower() == name


def _values_of(given: Any) -> "list[Any]":
    if given is None:
        return []
    return list(given) if isinstance(given, (list, tuple)) else [given]
