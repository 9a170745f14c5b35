"""Simulation: what as-is, corrected and interval values are worth, on cities whose probabilities are known.

`python -m benchmarks.study` writes docs/simulations.md and its figure.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import optimize, stats

from segindex import indices
from segindex.inference import corrected, labelled, refitted
from segindex.inference._called import Called
from segindex.inference.interval import limits

DOCS = Path(__file__).parents[1] / "docs"
SIZES = (5, 10, 20, 60, 200)
SHARES = (0.02, 0.05, 0.15, 0.40)
TRUTHS = (0.0, 0.15, 0.3, 0.6)
INDEX = {"dissimilarity": "D", "information_theory": "H", "isolation": "xPx"}
METHODS = ("as it is", "bootstrap", "carrington_troske", "corrected")
N_CELLS = 1000


def city(size, share, truth, rng, household=1, n_cells=N_CELLS):
    """Probabilities, counts and totals of a made-up city: shares by a beta law, cell sizes uneven.

    With `household` persons to a household all of one kind, groups come in such lots.
    """
    t = household * (1 + rng.negative_binomial(1.5, 1.5 / (1.5 + max(size / household - 1, 0.5)), n_cells))
    p = np.full(n_cells, share) if truth == 0 else stats.beta.ppf(rng.random(n_cells), *_beta(share, truth))
    x = household * rng.binomial(t // household, p)
    return p, x.astype(float), t.astype(float)


def of_probabilities(index, p, t):
    """The index of the probabilities themselves."""
    return float(_call(index, p * t, t))


def one_setting(setting, repeats, draws, seed):
    """Rows of values, intervals and truths of one setting."""
    size, share, truth, household = setting
    rng = np.random.default_rng([seed, size, round(share * 100), round(truth * 100), household])
    found = []
    for _ in range(repeats):
        p, x, t = city(size, share, truth, rng, household)
        if x.sum() == 0:
            continue
        refits = refitted(x, t, rng=rng, draws=draws, cluster_size=household)
        for index in INDEX:
            true = of_probabilities(index, p, t)
            row = {"index": index, "true": true, "as it is": float(_call(index, x, t))}
            for method in ("bootstrap", "carrington_troske"):
                if index != "isolation" or method == "bootstrap":
                    row[method] = float(
                        corrected(index, x, t, method=method, rng=rng, draws=50, cluster_size=household)
                    )
            row["corrected"] = float(refits.of(index)[0])
            chance = labelled(index, x, t, rng=rng, draws=99, cluster_size=household)
            low, high = limits(refits, Called(index, {}), 0.95, bool(chance.p > 0.05), {})
            found.append(row | {"covered": low <= true + 1e-9 and true <= high + 1e-9})
    return pd.DataFrame(found).assign(size=size, share=share, aim=truth, household=household)


def _call(index, x, t):
    function = getattr(indices, index)
    if index == "dissimilarity":
        return function(x, t - x)
    return function(np.stack([x, t - x], axis=-1)) if index == "information_theory" else function(x, t)


def _beta(share, truth):
    """The beta law with this mean whose dissimilarity is `truth`."""
    middle = (np.arange(4000) + 0.5) / 4000

    def apart(log_a):
        a = np.exp(log_a)
        p = stats.beta.ppf(middle, a * share, a * (1 - share))
        return np.abs(p - share).mean() / (2 * share * (1 - share)) - truth

    a = np.exp(optimize.brentq(apart, -3, 9))
    return a * share, a * (1 - share)


def table(frame, what):
    """Rows of a Markdown table: mean cell and share by index and method."""
    kept = frame[frame["household"] == 1]
    lines = ["| persons a cell | share of the group | " + " | ".join(what) + " |", "|--:|--:|" + "--:|" * len(what)]
    for (size, share), own in kept.groupby(["size", "share"]):
        numbers = [f"{function(own):.3f}" for function in what.values()]
        lines.append(f"| {size} | {share:.0%} | " + " | ".join(numbers) + " |")
    return "\n".join(lines)


def bias(index, method, segregated):
    """The mean error of a method."""
    return lambda own: (lambda one: (one[method] - one["true"]).mean())(_of(own, index, segregated))


def rmse(index, method):
    """The root of the mean squared error."""
    return lambda own: (lambda one: np.sqrt(((one[method] - one["true"]) ** 2).mean()))(own[own["index"] == index])


def covered(index, segregated):
    """The share of intervals that hold the truth."""
    return lambda own: _of(own, index, segregated)["covered"].mean()


def _of(own, index, segregated):
    return own[(own["index"] == index) & ((own["aim"] > 0) == segregated)]


def figure(frame):
    """The bias of dissimilarity by mean cell, a panel a share."""
    import matplotlib

    matplotlib.use("Agg")
    matplotlib.rcParams["svg.hashsalt"] = "segindex"
    from matplotlib import pyplot

    pictured = frame[(frame["household"] == 1) & (frame["index"] == "dissimilarity")]
    canvas, panels = pyplot.subplots(1, len(SHARES), sharey=True, figsize=(10, 3))
    for axes, share in zip(panels, SHARES):
        own = pictured[pictured["share"] == share]
        for method, colour in zip(METHODS, ("#888888", "#d08a2e", "#7a5aa6", "#1f5f99")):
            line = [(size, (one[method] - one["true"]).mean()) for size, one in own.groupby("size")]
            axes.plot(*zip(*line), color=colour, marker="o", markersize=3, label=method)
        axes.set(xscale="log", title=f"group of {share:.0%}", xticks=SIZES, xticklabels=SIZES, xlabel="persons a cell")
        axes.axhline(0, color="black", linewidth=0.6)
    panels[0].set_ylabel("mean error of D")
    panels[-1].legend(frameon=False, fontsize=7)
    canvas.tight_layout()
    canvas.savefig(DOCS / "simulations.svg", metadata={"Date": None})


def page(frame, repeats, draws):
    """The words round the tables."""
    evenness = {f"{method}": method for method in METHODS}
    parts = [
        "# Simulations",
        "Written by `python -m benchmarks.study`. Do not edit this file.",
        f"Made-up cities of {N_CELLS:,} cells whose probabilities are known: beta laws with D of 0, .15, .30 and .60, "
        f"cell sizes uneven (negative binomial), {repeats} cities a setting, {draws} refits an interval. The truth is "
        "the index of the probabilities, weighted by the cells' residents.",
        "![The mean error of dissimilarity by the size of cells, for four shares of the group](simulations.svg)",
        "## Mean error of dissimilarity, where there is segregation",
        table(frame, {name: bias("dissimilarity", method, True) for name, method in evenness.items()}),
        "## Mean error of dissimilarity, where there is none",
        table(frame, {name: bias("dissimilarity", method, False) for name, method in evenness.items()}),
        "## Root-mean-square error of dissimilarity",
        table(frame, {name: rmse("dissimilarity", method) for name, method in evenness.items()}),
        "## Mean error of Theil's H, where there is segregation",
        table(frame, {name: bias("information_theory", method, True) for name, method in evenness.items()}),
        "## Mean error of isolation",
        table(frame, {name: bias("isolation", name, True) for name in ("as it is", "corrected")}),
        "## Share of 95 % intervals that hold the truth",
        table(
            frame,
            {
                f"{symbol}{', no segregation' * (not segregated)}": covered(index, segregated)
                for segregated in (True, False)
                for index, symbol in INDEX.items()
            },
        ),
        "## Households",
        "Whole households of two or three choose their cell; `cluster_size` says so.",
        households(frame),
        verdict(frame),
    ]
    return "\n\n".join(parts) + "\n"


def households(frame):
    """The table of families."""
    lines = ["| persons | size | share | aim | as it is | corrected | D covered |", "|--:|--:|--:|--:|--:|--:|--:|"]
    kept = frame[(frame["household"] > 1) & (frame["index"] == "dissimilarity")]
    for (household, size, share, aim), own in kept.groupby(["household", "size", "share", "aim"]):
        errors = [(own[method] - own["true"]).mean() for method in ("as it is", "corrected")]
        lines.append(
            f"| {household} | {size} | {share:.0%} | {aim:g} | {errors[0]:.3f} | {errors[1]:.3f} | "
            f"{own['covered'].mean():.2f} |"
        )
    return "\n".join(lines)


def verdict(frame):
    """Where the correction leaves more than a third of the bias, and where intervals cover less than nine in ten."""
    persons = frame[(frame["household"] == 1)]
    left, missed = [], []
    for (index, size, share, aim), own in persons.groupby(["index", "size", "share", "aim"]):
        error, was = (own["corrected"] - own["true"]).mean(), (own["as it is"] - own["true"]).mean()
        name = f"{INDEX[index]} at {size} persons, {share:.0%}, truth {aim:g}"
        if size >= 10 and abs(error) > abs(was) / 3 and abs(error) > 0.005:
            left.append(f"{name} ({error:+.3f} of {was:+.3f})")
        if stats.binom.sf((~own["covered"]).sum() - 1, len(own), 0.1) < 0.05:
            missed.append(f"{name} ({own['covered'].mean():.2f})")
    settings = persons.groupby(["index", "size", "share", "aim"]).ngroups
    return (
        "## What does not hold\n\nFrom ten persons a cell up, more than a third of the bias, and more than .005, is "
        "left at: "
        + ("; ".join(left) or "none")
        + f".\n\nOf {settings} settings, 95 % intervals miss more often than one in ten can in {len(missed)} (at 5 %): "
        + ("; ".join(missed) or "none")
        + "."
    )


def main(argv=None):
    """Run all settings and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=30)
    parser.add_argument("--draws", type=int, default=59)
    parser.add_argument("--workers", type=int, default=2)
    args = parser.parse_args(argv)
    persons = list(product(SIZES, SHARES, TRUTHS, (1,)))
    families = list(product((10, 60), (0.05, 0.15), (0.0, 0.3), (2, 3)))
    with ProcessPoolExecutor(args.workers) as pool:
        jobs = [pool.submit(one_setting, setting, args.repeats, args.draws, 1) for setting in persons + families]
        frame = pd.concat([job.result() for job in jobs], ignore_index=True)
    figure(frame)
    (DOCS / "simulations.md").write_text(page(frame, args.repeats, args.draws), encoding="utf-8")


if __name__ == "__main__":
    main()
