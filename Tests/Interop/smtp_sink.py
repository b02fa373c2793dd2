"""An SMTP server on this machine alone: nothing a test sends goes further."""

import socket
from contextlib import contextmanager

import pytest


@contextmanager
def smtp_sink():
    """An SMTP server on this machine alone that keeps what arrives, byte for byte."""
    controller = pytest.importorskip("aiosmtpd.controller")

    class Sink:
        def __init__(self):
            self.arrived = []

        async def handle_DATA(self, server, session, envelope):
            self.arrived.append(envelope)
            return "250 kept"

    sink = Sink()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        sink.port = free.getsockname()[1]
    running = controller.Controller(sink, hostname="127.0.0.1", port=sink.port)
    running.start()
    try:
        yield sink
    finally:
        running.stop()
