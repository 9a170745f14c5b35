"""Parts of a report from the plan that holds them: those that are made of figures get these, or a stand-in."""

from segindex.report.contents import sections
from segindex.report.page import pages

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50"><defs><clipPath id="p1"><rect/></clipPath></defs>'
    b'<g clip-path="url(#p1)"><path d="M 1 2 \nL 3 4 \n" style="stroke: #000000"/></g></svg>'
)


def rendered(output, plan=()):
    """The files of an output, {name: bytes}; figures that `plan` does not hold are stand-ins."""
    if not output.needs:
        return output.render()
    wanted = {name.split("/")[-1].removesuffix(".svg") for name in output.needs}
    files = {}
    for figure in plan:
        if figure.name.removeprefix("figure ") in wanted:
            files |= figure.render()
    return output.render({name: files.get(name, SVG) for name in output.needs})


def page(output, plan=()):
    """The text of an output of one file."""
    (content,) = rendered(output, plan).values()
    return content.decode()


def page_of(material, language="fi"):
    """The text of the page of a material's groups and tables, without the sections of the cities."""
    parts = tuple(sections(material))
    return page(pages(material, parts, (), None, (), ())[material.in_order.index(language)])


def figure_words(figure):
    """All words that a figure shows."""
    return " ".join(text.get_text() for text in figure.findobj(lambda artist: hasattr(artist, "get_text")))
