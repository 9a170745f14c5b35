"""Which blocks of the situational picture the edition holds, and why others are not there."""

from segindex import wording
from segindex.report.tables import Table


def block_table(material, language, counter):
    """The table of blocks; None where it is not known which there are."""
    if material.blocks is None or not len(material.blocks):
        return None

    def say(key, **values):
        return wording.text(language, f"blocks.{key}", **values)

    table = Table(say("caption", n=counter.next()), [say("block"), say("state")], text_columns=2)
    for row in material.blocks.itertuples():
        table.add(say(f"name_{row.key}"), say("given") if row.given else say(f"lacks_{row.lacks}"))
    return table
