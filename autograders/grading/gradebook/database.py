"""The gradebook's database: its connections."""

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url

BUSY = 30  # seconds to wait for a gradebook that formgrader is writing


def engine_for(url: str) -> Engine:
    """Connections whose transactions hold SQLite's one write lock from their beginning: what they read stays true."""
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": BUSY})
    event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine
