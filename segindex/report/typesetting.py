"""Words, tables and figures to a PDF that screen readers can read: Typst sets it, a last pass marks the row headers."""

import io
import json
from importlib import resources

STANDARD = "ua-1"
REGIONS = {"fi": "FI", "sv": "FI", "en": "GB"}


def typeset(content, template="document.typ", *, facing=True):
    """The PDF of a document's content; the same content gives the same bytes.

    Parameters
    ----------
    content : dict
        What the template shows, as plain values: `report.document.content` makes it for `document.typ`,
        `report.brief.content` for `brief.typ`.
    template : str
    facing : bool
        Whether pages open side by side, as in a book.

    Returns
    -------
    bytes
        PDF/UA-1. Typst refuses to make one where a figure has no text alternative, the title is missing, or headings
        leave out a level.
    """
    import typst

    template = resources.files("segindex.report").joinpath("templates", template).read_bytes()
    with resources.as_file(resources.files("segindex.figures").joinpath("fonts")) as fonts:
        compiler = typst.Compiler(
            template,
            font_paths=[str(fonts)],
            ignore_system_fonts=True,
            sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
        )
        made = compiler.compile(format="pdf", pdf_standards=[STANDARD])
    return with_row_headers(made, facing=facing)


def with_row_headers(made, *, facing=True):
    """The PDF with the first cell of each table row as the header of its row, and pages side by side where they face.

    Typst marks the headers of columns alone. Every header then says whether it heads a row or a column, so that the
    lists of headers that Typst gives to each cell, which lack the rows', are taken away.
    """
    import pikepdf

    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(made)) as pdf:
        for row in _elements(pdf.Root.StructTreeRoot, "/TBody", "/TR"):
            for place, cell in enumerate(_children(row)):
                kept = [part for part in _attributes(cell) if part.get("/O") != pikepdf.Name.Table]
                if place == 0:
                    cell.S = pikepdf.Name.TH
                    kept.insert(0, pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=pikepdf.Name.Row))
                cell.A = pikepdf.Array(kept)
        pdf.Root.PageLayout = pikepdf.Name.TwoPageRight if facing else pikepdf.Name.SinglePage
        pdf.Root.PageMode = pikepdf.Name.UseOutlines
        pdf.save(
            target,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
        )
    return target.getvalue()


def page_count(made):
    """How many pages a PDF has."""
    import pikepdf

    with pikepdf.open(io.BytesIO(made)) as pdf:
        return len(pdf.pages)


def _elements(root, *path):
    """The structure elements that lie below one another in this order of kinds, at any depth for the first."""
    found, waiting = [], _children(root)
    while waiting:
        element = waiting.pop()
        if element.get("/S") == path[0]:
            found.append(element)
        waiting.extend(_children(element))
    for kind in path[1:]:
        found = [child for element in found for child in _children(element) if child.get("/S") == kind]
    return found


def _children(element):
    """The structure elements right below an element, in their order."""
    import pikepdf

    below = element.get("/K", pikepdf.Array())
    below = [below] if isinstance(below, pikepdf.Dictionary) else below if isinstance(below, pikepdf.Array) else []
    return [child for child in below if isinstance(child, pikepdf.Dictionary) and "/S" in child]


def _attributes(element):
    """The attribute dictionaries of an element."""
    import pikepdf

    there = element.get("/A", pikepdf.Array())
    return [there] if isinstance(there, pikepdf.Dictionary) else list(there)
