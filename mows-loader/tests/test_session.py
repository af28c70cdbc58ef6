# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import dataclasses
import errno
import logging
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from fakes.mount import FakeMount, arriving, never, on_ext4, on_mows, ticking, whole_at_once
from mows_loader import session
from mows_loader.errors import LoadError
from mows_loader.options import Options
from mows_loader.session import Session

LOG = logging.getLogger("test")


def begin(mount: FakeMount, files: list[str], **more: Any) -> Session | None:
    more = {"mount_of": on_mows, "options": Options(), **more}
    return session.begin(str(Path(files[0]).parent), files, mount=mount, log=LOG, **more)


def begun(mount: FakeMount, files: list[str], **more: Any) -> Session:
    result = begin(mount, files, **more)
    assert result is not None
    return result


def test_should_do_nothing_on_another_file_system(files: list[str], lines: list[str]) -> None:
    mount = FakeMount({})
    assert begin(mount, files, mount_of=on_ext4) is None
    assert lines == [
        f"MoWS: {Path(files[0]).parent} is on ext4 (/), no MoWS mount: loading as usual"
    ]
    assert mount.asked == 0


def test_should_say_one_line_where_the_mount_tells_nothing(
    files: list[str], lines: list[str]
) -> None:
    mount = FakeMount({})
    assert begin(mount, files) is None
    assert len(lines) == 1
    assert "loading as usual" in lines[0]
    assert mount.opened == []


def test_should_say_that_this_user_may_not_read(
    files: list[str], lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert begin(FakeMount({}), files) is None
    assert "may not read it" in lines[0]


def test_should_do_nothing_if_all_is_in_memory(files: list[str], lines: list[str]) -> None:
    mount = FakeMount({file: arriving(held=100) for file in files})
    load = begun(mount, files)
    for file in files:
        load.wait_for(file)
    load.close()
    assert mount.wanted == []
    assert mount.asked == len(files)
    assert mount.closed == 1
    assert "all in memory" in lines[0]
    assert "3 files" in lines[1]


def test_should_ask_for_the_engines_files_in_its_order(files: list[str], lines: list[str]) -> None:
    mount = FakeMount({file: arriving() for file in files})
    order = [files[2], files[0], files[1]]
    load = begun(mount, order)
    for file in order:
        load.wait_for(file)
        assert mount.states[file].whole
    load.close()
    assert mount.wanted == [Path(file).name for file in order]
    assert mount.opened == [str(Path(files[0]).parent.resolve())]
    assert mount.closed == 1
    assert lines[-1].endswith("0.00 came from peers, 0.00 from the origin")


def test_should_hold_the_list_until_it_is_closed(files: list[str]) -> None:
    mount = FakeMount({file: arriving() for file in files})
    load = begun(mount, files)
    load.wait_for_all()
    assert mount.closed == 0
    load.close()
    load.close()
    assert mount.closed == 1


def test_should_let_one_of_a_node_speak_and_the_others_wait(
    files: list[str], lines: list[str]
) -> None:
    mount = FakeMount({file: arriving() for file in files})
    mount.leader_elsewhere = True
    load = begun(mount, files)
    waiter = threading.Thread(target=load.wait_for_all, daemon=True)
    waiter.start()
    mount.wanted += [Path(file).name for file in files]  # by the one that leads
    waiter.join()
    load.close()
    assert lines == []


def test_should_take_over_from_one_that_died(
    files: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "_SWEEP_SECONDS", 0.0)
    mount = FakeMount({file: arriving() for file in files})
    mount.leader_elsewhere = True
    load = begun(mount, files)
    mount.leader_elsewhere = False
    load.wait_for_all()
    load.close()
    assert mount.wanted == [Path(file).name for file in files]


def test_should_not_wait_for_what_nobody_fetches(files: list[str], lines: list[str]) -> None:
    mount = FakeMount({file: arriving(bytes_per_second=0) for file in files}, takes_lists=False)
    load = begun(mount, files, clock=ticking(1.0))
    load.wait_for_all()
    load.close()
    assert mount.read == []
    assert any("takes no list" in line for line in lines)


def test_should_not_wait_if_told_so(files: list[str]) -> None:
    mount = FakeMount({file: arriving() for file in files})
    mount.steps = never
    load = begun(mount, files, options=Options(wait=False))
    load.wait_for_all()
    load.close()


def test_should_fail_before_the_mapping_if_the_bytes_are_wrong(files: list[str]) -> None:
    mount = FakeMount({file: arriving() for file in files})
    mount.steps = lambda state: dataclasses.replace(whole_at_once(state), wrong_files=1)
    load = begun(mount, files)
    with pytest.raises(LoadError, match="CRC32"):
        load.wait_for(files[0])
    load.close(failed=True)


def test_should_fail_before_the_mapping_if_the_origin_is_away(files: list[str]) -> None:
    mount = FakeMount({file: arriving() for file in files})
    mount.steps = lambda state: dataclasses.replace(state, waits_for="the origin (no answer)")
    mount.read_error = OSError(errno.EIO, "Input/output error")
    load = begun(mount, files, clock=ticking(1.0))
    with pytest.raises(OSError, match="Input/output") as caught:
        load.wait_for(files[0])
    reason = load.explain(caught.value)
    load.close(failed=True)
    assert mount.read == [files[0]]
    assert files[0] in str(reason)
    assert "waits: the origin (no answer)" in str(reason)


def test_should_ignore_files_of_others(files: list[str]) -> None:
    mount = FakeMount({file: arriving() for file in files})
    mount.steps = never
    load = begun(mount, files)
    load.wait_for("/somewhere/else")
    load.close()


def test_should_let_go_who_waits_when_it_is_closed(files: list[str]) -> None:
    mount = FakeMount({file: arriving() for file in files})
    mount.steps = never
    load = begun(mount, files)
    waiter = threading.Thread(target=load.wait_for, args=(files[0],), daemon=True)
    waiter.start()
    load.close(failed=True)
    waiter.join()


def test_should_show_progress(
    files: list[str], lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = threading.Event()
    mount = FakeMount({file: arriving() for file in files})
    mount.steps = never
    load = begun(mount, files, options=Options(progress_seconds=1.0), clock=ticking(0.5))
    monkeypatch.setattr(LOG, "info", lambda text, *args: shown.set() if " % of " in text else None)
    shown.wait()
    load.close(failed=True)


def test_should_explain_nothing_that_is_not_the_mounts(files: list[str]) -> None:
    mount = FakeMount({file: arriving(held=100) for file in files})
    load = begun(mount, files)
    assert load.explain(ValueError("wrong shape")) is None
    load.close(failed=True)


def test_should_find_the_wrong_file_among_all(files: list[str]) -> None:
    mount = FakeMount({file: arriving(held=100) for file in files})
    load = begun(mount, files)
    mount.states[files[1]] = arriving(held=100, wrong_files=1)
    reason = load.explain(ValueError("header too large"))
    load.close(failed=True)
    assert reason is not None
    assert reason.path == files[1]
