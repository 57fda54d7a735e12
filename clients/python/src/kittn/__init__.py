"""The kittens API, and the check of received webhooks."""

from .api import Api, Kittens, authorize
from .errors import KITTN_CODES, VERIFICATION_CODES, KittnError, WebhookVerificationError
from .verification import VerifiedDelivery, verify

__all__ = [
    "Api",
    "KITTN_CODES",
    "Kittens",
    "KittnError",
    "VERIFICATION_CODES",
    "VerifiedDelivery",
    "WebhookVerificationError",
    "authorize",
    "verify",
]
