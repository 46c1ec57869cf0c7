"""Writing: one form with the preview beside it. Whatever happens, what was typed stands in the form that comes back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages as notes
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from callbox.core.refusal import RefusedError
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.numbers import number_of
from callbox.desk.voice.forms import MessageForm, Writing
from callbox.desk.voice.media import take_in
from callbox.flows import publication
from callbox.networks.vocabulary import Content
from callbox.people.models import Agency
from callbox.people.roles import Action
from callbox.voice.models import Message
from callbox.voice.services import messages
from callbox.voice.services.messages import SavedMeanwhileError


def door(request: StaffRequest, agency: Agency) -> QuerySet[Message]:
    """Return the messages this person may see here."""
    return Message.objects.visible_to(request.user).of(agency).select_related("agency", "corrects", "by")


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.WRITE_MESSAGE)
def write(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Begin a message."""
    return _Desk(request, agency).answer()


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.WRITE_MESSAGE)
def rewrite(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Write on."""
    message = get_object_or_404(door(request, agency), pk=pk)
    if message.state not in messages.OPEN:
        notes.error(request, _("This message can no longer be changed. It has left, or was put away."))
        return redirect("message", agency=agency.slug, pk=pk)
    return _Desk(request, agency, message=message, corrects=message.corrects).answer()


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.WRITE_MESSAGE)
def correct(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Correct what is public of a message, on every account that shows it."""
    wrong = get_object_or_404(door(request, agency), pk=pk)
    if wrong.state not in {"approved", "out"} or not publication.corrected_on(wrong):
        notes.error(request, _("Nothing of this message is public, so there is nothing to correct."))
        return redirect("message", agency=agency.slug, pk=pk)
    return _Desk(request, agency, corrects=wrong).answer()


@require_POST
@agency_page(Action.WRITE_MESSAGE)
def preview(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Return the preview alone, of what stands in the form at this moment."""
    message, corrects = (_named(request, agency, field) for field in ("message", "corrects"))
    form = MessageForm(request.POST, agency=agency, writing=_opened(agency, message, corrects), corrects=corrects)
    if not form.is_valid():
        return render(request, "voice/parts/preview.html", {"faulty": form})
    return render(request, "voice/parts/preview.html", seen_as(agency, form.written(), corrects, message))


def _named(request: StaffRequest, agency: Agency, field: str) -> Message | None:
    number = number_of(request.POST.get(field, ""))
    return None if number is None else get_object_or_404(door(request, agency), pk=number)


def _opened(agency: Agency, message: Message | None, corrects: Message | None) -> Writing:
    """Return what stands in the form when it is opened. A correction goes wherever the words stand at this moment."""
    if corrects is not None:
        accounts = tuple(publication.corrected_on(corrects))
        if message is None:
            return Writing(corrects.newest.written, accounts)
        return replace(Writing.of(message.newest), accounts=accounts)
    if message is not None:
        return Writing.of(message.newest)
    return Writing(Content(text="", language=(agency.languages or ["en"])[0]), ())


def seen_as(agency: Agency, writing: Writing, corrects: Message | None, message: Message | None) -> dict[str, Any]:
    """Return what each account would show of `writing`, what stands in its way, and what is worth a second look."""
    content, accounts = writing.content, writing.accounts
    return {
        "letters": publication.letters(agency=agency, content=content, accounts=accounts),
        "previews": publication.previews(agency=agency, content=content, accounts=accounts, corrects=corrects),
        "problems": publication.problems(
            agency=agency,
            content=content,
            accounts=accounts,
            due=writing.due,
            expires=writing.expires,
            corrects=corrects,
        ),
        "hints": publication.hints(
            agency=agency, content=content, accounts=accounts, due=writing.due, corrects=corrects, message=message
        ),
    }


class _Desk:
    """One request to the form. message: the one that is written on, None for a new one."""

    def __init__(
        self,
        request: StaffRequest,
        agency: Agency,
        *,
        message: Message | None = None,
        corrects: Message | None = None,
    ) -> None:
        self.request, self.agency = request, agency
        self.message, self.corrects = message, corrects
        self.writing = _opened(agency, message, corrects)

    def answer(self) -> HttpResponse:
        """Show the form, or do what was asked."""
        if self.request.method != "POST":
            return self._page(self._form(self.writing), self.writing)
        form = MessageForm(
            self.request.POST, self.request.FILES, agency=self.agency, writing=self.writing, corrects=self.corrects
        )
        if not form.is_valid():
            return self._page(form, None, status=422)
        kept, refused = take_in(self.agency, form.cleaned_data["uploads"], self.request.user)
        written = form.written(kept)
        for sentence in refused:
            notes.error(self.request, sentence)
        captions = {row.sha256 for row in kept if row.kind == "captions"}
        if captions - {each.captions for each in written.content.media}:
            notes.warning(self.request, _("Captions belong to a video. Add the video first, or together with them."))
        if self.request.POST.get("do") == "preview" or refused:
            return self._page(self._form(written), written, status=422 if refused else 200)
        return self._keep(written, wants_submit=self.request.POST.get("do") == "submit", added=bool(kept))

    def _keep(self, written: Writing, *, wants_submit: bool, added: bool) -> HttpResponse:
        """Save, and hand it to a second person if that was asked for."""
        try:
            message = self._save(written)
        except SavedMeanwhileError as conflict:
            notes.error(self.request, str(conflict))
            mine = Writing(written.content, written.accounts, written.due, written.expires, conflict.newer.number)
            return self._page(self._form(mine), mine, status=409, newer=conflict.newer)
        except RefusedError as refusal:
            notes.error(self.request, str(refusal))
            return self._page(self._form(written), written, status=422)
        if wants_submit:
            try:
                publication.submit(message=message, by=self.request.user)
            except RefusedError as refusal:
                notes.error(self.request, str(refusal))
                return redirect("rewrite", agency=self.agency.slug, pk=message.pk)
            notes.success(
                self.request, _("Saved, and waiting for a second person. You can still change it; then it waits anew.")
            )
            return redirect("message", agency=self.agency.slug, pk=message.pk)
        if added:
            notes.success(self.request, _("Saved. Say of each new image what it shows."))
        else:
            notes.success(self.request, _("Saved as a draft. Nobody outside sees it."))
        return redirect("rewrite", agency=self.agency.slug, pk=message.pk)

    def _save(self, written: Writing) -> Message:
        if self.message is not None:
            return self._save_on(self.message, written, seen=written.seen)
        if self.corrects is not None:
            begun = publication.correct(message=self.corrects, content=written.content, by=self.request.user)
            return self._save_on(begun, written, seen=1) if written.due or written.expires else begun
        return messages.draft(
            agency=self.agency,
            content=written.content,
            accounts=written.accounts,
            due=written.due,
            expires=written.expires,
            by=self.request.user,
        )

    def _save_on(self, message: Message, written: Writing, *, seen: int) -> Message:
        messages.save(
            message=message,
            content=written.content,
            accounts=written.accounts,
            due=written.due,
            expires=written.expires,
            seen=seen,
            by=self.request.user,
        )
        return message

    def _form(self, writing: Writing) -> MessageForm:
        return MessageForm(agency=self.agency, writing=writing, corrects=self.corrects)

    def _page(self, form: MessageForm, shown: Writing | None, *, status: int = 200, newer: Any = None) -> HttpResponse:
        """The form with its preview; without one where the form is not understood."""
        context: dict[str, Any] = {
            "form": form,
            "message": self.message,
            "corrects": self.corrects,
            "newer": newer,
            "section": "messages",
        }
        empty = shown is None or (self.message is None and self.request.method != "POST" and not self.corrects)
        if shown is not None and not empty:
            context |= seen_as(self.agency, shown, self.corrects, self.message)
        return render(self.request, "voice/write.html", context | {"begun": not empty}, status=status)
