"""The name under which newer sources import runtime_bindings."""

from runtime_bindings import *  # noqa: F401,F403
from runtime_bindings import __all__  # noqa: F401
