"""Every way a model file can be wrong, with the exact words Callbox says about it. A new case is a new file in wrong_models/."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from callbox.maturity.model.loader import FOLDER, ModelError, load

CASES = sorted((Path(__file__).parent / "wrong_models").glob("*.yaml"))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER / "v1", tmp_path / "own"))


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_a_wrong_model_is_refused_with_the_place_and_a_sentence(case: Path, copy: Path) -> None:
    said = yaml.safe_load(case.read_text(encoding="utf-8"))
    file = copy / said["file"]
    text = file.read_text(encoding="utf-8")
    assert text.count(said["replace"]) == 1, "the case no longer fits the model"
    file.write_text(text.replace(said["replace"], said["with"]), encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        load(copy)
    assert str(caught.value) == said["says"].strip()


def test_a_missing_folder_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        load(tmp_path / "nowhere")
    assert str(caught.value) == "model.yaml:1:1: this file cannot be read: No such file or directory"


def test_a_missing_area_file_is_one_sentence(copy: Path) -> None:
    (copy / "trust.yaml").unlink()
    with pytest.raises(ModelError, match=r"trust\.yaml:1:1: this file cannot be read"):
        load(copy)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00\xd8", b"\x00", b"- " * 400_000, b"just words", b"[" * 400_000])
def test_rubbish_is_refused_and_nothing_worse_happens(copy: Path, content: bytes) -> None:
    (copy / "model.yaml").write_bytes(content)
    with pytest.raises(ModelError, match=r"^model\.yaml:\d+:\d+: ."):
        load(copy)


def test_an_area_file_is_never_looked_for_outside_the_folder(copy: Path) -> None:
    head = copy / "model.yaml"
    head.write_text(head.read_text(encoding="utf-8").replace("areas: [voice,", "areas: [../voice,"), encoding="utf-8")
    with pytest.raises(ModelError, match="is no name of an area file"):
        load(copy)


def test_an_edited_file_is_read_again(copy: Path) -> None:
    before = load(copy)
    file = copy / "voice.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("name: Steady presence", "name: Steady"), encoding="utf-8")
    assert (before.practice("V3").name, load(copy).practice("V3").name) == ("Steady presence", "Steady")
