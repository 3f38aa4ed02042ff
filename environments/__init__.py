"""The services a lab runs against. Every lab imports from here first;
from then on its notebook shows what goes wrong predictably as one line."""

from environments.notebook import install

install()
