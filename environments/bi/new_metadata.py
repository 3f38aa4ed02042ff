"""Make Superset's metadata for an empty tool, in its own environment: `python new_metadata.py`.

Its migrations take a quarter of a minute of work, so this runs once, and each workspace gets a copy. The administrator
has no password until one is set in the copy.
"""

import secrets
from pathlib import Path

import superset
from flask_migrate import upgrade
from superset.app import create_app
from superset.extensions import db

ADMIN = "admin"

app = create_app()
with app.app_context():
    upgrade(directory=str(Path(superset.__file__).parent / "migrations"))
    from superset import appbuilder, security_manager

    appbuilder.add_permissions(update_perms=True)  # as `superset init` does: without it even Admin may not export
    security_manager.sync_role_definitions()
    role = security_manager.find_role("Admin")
    security_manager.add_user(ADMIN, "Teaspoon", "Data", "data@teaspoon.example", role,
                              password=secrets.token_urlsafe(18))
    db.session.commit()
