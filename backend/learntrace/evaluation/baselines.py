"""Simpler models of the next answer, each fitted on learners and predicting from the past only."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from math import exp, log1p
from typing import Protocol, Self

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from learntrace.skills.knowledge import Answer

Learners = Sequence[Sequence[Answer]]


class Model(Protocol):
    """Predicts each of a learner's answers from those before it."""

    def predict(self, answers: Sequence[Answer]) -> list[float]:
        """A chance strictly between 0 and 1 for each answer, in order."""
        ...


class SkillMean:
    """The share of right answers on the skill, as if one more of each had been seen."""

    def __init__(self, shares: Mapping[str, float], overall: float) -> None:
        self._shares, self._overall = shares, overall

    @classmethod
    def fit(cls, learners: Learners) -> Self:
        right: dict[str, int] = defaultdict(int)
        total: dict[str, int] = defaultdict(int)
        for answer in (answer for answers in learners for answer in answers):
            right[answer.skill] += answer.correct
            total[answer.skill] += 1
        shares = {skill: (right[skill] + 1) / (total[skill] + 2) for skill in total}
        return cls(shares, (sum(right.values()) + 1) / (sum(total.values()) + 2))

    def predict(self, answers: Sequence[Answer]) -> list[float]:
        return [self._shares.get(answer.skill, self._overall) for answer in answers]


class Elo:
    """Elo ratings of learners, of learners on skills, and of items.

    Steps shrink with the number of answers seen, `first / (1 + slowing n)`. Source: Pelanek 2016,
    Applications of the Elo rating system in adaptive educational systems.
    """

    FIRST, SLOWING = 0.8, 0.15
    SKILL_STEP = 0.4
    """The best of 36 settings on the train learners of both public sets."""

    def __init__(self) -> None:
        self._items: dict[str, float] = defaultdict(float)
        self._seen: dict[str, int] = defaultdict(int)

    @classmethod
    def fit(cls, learners: Learners) -> Self:
        fitted = cls()
        for answers in learners:
            for answer, p in fitted._play(answers):
                step = cls.FIRST / (1 + cls.SLOWING * fitted._seen[answer.item])
                fitted._items[answer.item] += step * (answer.correct - p)
                fitted._seen[answer.item] += 1
        return fitted

    def predict(self, answers: Sequence[Answer]) -> list[float]:
        return [p for _, p in self._play(answers)]

    def _play(self, answers: Sequence[Answer]) -> Iterator[tuple[Answer, float]]:
        ability, skills = 0.0, defaultdict[str, float](float)
        for n, answer in enumerate(answers):
            rating = ability + skills[answer.skill] + self._items.get(answer.item, 0.0)
            p = 1 / (1 + exp(-rating))
            yield answer, p
            ability += self.FIRST / (1 + self.SLOWING * n) * (answer.correct - p)
            skills[answer.skill] += self.SKILL_STEP * (answer.correct - p)


class CountsRegression:
    """Best-LR: a logistic regression on item, skill, and logs of how often right and wrong.

    Counts over all answers, and over the skill's with weights of its own for each skill. Source:
    Gervet, Koedinger, Schneider, Mitchell 2020, When is deep learning the best approach to
    knowledge tracing?
    """

    def __init__(self, vectorizer: DictVectorizer, regression: LogisticRegression) -> None:
        self._vectorizer, self._regression = vectorizer, regression

    @classmethod
    def fit(cls, learners: Learners) -> Self:
        vectorizer = DictVectorizer()
        matrix = vectorizer.fit_transform(row for answers in learners for row in _counts(answers))
        correct = [answer.correct for answers in learners for answer in answers]
        return cls(vectorizer, LogisticRegression(C=1.0, max_iter=1000).fit(matrix, correct))

    def predict(self, answers: Sequence[Answer]) -> list[float]:
        if not answers:
            return []
        chances = self._regression.predict_proba(self._vectorizer.transform(_counts(answers)))
        return [float(chance) for chance in chances[:, 1]]


def _counts(answers: Sequence[Answer]) -> Iterator[dict[str, float]]:
    seen: dict[tuple[str, bool], int] = defaultdict(int)
    right = 0
    for n, answer in enumerate(answers):
        skill = answer.skill
        yield {
            f"item {answer.item}": 1.0,
            f"skill {skill}": 1.0,
            "right": log1p(right),
            "wrong": log1p(n - right),
            f"right on {skill}": log1p(seen[skill, True]),
            f"wrong on {skill}": log1p(seen[skill, False]),
        }
        seen[skill, answer.correct] += 1
        right += answer.correct
