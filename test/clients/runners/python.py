"""Runs a file of vectors through the Python client, as javascript.mjs does."""

import base64
import json
import sys

import kittn

kind, file, stub_url, refused_url = (sys.argv[1:] + [""] * 4)[:4]


def body_of(given):
    if "text" in given:
        return given["text"].encode()
    return base64.b64decode(given["base64"]) if "base64" in given else given["json"]


def verified(given):
    options = {name: given[name] for name in ("secret", "whsec", "now", "tolerance") if name in given}
    if "seen" in given:
        options["seen"] = lambda id: id in given["seen"]
    delivery = kittn.verify(body_of(given["body"]), given["headers"], **options)
    got = {"id": delivery.id, "trigger": delivery.trigger, "timestamp": delivery.timestamp}
    try:
        return {**got, "data": delivery.data}
    except kittn.WebhookVerificationError as error:
        return {**got, "data": {"error": error.code}}


def asked(given, index):
    verb, *ids = given["call"]
    host = refused_url if (given["answer"] or {}).get("refused") else f"{stub_url}/{index}"
    base_url = given.get("baseUrl", host + given.get("base", "/api"))
    options = {"timeout_seconds": given["timeoutSeconds"]} if "timeoutSeconds" in given else {}
    api = kittn.authorize(given.get("key", "meowmeowmeow"), base_url, **options)
    return {"result": getattr(api.kittens, verb)(*ids)}


def ran(given, index):
    try:
        return (verified(given) if kind == "verify" else asked(given, index)), None
    except kittn.WebhookVerificationError as error:
        return {"error": error.code}, str(error)
    except kittn.KittnError as error:
        told = {"status": error.status, "code": error.code, "field": error.field, "expected": error.expected}
        return {"error": told}, str(error)
    except ValueError as error:
        return {"error": "programming_error"}, str(error)


if kind == "codes":
    print(json.dumps({"kittn": kittn.KITTN_CODES, "verification": kittn.VERIFICATION_CODES}))
else:
    with open(file, encoding="utf-8") as vectors:
        for index, given in enumerate(json.load(vectors)):
            if "python" in given.get("without", []):
                continue
            got, message = ran(given, index)
            print(json.dumps({"name": given["name"], "ok": got == given["expect"], "got": got, "message": message}))
