"""Huiyin (回音): petitions in, reasoned answers out, inside the time the law allows."""

from importlib.metadata import version

__version__ = version("huiyin")
