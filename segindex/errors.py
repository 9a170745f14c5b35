"""The three ways in which a call can fail for a reason that its user can mend."""


class BadData(ValueError):
    """The data are not what they should be; the message names the file, the column, the city and the rows."""


class BadSettings(ValueError):
    """A setting or an argument is unknown or does not fit; the message says which ones are known."""


class Locked(RuntimeError):
    """Another run of the same edition is at work."""
