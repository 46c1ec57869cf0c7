"""What every row of this room is: the property of one agency."""

from __future__ import annotations

from typing import Self

from django.db import models

from callbox.people.models import Agency, OfAgencyQuerySet


class SealedQuerySet[Row: models.Model](OfAgencyQuerySet[Row]):
    """Rows that only the people of their agency may see: `visible_to(user)` is the door."""

    def of(self, agency: Agency) -> Self:
        """Return the rows of one agency."""
        return self.filter(agency=agency)


class Sealed(models.Model):
    """A row that belongs to one agency."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True
