"""Stripe as an Airbyte connector, with airbyte-cdk: `source-stripe-teaspoon spec | check | discover | read`.

`balance_transactions` is declared in manifest.yaml: nothing in it ever changes, so `created` is all a run must
remember. `charges` is Python: they change after they were made, so what a run remembers is the last event it has seen.
"""
