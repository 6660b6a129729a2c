"""What to play next, tried on simulated pupils beside simpler ways of choosing.

Earlier pupils answer items at random; from those answers, and from nothing else, the item table
is fitted and Elo's ratings are made. Then the same new pupils play once with each way of
choosing, and what counts is their *true* chance of success, which no chooser ever sees.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from learntrace.evaluation.adaptive_policies import CHOOSERS, STAIRCASE, Chooser, Lessons
from learntrace.evaluation.adaptive_pupils import SimulatedGame, SimulatedPupil
from learntrace.evaluation.report import Gate, Interval, markdown
from learntrace.skills.knowledge import Answer, fit

PUPILS, STEPS = 300, 120
EARLIER_PUPILS, EARLIER_STEPS = 500, 60
SESSION_STEPS = 40
STEP = timedelta(seconds=40)
NIGHT = timedelta(hours=24)
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
BAND = (0.65, 0.85)
RESAMPLES = 500

LEAST_IN_BAND = 0.75
MOST_QUITS = 0.10


@dataclass(frozen=True, slots=True)
class Played:
    """What came of one pupil: steps played, how many in the band, logits gained."""

    steps: int
    in_band: int
    correct: int
    has_quit: bool
    gain: float


@dataclass(frozen=True)
class Comparison:
    """By way of choosing, what came of the same pupils, in the same order."""

    played: Mapping[str, Sequence[Played]]
    seed: int

    def in_band(self, name: str) -> Interval:
        """Share of all steps whose true chance of success was within `BAND`."""
        return self._over_pupils(lambda some: _share_in_band(self._take(name, some)))

    def better_in_band(self, name: str, rival: str) -> Interval:
        """By how much that share is larger than the rival's."""
        return self._over_pupils(
            lambda some: (
                _share_in_band(self._take(name, some)) - _share_in_band(self._take(rival, some))
            )
        )

    def quits(self, name: str) -> Interval:
        """Share of pupils who quit before their last step."""
        return self._over_pupils(
            lambda some: _mean([float(one.has_quit) for one in self._take(name, some)])
        )

    def fewer_quits(self, name: str, rival: str) -> Interval:
        """By how much the share of those who quit is smaller than with the rival."""
        return self._over_pupils(
            lambda some: (
                _mean([float(one.has_quit) for one in self._take(rival, some)])
                - _mean([float(one.has_quit) for one in self._take(name, some)])
            )
        )

    def gain(self, name: str) -> Interval:
        """Logits learned and kept, mean over pupils and skills."""
        return self._over_pupils(lambda some: _mean([one.gain for one in self._take(name, some)]))

    def table(self) -> str:
        """One row for each way of choosing, as Markdown."""
        headings = ("choice", "true p in .65-.85", "quit", "right", "learned (information only)")
        rows = [
            (
                name,
                str(self.in_band(name)),
                str(self.quits(name)),
                f"{sum(one.correct for one in played) / sum(one.steps for one in played):.3f}",
                str(self.gain(name)),
            )
            for name, played in self.played.items()
        ]
        return markdown(headings, rows)

    def gates(self) -> list[Gate]:
        """What the policy has to reach; against rivals the lower bound of the difference."""
        policy, *rivals = self.played
        return [
            Gate("true p in the band", self.in_band(policy).value, LEAST_IN_BAND, at_least=True),
            Gate("pupils who quit", self.quits(policy).value, MOST_QUITS, at_least=False),
            *(
                Gate(
                    f"in the band, more than with {rival} (lower bound)",
                    self.better_in_band(policy, rival).low,
                    0.0,
                    at_least=True,
                )
                for rival in rivals
            ),
            Gate(
                f"fewer quit than with the {STAIRCASE} (lower bound)",
                self.fewer_quits(policy, STAIRCASE).low,
                0.0,
                at_least=True,
            ),
        ]

    def _take(self, name: str, some: Sequence[int]) -> list[Played]:
        played = self.played[name]
        return [played[n] for n in some]

    def _over_pupils(self, value: Callable[[Sequence[int]], float]) -> Interval:
        """The value, and its 95 % interval over pupils drawn anew (bootstrap)."""
        rng = _rng(self.seed, "drawn anew")
        everybody = range(len(next(iter(self.played.values()))))
        drawn = sorted(value(rng.choices(everybody, k=len(everybody))) for _ in range(RESAMPLES))
        return Interval(
            value(everybody), drawn[round(0.025 * RESAMPLES)], drawn[round(0.975 * RESAMPLES) - 1]
        )


def compare(*, seed: int, pupils: int = PUPILS, steps: int = STEPS) -> Comparison:
    """Let `pupils` play up to `steps` items each, once with each way of choosing."""
    game = SimulatedGame.make(_rng(seed, "game"))
    earlier = [_earlier_play(game, _rng(seed, "earlier", n)) for n in range(EARLIER_PUPILS)]
    lessons = Lessons.learn(game.offer, fit(earlier, version=1), earlier, START)
    played = {
        name: [
            _play(
                SimulatedPupil(game, _rng(seed, "pupil", n)),
                make(lessons, _rng(seed, name, n)),
                steps,
            )
            for n in range(pupils)
        ]
        for name, make in CHOOSERS.items()
    }
    return Comparison(played, seed)


def _earlier_play(game: SimulatedGame, rng: Random) -> list[Answer]:
    pupil, names = SimulatedPupil(game, rng), list(game.items)
    answers = []
    for step in range(EARLIER_STEPS):
        item = rng.choice(names)
        at = START - 30 * NIGHT + step * STEP
        answers.append(Answer(at, item, game.items[item].skill, pupil.answer(item)))
    return answers


def _play(pupil: SimulatedPupil, chooser: Chooser, steps: int) -> Played:
    at, in_band, correct, step = START, 0, 0, 0
    while step < steps and not pupil.has_quit:
        if step and step % SESSION_STEPS == 0:
            at += NIGHT
            pupil.sleep()
            chooser.sleep()
        item = chooser.choose(at)
        in_band += BAND[0] <= pupil.chance(item) <= BAND[1]
        answer = Answer(at, item, pupil.game.items[item].skill, pupil.answer(item))
        chooser.saw(answer)
        correct += answer.correct
        at += STEP
        step += 1
    return Played(step, in_band, correct, pupil.has_quit and step < steps, pupil.gain)


def _share_in_band(played: Sequence[Played]) -> float:
    return sum(one.in_band for one in played) / sum(one.steps for one in played)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _rng(*parts: object) -> Random:
    return Random(":".join(map(str, parts)))  # noqa: S311 - simulation
