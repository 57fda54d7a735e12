"""The kittens of one API key."""

import math
import os
import re
from typing import Any, Optional, Union
from urllib.parse import urlsplit

from .absent import ABSENT, Absent
from .asking import Asker
from .errors import KittnError

DEFAULT_BASE_URL = "http://127.0.0.1:8080/api"

# Long enough for a busy server, short enough that a person still waits for it.
DEFAULT_TIMEOUT_SECONDS = 15.0

# Ids travel as JSON numbers, which many languages read exactly up to here only.
ID_MAX = 2**53 - 1


class Kittens:
    """The kittens of one API key."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker

    def get(self, id: Union[int, Absent] = ABSENT) -> Any:
        """Gives every kitten as a list or, when an id is given, that kitten as a dict."""
        path = "/kittens" if id is ABSENT else f"/kittens/{_checked_id(id)}"
        return self._asker.ask("GET", path)

    def delete(self, id: int) -> Any:
        """Deletes one kitten for good, and gives the server's answer as a dict."""
        return self._asker.ask("DELETE", f"/kittens/{_checked_id(id)}")


class Api:
    """What an API key opens."""

    def __init__(self, asker: Asker) -> None:
        self.kittens = Kittens(asker)


def authorize(
    key: str,
    base_url: Optional[str] = None,
    *,
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS,
) -> Api:
    """Makes an api that sends the given key with every request; nothing is sent yet."""
    # Anything else could break out of its header line, or be changed on the way.
    if not isinstance(key, str) or re.fullmatch(r"[\x21-\x7e]+", key) is None:
        raise ValueError("An API key is a text of visible ASCII characters, without spaces or line breaks.")
    if not math.isfinite(timeout_seconds) or timeout_seconds <= 0:
        raise ValueError("timeout_seconds must be a number of seconds above 0.")
    if base_url is None:
        base_url = os.environ.get("KITTN_API_URL") or DEFAULT_BASE_URL
    return Api(Asker(key, _checked_base_url(base_url), timeout_seconds))


def _checked_base_url(text: str) -> str:
    mistake = f"The base URL must look like {DEFAULT_BASE_URL}, without a user, a query or a fragment."
    if not isinstance(text, str) or re.fullmatch(r"https?://[^\s?#@\\]+", text, re.ASCII | re.IGNORECASE) is None:
        raise ValueError(mistake)
    try:
        parts = urlsplit(text)
        has_host = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError as error:
        raise ValueError(mistake) from error
    if not has_host or not text.isascii():
        raise ValueError(mistake)
    return text.rstrip("/")


def _checked_id(id: Any) -> int:
    # True is an int in Python, and yet no id.
    if type(id) is not int or not 1 <= id <= ID_MAX:
        raise KittnError("id_malformed", "A kitten is asked for by its id, a positive integer such as 2.")
    return id
