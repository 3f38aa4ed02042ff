"""Superset's settings, which it imports when it starts. What differs between workspaces comes from the environment."""

import os

SECRET_KEY = os.environ["LABS_BI_SECRET"]
SQLALCHEMY_DATABASE_URI = f"sqlite:///{os.environ['LABS_BI_METADATA']}"
PREVENT_UNSAFE_DB_CONNECTIONS = False  # DuckDB is a file, which Superset takes for unsafe: the course's own is meant
WTF_CSRF_ENABLED = False  # the API is used with a token from the notebook
# The pages ask nothing outside. They would load a picture that counts them, whatever SCARF_ANALYTICS says.
OWN = "'self'"
TALISMAN_CONFIG = {
    "content_security_policy": {
        "default-src": [OWN], "base-uri": [OWN], "object-src": "'none'", "worker-src": [OWN, "blob:"],
        "img-src": [OWN, "blob:", "data:"], "style-src": [OWN, "'unsafe-inline'"],
        "script-src": [OWN, "'strict-dynamic'"],
    },
    "content_security_policy_nonce_in": ["script-src"],
    "force_https": False,  # JupyterLab passes the pages on
    "session_cookie_secure": False,
}
APP_ICON = f"{os.environ.get('SUPERSET_APP_ROOT', '')}/static/assets/images/superset-logo-horiz.png"
SESSION_COOKIE_SAMESITE = "Lax"
LOG_LEVEL = "WARNING"
FEATURE_FLAGS = {"DASHBOARD_RBAC": True}  # a dashboard can be given to a role
# What charts show is kept for as long as a chart, its dataset or its database says, and for a day where none says.
DATA_CACHE_CONFIG = {"CACHE_TYPE": "FileSystemCache", "CACHE_DEFAULT_TIMEOUT": 24 * 60 * 60,
                     "CACHE_DIR": os.path.join(os.path.dirname(os.environ["LABS_BI_METADATA"]), "cache")}
