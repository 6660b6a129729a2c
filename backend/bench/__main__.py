"""`python -m bench`: every contender under every load, three times over."""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bench import bodies, servers
from bench.bodies import Load, Play
from bench.measure import Bench, Measured, contenders, prepare
from bench.report import Gate, Results, say
from bench.school import School

_TEMPLATE = "bench"
_SEED = 20261121
_QUICK = 0.2
MARGIN = 2.5
# The ratios of the last full run that was kept.
REACHED = Path(__file__).with_name("reached.json")


def _run(rounds: int, share: float, wanted: set[str]) -> list[Measured]:
    measured: list[Measured] = []
    with servers.database_server() as (dsn, postgres):
        [school] = asyncio.run(prepare(dsn, _TEMPLATE))
        bench = Bench(dsn, postgres, _TEMPLATE, school)
        loads = _loads(school, share)
        for number in range(1, rounds + 1):
            for contender in contenders(school):
                if wanted and contender.name not in wanted:
                    continue
                say(f"round {number} of {rounds}: {contender.name}")
                measured += bench.serve(number, contender, loads)
            say(f"round {number} of {rounds}: COPY")
            largest = next(load for load in loads if load.shape.batch == bodies.THOUSANDS.batch)
            measured.append(bench.copy(number, largest))
    return measured


def _loads(school: School, share: float) -> list[Load]:
    play = Play(school, _SEED)
    return [load for shape in bodies.SHAPES for load in play.loads(shape.scaled(share))]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured (3)")
    parser.add_argument("--quick", action="store_true", help="one round of a fifth of the events")
    parser.add_argument("--only", action="append", default=[], help="this contender; repeatable")
    parser.add_argument("--out", type=Path, default=Path("bench.json"), help="where JSON goes")
    parser.add_argument("--keep", action="store_true", help="keep the ratios as those reached")
    parser.add_argument(
        "--check", action="store_true", help=f"fail where a ratio is {MARGIN} times worse than kept"
    )
    arguments = parser.parse_args()
    rounds, share = (1, _QUICK) if arguments.quick else (arguments.rounds, 1.0)
    measured = _run(rounds, share, set(arguments.only))
    results = Results(measured)
    print(results.table(), end="\n\n")
    gates = [] if arguments.only else results.gates()
    for gate in gates:
        print(gate)
    distances = {} if arguments.only else results.distances()
    for name, ratio in distances.items():
        print(f"{ratio:14.2f}  {name}")
    as_json = {
        "measured": [asdict(one) for one in measured],
        "gates": [asdict(gate) for gate in gates],
        "distances": distances,
    }
    arguments.out.write_text(json.dumps(as_json, indent=1))
    if arguments.keep:
        REACHED.write_text(
            json.dumps({gate.name: round(gate.ratio, 3) for gate in gates}, indent=1)
        )
    return _check(gates) if arguments.check else 0


def _check(gates: Sequence[Gate]) -> int:
    """1 where a ratio is `MARGIN` times worse than the one that was reached, else 0.

    So wide because these machines are noisy and this run is short: it finds what breaks the hot
    path, not what scratches it.
    """
    reached = json.loads(REACHED.read_text())
    worse = [gate for gate in gates if gate.worsened_by(reached[gate.name]) > MARGIN]
    for gate in worse:
        print(f"WORSE   {gate.name}: {gate.ratio:.2f}; {reached[gate.name]:.2f} was reached")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
