"""Everything that runs by itself, one line a job. `callbox worker` runs it; the demo runs it in a thread."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import close_old_connections
from django.db import connections as databases
from django.utils import timezone

from callbox.collaboration.services import handover
from callbox.flows import arrival, drill, publication, retention, sharing
from callbox.governance import audit, chain, emergency
from callbox.intelligence.pipeline import ears, keeping
from callbox.intelligence.services import figures, grouping, heartbeat, reveals, rising, watches
from callbox.maturity.services import evidence, measuring
from callbox.networks.connections import services as connections
from callbox.networks.deliveries import looking, sending
from callbox.networks.items import collect as collecting
from callbox.operations.services import duty, escalations, incidents
from callbox.portal import letters as letter_words
from callbox.portal import render
from callbox.trust.services import appeals, letters
from callbox.trust.tips import desk, intake

log = logging.getLogger("callbox.worker")


def write_checkpoint() -> None:
    """Append the end of the audit chain to the witness file."""
    point = audit.checkpoint()
    if point is not None:
        chain.write_checkpoint(settings.AUDIT_WITNESS, point)


def write_copy() -> None:
    """Write the public pages as files, where the settings name a folder for them."""
    if settings.COPY is not None:
        render.render(settings.COPY)


def clear_sessions() -> None:
    """Delete sessions that ended."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do again and again. every: seconds from the end of one run to the start of the next.

    lane: jobs of one lane run one after the other in a thread of their own, so that sending never waits behind measuring.
    """

    name: str
    run: Callable[[], object]
    every: float
    lane: str = "house"


@dataclass(frozen=True, slots=True)
class Standing:
    """Something that goes on as long as the worker does, in a thread of its own. run: returns soon after what it is given is set."""

    name: str
    run: Callable[[threading.Event], object]


MINUTE, HOUR, DAY = 60, 3600, 86_400
#: Seconds that a worker which was told to stop waits for calls under way; what is cut off is found unclear by the next worker.
LAST_CALL = 25


def collect() -> None:
    """Fetch what is new on every account and give it to whoever it concerns."""
    collecting.collect_due(arrival.arrived)


def send() -> None:
    """Send what is due; a subscriber's address is looked up when their letter leaves."""
    sending.send_waiting(resolve=publication.resolver(letter_words.unsubscribe_link))


def confirm_subscriptions() -> None:
    """Ask the owners of addresses whether they want news."""
    letters.send_confirmations(letter_words.confirmation)


def tell_of_answers() -> None:
    """Tell residents who left an address that their question has an answer."""
    letters.tell_of_answers(letter_words.answered)


JOBS: tuple[Job, ...] = (
    Job("send what is due", send, 1, lane="send"),
    Job("settle messages", publication.settle_messages, 2),
    Job("look for what is unclear", looking.look_at_unclear, 5, lane="look"),
    Job("collect from the networks", collect, 5, lane="collect"),
    Job("hear what a stopped worker left", arrival.catch_up, MINUTE, lane="collect"),
    Job("send corrections and recalls after what was offered", sharing.follow_up, 5, lane="share"),
    Job("hand over and tell what partners wait for", handover.hand_over_waiting, 2, lane="share"),
    Job("notice what was published of partners’ offers", sharing.settle_arrivals, 5, lane="share"),
    Job("probe the tokens", connections.probe_all, 5 * MINUTE, lane="look"),
    Job("seal the audit chain", audit.seal, 1, lane="seal"),
    Job("measure waiting assessments", measuring.measure_waiting, 1),
    Job("measure live records anew", measuring.queue_live, HOUR),
    Job("expire evidence", evidence.expire_today, DAY),
    Job("remind owners of evidence", evidence.remind_today, DAY),
    Job("write an audit checkpoint", write_checkpoint, DAY),
    Job("write the copy for bad days", write_copy, HOUR, lane="copy"),
    Job("clear ended sessions", clear_sessions, DAY),
    Job("note which authors of hidden comments were told", appeals.note_told, MINUTE),
    Job("tell residents of answers", tell_of_answers, 10, lane="letters"),
    Job("write to subscribers", confirm_subscriptions, 5, lane="letters"),
    Job("send escalations", escalations.send_due, 1, lane="dispatch"),
    Job("let escalations lapse", escalations.lapse_due, 1, lane="lapse"),
    Job("call those on duty", duty.tell_duty, 5, lane="duty"),
    Job("tell who triages of events that rise", rising.tell_waiting, 5, lane="duty"),
    Job("note freezes in incidents", incidents.note_freezes, 5),
    Job("play drills", drill.play_due, 2, lane="drill"),
    Job("page officers", desk.page_officers, MINUTE),
    Job("count the tips of the day", intake.count_days, HOUR),
    Job("notice sources that are silent", heartbeat.watch_over, 15, lane="watches"),
    Job("end watches whose last hour passed", watches.expire, 20, lane="watches"),
    Job("group what watches matched", grouping.group_waiting, 2, lane="group"),
    Job("bring the board up to date", figures.rescore, MINUTE, lane="group"),
    Job("notice reviews that are overdue", emergency.note_overdue, MINUTE),
    Job("end looks at authors", reveals.lapse, MINUTE),
    Job("purge what is past its days", retention.purge_tonight, DAY),
)


#: Every worker does these beside its jobs; workers share sources and what was heard among themselves.
STANDING: tuple[Standing, ...] = (
    Standing("listen to public sources", ears.listen_forever),
    Standing("keep what watches matched", keeping.keep_forever),
)


def run_once(jobs: tuple[Job, ...] = JOBS) -> list[str]:
    """Run every job once, in order; return the names of those that failed. A failure is logged and stops no other job."""
    return [job.name for job in jobs if not _run(job)]


def run_forever(stop: threading.Event, jobs: tuple[Job, ...] = JOBS, standing: tuple[Standing, ...] = ()) -> None:
    """Run the schedule until `stop` is set, each lane and each of `standing` in its own thread. A job that failed is tried again after
    its pause, at least a minute. A lane that is in the middle of a call when `stop` is set is waited for, as long as a call may take.
    """
    lanes: dict[str, list[Job]] = {}
    for job in jobs:
        lanes.setdefault(job.lane, []).append(job)
    threads = [
        threading.Thread(target=_run_lane, args=(stop, tuple(lane)), name=f"worker-{name}", daemon=True)
        for name, lane in lanes.items()
    ]
    threads += [
        threading.Thread(target=_stand, args=(stop, one), name=f"worker-{one.name}", daemon=True) for one in standing
    ]
    for thread in threads:
        thread.start()
    stop.wait()
    patience = time.monotonic() + LAST_CALL
    for thread in threads:
        thread.join(max(0.0, patience - time.monotonic()))


def _run_lane(stop: threading.Event, jobs: tuple[Job, ...]) -> None:
    due = dict.fromkeys(jobs, 0.0)
    try:
        while not stop.is_set():
            for job in jobs:
                if due[job] <= time.monotonic() and not stop.is_set():
                    due[job] = time.monotonic() + (job.every if _run(job) else max(job.every, MINUTE))
            stop.wait(max(0.05, min(due.values()) - time.monotonic()))
    finally:
        databases.close_all()  # the thread’s own


def _stand(stop: threading.Event, one: Standing) -> None:
    while not stop.is_set():
        try:
            one.run(stop)
        except Exception:
            log.exception("“%s” broke off; it begins anew.", one.name)
            stop.wait(MINUTE)


def _run(job: Job) -> bool:
    close_old_connections()
    try:
        job.run()
    except Exception:
        log.exception("The job “%s” failed; it will be tried again.", job.name)
        return False
    return True
