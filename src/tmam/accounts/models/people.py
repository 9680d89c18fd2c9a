"""People who can sign in. Global table."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower


class UserManager(BaseUserManager["User"]):
    """Makes people; the e-mail address is their name."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> User:
        """Create a person who can sign in with this address."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Find a person by address, whatever its case."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account: buyer, organizer's team member, gate steward or operator."""

    email = models.EmailField(unique=True)
    # Another name to sign in with, if the person chose one.
    username = models.CharField(max_length=30, null=True, blank=True)
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=10, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_any_case_once"),
            models.UniqueConstraint(Lower("username"), name="user_name_any_case_once"),
            models.CheckConstraint(condition=~models.Q(email=""), name="user_has_an_address"),
        ]

    def __str__(self) -> str:
        return self.email
