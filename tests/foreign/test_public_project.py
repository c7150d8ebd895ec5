"""A project that knows nothing of Weft: its own test suite, unchanged, on a worker."""

import pathlib
import re
import subprocess
import sys
import tarfile

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
RELEASE = "idna==3.10"
SUITE = ["python3", "-m", "unittest", "discover", "-s", "tests", "-t", "."]


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """The source release, as its authors published it."""
    folder = tmp_path_factory.mktemp("project")
    download = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:", "-d", str(folder), RELEASE]
    subprocess.run(download, check=True, timeout=120)
    with tarfile.open(next(folder.glob("*.tar.gz"))) as release:
        release.extractall(folder, filter="data")
    return next(path for path in folder.iterdir() if path.is_dir())


def weft_run(project, *argv):
    command = [str(ROOT / "weft"), "--no-build", "run", "--dir", str(project), "--", *argv]
    return subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)


def test_its_suite_passes_on_a_worker_as_it_does_here(project):
    here = subprocess.run(SUITE, cwd=project, capture_output=True, text=True, timeout=120, check=True)
    there = weft_run(project, *SUITE)
    ran = re.compile(r"^Ran (\d+) tests", re.MULTILINE)
    assert there.returncode == 0, there.stderr
    assert int(ran.search(there.stderr).group(1)) == int(ran.search(here.stderr).group(1)) > 5000


def test_a_bug_that_is_put_in_fails_there_too(project):
    code = project / "idna" / "core.py"
    sound = code.read_text()
    code.write_text(sound.replace("def encode(", "def encode(broken=1/0, *unused):\n    pass\n\ndef unused_encode(", 1))
    try:
        there = weft_run(project, *SUITE)
        assert there.returncode == 1
        assert "ZeroDivisionError" in there.stderr
    finally:
        code.write_text(sound)
