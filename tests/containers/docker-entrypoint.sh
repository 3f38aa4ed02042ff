#!/bin/bash
# Stand-in for the official image's entrypoint, written from its documented behaviour:
# - any command but `postgres` is simply run;
# - root makes the data directory and becomes the user postgres;
# - an empty data directory is initialised, which needs a password, read from POSTGRES_PASSWORD_FILE;
# - a data directory with PG_VERSION in it is started as it is.
set -euo pipefail

if [ "$1" != postgres ]; then
    exec "$@"
fi

if [ -n "${POSTGRES_PASSWORD_FILE:-}" ]; then
    POSTGRES_PASSWORD=$(< "$POSTGRES_PASSWORD_FILE") # as root: the file may be mode 0600
    export POSTGRES_PASSWORD
    unset POSTGRES_PASSWORD_FILE
fi

if [ "$(id -u)" = 0 ]; then
    install -d -m 700 "$PGDATA"
    chown -R postgres:postgres "$PGDATA" /var/run/postgresql
    exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi

initialise() {
    if [ -z "${POSTGRES_PASSWORD:-}" ]; then
        echo "Error: the data directory is empty and no superuser password was given." >&2
        exit 1
    fi
    local user=${POSTGRES_USER:-postgres}
    # $POSTGRES_INITDB_ARGS is a shell fragment, as in the official image
    eval "initdb --username=\"$user\" --pwfile=<(echo \"\$POSTGRES_PASSWORD\") ${POSTGRES_INITDB_ARGS:-}"
    echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
    pg_ctl --options="-c listen_addresses=''" --wait start
    local database=${POSTGRES_DB:-$user}
    if [ "$database" != postgres ]; then
        createdb --username="$user" "$database"
    fi
    for script in /docker-entrypoint-initdb.d/*; do
        case $script in
            *.sh) if [ -x "$script" ]; then "$script"; else . "$script"; fi ;;
            *.sql) psql --set=ON_ERROR_STOP=1 --username="$user" --dbname="$database" --file="$script" ;;
        esac
    done
    pg_ctl --mode=fast --wait stop
}

[ -s "$PGDATA/PG_VERSION" ] || initialise
exec "$@"
