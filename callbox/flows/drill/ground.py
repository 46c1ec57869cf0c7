"""Where a drill is held: an agency of its own, with the same people, invented helpers, one account on paper and one watch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.flows.drill.scenario import Scenario
from callbox.governance.members import add_member, change_role, create_agency, remove_member
from callbox.intelligence.models import Source
from callbox.intelligence.services import listening, sources, watches
from callbox.intelligence.services.drafting import Said, draft
from callbox.networks.connections.models import Connection
from callbox.networks.connections.services import connect, place_of
from callbox.networks.paper.files import Files
from callbox.networks.paper.network import PaperSession
from callbox.operations.models import Gateway
from callbox.operations.services import gateways
from callbox.operations.services.gateways import Details
from callbox.people.models import Agency, User
from callbox.people.roles import Role

BY: Final = "system: drill"
#: Who has the source of a drill: renewed with every look, so no worker ever does.
WORKER: Final = "drill"
#: What the helpers are, who do what nobody at the desk does. They cannot sign in.
HELPERS: Final = (
    Role.ADMINISTRATOR,
    Role.PRESS_OFFICER,
    Role.APPROVER,
    Role.CHIEF,
    Role.OFFICER,
    Role.ANALYST,
    Role.COMMANDER,
)
#: How long a drill may last; then its watch ends by itself.
LASTS: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ground:
    """agency: of the drill.  helpers: invented people by role.  account: the one on paper."""

    agency: Agency
    helpers: Mapping[Role, User]
    account: Connection

    @property
    def paper(self) -> PaperSession:
        """The folder that stands for the network."""
        place = place_of(self.agency, self.account.account, self.account.pk)
        return PaperSession(Files(place.folder / "paper", self.account.handle), self.account.handle)


def slug_of(agency: Agency) -> str:
    """Return the short name of the agency that its drills are held in."""
    return f"{agency.slug[:54]}-drill"


def find(agency: Agency) -> Agency | None:
    """Return the agency that drills are held in, None before the first."""
    return Agency.objects.filter(slug=slug_of(agency), exercise=True).first()


def lay_out(agency: Agency) -> Ground:
    """Return the ground of drills of `agency`, made where it is not there, with the people who work at the desk today.

    Raises:
        RefusedError: another agency has its short name.
    """
    twin = find(agency) or _make(agency)
    helpers = {role: _helper(twin, role) for role in HELPERS}
    _same_people(agency, twin)
    keeper = helpers[Role.PRESS_OFFICER]
    account = connect(agency=twin, kind="paper", details={"handle": twin.slug}, secrets={}, by=keeper)
    _gateway(agency, twin, helpers[Role.COMMANDER])
    return Ground(twin, helpers, Connection.objects.select_related("agency").get(pk=account.pk))


def _make(agency: Agency) -> Agency:
    if Agency.objects.filter(slug=slug_of(agency)).exists():
        raise RefusedError(_("Another agency has the short name %(slug)s.") % {"slug": slug_of(agency)})
    name = _("%(name)s (drill)") % {"name": agency.name[:150]}
    return create_agency(
        slug=slug_of(agency),
        by=BY,
        exercise=True,
        name=name,
        size=agency.size,
        time_zone=agency.time_zone,
        languages=list(agency.languages),
        accent="#7a4b00",
        emergency=agency.emergency,
    )


def _is_helper(twin: Agency, user: User) -> bool:
    return user.email.endswith(f"@{twin.slug}.invalid")


def leave(twin: Agency) -> None:
    """Let only the helpers stay: nobody works in a drill that was cleaned away."""
    keeper = _helper(twin, Role.ADMINISTRATOR)
    for member in twin.memberships.select_related("agency", "user"):
        if not _is_helper(twin, member.user):
            remove_member(membership=member, by=keeper)


def _helper(twin: Agency, role: Role) -> User:
    address = f"{role.value}@{twin.slug}.invalid"  # nobody's, for ever (RFC 2606)
    known = User.objects.filter(email=address).first()
    if known is not None and twin.role_of(known) == role:
        return known
    return add_member(agency=twin, email=address, name=f"Drill {role.value}", role=role, password=None, by=BY).user


def _same_people(agency: Agency, twin: Agency) -> None:
    """Let everybody who works at the desk work in the drill, as what they are there, and nobody else."""
    there = {member.user_id: member for member in twin.memberships.select_related("agency", "user")}
    here = {member.user_id: member for member in agency.memberships.select_related("user")}
    keeper = _helper(twin, Role.ADMINISTRATOR)
    for number, member in there.items():
        if number not in here and not _is_helper(twin, member.user):
            remove_member(membership=member, by=keeper)
        elif number in here and member.role != here[number].role:
            change_role(membership=member, role=Role(here[number].role), by=keeper)
    for number, member in here.items():
        if number not in there:
            add_member(
                agency=twin,
                email=member.user.email,
                name=member.user.name,
                role=Role(member.role),
                password=None,
                by=BY,
            )


def _gateway(agency: Agency, twin: Agency, by: User) -> None:
    """Let the drill use the gateway for exercises, where the agency has one."""
    Gateway.objects.filter(agency=twin).exclude(state="open").delete()
    known = Gateway.objects.filter(agency=agency, state="open", exercise=True).first()
    if known is None or Gateway.objects.filter(agency=twin).exists():
        return
    details = Details(known.title, known.address, known.minutes, known.phone)
    with transaction.atomic():
        row, _secret = gateways.add(
            agency=twin, details=details, exercise=True, secret=gateways.secret_of(known), by=by
        )
        old = {"old_secret": known.old_secret, "old_until": known.old_until}  # dispatch may not have changed over yet
        Gateway.objects.filter(pk=row.pk).update(**old)


def listen(ground: Ground, scenario: Scenario) -> Source:
    """Write the watch of a scenario and let it be allowed by another person, as every watch is. The drill has its source from the
    beginning, so no worker listens there.
    """
    analyst, commander, now = ground.helpers[Role.ANALYST], ground.helpers[Role.COMMANDER], timezone.now()
    source = sources.register(
        agency=ground.agency,
        kind="feed",
        title=scenario.title,
        address=f"https://drill.invalid/{scenario.id}.xml",
        rights="Invented by this drill; nobody else wrote a word of it.",
        rights_until=(now + timedelta(days=30)).date(),
        by=analyst,
    )
    listening.claim(source, worker=WORKER)
    said = Said(
        title=scenario.watch.title,
        purpose=scenario.watch.purpose,
        basis=scenario.watch.basis,
        area=scenario.place,
        query=scenario.watch.query,
        sources=[source],
        starts=now - timedelta(minutes=1),
        ends=now + LASTS,
    )
    watch = watches.submit(watch=draft(agency=ground.agency, said=said, by=analyst), by=analyst)
    watches.allow(watch=watch, by=commander)
    return source


def silence(twin: Agency) -> None:
    """Close the sources of a drill that ended; their watches hear nothing any more."""
    for source in Source.objects.of(twin).open():
        sources.close(source=source, by=_helper(twin, Role.ANALYST))


def stream_file(slug: str) -> Path:
    """Return where the log of a drill lies."""
    return settings.DATA / f"{slug}.sqlite3"
