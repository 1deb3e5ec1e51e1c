"""The registry as a Django app."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "huiyin.registry"
    label = "registry"
    verbose_name = "Registry"
