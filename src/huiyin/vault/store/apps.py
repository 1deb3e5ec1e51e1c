"""The key store as a Django app."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    name = "huiyin.vault.store"
    label = "keystore"
