"""The distribution of the hold time, as a picture."""

from __future__ import annotations

from pathlib import Path

from .pacing import SLOW
from .results import Results

COLOURS = {
    "product": "#0b6e4f",
    "plain": "#c44536",
    "ctypes": "#e0a458",
    "wake": "#6c8ead",
    "empty": "#aaaaaa",
}
TITLES = {"idle": "loop idle", "busy": "loop busy", "gil": "another Python thread spins"}


def draw(results: Results, path: Path) -> None:
    """Needs matplotlib. For each time, the share of callbacks that held RAS no longer."""
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(1, len(TITLES), figsize=(12, 4), sharey=True)
    for axis, (condition, title) in zip(axes, TITLES.items(), strict=True):
        for way, colour in COLOURS.items():
            holds = sorted(
                hold for cell in results.cells_of(way, condition, SLOW.name) for hold in cell.holds
            )
            if holds:
                shares = [100 * (index + 1) / len(holds) for index in range(len(holds))]
                axis.step(holds, shares, where="post", color=colour, label=way)
        axis.set_xscale("log")
        axis.set_title(f"{title}, an event every 5-15 ms", fontsize=10)
        axis.set_xlabel("RAS is held, microseconds")
        axis.grid(alpha=0.3, which="major")
    axes[0].set_ylabel("callbacks that returned, percent")
    axes[0].legend(loc="lower right", fontsize=8)
    figure.tight_layout()
    figure.savefig(path)
    plt.close(figure)
