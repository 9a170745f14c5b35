"""The catalogue of indices: every entry of the registry in words, for the terminal, for `docs/` and as JSON."""

import inspect
import json
import math
import re
import textwrap

from segindex import registry, wording
from segindex.facts import LANGUAGES
from segindex.registry import BIBLIOGRAPHY, DIMENSIONS, INDICES, LAWS

SHAPES = {
    "x": "(..., n_cells)",
    "y": "(..., n_cells)",
    "t": "(..., n_cells)",
    "counts": "(..., n_cells, n_groups)",
    "share": "(..., n_cells)",
    "area": "(n_cells,)",
    "distance": "(n_cells,)",
    "nearby": "(..., n_cells) → (..., n_cells)",
    "weights": "(n_cells, n_cells)",
    "surroundings": "[(..., n_cells) → (..., n_cells), ...]",
    "districts": "(n_cells,)",
    "levels": "(n_cells, n_levels)",
}
FILES = {"en": "indices.md", "fi": "indices.fi.md", "sv": "indices.sv.md"}
LANGUAGE_NAMES = {"fi": "Suomeksi", "sv": "På svenska", "en": "In English"}
COMMAND = "make docs"
LABEL, WIDTH = 28, 112


def chosen(keys=None):
    """The entries of these keys, or all of them in the registry's order.

    >>> [index.symbol for index in chosen(["gini"])]
    ['G']
    """
    return [registry.index(key) for key in keys] if keys else list(INDICES)


def call(index):
    """How the function is called.

    >>> call(registry.index("gini"))
    'gini(x, y, *, nearby=None)'
    """
    return f"{index.key}{inspect.signature(index.function)}"


def table(entries, language):
    """One line an index: key, symbol, dimension, name."""
    rows = [
        (index.key, index.symbol, DIMENSIONS[index.dimension].in_(language), index.names.in_(language))
        for index in entries
    ]
    widths = [max(len(row[at]) for row in rows) + 2 for at in range(3)]
    return "".join("".join(f"{words:{wide}}" for words, wide in zip(row, widths)) + f"{row[3]}\n" for row in rows)


def details(index, language):
    """A whole entry for the terminal."""
    say = _say(language)
    others = "; ".join(f"{other}: {index.names.in_(other)}" for other in LANGUAGES if other != language)
    facts = [
        (say("key"), index.key),
        (say("call"), call(index)),
        (say("dimension"), DIMENSIONS[index.dimension].in_(language)),
        (say("names"), others),
        (say("formula"), index.formula),
        *_facts(index, language),
    ]
    lines = [wording.sentence_case(wording.index_title(index.key, language))]
    for label, words in facts:
        wrapped = [words] if words == index.formula else textwrap.wrap(words, WIDTH - LABEL, break_on_hyphens=False)
        lines += [f"  {label if not at else '':{LABEL - 2}}{line}" for at, line in enumerate(wrapped)]
    return "\n".join(lines) + "\n"


def of_rules(rules, language):
    """What a rule for lists or types of areas asks for, for the terminal."""

    def say(key, **values):
        return wording.text(language, f"rules.{key}", **values)

    lines = [f"{rules.key}: {rules.names.in_(language)}"]
    lines.append("  " + say("foreign" if rules.foreign_practice else "own_rule", year=rules.year))
    lines += ["  " + rules.caution.in_(language), "  " + say("unit", unit=rules.unit.in_(language))]
    for one in rules.lists:
        lines.append(f"  {one.key}: {one.names.in_(language)}{f' – {one.original}' if one.original else ''}")
        if one.min_residents:
            lines.append("    " + say("at_least_residents", n=wording.count(one.min_residents, language)))
        if one.on:
            lines.append("    " + say("on", list=one.on))
        heads = (say("required"), say("needed", needed=one.needed, n=len(one.criteria)))
        for head, keys in zip(heads, (one.required, one.criteria)):
            lines += [f"    {head}"] * bool(keys)
            lines += [f"      {key}: {_criterion(rules, key, language)}" for key in keys]
        if one.years_running > 1:
            lines.append("    " + say("running", n=one.years_running))
    if rules.types:
        lines.append("  " + say("types"))
        lines += [f"    {one.key}: {one.names.in_(language)} ({say(one.evidence)})" for one in rules.shares]
        lines += [f"    {one.key}: {one.names.in_(language)}" for one in rules.types]
        cuts = "; ".join(wording.number(cut, language, 3) for cut in rules.cut_offs)
        lines.append("  " + (say("cut_offs", cuts=cuts) if cuts else say("no_cut_offs")))
    lines += [f"  {one.title}: {one.address}" for one in rules.sources]
    return "\n".join(lines) + "\n"


def _criterion(rules, key, language):
    """A criterion's name, cut-off and evidence."""
    one = rules.criterion(key)
    cut = wording.percent(one.cut, language, 0) if one.measure == "share" else wording.number(one.cut, language, 0)
    if one.relative_to:
        reference = next(each.names.in_(language) for each in rules.references if each.key == one.relative_to)
        times = wording.number(one.cut, language, 0 if one.cut.is_integer() else 2)
        cut = wording.text(language, "rules.times", times=times, reference=reference)
    said = wording.text(language, f"rules.{one.way}", cut=cut)
    if one.mean_of_years > 1:
        said += ", " + wording.text(language, "rules.mean", n=one.mean_of_years)
    return f"{one.names.in_(language)}: {said} ({wording.text(language, f'rules.{one.evidence}')})"


def as_json(entries):
    """The entries as JSON, all languages in each; a side without a bound is null."""
    return json.dumps([_plain(index) for index in entries], ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def markdown(language):
    """The whole catalogue in one language, as `docs/` holds it."""
    say = _say(language)
    links = " · ".join(
        f"**{LANGUAGE_NAMES[each]}**" if each == language else f"[{LANGUAGE_NAMES[each]}]({FILES[each]})"
        for each in LANGUAGES
    )
    parts = [
        f"# {say('title')}",
        links,
        say("intro"),
        f"*{say('made', command=f'`{COMMAND}`')}*",
        f"## {say('contents')}",
        _contents(language),
        f"## {say('inputs')}",
        say("inputs_text"),
        _vocabulary(language),
        say("options"),
        say("letters"),
        say("defaults"),
        f"## {say('laws')}",
        say("laws_text"),
        "\n".join(
            f"- **{wording.text(language, f'law_name.{law}')}**: {wording.text(language, f'law.{law}')}" for law in LAWS
        ),
        say("reasons"),
    ]
    for dimension, entries in _by_dimension().items():
        parts += [f"## {_heading(dimension, language)}", wording.text(language, f"dimension.{dimension}")]
        parts += [_entry(index, language) for index in entries]
    return "\n\n".join(parts) + "\n"


def _contents(language):
    lines = []
    for dimension, entries in _by_dimension().items():
        links = ", ".join(f"[{_escaped(wording.index_title(index.key, language))}](#{index.key})" for index in entries)
        lines.append(f"- **{_heading(dimension, language)}**: {links}")
    return "\n".join(lines)


def _vocabulary(language):
    say = _say(language)
    head = f"| {say('input')} | {say('shape')} | {say('meaning')} |\n|---|---|---|"
    taken = {name for index in INDICES for name in index.parameters}
    rows = [
        f"| `{name}` | `{shape}` | {wording.text(language, f'input.{name}')} |"
        for name, shape in SHAPES.items()
        if name in taken
    ]
    return "\n".join([head, *rows])


def _entry(index, language):
    names = " · ".join(f"{other}: {_escaped(index.names.in_(other))}" for other in LANGUAGES if other != language)
    facts = "\n".join(f"- **{label}:** {_escaped(words)}" for label, words in _facts(index, language))
    title = _escaped(wording.sentence_case(wording.index_title(index.key, language)))
    return "\n\n".join(
        [
            f'### <a id="{index.key}"></a>{title}',
            f"`{call(index)}`",
            names,
            f"```math\n{index.formula}\n```",
            facts,
        ]
    )


def _facts(index, language):
    """What both forms say of an index: [(label, words)]."""
    say = _say(language)
    holding = ", ".join(wording.text(language, f"law_name.{law}") for law in LAWS if law in index.laws)
    failing = ("; " if language == "en" else ", ").join(
        wording.text(language, f"law_name.{law}") + (f" ({index.exempt[law]})" if language == "en" else "")
        for law in LAWS
        if law in index.exempt
    )
    facts = [
        (say("says"), index.meaning.in_(language)),
        (say("caution"), index.caution.in_(language)),
        (say("values"), _bounds(index, language)),
        (say("gives"), wording.text(language, f"gives.{index.gives}")),
        (say("surroundings"), wording.text(language, f"nearby.{_nearby(index)}")),
    ]
    if index.margin_only:
        facts.append((say("margins"), say("margins_text")))
    if holding:
        facts.append((say("holds"), holding))
    if failing and index.laws:
        facts.append((say("fails"), failing))
    return [*facts, (say("source"), BIBLIOGRAPHY[index.source])]


def _bounds(index, language):
    low, high = (_number(bound, language) for bound in index.bounds)
    if low and high:
        return wording.text(language, "catalogue.bounds", low=low, high=high)
    if low:
        return wording.text(language, "catalogue.at_least", low=low)
    if high:
        return wording.text(language, "catalogue.at_most", high=high)
    return wording.text(language, "catalogue.no_bounds")


def _number(bound, language):
    return wording.number(bound, language, 0 if float(bound).is_integer() else 3) if math.isfinite(bound) else ""


def _nearby(index):
    if "nearby" in index.inputs:
        return "needed"
    return "option" if index.spatial else "none"


def _plain(index):
    return {
        "key": index.key,
        "symbol": index.symbol,
        "dimension": index.dimension,
        **{name: {one: getattr(index, name).in_(one) for one in LANGUAGES} for name in ("names", "meaning", "caution")},
        "call": call(index),
        "inputs": list(index.inputs),
        "nearby": _nearby(index),
        "gives": index.gives,
        "margin_only": index.margin_only,
        "formula": index.formula,
        "bounds": [bound if math.isfinite(bound) else None for bound in index.bounds],
        "laws": [law for law in LAWS if law in index.laws],
        "exempt": dict(index.exempt),
        "source": BIBLIOGRAPHY[index.source],
    }


def _by_dimension():
    found = {}
    for index in INDICES:
        found.setdefault(index.dimension, []).append(index)
    return {dimension: found[dimension] for dimension in DIMENSIONS if dimension in found}


def _heading(dimension, language):
    return wording.sentence_case(DIMENSIONS[dimension].in_(language))


def _say(language):
    return lambda key, **values: wording.text(language, f"catalogue.{key}", **values)


def _escaped(words):
    """The words with what Markdown would take for marks set free.

    >>> _escaped("Gi* of a_b")
    'Gi\\\\* of a\\\\_b'
    """
    return re.sub(r"([\\`*_|<>\[\]])", r"\\\1", words)
