"""What stands for dbt's `adapter` where sqlfluff reads a model, which has no database: a function call for each
dispatched macro."""


def dispatch(name: str):
    return lambda column, *_: f"{name}({column})"
