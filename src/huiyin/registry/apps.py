"""The registry as a Django app."""

from django.apps import AppConfig
from django.conf import settings

from huiyin.core import rulebook


class RegistryConfig(AppConfig):
    name = "huiyin.registry"
    label = "registry"
    verbose_name = "Registry"

    def ready(self) -> None:
        """The operator's own rulebooks stand beside ours from the start; `checks.py` refuses broken ones."""
        rulebook.also_from(settings.RULEBOOKS_DIR)
