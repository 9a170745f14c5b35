"""The files of a figure: SVG, PNG, words and data, in every language."""

from segindex import figures
from segindex.report.origin import with_origin
from segindex.schema import MADE_UP


def figure_files(name, draw, data, common):
    """The files of a figure in every language: {file name: bytes}.

    Parameters
    ----------
    name : str
        The files' name without its ending.
    draw : callable
        Takes language, source and made_up, and gives the Figure.
    data : DataFrame
        What the figure shows, as its csv has it.
    common : dict
        `about` ({language: About}), `made_up`, and `png`: the dots an inch of the PNG, None for no PNG.
    """
    files = {}
    for language, about in common["about"].items():
        figure = draw(language=language, source=about.source, made_up=common["made_up"])
        about, stem = about._replace(name=name), f"figures/{language}/{name}"
        files[f"{stem}.svg"] = figures.to_svg(figure, about)
        if common["png"]:
            files[f"{stem}.png"] = figures.to_png(figure, about, common["png"])
        files[f"{stem}.txt"] = figures.to_txt(figure, about)
        files[f"{stem}.csv"] = with_origin(data, about).to_csv(index=False, lineterminator="\n").encode()
    return files


def marked(note):
    """A note that says that the data are made up, whatever else it says."""
    return note if MADE_UP in note else "; ".join(filter(None, (MADE_UP, note)))
