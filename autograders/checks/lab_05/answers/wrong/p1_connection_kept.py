"""SQLAlchemy's pool keeps the connection to PostgreSQL open for the next time."""
# loses: check_tables_arrive_whole
# %% copy_table
import functools


@functools.cache
def engine_of(host, port, password):
    return sqlalchemy.create_engine(sqlalchemy.URL.create(
        "postgresql+psycopg", "postgres", password, host, port, "teaspoon"), pool_pre_ping=True)


def copy_table(server, warehouse, name, types) -> int:
    chosen = ", ".join(f"array_to_json({c})" if t.endswith("[]") else c for c, t in types.items())
    made = ", ".join(f"cast({f'cast({c} as json)' if t.endswith('[]') else c} as {t}) as {c}" for c, t in types.items())
    engine = engine_of(server.runtime.host, server.runtime.port, server.password)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.csv"
        with engine.connect() as connection, file.open("wb") as out:
            cursor = connection.connection.driver_connection.cursor()
            with cursor.copy(f"copy (select {chosen} from {name}) to stdout (format csv)") as rows:
                out.writelines(rows)
        with duckdb.connect(str(warehouse)) as con:
            con.execute(f"create or replace table raw.production_{name} as select {made} from read_csv(?, columns = ?, "
                        "header = false, delim = ',', quote = '\"', escape = '\"', nullstr = '', "
                        "allow_quoted_nulls = false, auto_detect = false)", [str(file), {c: "varchar" for c in types}])
            return con.execute(f"select count(*) from raw.production_{name}").fetchone()[0]
