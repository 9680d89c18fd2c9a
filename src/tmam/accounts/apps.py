from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "tmam.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tmam.accounts import (
            address_proofs,
            hand_over,  # noqa: F401 - registers parts of the download
            hand_over_alerts,  # noqa: F401 - the same
            log_account_news,
        )

        log_account_news.connect()
        address_proofs.connect()
