"""How to fetch: `fetch.toml` in the project's folder, all of it optional."""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from segindex.edition.judge import Judge
from segindex.errors import BadSettings, is_number
from segindex.fetch.products import ADDRESSES

FILE = "fetch.toml"
NAMES = ("proxy", "timeout_s", "tries", "page_size", "pause_s", "contact", "address")
WEB = r"https?://[^\s/]\S*"


@dataclass(frozen=True)
class Settings:
    """How a service is asked.

    Attributes
    ----------
    proxy : str
        Address of a proxy; "" for that of the environment (HTTPS_PROXY), if any.
    timeout_s : float
        Seconds without a sign of the server after which a request counts as lost.
    tries : int
        Of one request.
    page_size : int
        Rows that are asked for at once.
    pause_s : float
        Seconds between two requests.
    contact : str
        Who asks, for the user agent: an address of mail or of a page.
    address : dict of str to str
        Address of each service.
    """

    proxy: str = ""
    timeout_s: float = 60.0
    tries: int = 5
    page_size: int = 1000
    pause_s: float = 0.5
    contact: str = ""
    address: dict[str, str] = field(default_factory=lambda: dict(ADDRESSES))


def read_settings(root):
    """The settings of a project; what fetch.toml leaves out is as `Settings` has it.

    Parameters
    ----------
    root : path
        The project's folder.

    Returns
    -------
    Settings

    Raises
    ------
    BadSettings
        The file is no TOML, a word is unknown, a value is not allowed.
    """
    path = Path(root) / FILE
    if not path.is_file():
        return Settings()
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(f"{path}: the settings cannot be read ({error})") from error
    say = Judge(path)
    say.known(found, NAMES, "setting")
    for name in ("timeout_s", "pause_s"):
        value = found.get(name, 1)
        right = is_number(value) and value <= 3600 and (value > 0 or (value == 0 and name == "pause_s"))
        say.that(right, name, value, "seconds, at most 3600" + (", above 0" if name == "timeout_s" else ""))
    say.one(found, "tries", 1, least=1)
    say.one(found, "page_size", 1, least=1)
    proxy, contact = found.get("proxy", ""), found.get("contact", "")
    say.that(_is_address(proxy) or proxy == "", "proxy", proxy, "an address: http://host:port")
    printable = isinstance(contact, str) and contact.isascii() and contact.isprintable()
    say.that(printable, "contact", contact, "an address of mail or of a page, in plain letters")
    mirrors = found.get("address", {})
    say.that(isinstance(mirrors, dict), "address", mirrors, "a table written as [address]")
    say.known(mirrors, tuple(ADDRESSES), "service in [address]")
    for service, address in mirrors.items():
        say.that(_is_address(address), f"address {service}", address, "an address: https://host/path")
    return Settings(**found | {"address": ADDRESSES | mirrors})


def _is_address(value):
    return isinstance(value, str) and re.fullmatch(WEB, value) is not None
