"""Addresses below `/checkout/`."""

from __future__ import annotations

from django.urls import path

from tmam.web.checkout.bank_pages import back_from_bank, stop_paying, wait_page
from tmam.web.checkout.basket_page import add_to_basket, basket_page, drop_lost, more_time, remove_from_basket
from tmam.web.checkout.details_page import details_page
from tmam.web.checkout.done_page import done_page
from tmam.web.checkout.pay_page import pay_page

urlpatterns = [
    path("", basket_page, name="checkout_basket"),
    path("add/", add_to_basket, name="checkout_add"),
    path("<uuid:checkout_id>/", details_page, name="checkout_details"),
    path("<uuid:checkout_id>/remove/", remove_from_basket, name="checkout_remove"),
    path("<uuid:checkout_id>/drop-lost/", drop_lost, name="checkout_drop_lost"),
    path("<uuid:checkout_id>/extend/", more_time, name="checkout_extend"),
    path("<uuid:checkout_id>/pay/", pay_page, name="checkout_pay"),
    path("<uuid:checkout_id>/bank/", back_from_bank, name="checkout_bank"),
    path("<uuid:checkout_id>/stop/", stop_paying, name="checkout_stop"),
    path("<uuid:checkout_id>/wait/", wait_page, name="checkout_wait"),
    path("<uuid:checkout_id>/done/", done_page, name="checkout_done"),
]
