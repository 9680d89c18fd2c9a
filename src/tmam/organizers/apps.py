from django.apps import AppConfig


class OrganizersConfig(AppConfig):
    name = "tmam.organizers"
    label = "organizers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tmam.organizers import hand_over  # noqa: F401 - registers a part of the download
