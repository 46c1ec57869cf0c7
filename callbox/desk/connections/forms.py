"""The form that connects an account, made from what its network asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from callbox.desk.connections.words import CHOICES, READABLE, field_words
from callbox.networks.contract import Network


class ConnectForm(forms.Form):
    """What a network needs. Secrets are typed anew every time; none is ever shown."""

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, network: Network, details: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data)
        self.network = network
        for name in network.settings:
            self._add(name, initial=(details or {}).get(name, ""))
        for name in network.secrets:
            widget = forms.TextInput if name in READABLE else forms.PasswordInput
            self._add(name, widget=widget(attrs={"autocomplete": "off"}))

    def _add(self, name: str, **more: Any) -> None:
        label, help_text = field_words(self.network.kind, name)
        if choices := CHOICES.get((self.network.kind, name)):
            more["widget"] = forms.Select(choices=choices)
        self.fields[name] = forms.CharField(
            label=str(label), help_text=str(help_text), required=False, max_length=2000, **more
        )

    @property
    def details(self) -> dict[str, str]:
        """What is no secret."""
        return {name: self.cleaned_data[name] for name in self.network.settings}

    @property
    def secrets(self) -> dict[str, str]:
        """What is sealed."""
        return {name: self.cleaned_data[name] for name in self.network.secrets}
