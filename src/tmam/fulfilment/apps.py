from django.apps import AppConfig


class FulfilmentConfig(AppConfig):
    name = "tmam.fulfilment"
    label = "fulfilment"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tmam.fulfilment.apple import changes, jobs  # noqa: F401 - they register with their runners
        from tmam.fulfilment.apple import hand_over as apple_hand_over  # noqa: F401 - it registers itself
        from tmam.fulfilment.google import consumers  # noqa: F401 - it registers with its runner
        from tmam.fulfilment.google.hand_over import forget_passes
        from tmam.fulfilment.links import hand_over  # noqa: F401 - it registers itself
        from tmam.fulfilment.links.stop_links import end_links, forget_links
        from tmam.fulfilment.wallet import hand_over as wallet_hand_over  # noqa: F401 - it registers itself
        from tmam.fulfilment.wallet import signed_out  # noqa: F401 - it registers with its runners
        from tmam.fulfilment.wallet.offers import end_offers
        from tmam.orders.forget_buyer import forgets_orders
        from tmam.orders.move_orders import follows_moved_orders

        forgets_orders(forget_links)
        forgets_orders(forget_passes)
        follows_moved_orders(end_links)
        follows_moved_orders(end_offers)
