"""What a reader reads: the texts in three languages, the names of things, and the form of numbers and dates.

A text is a whole sentence with placeholders (`text/fi.toml`, `sv.toml`, `en.toml`, and `text/<part>.<language>.toml` of
parts that have files of their own); nothing is ever inflected by joining pieces. A placeholder that needs a case ("of
the labour force") is filled by an entry of the same table that has this case.
"""

import datetime
import re
import string
import tomllib
from functools import cache
from importlib import resources

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from segindex import facts
from segindex.errors import BadSettings
from segindex.facts import LANGUAGES

LOCALES = {"fi": "fi_FI", "sv": "sv_FI", "en": "en_GB"}
PARTS = ("funding", "followup", "outcome")
"""Parts of the texts that have files of their own."""

NO_VALUE = "–"
MOST_DECIMALS = 9


def text(language, key, **values):
    """The text `key` in `language` with its placeholders filled.

    A missing or a superfluous value is an error, and so is a number that was not given its form by `number`,
    `percent` or `count` (a whole number, such as a year, is written as it is).

    >>> text("en", "cluster.high_high")
    'high–high'
    """
    texts = table(language)
    if key not in texts:
        raise BadSettings(f"text {key!r} is unknown in {language}; text/{language}.toml holds the known ones")
    wanted = placeholders(texts[key])
    if wanted != set(values):
        raise BadSettings(f"text {key!r} takes {sorted(wanted)}, got {sorted(values)}")
    for name, value in values.items():
        if not isinstance(value, str | int) or isinstance(value, bool):
            raise BadSettings(f"text {key!r}: {name}={value!r} is no text; give numbers their form first")
    return texts[key].format_map(values)


@cache
def table(language):
    """All texts of a language by dotted key."""
    if language not in LANGUAGES:
        raise BadSettings(f"language {language!r} is unknown; known are {', '.join(LANGUAGES)}")
    place = resources.files("segindex").joinpath("text")
    found = {}
    for name in (f"{language}.toml", *(f"{part}.{language}.toml" for part in PARTS)):
        texts = dict(_flat(tomllib.loads(place.joinpath(name).read_text(encoding="utf-8"))))
        if twice := found.keys() & texts.keys():
            raise BadSettings(f"text/{name}: {sorted(twice)} stand in another file of the language too")
        found |= texts
    return found


def _flat(tree, prefix=""):
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def placeholders(sentence):
    """The names in braces of a text.

    >>> sorted(placeholders("{city}: {share}"))
    ['city', 'share']
    """
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def number(value, language, decimals=0):
    """A number in the form of the language, an en dash where there is none.

    >>> number(-1234.5, "fi", 1)
    '−1\\xa0234,5'
    >>> number(float("nan"), "en", 2)
    '–'
    """
    if missing(value):
        return NO_VALUE
    return _signed(format_decimal(_rounded(value, decimals), _pattern(decimals), LOCALES[language]))


def percent(value, language, decimals=1):
    """A share between 0 and 1 as per cent.

    >>> percent(0.1234, "sv"), percent(0.1234, "en")
    ('12,3\\xa0%', '12.3%')
    """
    if missing(value):
        return NO_VALUE
    sign = "%" if language == "en" else "\u00a0%"
    return _signed(format_percent(_rounded(value, decimals + 2), _pattern(decimals) + sign, LOCALES[language]))


def p_value(value, language):
    """A p to three decimals, which is never 0.

    >>> p_value(0.0167, "fi"), p_value(5e-7, "en")
    ('p ≈ 0,017', 'p < 0.001')
    """
    if value < 0.0005:
        return f"p < {number(0.001, language, 3)}"
    return f"p ≈ {number(value, language, 3)}"


def percents(low, high, language, decimals=1):
    """A range of shares as per cent, the sign once; one share where both ends are written alike.

    >>> percents(0.17, 0.2, "fi", 0), percents(0.17, 0.2, "en", 0), percents(0.17, 0.171, "sv", 0)
    ('17–20\\xa0%', '17–20%', '17\\xa0%')
    """
    first, last = (percent(value, language, decimals) for value in (low, high))
    return last if first == last else f"{first.removesuffix('%').rstrip()}–{last}"


def change(value, language, decimals=3):
    """A difference with its sign, also when it is a rise.

    >>> change(0.0123, "fi"), change(-0.0123, "fi"), change(0.0, "fi")
    ('+0,012', '−0,012', '0,000')
    """
    if missing(value):
        return NO_VALUE
    return ("+" if _rounded(value, decimals) > 0 else "") + number(value, language, decimals)


def apart_from_zero(ends, decimals):
    """The decimals with which no end of an interval that is not 0 is written as 0: more where it takes them.

    An end that lies next to 0 may lie on either side of it, which is what the reader wants to see.

    >>> apart_from_zero([-0.0128, -0.0004], 3), apart_from_zero([-0.0128, 0.004], 3), apart_from_zero([0.0, 0.1], 3)
    (4, 3, 3)
    >>> apart_from_zero([-0.0128, -0.00004], 3)
    5
    """
    known = [end for end in ends if not missing(end) and end != 0]
    enough = (more for more in range(decimals, MOST_DECIMALS) if all(_rounded(end, more) != 0 for end in known))
    return next(enough, MOST_DECIMALS)


def change_and_ends(difference, low, high, language, decimals=3):
    """A difference and the ends of its interval in words: {"change", "low", "high"}; no end beside 0 is written as 0.

    >>> change_and_ends(-0.0065, -0.0128, -0.0004, "en")
    {'change': '−0.0065', 'low': '−0.0128', 'high': '−0.0004'}
    """
    places = apart_from_zero([low, high], decimals)
    return {
        name: change(value, language, places) for name, value in (("change", difference), ("low", low), ("high", high))
    }


def count(value, language):
    """A number of persons, households or cells.

    >>> count(12345, "fi"), count(12345, "en")
    ('12\\xa0345', '12,345')
    """
    return number(value, language, 0)


def date(value, language):
    """A date written out; a text that is no date is given back.

    >>> date("2019-12-31", "sv")
    '31 december 2019'
    """
    if isinstance(value, str):
        try:
            value = datetime.date.fromisoformat(value)
        except ValueError:
            return value
    return NO_VALUE if missing(value) else format_date(value, "long", locale=LOCALES[language])


def dates(values, language):
    """Dates in short, in order; ends of consecutive years as a range. Texts that are no dates come last.

    >>> dates(["2015-12-31", "2016-12-31", "2017-12-31", "2019-12-31", "around 2021"], "fi")
    '31.12.2015–31.12.2017, 31.12.2019, around 2021'
    """
    days, others = set(), []
    for value in values:
        try:
            days.add(datetime.date.fromisoformat(value))
        except ValueError:
            others.append(value)
    runs = []
    for day in sorted(days):
        last = runs[-1][-1] if runs else None
        if last and (day.month, day.day) == (12, 31) and last == datetime.date(day.year - 1, 12, 31):
            runs[-1].append(day)
        else:
            runs.append([day])
    form = "d MMMM yyyy" if language == "en" else "d.M.yyyy"
    ends = [
        [format_date(day, form, locale=LOCALES[language]) for day in dict.fromkeys((run[0], run[-1]))] for run in runs
    ]
    return ", ".join([*("–".join(pair) for pair in ends), *others])


def years(values):
    """Years in order; three and more consecutive ones as a range.

    >>> years([2008, 2012, 2013, 2014]), years([2014, 2015])
    ('2008, 2012–2014', '2014, 2015')
    """
    runs = []
    for year in sorted(set(values)):
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)


def missing(value):
    """Whether there is no value: None, NaN, NaT or pandas' NA, which cannot be compared.

    >>> missing(float("nan")), missing(0)
    (True, False)
    """
    try:
        return value is None or bool(value != value)
    except TypeError:
        return True


def city_name(city, language, defined=None):
    """A city's name; `defined` ({key: Names}) holds those of the settings. An unknown key is given back."""
    if defined and city in defined:
        return defined[city].in_(language)
    known = facts.cities().get(city)
    return known.names.in_(language) if known else city


def in_city(city, language, defined=None):
    """Where: a city in the case that "in the city" needs, one that the settings define by its name.

    >>> in_city("Vantaa", "fi"), in_city("Vantaa", "sv"), in_city("Kemi", "fi")
    ('Vantaalla', 'i Vanda', 'alueella Kemi')
    """
    if f"in_city.{city}" in table(language) and city != "other":
        return text(language, f"in_city.{city}")
    return text(language, "in_city.other", city=city_name(city, language, defined))


def group_name(group, language, defined=None):
    """A group's name; `defined` ({key: Names}) holds those of the settings. An unknown key is given back.

    >>> group_name("rest", "sv")
    'övriga'
    """
    if group == "rest":
        return text(language, "segplot.rest")
    if defined and group in defined:
        return defined[group].in_(language)
    known = facts.groups().get(group)
    return known.names.in_(language) if known else group


def classification_name(classification, language):
    """A classification's name; an unknown key is given back."""
    known = facts.classifications().get(classification)
    return known.names.in_(language) if known else classification


def index_name(index, language):
    """An index's name in running text."""
    return _entry(index).names.in_(language)


def index_symbol(index):
    """An index's letter."""
    return _entry(index).symbol


def dimension_name(dimension, language):
    """A dimension of segregation in running text.

    >>> dimension_name("clustering", "fi")
    'klusteroituminen'
    """
    from segindex.registry import DIMENSIONS

    return DIMENSIONS[dimension].in_(language)


def index_title(index, language):
    """An index's name with its letter, unless the name holds it.

    >>> index_title("dissimilarity", "sv"), index_title("information_theory", "en")
    ('olikhetsindex (D)', "information theory index (Theil's H)")
    """
    name, symbol = index_name(index, language), index_symbol(index)
    return name if symbol in re.split(r"[\s()]+", name) else f"{name} ({symbol})"


def of_base(classification, language):
    """Whom a share is taken of, in the case that "so many per cent of" needs.

    >>> of_base("labour_force", "fi"), of_base("labour_force", "en")
    ('työvoimasta', 'of the labour force')
    """
    return text(language, f"of_base.{classification_key(classification)}")


def base_name(classification, language):
    """Who counts as the population of a classification.

    >>> base_name("tenure", "sv")
    'bostadshushåll'
    """
    return text(language, f"base.{classification_key(classification)}")


def sentence_case(words):
    """The words with a capital first letter, the rest as it was.

    >>> sentence_case("index of dissimilarity (D)")
    'Index of dissimilarity (D)'
    """
    return words[:1].upper() + words[1:]


def classification_key(classification):
    """The classification as the texts name it: "other" where they do not know it."""
    return classification if f"base.{classification}" in table("fi") else "other"


def index_meaning(index, language):
    """What a value of the index tells, and when not to use it: two sentences."""
    entry = _entry(index)
    return entry.meaning.in_(language), entry.caution.in_(language)


def _entry(index):
    from segindex.registry import index as index_of

    return index_of(index)


def _rounded(value, decimals):
    return round(float(value), decimals) + 0.0


def _pattern(decimals):
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def _signed(written):
    return written.replace("-", "\u2212")
