"""Partners: whom the agency works with, in which sector, who answers there, and when they last spoke."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from callbox.core.state import Graph
from callbox.people.models import Agency, OfAgencyQuerySet


class Sector(models.TextChoices):
    """The sectors of practice C1."""

    SCHOOLS = "schools", _("Schools")
    FAITH = "faith", _("Faith groups")
    BUSINESS = "business", _("Business")
    VICTIMS = "victims", _("Victims’ services")
    MEDIA = "media", _("Media")
    CITY = "city", _("City")
    POLICE = "police", _("Neighbouring police")
    EMERGENCY = "emergency", _("Emergency management")
    LANGUAGES = "languages", _("Language groups")
    CRITICS = "critics", _("Critics")


class PartnerQuerySet(OfAgencyQuerySet["Partner"]):
    """How partners are asked for."""

    def of(self, agency: Agency) -> Self:
        """Return the partners of one agency."""
        return self.filter(agency=agency)

    def standing(self) -> Self:
        """Return those the agency works with now."""
        return self.filter(state="standing")


class Partner(models.Model):
    """One organisation. A partner that runs Callbox too is reached by its address and known by its public key."""

    LIFE = Graph("standing", {"standing": ("ended",), "ended": ("standing",)})

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="partners")
    state = models.CharField(max_length=20, default=LIFE.start)
    name = models.CharField(_("Name"), max_length=160)
    sector = models.CharField(_("Sector"), max_length=20, choices=Sector)
    languages = models.JSONField(_("Languages of the people it reaches"), default=list, blank=True)  # BCP 47
    reaches = models.TextField(_("Whom it reaches"), blank=True)
    role = models.TextField(_("What was agreed"), blank=True)
    person = models.CharField(_("Who answers there"), max_length=160, blank=True)
    email = models.EmailField(_("E-mail"), blank=True)
    phone = models.CharField(_("Telephone"), max_length=40, blank=True)
    accounts = models.JSONField(_("Its accounts"), default=list, blank=True)  # ["<network>:<handle>", ...]
    clearance = models.CharField(_("May receive up to"), max_length=20, default="green")  # TLP 2.0
    local = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")  # in this installation
    address = models.URLField(_("Its Callbox"), max_length=300, blank=True)  # ... or in another one
    short_name = models.SlugField(_("Its short name there"), max_length=60, blank=True)
    public_key = models.CharField(_("Its public key"), max_length=80, blank=True)  # "ed25519:..."
    key_checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    key_checked_at = models.DateTimeField(null=True)  # the fingerprint was compared over another way
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = PartnerQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["agency", "name"], name="one_partner_a_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """Its name in the trail and in holds."""
        return f"partner:{self.pk}"


class Contact(models.Model):
    """One time the agency and a partner spoke."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="contacts")
    on = models.DateField(_("Day"))
    how = models.CharField(_("How"), max_length=20)  # met, called, wrote, shared
    about = models.CharField(_("About"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.partner} {self.on}"
