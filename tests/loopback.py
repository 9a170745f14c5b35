"""A server on loopback whose answers a test may spoil: what lies between segindex and a service."""

import gzip
import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Reply:
    """An answer as a service gives it."""

    status: int = 200
    body: bytes = b""
    headers: dict = field(default_factory=lambda: {"Content-Type": "application/json"})


class Loopback(ThreadingHTTPServer):
    """Serves `answer(method, path, body) -> Reply`; each of `faults` spoils one answer to a request that it is for.

    `log` holds (method, path, user agent, connection) of each request.
    """

    daemon_threads = True

    def __init__(self, answer):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer, self.faults, self.log = answer, [], []
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.thread.join()
        self.server_close()

    def handle_error(self, request, client_address):
        """A client that is killed or gives up is what the tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        self._serve()

    def do_POST(self):
        self._serve()

    def _serve(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.log.append((self.command, self.path, self.headers.get("User-Agent"), self.client_address))
        reply = self.server.answer(self.command, self.path, body)
        wanted = next((one for one in self.server.faults if one[0](self.command, self.path)), None)
        if wanted:
            self.server.faults.remove(wanted)
            wanted[1](self, reply)
        else:
            self.send(reply)

    def send(self, reply, *, length=None):
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body) if length is None else length))
        self.end_headers()
        self.wfile.write(reply.body)


def page(method, path):
    """Whether a request is for a page of rows."""
    return "startIndex" in path or method == "POST"


def anything(_method, _path):
    return True


def late(handler, reply):
    """The answer comes after the client has given up."""
    time.sleep(1.0)
    handler.close_connection = True


def cut(handler, reply):
    """The connection breaks in the middle of an answer."""
    handler.send(Reply(reply.status, reply.body[: len(reply.body) // 2], reply.headers), length=len(reply.body))
    handler.close_connection = True


def short(handler, reply):
    """Half an answer that says to be whole."""
    handler.send(Reply(reply.status, reply.body[: len(reply.body) // 2], reply.headers))


def short_gzip(handler, reply):
    """A compressed answer that lacks its end."""
    packed = gzip.compress(reply.body)
    handler.send(Reply(reply.status, packed[: len(packed) // 2], reply.headers | {"Content-Encoding": "gzip"}))


def dropped(handler, reply):
    """The connection breaks before any answer."""
    handler.close_connection = True


def status(code, **headers):
    """Another status, with a page that says so."""

    def spoil(handler, reply):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        handler.send(
            Reply(code, b"<html><body>the service is busy</body></html>", {"Content-Type": "text/html"} | named)
        )

    return spoil


def exception(code):
    """An ExceptionReport with status 200."""
    text = (
        '<?xml version="1.0" encoding="UTF-8"?><ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/1.1" '
        f'version="2.0.0"><ows:Exception exceptionCode="{code}" locator="layer"><ows:ExceptionText>made-up trouble'
        "</ows:ExceptionText></ows:Exception></ows:ExceptionReport>"
    )

    def spoil(handler, reply):
        handler.send(Reply(200, text.encode(), {"Content-Type": "application/xml"}))

    return spoil


def changed(change):
    """The same answer with its JSON changed by a function."""

    def spoil(handler, reply):
        found = json.loads(reply.body)
        change(found)
        handler.send(Reply(reply.status, json.dumps(found).encode(), reply.headers))

    return spoil
