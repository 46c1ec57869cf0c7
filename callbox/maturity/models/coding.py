"""Double coding: two people label the same posts, apart, so that their agreement can be measured (model row V4)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from callbox.maturity.models.assessments import Assessment
from callbox.maturity.models.sealed import Sealed, SealedQuerySet


class CodingSample(Sealed):
    """A random sample of an assessment's posts, drawn with a written-down seed. Only the agency's own public posts, never a reply to it."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="coding_samples")
    seed = models.PositiveIntegerField()
    drawn_from = models.PositiveIntegerField()  # posts the sample was drawn from
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = SealedQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"sample {self.pk}"


class CodedPost(Sealed):
    """One post of a sample, with its text: the ledger keeps none."""

    sample = models.ForeignKey(CodingSample, on_delete=models.CASCADE, related_name="posts")
    position = models.PositiveIntegerField()
    account = models.CharField(max_length=200)
    post = models.CharField(max_length=200)
    text = models.TextField()

    objects = SealedQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["sample", "position"], name="one_post_a_position")]

    def __str__(self) -> str:
        return f"{self.account} {self.post}"


class Code(Sealed):
    """What one coder made of one post. Coders work apart: nobody sees another's codes before both are done."""

    class Kind(models.TextChoices):
        """What a post does."""

        INFORM = "inform", _("Inform")
        ENGAGE = "engage", _("Engage")
        GATHER = "gather", _("Gather information")

    post = models.ForeignKey(CodedPost, on_delete=models.CASCADE, related_name="codes")
    coder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    prevention = models.BooleanField()
    services = models.BooleanField()
    at = models.DateTimeField()

    objects = SealedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "coder"], name="one_code_a_coder")]

    def __str__(self) -> str:
        return f"{self.post_id} by {self.coder_id}: {self.kind}"
