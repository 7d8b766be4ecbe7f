"""How long syncs of twenty devices and ten years take: `make bench-sync`."""

import os
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from papertui.core import journal
from papertui.core.journal import Change, Event
from papertui.storage.store import Store
from papertui.sync import log_files
from papertui.sync.sync import set_up, sync
from papertui.system import clock

EVENTS, DEVICES, WORKS, DAYS = 200_000, 20, 5_000, 3_650
ROUNDS = 15
START = datetime(2016, 11, 1, tzinfo=UTC)


def main() -> None:
    """Make a log, and print the figures; as a child, do what one figure is taken of."""
    if len(sys.argv) > 1:
        _sync_again(Path(sys.argv[1])) if len(sys.argv) == 2 else _sync_first(*sys.argv[1:])
        return
    with TemporaryDirectory(prefix="papertui-") as name:
        folder = Path(name)
        remote = _repository(folder)
        database = folder / "new" / "papertui.db"
        _child(str(database), str(remote))
        clone = folder / "clone"
        _git("clone", "--quiet", str(remote), str(clone))
        _child(str(database))
        alone = [_cost(lambda: _git("-C", str(clone), "fetch", "--quiet")) for _ in range(ROUNDS)]
        _print("git fetch alone, nothing new", alone)


def _sync_first(database: str, place: str) -> None:
    with Store(Path(database)) as store:
        set_up(store, place)
        _print(f"first sync, {EVENTS:,} events", [_cost(lambda: sync(store, clock.now()))])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory of that: {peak:.0f} MB at most")


def _sync_again(database: Path) -> None:
    with Store(database) as store:
        costs = [_cost(lambda: sync(store, clock.now())) for _ in range(ROUNDS + 1)]
    _print("sync with nothing new", costs[1:])


def _print(what: str, costs: list[tuple[float, float]]) -> None:
    seconds, cpu = (statistics.median(values) for values in zip(*costs, strict=True))
    print(f"{what}: {seconds * 1000:,.0f} ms, {cpu * 1000:,.0f} ms of CPU", flush=True)


def _cost(act: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds that an act takes, and those of CPU with those of its children."""
    begun, cpu = time.perf_counter(), _cpu()
    act()
    return time.perf_counter() - begun, _cpu() - cpu


def _cpu() -> float:
    return sum(os.times()[:4])


def _child(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "benchmarks.sync", *arguments], check=True)


def _git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], check=True)


def _repository(folder: Path) -> Path:
    """Make a bare repository with the log, packed as a forge packs it."""
    work, remote = folder / "log", folder / "remote.git"
    log_files.append(work, _events())
    _git("init", "--quiet", "--initial-branch=main", str(work))
    _git("-C", str(work), "add", ".")
    who = ("-c", "user.name=bench", "-c", "user.email=bench")
    _git("-C", str(work), *who, "commit", "--quiet", "-m", "all")
    _git("clone", "--quiet", "--bare", str(work), str(remote))
    _git("-C", str(remote), "gc", "--quiet")
    return remote


def _events() -> Iterator[Event]:
    chance = random.Random(1)
    devices = [UUID(int=chance.getrandbits(128)).hex for _ in range(DEVICES)]
    last = dict.fromkeys(devices, 0)
    for number in range(EVENTS):
        device, moment = chance.choice(devices), START + timedelta(DAYS) / EVENTS * number
        last[device] += 1
        id_, wall = UUID(int=chance.getrandbits(128)).hex, moment.isoformat(timespec="milliseconds")
        place = device, last[device], int(moment.timestamp() * 1_000_000), wall, 0
        yield Event(id_, *place, id_, *_change(chance, moment.date()))


def _change(chance: random.Random, day: date) -> Change:
    work = f"work{chance.randrange(WORKS):05d}"
    kind = chance.random()
    if kind < 0.3:
        return journal.log_pass(work, chance.choice((1, 2, 3)), day, 30)
    if kind < 0.6:
        note = UUID(int=chance.getrandbits(128)).hex
        return journal.save_note(work, note, "A note of some words. " * 8)
    if kind < 0.9:
        return journal.queue(work, chance.random()) if kind < 0.8 else journal.unqueue(work)
    if kind < 0.95:
        seen = (f"{chance.randint(1601, 2612)}.{chance.randint(10_000, 99_999)}" for _ in range(15))
        return journal.see_papers(day, list(seen))
    return journal.add_work(work, {"title": f"Title of {work}", "kind": "paper"})


if __name__ == "__main__":
    main()
