"""`callcoach models`: the weights callcoach works with. Thin: parse, one call, print."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

models = typer.Typer(help="The weights callcoach works with.", no_args_is_help=True)

out = Console()


@models.command()
def card(
    evaluation: Annotated[Path, typer.Argument(help="JSON of a cross-validated `callcoach evaluate`.")],
    notes: Annotated[Path, typer.Option(help="What no figure says: command, what was tried, limits (TOML).")],
    into: Annotated[Path, typer.Option("--out", help="The card to write (Markdown).")],
    curves: Annotated[Path | None, typer.Option(help="JSON of `callcoach evaluate --curves`: what more labels bring.")] = None,
) -> None:
    """Write the judge's model card from its evaluation."""
    from callcoach.training.card import write_card

    write_card(evaluation, notes, into, curves_path=curves)
    out.print(f"Wrote {into}.", markup=False, highlight=False)


@models.command("fit-roles")
def fit_roles(
    corpus: Annotated[Path, typer.Argument(help="Folder of labelled calls.")],
    into: Annotated[Path, typer.Option("--out", help="The file of weights to write (JSON).")],
) -> None:
    """Learn from labelled calls to tell the rep from the customer by what is said."""
    from callcoach.training.fit_roles import learn_roles

    learn_roles(corpus, into, command=f"callcoach models fit-roles {corpus} --out {into}")
    out.print(f"Wrote {into}.", markup=False, highlight=False)


@models.command("fit-redaction")
def fit_redaction(
    items: Annotated[Path, typer.Argument(help="Folder of marked turns (.txt), such as models/redaction/items.")],
    into: Annotated[Path, typer.Option("--out", help="The folder to write the tagger to.")],
    corpus: Annotated[Path, typer.Option(help="Folder of labelled calls, for what tells nobody.")] = Path("models/corpus"),
) -> None:
    """Learn from marked turns which words of a call tell somebody."""
    from callcoach.app.learn_redaction import learn_redaction

    command = f"callcoach models fit-redaction {items} --corpus {corpus} --out {into}"
    learn_redaction(items, corpus, into, command=command, say=lambda sentence: out.print(sentence, markup=False, highlight=False))
    out.print(f"Wrote {into}.", markup=False, highlight=False)


@models.command()
def verify() -> None:
    """Check every weight file against models/manifest.toml."""
    from callcoach.cli.tables import print_weights
    from callcoach.weights.verify import verify as verify_weights

    print_weights(out, verify_weights())
