"""The command `source-stripe-teaspoon`: spec, check, discover, read; a message of the Airbyte protocol a line."""

import sys


def main(arguments: list[str] | None = None) -> None:
    """Run one command of the connector."""
    from airbyte_cdk.entrypoint import launch

    arguments = sys.argv[1:] if arguments is None else arguments
    launch(source(arguments), arguments)


def source(arguments: list[str]):
    """The source, with the files that the command line names."""
    from airbyte_cdk.entrypoint import AirbyteEntrypoint

    from environments.stack.source_stripe_teaspoon.source import SourceStripeTeaspoon

    given = vars(AirbyteEntrypoint.parse_args(arguments))
    reads = {"catalog": SourceStripeTeaspoon.read_catalog, "config": SourceStripeTeaspoon.read_config, "state": SourceStripeTeaspoon.read_state}
    return SourceStripeTeaspoon(**{name: read(given[name]) for name, read in reads.items() if given.get(name)})


if __name__ == "__main__":
    main()
