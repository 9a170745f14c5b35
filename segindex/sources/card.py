"""A source's card: who made the data, when they hold, what is hidden in them, and their bytes' sum.

The package ships one card a source (`cards/<source>.toml`). A delivery's own `source.toml`, beside its file,
says more: sha256 of each file, and whatever differs from the shipped card.
"""

import datetime
import hashlib
import json
import re
import tomllib
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

from segindex.errors import BadData, BadSettings
from segindex.facts import LANGUAGES, Names

REQUIRED = ("title", "producer", "licence", "source_line")
ALLOWED = (*REQUIRED, "source", "licence_url", "made_up", "hidden", "dates", "lags", "files", "note")
HIDDEN = ("marks", "rule", "limits")
ADDRESS = r'https?://[^\s<>"]+'


@dataclass(frozen=True)
class Card:
    """What a table that comes from a source has to say about it.

    Attributes
    ----------
    source : str
        Key of the reader ("paavo", "hsy", "ykr", "statfin_grid", "sample").
    title, producer, licence, licence_url, note : str
    source_line : Names
        "Lähde: …", "Källa: …", "Source: …".
    made_up : bool
        Whether the numbers are invented; every table and figure then says so.
    hidden : dict
        `marks` (values that mean protected), `rule` ("base" or "group": what hiding depends on) and
        `limits` (variable group -> the base under which it is hidden).
    dates : dict
        Reference dates: variable group -> ISO date; "*" for all. Overrides what the reader derives. A release's
        own dates stand in a table under its name: `[dates.2021]`.
    lags : dict
        "2015-2019" or "2023-" (years of release) -> {variable group: years from release to statistics}.
    files : dict
        File name -> sha256.
    """

    source: str
    title: str
    producer: str
    licence: str
    source_line: Names
    licence_url: str = ""
    note: str = ""
    made_up: bool = False
    hidden: dict = field(default_factory=dict)
    dates: dict = field(default_factory=dict)
    lags: dict = field(default_factory=dict)
    files: dict = field(default_factory=dict)
    path: Path | None = None

    def dates_of(self, release):
        """The dates that the card gives for one release: its own over those for all."""
        common = {group: date for group, date in self.dates.items() if not isinstance(date, dict)}
        return common | self.dates.get(str(release), {})

    def dates_by_lag(self, release):
        """31 December of the year that each variable group of a release describes; empty where no rule is known."""
        for years, lags in self.lags.items():
            first, last = _years(years)
            if first <= int(release) <= last:
                return {group: f"{int(release) - lag}-12-31" for group, lag in lags.items()}
        return {}


def shipped(source):
    """The card that the package ships for a source, or for one of its products (`statfin_population`)."""
    entries = _entries(source)
    return _card(entries.get("source", source), entries, f"cards/{source}.toml")


def beside(path, source):
    """The card of the file at `path`: `source.toml` in its folder over the shipped card."""
    own = Path(path).parent / "source.toml"
    if not own.is_file():
        return shipped(source)
    try:
        entries = tomllib.loads(own.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadData(f"{own}: the card cannot be read ({error})") from error
    if entries.get("source", source) != source:
        raise BadData(f"{own}: the card is of source {entries['source']!r}, but {path} is read as {source!r}")
    base = _entries(source)
    if isinstance(entries.get("hidden"), dict):
        entries["hidden"] = base.get("hidden", {}) | entries["hidden"]
    return _card(source, base | entries, own, own)


def check_sum(path, card, *, accept=()):
    """The file's sha256; BadData if the card names another one and the file is not in `accept`."""
    path = Path(path)
    found = sha256(path)
    named = card.files.get(path.name)
    accepted = {Path(name).resolve() for name in accept}
    if named and named != found and path.resolve() not in accepted:
        raise BadData(
            f"{path}: the file has changed since its card was written: sha256 is {found}, "
            f"the card {card.path} says {named}. Accept it with --accept-changed {path}, "
            f"or write a new card with: segindex check --write-card {path}"
        )
    return found


def check_named_sum(path, *, accept=()):
    """The same for a file that is no delivery (polygons): its sum is compared if a card beside it names one."""
    own = Path(path).parent / "source.toml"
    source = tomllib.loads(own.read_text(encoding="utf-8")).get("source") if own.is_file() else None
    if source is None:
        return sha256(path)
    return check_sum(path, beside(path, source), accept=accept)


def renewed(path, card, dates=None):
    """The path and the bytes of the `source.toml` beside a file, with the file's sha256: for `store.write_bytes`."""
    path = Path(path)
    target = path.parent / "source.toml"
    files = dict(card.files if card.path == target else {}) | {path.name: sha256(path)}
    return target, as_toml(card, files, dates or card.dates).encode("utf-8")


def as_toml(card, files, dates):
    """A card as the text of a `source.toml`."""
    lines = [f"source = {_quoted(card.source)}"]
    lines += [f"{key} = {_quoted(getattr(card, key))}" for key in ("title", "producer", "licence", "licence_url")]
    lines += [f"note = {_quoted(card.note)}"] if card.note else []
    lines += ["made_up = true"] if card.made_up else []
    lines += ["", "[source_line]"]
    lines += [f"{language} = {_quoted(card.source_line.in_(language))}" for language in LANGUAGES]
    usual = shipped(card.source)
    for name in ("hidden", "lags"):
        if getattr(card, name) != getattr(usual, name):
            lines += _tables(name, getattr(card, name))
    lines += ["", "# reference date per variable group", *_tables("dates", dates)[1:]] if dates else []
    lines += ["", "# sha256 of each file: a run stops when one has changed", *_table("files", files)]
    return "\n".join(lines) + "\n"


def sha256(path):
    """The sha256 of a file's bytes."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _tables(name, entries):
    plain = {key: value for key, value in entries.items() if not isinstance(value, dict)}
    lines = ["", *_table(name, plain)] if plain else []
    for key in sorted(set(entries) - set(plain)):
        lines += _tables(f"{name}.{_quoted(key)}", entries[key])
    return lines


def _table(name, entries):
    return [f"[{name}]", *(f"{_quoted(key)} = {_quoted(value)}" for key, value in sorted(entries.items()))]


def _quoted(value):
    """A text, number or list of them as TOML: JSON writes these three alike."""
    return json.dumps(value, ensure_ascii=False)


def _entries(source):
    found = resources.files("segindex").joinpath("sources", "cards", f"{source}.toml")
    return tomllib.loads(found.read_text(encoding="utf-8"))


def _card(source, entries, where, path=None):
    unknown = sorted(set(entries) - set(ALLOWED))
    if unknown:
        raise BadSettings(f"{where}: unknown entries {', '.join(unknown)}; known are {', '.join(ALLOWED)}")
    missing = [name for name in REQUIRED if not entries.get(name)]
    if missing:
        raise BadSettings(f"{where}: the card lacks {', '.join(missing)}")
    line = entries["source_line"]
    for name in ("source_line", "hidden", "dates", "lags", "files"):
        if not isinstance(entries.get(name, {}), dict):
            raise BadSettings(f"{where}: {name} is {entries[name]!r}; allowed is a table: [{name}]")
    unknown = sorted(set(entries.get("hidden", {})) - set(HIDDEN))
    if unknown or entries.get("hidden", {}).get("rule", "base") not in ("base", "group"):
        raise BadSettings(
            f"{where}: hidden has {', '.join(unknown) or 'rule ' + repr(entries['hidden']['rule'])}; known are "
            f'{", ".join(HIDDEN)}, and the rules "base" and "group"'
        )
    address = entries.get("licence_url", "")
    if not isinstance(address, str) or (address and not re.fullmatch(ADDRESS, address)):
        raise BadData(f"{where}: licence_url is {address!r}; allowed is the address of a page: https://…")
    lacking = [language for language in LANGUAGES if not line.get(language)]
    if lacking:
        raise BadSettings(f"{where}: source_line lacks {', '.join(lacking)}")
    fields = {name: value for name, value in entries.items() if name not in ("source", "source_line")}
    fields["dates"] = _dates(fields.get("dates", {}), where)
    for years in fields.get("lags", {}):
        _years(years)
    return Card(source=source, source_line=Names(**{lang: line[lang] for lang in LANGUAGES}), path=path, **fields)


def _dates(entries, where):
    found = {}
    for group, date in entries.items():
        if isinstance(date, dict):
            found[group] = _dates(date, where)
            continue
        try:
            found[group] = datetime.date.fromisoformat(str(date)).isoformat()
        except ValueError:
            raise BadSettings(
                f'{where}: dates: {group} = {date!r} is no date; allowed is for example "2020-12-31"'
            ) from None
    return found


def _years(text):
    """First and last year of "2015-2019" or "2023-"."""
    found = re.fullmatch(r"(\d{4})-(\d{4})?", text)
    if not found:
        raise BadSettings(f"lags: {text!r} is no span of releases; allowed are for example 2015-2019 and 2023-")
    return int(found[1]), int(found[2] or 9999)
