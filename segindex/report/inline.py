"""A figure's SVG as a part of a page: real text in a font that the page holds, small, and with ids of its own.

The files of a figure draw their text as outlines, for programs without the font. Matplotlib writes each text above
its outlines as a comment, so that a page can have the text back.
"""

import base64
import html
import io
import re
from functools import cache
from importlib import resources
from xml.etree import ElementTree

SVG, XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"
FAMILY = "Figure Sans"
REGULAR, BOLD = 400, 700
FACES = {"OpenSans-Regular": REGULAR, "OpenSans-Bold": BOLD}
DECIMALS = 2
DROPPED = {f"{SVG}title", f"{SVG}metadata", f"{SVG}style"}
PATH = r'<path d="([^"]*)"'
HAS_NO_CONTENT = ("path", "use", "image", "rect")


def inline_svg(content, key, title, description):
    """The bytes of a figure's SVG as an element of a page.

    Parameters
    ----------
    content : bytes
        The file that matplotlib wrote, with its text as outlines.
    key : str
        What all ids begin with, so that they are unique among the figures of a page.
    title, description : str
        What the figure is called, and the text alternative, by which it is labelled.

    Returns
    -------
    str
    """
    root = ElementTree.fromstring(content, ElementTree.XMLParser(target=ElementTree.TreeBuilder(insert_comments=True)))
    named = dict.fromkeys(re.findall(r"(?:url\(|href=\")#([\w.-]+)", content.decode()))
    ids = {name: f"{key}-{place}" for place, name in enumerate(named)}
    return (
        f'<svg viewBox="{root.get("viewBox")}" role="img" aria-labelledby="{key}-said">'
        f'<title>{html.escape(title)}</title><desc id="{key}-said">{html.escape(description)}</desc>'
        f"{_joined(''.join(_children(root, ids)))}</svg>"
    )


def letters_of(page):
    """The letters of all texts in the figures of a page, by weight of the font: {400: "…", 700: "…"}."""
    found = {weight: set() for weight in FACES.values()}
    for weight, words in re.findall(r'<text [^>]*font-weight="(\d+)"[^>]*>([^<]*)</text>', page):
        found[int(weight)] |= set(html.unescape(words))
    return {weight: "".join(sorted(letters)) for weight, letters in found.items() if letters}


def font_faces(letters):
    """The style rules that give the page the font of its figures, with these letters by weight alone.

    >>> font_faces({400: "aä"}).count("@font-face")
    1
    """
    return "\n".join(
        f'@font-face {{ font-family: "{FAMILY}"; font-weight: {weight}; '
        f"src: url(data:font/woff;base64,{base64.b64encode(_subset(name, letters[weight])).decode()}) "
        'format("woff"); }'
        for name, weight in FACES.items()
        if weight in letters
    )


@cache
def _subset(name, letters):
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    content = resources.files("segindex.figures").joinpath("fonts", f"{name}.ttf").read_bytes()
    target = io.BytesIO()
    with TTFont(io.BytesIO(content), recalcTimestamp=False) as font:
        subsetter = Subsetter(Options(hinting=False))
        subsetter.populate(text=letters)
        subsetter.subset(font)
        font.flavor = "woff"
        font.save(target)
    return target.getvalue()


def _joined(drawn):
    """The drawing with lines that follow one another and look alike as one path."""
    alike = r'<path d="([^"]*)"([^>]*"fill:none;stroke:#\w+[^>]*)/>(?:<path d="[^"]*"\2/>)+'
    return re.sub(alike, lambda found: f'<path d="{"".join(re.findall(PATH, found[0]))}"{found[2]}/>', drawn)


def _children(parent, ids):
    said = None
    for child in _merged(parent):
        if child.tag is ElementTree.Comment:
            said = html.unescape(child.text.strip())
        elif said is not None and child.tag == f"{SVG}g":
            yield _text(child, said)
            said = None
        elif child.tag not in DROPPED:
            yield _element(child, ids)


def _merged(parent):
    """The parts of an element; an outline and the same shape filled above it, a word with its halo, as one."""
    children = list(parent)
    for place, child in enumerate(children):
        before = children[place - 1] if place else None
        after = children[place + 1] if place + 1 < len(children) else None
        if child.tag == f"{SVG}path" and _is_halo(child, after):
            continue
        if child.tag == f"{SVG}path" and _is_halo(before, child):
            child.set("style", f"{before.get('style')}; paint-order: stroke")
        yield child


def _is_halo(below, above):
    if below is None or above is None or below.get("d") != above.get("d") or below.get("d") is None:
        return False
    return below.get("style", "").startswith(f"{above.get('style')}; stroke: ")


def _element(node, ids):
    tag = node.tag.removeprefix(SVG)
    inside = "".join(_children(node, ids))
    attributes = "".join(
        f' {name.removeprefix(XLINK)}="{html.escape(value)}"' for name, value in _attributes(node, ids)
    )
    if (not inside and tag not in HAS_NO_CONTENT) or (tag == "g" and not attributes):
        return inside
    return f"<{tag}{attributes}>{inside}</{tag}>" if inside else f"<{tag}{attributes}/>"


def _attributes(node, ids):
    for name, value in node.attrib.items():
        if name == "id":
            if value in ids:
                yield name, ids[value]
        elif name == "d":
            yield name, _path(value)
        elif name == "style":
            yield name, _referring(value.replace(": ", ":").replace("; ", ";"), ids)
        elif name == f"{XLINK}href" and value.startswith("data:"):
            yield name, re.sub(r"\s", "", value)
        elif re.fullmatch(r"-?\d+\.\d{3,}", value):
            yield name, _short(value)
        else:
            yield name, _referring(value, ids)


def _referring(value, ids):
    return re.sub(r"#([\w.-]+)", lambda match: f"#{ids.get(match[1], match[1])}", value)


def _text(outlines, words):
    """The words whose outlines these are, where they stood."""
    placed = outlines.get("transform")
    x, y = re.search(r"translate\((\S+) (\S+)\)", placed).groups()
    size = float(re.search(r"scale\((\S+) ", placed)[1]) * 100
    turned = re.search(r"rotate\((\S+)\)", placed)
    letter = next(use.get(f"{XLINK}href") for use in outlines.iter(f"{SVG}use"))
    weight = BOLD if letter.startswith(("#OpenSans-Bold", "#b")) else REGULAR
    place = f'x="{_short(x)}" y="{_short(y)}"'
    if turned:
        place = f'transform="translate({_short(x)} {_short(y)}) rotate({_short(turned[1])})"'
    style = outlines.get("style", "").replace(": ", ":").replace("; ", ";")
    style = f' style="{style}"' if style else ""
    return f'<text {place} font-size="{size:g}" font-weight="{weight}"{style}>{html.escape(words, quote=False)}</text>'


def _path(value):
    """The path with two decimals, each point as a step from the one before.

    >>> _path("M 8.64 400.78 \\nL 8.64 334.389967 \\nQ 9 334 9 330 \\nz\\n")
    'M8.64 400.78l0-66.39q.36-.39.36-4.39z'
    """
    parts, here, start = [], (0.0, 0.0), (0.0, 0.0)
    for command, numbers in re.findall(r"([MLQCz])([^MLQCz]*)", value):
        if command == "z":
            parts.append("z")
            here = start
            continue
        places = [round(float(number), DECIMALS) for number in numbers.split()]
        points = list(zip(places[::2], places[1::2]))
        if command == "M":
            start = points[0]
            parts.append(f"M{_step(start[0])} {_step(start[1])}")
        else:
            steps = (_step(number) for x, y in points for number in (x - here[0], y - here[1]))
            parts.append(f"{command.lower()}{_close(steps)}")
        here = points[-1]
    return "".join(parts)


def _close(numbers):
    """Numbers with no space where a sign parts them, or the point of one that follows a decimal."""
    return re.sub(r"(\.\d+) (?=\.)|(\d) (?=-)", r"\1\2", " ".join(numbers))


def _step(value):
    written = f"{round(value, DECIMALS) + 0.0:.{DECIMALS}f}".rstrip("0").rstrip(".")
    return re.sub(r"^(-?)0\.", r"\1.", written)


def _short(value):
    return _step(float(value))
