from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "tmam.notifications"
    label = "notifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tmam.notifications import (  # noqa: F401 - they register with their runners
            consumers,
            forget_mails,
            hand_over,
            jobs,
        )
