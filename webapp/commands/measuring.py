"""`anju bench`: how fast, each figure beside its floor."""

from typing import Any

import click

from webapp.commands.shell import as_json, result, t


@click.command(help=t("测量速度，每项附下限", "Measure; each figure beside its floor"))
@click.option("--quick", is_flag=True, help=t("较小的规模，50 秒内结束", "Smaller sizes, done within 50 s"))
@click.option("--only", multiple=True, metavar="NAME", help=t("只测这些", "Only these"))
@as_json
def bench(quick: bool, only: tuple[str, ...], as_json: bool) -> None:
    """Run the measures and print them."""
    from webapp import bench as measures

    found: list[dict[str, Any]] = measures.run(quick=quick, only=only)
    result({"measures": found}, as_json, lambda: (_told(measure) for measure in found))


def _told(measure: dict[str, Any]) -> str:
    figures = (measure.get(name) for name in ("p50_ms", "p99_ms", "floor_ms", "ratio"))
    shown = "\t".join("—" if figure is None else f"{figure:.3f}" for figure in figures)
    return f"{measure['name']}\t{measure['database']}\t{shown}"
