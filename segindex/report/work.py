"""What is still to be done before the follow-up and the funding mapping can say all that they are asked."""

from segindex import wording
from segindex.report.followup import followed


def to_do(material, language):
    """Work to do, a sentence each, the most important first; of the funding register its own answers tell.

    Parameters
    ----------
    material : Material
    language : {"fi", "sv", "en"}

    Returns
    -------
    list of str
        None without a follow-up.
    """
    found = followed(material)
    if found is None:
        return []

    def say(key, **values):
        return wording.text(language, f"followup.work.{key}", **values)

    told = []
    cards, measures = found.cards, found.measures
    if len(cards):
        without = int(cards.groupby("indicator")["target"].count().eq(0).sum())
        unknown = cards[cards["status"] == "cannot_say"]
        if without:
            told.append(say("targets", n=without, all=len(found.names)))
        if len(unknown):
            told.append(say("unknown", n=len(unknown), all=len(cards), reason=_most_frequent(unknown, language)))
        undated = int(cards.groupby("indicator")["next_update"].max().eq("").sum())
        if undated:
            told.append(say("updates", n=undated, all=len(found.names)))
    if not len(measures):
        return [*told, say("no_measures")]
    lacking = {
        "areas": measures["area_id"].eq(""),
        "money": measures["amount_eur"].isna(),
        "linked": measures["indicators"].eq(""),
        "sources": measures["evidence"].ne("sourced"),
    }
    numbers = {name: int(which.sum()) for name, which in lacking.items()}
    if any(numbers.values()):
        told.append(say("measures", all=len(measures), **numbers))
    return told


def _most_frequent(cards, language):
    """Why a status most often cannot be said."""
    reason = cards["reason"].value_counts(sort=False).sort_index(kind="stable").idxmax()
    words = wording.text(language, f"followup.why.{reason}")
    return words[:1].lower() + words[1:]
