"""Superset's settings, which it imports when it starts. What differs between workspaces comes from the environment."""

import os

SECRET_KEY = os.environ["LABS_BI_SECRET"]
SQLALCHEMY_DATABASE_URI = f"sqlite:///{os.environ['LABS_BI_METADATA']}"
PREVENT_UNSAFE_DB_CONNECTIONS = False  # DuckDB is a file, which Superset takes for unsafe: the course's own is meant
WTF_CSRF_ENABLED = False  # the API is used with a token from the notebook
TALISMAN_ENABLED = False  # it would ask for HTTPS, and JupyterLab shows the pages
SESSION_COOKIE_SAMESITE = "Lax"
LOG_LEVEL = "WARNING"
FEATURE_FLAGS = {"DASHBOARD_RBAC": True}  # a dashboard can be given to a role
