"""How an archive is sent and read: as the bytes that it is."""

import schemathesis


@schemathesis.serializer("application/zip")
def send(ctx, value):
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.deserializer("application/zip")
def read(ctx, response):
    return response.content.decode("latin-1")
