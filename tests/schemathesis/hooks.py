"""What the requests that are made up need to know."""

import re
import uuid

import schemathesis


@schemathesis.serializer("application/zip")
def send(ctx, value):
    """An archive is sent as the bytes that it is."""
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.deserializer("application/zip")
def read(ctx, response):
    """And read so."""
    return response.content.decode("latin-1")


@schemathesis.hook
def before_call(ctx, case, kwargs):
    """In a walk from one request to the next, a key that was used before would bring back the answer of before, also of
    what was deleted since."""
    if case.meta is None or case.meta.phase.name.value != "stateful":
        return
    headers = case.headers or {}
    key = headers.get("Idempotency-Key")
    if isinstance(key, str) and re.fullmatch(r"[!-~]{1,100}", key):
        headers["Idempotency-Key"] = f"{key}-{uuid.uuid4()}"
