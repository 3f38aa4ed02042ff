"""Teaspoon's pipeline in Dagster: loads, dbt models, checks and publication, every morning at 06:00, and alerts.

    dagster dev -m environments.stack.orchestration.definitions      # the reference definitions
    environments.stack.orchestration.nights                          # anybody's definitions, on simulated time

Nothing here opens a file, a connection or a port when it is imported.
"""
