"""What a run came to, for whoever looks after it: the text of a mail, or JSON for a program."""

import json
from pathlib import Path, PurePosixPath

from segindex import store, wording
from segindex.changed import NO_CITY
from segindex.errors import BadSettings
from segindex.facts import Names

KINDS = {0: "done", 2: "settings", 65: "data", 75: "locked", 130: "ended", 143: "ended"}
"""What an exit code means; every other one is "failed"."""

FORMS = (".txt", ".json")


def outcome(code, edition, summary=None, error=""):
    """What a run came to, as plain values.

    Parameters
    ----------
    code : int
        The exit code.
    edition : str
        Its key; "" where it is not known.
    summary : dict, optional
        As `pipeline.run` gives it; none of a run that failed.
    error : str
        What the run said, in English.

    Returns
    -------
    dict

    Examples
    --------
    >>> outcome(75, "2027", error="another run of this edition is at work")["outcome"]
    'locked'
    """
    return {
        "edition": edition,
        "exit_code": code,
        "outcome": KINDS.get(code, "failed"),
        "error": error,
        "summary": summary or {},
    }


def as_text(told, language):
    """An outcome in words, the first line a mail's subject.

    Parameters
    ----------
    told : dict
        As `outcome` gives it.
    language : {"fi", "sv", "en"}

    Returns
    -------
    str
    """

    def said(key, **values):
        return wording.text(language, f"outcome.{key}", **values)

    summary, kind = told["summary"], told["outcome"]
    edition = told["edition"] or said("no_edition")
    if kind != "done":
        lines = [said("not_done", edition=edition, code=told["exit_code"]), said(kind), said("stands")]
        return "\n".join([*lines, *([said("error", error=told["error"])] if told["error"] else []), ""])
    files, rows = summary["changed"]["files"], summary["changed"]["rows"]
    names = {city: Names(**own) for city, own in summary.get("own_cities", {}).items()}
    if not any(files.values()):
        return "\n".join([said("done", edition=edition), said("nothing"), ""])
    numbers = {how: wording.count(len(names), language) for how, names in files.items()}
    seconds = wording.count(summary["seconds"], language)
    lines = [said("done", edition=edition), said("files", seconds=seconds, **numbers)]
    lines += [said(f"because_{what}") for what in summary["because"]]
    lines += [said("rows")] if rows else []
    for name, cities in rows.items():
        of = [
            f"{said('no_city') if city in ('', NO_CITY) else wording.city_name(city, language, names)} "
            f"{wording.count(number, language)}"
            for city, number in cities.items()
        ]
        lines.append(f"- {PurePosixPath(name).name}: {', '.join(of)}")
    lines += [said("page", page=summary["page"])] if summary["page"] else []
    return "\n".join([*lines, said("whole", file=f"{summary['pages']}/run.json"), ""])


def write(path, told, language):
    """Write an outcome where a mail or a webhook takes it from, as text or JSON by the file's ending."""
    ending = check_ending(path)
    text = as_text(told, language) if ending == ".txt" else json.dumps(told, sort_keys=True, ensure_ascii=False) + "\n"
    return store.write_bytes(path, text.encode("utf-8"))


def check_ending(path):
    """BadSettings if an outcome cannot be written in the form that the file's ending names."""
    ending = Path(path).suffix.lower()
    if ending not in FORMS:
        raise BadSettings(f"--summary {path}: unknown ending {ending or '(none)'}; allowed are {', '.join(FORMS)}")
    return ending
