"""The three ways in which a call can fail for a reason that its user can mend, and what their judges share."""

from collections.abc import Mapping
from difflib import get_close_matches
from numbers import Real


class BadData(ValueError):
    """The data are not what they should be; the message names the file, the column, the city and the rows."""


class BadSettings(ValueError):
    """A setting or an argument is unknown or does not fit; the message says which ones are known."""


class Locked(RuntimeError):
    """Another run of the same edition is at work."""


def is_number(value):
    """Whether a setting is one number: no list, text or truth value.

    >>> is_number(3.0), is_number([3]), is_number("3"), is_number(True)
    (True, False, False, False)
    """
    return isinstance(value, Real) and not isinstance(value, bool)


def did_you_mean(given, known, then):
    """The end of a message on unknown words: the known one nearest to each, in small or capital letters, and `then`.

    `known` holds the words, or leads from their spellings to what is meant.

    >>> did_you_mean("Low_Incom", ["low_income", "rented"], "known are low_income, rented")
    'did you mean low_income? Known are low_income, rented'
    >>> did_you_mean("helsingfor", {"Helsinki": "Helsinki", "Helsingfors": "Helsinki"}, "they have Helsinki")
    'did you mean Helsinki? They have Helsinki'
    >>> did_you_mean("poor", ["low_income", "rented"], "known are low_income, rented")
    'known are low_income, rented'
    """
    pairs = known.items() if isinstance(known, Mapping) else ((word, word) for word in known)
    spelled = {str(word).casefold(): meant for word, meant in pairs}
    words = given if isinstance(given, (list, tuple)) else [given]
    near = [spelled[word] for one in words for word in get_close_matches(str(one).casefold(), spelled, n=1)]
    return f"did you mean {', '.join(dict.fromkeys(near))}? {then[0].upper()}{then[1:]}" if near else then
