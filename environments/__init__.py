"""The services a lab runs against. Every lab imports from here first, and its notebook then speaks plainly of what is not written yet."""

from environments.unwritten import install

install()
