# SPDX-License-Identifier: Apache-2.0
"""read_to_end.py WAY FIRST_BYTES FILE: reads a file to its end, in order, and says what it got.

WAY is "read" (read(2)), "shared" or "private" (a mapping). Says "given" after the first bytes, waits for
a line of input, reads the rest and says "whole CRC32". Exit code 5 for an error of a read; a mapping
whose bytes cannot be had ends the process with SIGBUS.
"""
import mmap
import os
import sys
import zlib

STEP_BYTES = 256 << 10
FLAGS = {"shared": mmap.MAP_SHARED, "private": mmap.MAP_PRIVATE}


def main(way, first_bytes, path):
    file = os.open(path, os.O_RDONLY)
    length = os.fstat(file).st_size
    mapping = None if way == "read" else mmap.mmap(file, length, FLAGS[way], mmap.PROT_READ)

    def get(start, end):
        return os.pread(file, end - start, start) if mapping is None else mapping[start:end]

    crc = 0
    done = 0
    while done < length:
        limit = first_bytes if done < first_bytes else length
        got = get(done, min(done + STEP_BYTES, limit))
        if not got:
            raise EOFError(f"{path} ended at {done} of {length}")
        crc = zlib.crc32(got, crc)
        done += len(got)
        if done == first_bytes:
            print("given", flush=True)
            sys.stdin.readline()
    print(f"whole {crc:08x}", flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
    except (OSError, EOFError) as e:
        print(f"error {e}", flush=True)
        sys.exit(5)
