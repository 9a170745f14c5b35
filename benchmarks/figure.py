"""The ratios as a figure: a row a measure, a dot a city."""

import math

from segindex.figures import style

ROW = 0.17
NAMES, REASONS = 2.55, 1.25
SHADES = ("#c9d8ea", "#94b3d6", "#5f8ec2", "#2f6bab", "#12386b")
POWERS = range(-1, 6)


def draw_ratios(comparisons, limits):
    """Draw the peer's time over ours; a peer that did not go on to the largest city says why.

    Returns
    -------
    Figure
    """
    sizes = comparisons[0].sizes
    title = "How many times longer the peer takes"
    subtitle = (
        "Time of the peer over time of segindex, warm, on cities of so many 250 m cells. "
        "Left of the line the peer is faster."
    )
    description = f"{title}: {len(comparisons)} measures on cities of {sizes[0]:,} to {sizes[-1]:,} cells."
    figure = style.Picture(title=title, description=description, made_up=True, language="en")
    entries = [("dot", shade, f"{n:,} cells") for n, shade in zip(sizes, SHADES)]
    key_high = 0.1 + 0.19 * len(style.key_lines(entries))
    high = ROW * len(comparisons)
    source = f"Peers were ended after {limits.seconds:g} s, or when they held more than {limits.gigabytes:g} GB."
    bottom = style.frame(figure, title, subtitle, source, body=high + 0.3 + key_high, made_up=True, language="en")
    style.draw_key(figure, entries, bottom + key_high - 0.1)
    _draw_rows(figure, comparisons, bottom + key_high + 0.25, high)
    return figure


def _draw_rows(figure, comparisons, low, high):
    wide, tall = figure.get_size_inches()
    left, right = style.MARGIN + NAMES, style.MARGIN + REASONS
    axes = figure.add_axes((left / wide, low / tall, (wide - left - right) / wide, high / tall))
    axes.set_xscale("log")
    axes.set_ylim(len(comparisons) - 0.4, -0.6)
    for row, one in enumerate(comparisons):
        seen = [ratio for ratio in one.ratios if not math.isnan(ratio)]
        if seen:
            axes.plot([min(seen), max(seen)], [row, row], color=style.GREY, linewidth=0.8, zorder=1)
        for ratio, shade in zip(one.ratios, SHADES):
            axes.plot(ratio, row, "o", color=shade, markersize=4.5, zorder=2)
        style.write(
            axes,
            1.02,
            row,
            _ended(one),
            size=style.TINY,
            color=style.QUIET,
            va="center",
            transform=axes.get_yaxis_transform(),
        )
    axes.axvline(1, color=style.INK, linewidth=0.9, zorder=0)
    style.ticks(axes.yaxis, range(len(comparisons)), [one.pair.name for one in comparisons], color=style.INK)
    style.ticks(axes.xaxis, [10.0**power for power in POWERS], [f"{10.0**power:,g}" for power in POWERS])
    axes.minorticks_off()
    axes.set_xlim(10.0 ** POWERS[0], 10.0 ** POWERS[-1])
    axes.grid(axis="x", color="#e4e6ea", linewidth=0.6)
    axes.set_axisbelow(True)
    style.bare(axes)


def _ended(one):
    """Where and why the peer did not go on."""
    for n, outcome, ratio in zip(one.sizes, one.theirs, one.ratios):
        if math.isnan(ratio):
            return f"{outcome.status} at {n:,}"
    return ""
