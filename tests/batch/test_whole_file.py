"""Whoever opens the brief finds all of it, whenever the run was stopped."""

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from callcoach.batch.whole_file import write_whole
from callcoach.errors import StorageError


def test_a_file_that_says_the_same_is_left_as_it_is(tmp_path: Path) -> None:
    brief = tmp_path / "home" / "brief.md"
    write_whole(brief, "Good morning — é")
    before = brief.stat().st_mtime_ns, brief.stat().st_ino
    write_whole(brief, "Good morning — é")
    assert (brief.stat().st_mtime_ns, brief.stat().st_ino) == before
    write_whole(brief, "Another day")
    assert brief.read_text(encoding="utf-8") == "Another day"
    assert stat.S_IMODE(brief.stat().st_mode) & 0o600 == 0o600
    assert [path.name for path in brief.parent.iterdir()] == ["brief.md"]


def test_what_a_killed_run_left_beside_it_is_cleared_away(tmp_path: Path) -> None:
    left_behind, somebodys = tmp_path / ".brief.md.x1.part", tmp_path / ".brief.md.x2.part"
    for part in (left_behind, somebodys):
        part.write_text("ha")
    os.utime(left_behind, (1, 1))
    write_whole(tmp_path / "brief.md", "whole")
    assert {path.name for path in tmp_path.iterdir()} == {"brief.md", somebodys.name}


def test_a_writer_killed_at_any_moment_leaves_one_of_the_two_whole(tmp_path: Path) -> None:
    brief, texts = tmp_path / "brief.md", {letter * 400_000 for letter in "ab"}
    program = (
        "import sys\nfrom pathlib import Path\nfrom callcoach.batch.whole_file import write_whole\n"
        "while True:\n    for letter in 'ab':\n        write_whole(Path(sys.argv[1]), letter * 400_000)\n"
        "        print(flush=True)\n"
    )
    for kill in range(5):
        writer = subprocess.Popen([sys.executable, "-c", program, str(brief)], stdout=subprocess.PIPE)
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(0.003 * kill)
        os.kill(writer.pid, signal.SIGKILL)
        writer.communicate()
        assert brief.read_text() in texts


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no limit on the size of files here")
def test_a_full_disk_is_a_sentence_and_the_old_brief_stays(tmp_path: Path) -> None:
    brief = write_whole(tmp_path / "brief.md", "yesterday")
    program = (
        "import resource, signal, sys\nfrom pathlib import Path\nfrom callcoach.batch.whole_file import write_whole\n"
        "from callcoach.errors import StorageError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nresource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try:\n    write_whole(Path(sys.argv[1]), 'x' * 5000)\n"
        "except StorageError as error:\n    print(error)\n"
    )
    said = subprocess.run([sys.executable, "-c", program, str(brief)], capture_output=True, text=True, check=True).stdout
    assert "brief.md: it cannot be written (File too large). Check the space" in said
    assert brief.read_text() == "yesterday"
    assert [path.name for path in tmp_path.iterdir()] == ["brief.md"]


def test_a_folder_that_is_none_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    with pytest.raises(StorageError, match="cannot be written"):
        write_whole(tmp_path / "home" / "brief.md", "x")
