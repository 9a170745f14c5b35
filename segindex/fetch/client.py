"""Asking a service politely: one connection, a name, pauses, and another try where it may help."""

import email.utils
import json
import re
import time
from dataclasses import dataclass

from segindex.errors import BadData
from segindex.provenance import version

PASSING = (408, 429, 500, 502, 503, 504)
"""Answers of a server that may be another one the next time."""
LONGEST_WAIT_S = 300.0
SHOWN = 300


@dataclass(frozen=True)
class Request:
    """One request: an address to get, or a query (JSON) to post there."""

    url: str
    body: dict | None = None

    @property
    def method(self):
        """ "GET", or "POST" where there is a query."""
        return "GET" if self.body is None else "POST"

    def lines(self):
        """The request as it is shown: method and address, then the query."""
        query = [] if self.body is None else [json.dumps(self.body, ensure_ascii=False)]
        return [f"{self.method} {self.url}", *query]


class Again(Exception):
    """An answer that is not whole, or that says that something went wrong this time.

    `final` is the error when it stays so; by default the service counts as not to be reached.
    """

    def __init__(self, reason, final=None):
        super().__init__(reason)
        self.final = final


class Refused(BadData):
    """The service refuses a request; `status` is that of the answer."""

    def __init__(self, text, status):
        super().__init__(text)
        self.status = status


class Client:
    """Asks one request after the other on one connection.

    Parameters
    ----------
    settings : Settings
    say : callable
        Takes an event and its fields (`Progress.say`); told of each further try.
    sleep : callable
        Waits for seconds.

    Attributes
    ----------
    asked : int
        How many requests were sent.

    Examples
    --------
    >>> from segindex.fetch.settings import Settings
    >>> Client(Settings(contact="a@b.fi"), print).headers["User-Agent"].endswith("(a@b.fi)")
    True
    """

    def __init__(self, settings, say, *, sleep=time.sleep):
        self.settings, self.say, self.sleep = settings, say, sleep
        self.asked = 0
        self.session = None
        contact = f" ({settings.contact})" if settings.contact else ""
        self.headers = {"User-Agent": f"segindex/{version()}{contact}"}

    def ask(self, request, parse):
        """What `parse` makes of the answer's bytes.

        Parameters
        ----------
        request : Request
        parse : callable
            Takes bytes; raises `Again` for an answer that is not whole, BadData for one that is wrong.

        Raises
        ------
        ConnectionError
            The service was not reached, or gave no whole answer, in as many tries as the settings say.
        Refused
            It answered that it does not do what is asked.
        """
        number = 0
        while True:
            number += 1
            if self.asked:
                self.sleep(self.settings.pause_s)
            wait_s = None
            try:
                status, headers, content = self._send(request)
                if status == 200:
                    return parse(content)
                if status not in PASSING:
                    raise Refused(f"{request.url}: the service refuses (HTTP {status}): {_plain(content)}", status)
                error, final = f"HTTP {status}", None
                wait_s = _retry_after(headers.get("Retry-After")) if status in (429, 503) else None
            except Again as again:
                error, final = str(again), again.final
            if number == self.settings.tries or (wait_s or 0) > LONGEST_WAIT_S:
                later = f" (the service asks to wait {wait_s:.0f} s)" if wait_s else ""
                raise final or ConnectionError(
                    f"{request.url}: {error} in {number} {'try' if number == 1 else 'tries'}{later}; what was fetched "
                    f"before stands, and the next call goes on from there"
                )
            wait_s = wait_s if wait_s is not None else min(60.0, 2.0**number)
            self.say("retry", url=request.url, reason=error, tried=number, wait_s=round(wait_s, 1))
            self.sleep(wait_s)

    def _send(self, request):
        """Status, headers and whole body of one answer; `Again` where it does not come, or not whole."""
        import requests

        if self.session is None:
            self.session = requests.Session()
            self.session.headers.update(self.headers)
        proxy = self.settings.proxy
        self.asked += 1
        try:
            answer = self.session.request(
                request.method,
                request.url,
                json=request.body,
                timeout=self.settings.timeout_s,
                proxies={"http": proxy, "https": proxy} if proxy else None,
            )
        except requests.Timeout as error:
            raise Again(f"no answer in {self.settings.timeout_s:g} s") from error
        except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError) as error:
            raise Again(f"the connection failed ({_cause(error)})") from error
        except requests.exceptions.ContentDecodingError as error:
            raise Again("the answer was damaged on its way") from error
        except requests.RequestException as error:
            raise Again(f"{type(error).__name__}: {error}") from error
        # urllib3 compares the two from version 2 on only
        length = answer.headers.get("Content-Length", "")
        if length.isdigit() and "Content-Encoding" not in answer.headers and int(length) != len(answer.content):
            raise Again(f"half an answer: {len(answer.content)} of {length} bytes")
        return answer.status_code, answer.headers, answer.content

    def close(self):
        """Let go of the connection."""
        if self.session is not None:
            self.session.close()


def as_json(content):
    """What an answer in JSON holds; `Again` for half of one."""
    try:
        return json.loads(content, parse_constant=str)
    except ValueError as error:
        raise Again(f"half an answer: the JSON ends or breaks off ({error})") from error


def naming(where, parse):
    """The same parser, whose errors name what was asked.

    >>> def broken(content):
    ...     raise BadData("no JSON")
    >>> naming("layer a", broken)(b"")
    Traceback (most recent call last):
    segindex.errors.BadData: layer a: no JSON
    """

    def judge(content):
        try:
            return parse(content)
        except Again as again:
            again.final = again.final and BadData(f"{where}: {again.final}")
            raise
        except BadData as error:
            raise BadData(f"{where}: {error}") from error

    return judge


def _retry_after(text):
    """Seconds of a Retry-After, which is a number or a date; None where it says nothing."""
    if text is None:
        return None
    if text.strip().isdigit():
        return float(text)
    try:
        when = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, when.timestamp() - time.time())


def _plain(content):
    """The first words of an answer, without its tags."""
    text = re.sub(r"<[^>]*>", " ", content[:4000].decode("utf-8", errors="replace"))
    return " ".join(text.split())[:SHOWN] or "no reason is given"


def _cause(error):
    """The innermost reason, without the addresses of objects that requests puts in."""
    return re.sub(r"<[^>]*> ?:? ?", "", str(error))[:SHOWN]
