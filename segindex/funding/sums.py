"""Which channels may stand in one sum."""

from segindex.funding.rows import inside


def outermost(channels):
    """Which rows lie inside no other row of the frame: a boolean Series with the index of `channels`.

    >>> import pandas as pd
    >>> frame = pd.DataFrame({"channel_id": ["A", "B"], "parent_channel_id": ["B", ""]})
    >>> outermost(frame).tolist()
    [False, True]
    """
    above = inside(channels)
    return channels["channel_id"].map(lambda channel: not above[channel]).astype(bool)
