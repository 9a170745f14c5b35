"""fetch.toml: what it may say, and what is refused."""

import pytest
from loopback import Loopback, Reply

from segindex.errors import BadSettings
from segindex.fetch.client import Client, Request
from segindex.fetch.products import ADDRESSES
from segindex.fetch.settings import Settings, read_settings


def written(root, text):
    (root / "fetch.toml").write_text(text, encoding="utf-8")
    return root


def test_no_file_means_the_producers_own_addresses(tmp_path):
    assert read_settings(tmp_path) == Settings()
    assert read_settings(tmp_path).address == ADDRESSES


def test_a_mirror_takes_the_place_of_one_service(tmp_path):
    found = read_settings(written(tmp_path, 'tries = 2\n[address]\nhsy = "https://mirror.example/wfs"\n'))
    assert found.tries == 2
    assert found.address == ADDRESSES | {"hsy": "https://mirror.example/wfs"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("timeout = 3", "unknown setting timeout; did you mean timeout_s"),
        ('[address]\nstatfi = "https://a/b"', "did you mean statfin"),
        ('[address]\nhsy = "ftp://a/b"', "address hsy = 'ftp://a/b'; allowed is an address"),
        ("tries = 0", "tries = 0; allowed is a whole number from 1"),
        ("page_size = 2.5", "page_size = 2.5; allowed is a whole number"),
        ("timeout_s = 0", "timeout_s = 0; allowed is seconds, at most 3600, above 0"),
        ("pause_s = -1", "pause_s = -1; allowed is seconds"),
        ('proxy = "host"', "proxy = 'host'; allowed is an address"),
        ('contact = "a\\nb"', "contact = 'a.nb'; allowed is"),
        ("address = 3", "address = 3; allowed is a table"),
        ("tries = ", "cannot be read"),
    ],
)
def test_wrong_settings_say_what_is_allowed(tmp_path, text, message):
    with pytest.raises(BadSettings, match=message):
        read_settings(written(tmp_path, text))


def test_a_proxy_is_asked_in_place_of_the_service():
    with Loopback(lambda method, path, body: Reply(200, path.encode())) as proxy:
        client = Client(Settings(proxy=proxy.address, pause_s=0), print)
        found = client.ask(Request("http://service.invalid/wfs?a=b"), bytes.decode)
        client.close()
    assert found == "http://service.invalid/wfs?a=b"
