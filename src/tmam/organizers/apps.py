from django.apps import AppConfig


class OrganizersConfig(AppConfig):
    name = "tmam.organizers"
    label = "organizers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tmam.organizers import forget_invitations, hand_over  # noqa: F401 - they register themselves
