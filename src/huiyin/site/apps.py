"""The shared look as a Django app: templates, static files and the template words."""

from django.apps import AppConfig


class HouseConfig(AppConfig):
    """Labelled `house`, since `site` reads like Django's own `sites`."""

    name = "huiyin.site"
    label = "house"

    def ready(self) -> None:
        """Register the start-up checks and, where officers sign in, what begins a session."""
        from django.conf import settings

        from huiyin.site import checks, forms, logs  # noqa: F401 - importing is registering

        if settings.ZONE != "public":
            from huiyin.doors.officer import sessions  # noqa: F401 - importing is registering
