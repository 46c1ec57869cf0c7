"""A connection: an account Callbox may speak through and listen to."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from callbox.core.state import Graph
from callbox.people.models import Agency, OfAgencyQuerySet


class ConnectionQuerySet(OfAgencyQuerySet["Connection"]):
    """How connections are asked for."""

    def of(self, agency: Agency) -> Self:
        """Return the connections of one agency."""
        return self.filter(agency=agency)

    def usable(self) -> Self:
        """Return those whose token the network accepted when it was last used."""
        return self.filter(state="working")


class Connection(models.Model):
    """One account on one network with what is needed to use it; its token is sealed with a key that is not in the database.

    working: used and accepted.  refused: the network no longer accepts the token; deliveries wait, a person is told.  ended: taken off.
    """

    LIFE = Graph("working", {"working": ("refused", "ended"), "refused": ("working", "ended"), "ended": ("working",)})

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    account = models.CharField(max_length=200)  # "<network>:<handle>", as in the ledger and the registry of accounts
    name = models.CharField(_("Name"), max_length=160, blank=True)
    url = models.CharField(max_length=500, blank=True)  # where people see the account
    details = models.JSONField(default=dict)  # what is no secret: server, sender, list
    sealed = models.TextField(blank=True)  # callbox.core.secrets.Vault, purpose "connection"
    state = models.CharField(max_length=20, default=LIFE.start)
    said = models.CharField(max_length=300, blank=True)  # what the network answered when it refused the token
    cursor = models.TextField(blank=True)  # where collecting goes on; moved after the items are stored
    checked_at = models.DateTimeField(null=True)
    collected_at = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True)  # the network asked to be left alone until then
    listen_after = models.DateTimeField(null=True)  # ... and not to be asked for what is new until then
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ConnectionQuerySet.as_manager()

    class Meta:
        ordering = ["account"]
        constraints = [models.UniqueConstraint(fields=["agency", "account"], name="one_connection_an_account")]

    def __str__(self) -> str:
        return self.account

    @property
    def kind(self) -> str:
        """The kind of network."""
        return self.account.partition(":")[0]

    @property
    def handle(self) -> str:
        """The account's name there."""
        return self.account.partition(":")[2]
