"""The shared look as a Django app: templates, static files and the template words."""

from django.apps import AppConfig


class HouseConfig(AppConfig):
    """Labelled `house`, since `site` reads like Django's own `sites`."""

    name = "huiyin.site"
    label = "house"

    def ready(self) -> None:
        """Register the start-up checks."""
        from huiyin.site import checks  # noqa: F401 - importing is registering
