from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "tmam.notifications"
    label = "notifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tmam.notifications import consumers, jobs  # noqa: F401 - registers both with their runners
