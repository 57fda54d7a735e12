"""One request and its answer.

http.client stands under urllib.request, and is used without it here: it follows no redirect and reads no proxy from the
environment, so the API key reaches the host it was given to and no other.
"""

import json
import socket
import threading
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any, Optional
from urllib.parse import urlsplit

from .errors import KittnError

# The longest list of kittens is far smaller; a server gone wrong must not fill our memory.
ANSWER_LIMIT_BYTES = 1024 * 1024

_NOT_JSON = object()


class Asker:
    """Sends requests with one key to one API."""

    def __init__(self, key: str, base_url: str, timeout_seconds: float) -> None:
        self._key = key
        self._base_url = base_url
        self._timeout_seconds = timeout_seconds

    def ask(self, method: str, path: str) -> Any:
        """Sends one request and gives its JSON answer, or raises a KittnError."""
        url = self._base_url + path
        connection = _connection_to(url, self._timeout_seconds)
        deadline = _Deadline(self._timeout_seconds)
        headers = {"Authorization": self._key, "Accept": "application/json"}
        try:
            with deadline:
                connection.connect()
                deadline.guard(connection.sock)
                connection.request(method, urlsplit(url).path, headers=headers)
                answer = connection.getresponse()
                _refuse_redirect(answer.status)
                body = _body_of(answer)
                deadline.refuse_late()
        except (OSError, HTTPException, ValueError) as error:
            if deadline.is_over or isinstance(error, socket.timeout):
                message = f"{url} did not answer in full within {self._timeout_seconds:g} s."
                raise KittnError("timed_out", message) from error
            reason = str(error) or type(error).__name__
            raise KittnError("connection_failed", f"No answer came from {url}: {reason}.") from error
        finally:
            connection.close()
        return _understood(answer.status, body)


class _Deadline:
    """Cuts a connection when the time is over.

    A socket's own timeout begins anew with every byte, so a server that drips would never run into it.
    """

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        self._socket: Optional[socket.socket] = None
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def guard(self, open_socket: socket.socket) -> None:
        self._socket = open_socket
        self.refuse_late()

    def refuse_late(self) -> None:
        # An answer that ends with its connection looks complete when the connection was cut.
        if self.is_over:
            raise socket.timeout("the time is over")

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def _cut(self) -> None:
        self.is_over = True
        if self._socket is None:
            return
        try:
            # Not the TLS socket's own shutdown, which would wait for the reader it is to stop.
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
        except OSError:
            # The other side closed it first.
            return


def _connection_to(url: str, timeout_seconds: float) -> HTTPConnection:
    parts = urlsplit(url)
    connect = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    return connect(parts.hostname or "", parts.port, timeout=timeout_seconds)


def _refuse_redirect(status: int) -> None:
    if 300 <= status <= 399:
        raise KittnError(
            "redirect_refused",
            f"The server answered {status}, a redirect. It is not followed, so that the API key stays with the host "
            "it was given to. Check the base URL.",
            status=status,
        )


def _body_of(answer: HTTPResponse) -> bytes:
    body = answer.read(ANSWER_LIMIT_BYTES + 1)
    if len(body) > ANSWER_LIMIT_BYTES:
        message = f"The answer is longer than {ANSWER_LIMIT_BYTES} bytes."
        raise KittnError("answer_too_large", message, status=answer.status)
    # A read of limited size does not say by itself that the connection ended too early.
    if answer.length:
        raise HTTPException(f"{answer.length} bytes of the answer are missing")
    return body


def _understood(status: int, body: bytes) -> Any:
    succeeded = 200 <= status <= 299
    value = _parsed(body)
    if succeeded and value is not _NOT_JSON:
        return value

    refusal = value.get("error") if isinstance(value, dict) else None
    if not succeeded and isinstance(refusal, dict):
        code, message = refusal.get("code"), refusal.get("message")
        if isinstance(code, str) and isinstance(message, str):
            field, expected = _text_or_none(refusal.get("field")), _text_or_none(refusal.get("expected"))
            raise KittnError(code, message, status=status, field=field, expected=expected)
    raise KittnError(
        "answer_not_understood",
        f"The server answered {status}, but not in the API's JSON. Check the base URL, and what stands in front of "
        "the server.",
        status=status,
    )


def _text_or_none(value: Any) -> Optional[str]:
    return value if isinstance(value, str) else None


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        # An error page is no surprise; who asked is told what came instead.
        return _NOT_JSON
