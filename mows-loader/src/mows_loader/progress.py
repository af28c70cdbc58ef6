# SPDX-License-Identifier: Apache-2.0
"""What is said: lines of text from counts, nothing else."""

from __future__ import annotations

from mows_loader.status import Status

_GB = 1e9
_MOST_CHARACTERS = 200


def gigabytes(count: float) -> str:
    """Say bytes as GB."""
    return f"{count / _GB:.2f}"


def shortened(text: str) -> str:
    """Cut what an origin says, which may be a whole page, to what fits into a line."""
    return text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}..."


def counted(count: int) -> str:
    """Say a number of files."""
    return "1 file" if count == 1 else f"{count} files"


def beginning(folder: str, told: Status) -> str:
    """Say what there is to load."""
    if told.whole:
        return (
            f"MoWS: {counted(told.files)}, {gigabytes(told.bytes)} GB, all in memory, in {folder}"
        )
    return (
        f"MoWS: {counted(told.files)}, {gigabytes(told.held_bytes)} of {gigabytes(told.bytes)} GB"
        f" in memory, the rest is on its way, in {folder}"
    )


def running(told: Status, bytes_per_second: float) -> str:
    """Say how far it is."""
    percent = 100.0 * told.held_bytes / told.bytes if told.bytes else 100.0
    line = (
        f"MoWS: {percent:.0f} % of {gigabytes(told.bytes)} GB, {gigabytes(bytes_per_second)} GB/s"
    )
    left = max(0, told.bytes - told.held_bytes)
    if left and bytes_per_second > 0:
        # The worker's own answer is about what it fetches now; other files may come after that.
        line += f", {max(left / bytes_per_second, told.end_seconds or 0.0):.0f} s left"
    if told.waits_for:
        line += f", waits: {shortened(told.waits_for)}"
    return line


def closing(before: Status, after: Status, seconds: float, link_gbit: float | None) -> str:
    """Say what was loaded, how fast, from where, and how far from what the link could do."""
    origin = max(0, after.origin_bytes - before.origin_bytes)
    peers = max(0, after.peer_bytes - before.peer_bytes)
    rate = after.bytes / seconds if seconds > 0 else 0.0
    line = (
        f"MoWS: {counted(after.files)}, {gigabytes(after.bytes)} GB loaded in {seconds:.2f} s,"
        f" {gigabytes(rate)} GB/s: {gigabytes(before.held_bytes)} GB were in memory,"
        f" {gigabytes(peers)} came from peers, {gigabytes(origin)} from the origin"
    )
    if link_gbit and origin + peers > 0:
        bound = (origin + peers) * 8 / (link_gbit * 1e9)
        line += f"; {seconds / bound:.2f} times what {link_gbit:g} Gbit/s takes"
    return line
