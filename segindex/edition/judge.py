"""Says, in one form, what is wrong with a setting."""

from segindex.errors import BadSettings, did_you_mean
from segindex.facts import cities, city_named


class Judge:
    """Says what is wrong with the settings of one file, named by its `path`."""

    def __init__(self, path):
        self.path = path

    def that(self, right, name, value, allowed):
        if not right:
            raise BadSettings(f"{self.path}: {name} = {value!r}; allowed is {allowed}")

    def among(self, name, value, known, spellings=None):
        if value not in known:
            hint = did_you_mean(value, spellings or known, f"allowed is {', '.join(known)}")
            raise BadSettings(f"{self.path}: {name} = {value!r}; {hint}")

    def as_judged(self, judge, *given):
        """What another's judge says of settings, with the file that they stand in."""
        try:
            return judge(*given)
        except BadSettings as error:
            raise BadSettings(f"{self.path}: {error}") from error

    def known(self, found, names, what):
        unknown = sorted(set(found) - set(names))
        if unknown:
            hint = did_you_mean(unknown, names, f"known are {', '.join(names)}")
            raise BadSettings(f"{self.path}: unknown {what} {', '.join(unknown)}; {hint}")

    def tables(self, found, name):
        value = found.get(name, [])
        self.that(
            isinstance(value, list) and all(isinstance(entry, dict) for entry in value),
            name,
            value,
            f"tables written as [[{name}]]",
        )
        return value

    def list_of(self, found, name, kind):
        value = found.get(name)
        if value is None or value == "all":
            return None
        value = [value] if isinstance(value, kind) and not isinstance(value, bool) else value
        self.that(
            isinstance(value, list)
            and value
            and all(isinstance(one, kind) and not isinstance(one, bool) for one in value),
            name,
            found[name],
            f"a list of {'texts' if kind is str else 'numbers'}, not empty",
        )
        return tuple(dict.fromkeys(value))

    def choice(self, found, name, allowed):
        value = self.list_of(found, name, str)
        for one in value or ():
            self.among(name, one, allowed)
        return None if value is None else tuple(one for one in allowed if one in value)

    def cities(self, found, own=()):
        """The keys of `cities`, the programme's before those that the settings define; None for all eleven.

        Left out, they are those that the settings define, where there are some; "all" are the eleven and these.
        """
        value = self.list_of(found, "cities", str)
        for one in value or ():
            self.as_judged(city_named, one, own)
        named = {city_named(one, own) for one in value or ()}
        defined = tuple(city.key for city in own)
        if value is None and found.get("cities") == "all" and own:
            return (*cities(), *defined)
        if value is None:
            return defined or None
        return tuple(one for one in (*cities(), *defined) if one in named)

    def numbers(self, found, name, kind):
        if found.get(name) in (None, "all", []):
            return None
        value = self.list_of(found, name, int if kind is int else (int, float))
        for one in value:
            self.that(one > 0, name, one, "numbers above 0")
        return tuple(sorted(kind(one) for one in value))

    def one(self, found, name, default, least=None):
        value = found.get(name, default)
        if value is not None:
            right = isinstance(value, int) and not isinstance(value, bool) and (least is None or value >= least)
            self.that(right, name, value, "a whole number" + (f" from {least}" if least is not None else ""))
        return value
