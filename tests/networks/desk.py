"""An agency with accounts, and messages that were approved to leave."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone

from callbox.governance import approvals
from callbox.governance.models import Approval
from callbox.governance.policy import TWO_PERSONS, Bound
from callbox.networks.connections.models import Connection
from callbox.networks.connections.services import vault
from callbox.networks.deliveries import services
from callbox.networks.deliveries.binding import part_of
from callbox.networks.deliveries.models import Delivery, Operation
from callbox.networks.vocabulary import Media, Rendition
from callbox.people.models import Agency, User
from callbox.people.roles import Role
from tests.people.cast import person

TOKEN = "s3cret-token-of-harbour"


@dataclass
class Desk:
    """alice writes, bob approves; connections by handle."""

    agency: Agency
    alice: User
    bob: User

    @classmethod
    def open(cls, slug: str = "harbour") -> Desk:
        agency = Agency.objects.create(slug=slug, name=slug.title())
        return cls(
            agency,
            person("Alice", agency, Role.PRESS_OFFICER, second_factor=False),
            person("Bob", agency, Role.APPROVER, second_factor=False),
        )

    def account(self, handle: str = "harbour", kind: str = "fake") -> Connection:
        row, _new = Connection.objects.get_or_create(
            agency=self.agency,
            account=f"{kind}:{handle}",
            defaults={
                "details": {"handle": handle},
                "sealed": vault().seal({"token": TOKEN}),
                "by": self.alice,
                "at": timezone.now(),
            },
        )
        return row

    def approved(
        self,
        rendition: Rendition,
        subject: str,
        due: datetime | None = None,
        operation: Operation = Operation.PUBLISH,
        replaces: Delivery | None = None,
    ) -> Approval:
        bound = Bound(subject, {rendition.account: part_of(rendition, operation, replaces)}, due)
        return approvals.approve(
            agency=self.agency, bound=bound, rule=TWO_PERSONS, authors=[self.alice.pk], by=self.bob
        )

    def queued(
        self,
        subject: str = "message:1",
        *,
        connection: Connection | None = None,
        text: str = "Harbour Street is closed.",
        due: datetime | None = None,
        expires: datetime | None = None,
        urgent: bool = False,
        media: tuple[Media, ...] = (),
        operation: Operation = Operation.PUBLISH,
        replaces: Delivery | None = None,
        recipient: str = "",
    ) -> Delivery:
        """Approve and queue one delivery, at once unless `due` says when."""
        connection = connection or self.account()
        rendition = Rendition(account=connection.account, text=text, urgent=urgent, media=media)
        return services.queue(
            agency=self.agency,
            connection=connection,
            subject=subject,
            version=1,
            rendition=rendition,
            approval=self.approved(rendition, subject, due, operation, replaces),
            due=due or timezone.now(),
            expires=expires,
            operation=operation,
            replaces=replaces,
            recipient=recipient,
            by=self.bob,
        )


def tampered(delivery: Delivery, **changes: object) -> None:
    """Change the stored rendition behind everyone's back, as somebody with the database could."""
    shown = replace(delivery.shown, **changes)  # type: ignore[arg-type]
    Delivery.objects.filter(pk=delivery.pk).update(rendition=shown.plain())
