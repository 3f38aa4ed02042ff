"""The command `source-stripe-teaspoon`: spec, check, discover, read; a message of the Airbyte protocol a line."""

import sys
from argparse import Namespace


def main(arguments: list[str] | None = None) -> None:
    """Run one command of the connector."""
    from airbyte_cdk.entrypoint import launch

    arguments = sys.argv[1:] if arguments is None else arguments
    launch(source(arguments), arguments)


def source(arguments: list[str]):
    """The source, with the files that the command line names."""
    from airbyte_cdk.entrypoint import AirbyteEntrypoint

    from environments.stack.source_stripe_teaspoon.source import SourceStripeTeaspoon

    return SourceStripeTeaspoon(**given(SourceStripeTeaspoon, AirbyteEntrypoint.parse_args(arguments)))


def given(reader, arguments: Namespace) -> dict:
    """Catalog, config and state of the command line, read as this source reads them; None where they are not given."""
    files = {name: getattr(arguments, name, None) for name in ("catalog", "config", "state")}
    return {name: getattr(reader, f"read_{name}")(file) if file else None for name, file in files.items()}


if __name__ == "__main__":
    main()
