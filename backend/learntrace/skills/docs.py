"""Writes docs/skills.md from the code's own tables: `python -m learntrace.skills.docs`."""

import sys
from typing import Final

from learntrace.skills import amounts, labels, lessons, population, reasoning, rubric
from learntrace.skills.evidence_map import EVIDENCE_VERSION, LINKS, TIMED, UNUSED, Link
from learntrace.skills.fusion import FUSION_VERSION, MODEL, STARTING, WIDENED
from learntrace.skills.reasoning_checks import MAX_GRADE
from learntrace.skills.talk_map import TALK_LINKS, TALK_UNUSED
from learntrace.skills.types import Label

_RATINGS: Final = range(5)

_HEAD: Final = f"""# Skills: what is estimated, from what, and how sure

Written by `python -m learntrace.skills.docs > docs/skills.md` from the tables in
`backend/learntrace/skills/`. Evidence version {EVIDENCE_VERSION}, fusion version {FUSION_VERSION}.

**Nothing here is validated.** No public data can validate estimates of social-emotional skills
from play, and no school has done so locally. An estimate says where a student's evidence lies
between less seen and more seen; it is no grade, no diagnosis and no measure of worth. Do not use
it for placement or discipline. The starting values below are our judgement, and the simulation
shows that the arithmetic keeps its promise, not that a skill is measured.

Estimated are {", ".join(one.name.lower() for one in rubric.RUBRIC.values())}.
Not estimated is anything without evidence: a skill that nothing was seen of has no score, not a
middling one. Empathy and communication get nothing from play, because nothing that games record
today shows them: empathy comes from teachers' ratings alone, communication from these and, a
little, from [talk](#evidence-from-talk).

## Evidence from play and knowledge

A value of a [feature](features.md) counts by its place among all sessions of the same game in the
same school, live and sandbox apart: the normal score of its mid-rank percentile, at most
{population.CLIP:g} either way. There have to be sessions of at least {population.MIN_STUDENTS}
students whose values are not all the same; else the value is evidence on nothing. Simulated 90 %
intervals then hold in 87 of 100; with 10 students it would be 86, with 50 it is 89, with 200 it is
90. A table of at most {population.MAX_QUANTILES:,} quantiles is kept, with a version.

What is seen differs by more than the skill does, because it holds noise as well. So a normal score
becomes an observation by multiplying it with `sqrt(tau^2 + phi_m^2 + sigma_m^2 / weight)`, the
spread that [fusion](#fusion) expects. Without it, simulated 90 % intervals held in 82 of 100.

| feature | skill | more of it is | weight | why | source |
|---|---|---|---:|---|---|
"""

_AFTER_MAP: Final = f"""
- `weight` is how much of an observation the value is. All that one session says on a skill counts
  together at most as one observation: it was one sitting.
- {", ".join(f"`{feature}`" for feature in sorted(TIMED))}
  weigh nothing by default, because they penalise slow readers and assistive tools. For a student
  with *extra time or assistive tools* they never count, whatever a school sets.
- `mastery` is the mean of a student's mastery over a game's topics, against the same mean of the
  game's other students. It belongs to the sitting of the last answer.

On nothing speak:

"""

_TALK: Final = f"""
## Evidence from talk

Of a transcript that a person marked as [checked](talk.md), the student's own segments. A value of a
[feature of talk](talk.md) counts by its place among the checked transcripts in the same language in
the same school, live and sandbox apart, as one of play does among sessions of its game: there have
to be transcripts of at least {population.MIN_STUDENTS} students. One transcript is one sitting, on
the day on which its recording was made known. The newest 30 of a student count.

`weight` is taken times the mean confidence with which the student's words were heard, where whoever
transcribed says one: what was heard badly counts less. **No weight here is validated, and how often
speech recognition errs on children's speech is not measured**; all of them are small, and the
phrases, fillers, pauses and the speed of speaking weigh nothing.

| feature | skill | more of it is | weight | why | source |
|---|---|---|---:|---|---|
"""

_LESSON: Final = f"""
## Evidence from lessons

Of a completed [learning session](learning-sessions.md) of type `scenario` or `content_study`. A
value counts by its place among the sessions of the same type in the same school, live and sandbox
apart: there have to be sessions of at least {population.MIN_STUDENTS} students. One session is one
sitting. The newest 30 of a student count. Conversations and vocabulary reviews are kept and weigh
nothing until somebody validates them. **No weight here is validated.**

- `{lessons.MASTERY}`: the chance, 0 to 1, to get an average item right at the end, by the
  [learner model](knowledge.md), of sessions of which at least {lessons.MIN_ANSWERS} answers were
  told one by one. Lessons have no item table of their own: every item is taken to be as hard as
  the others.
- `{lessons.ACCURACY}`: the share of the answers that were right, where there is only their number
  and they are at least {lessons.MIN_ANSWERS}.
- `{lessons.PERSISTENCE}`: the share of the wrong answers, at least {lessons.MIN_ERRORS}, whose
  item was answered again later in the session.

| feature | skill | more of it is | weight | why | source |
|---|---|---|---:|---|---|
"""

_RATING: Final = """
## Teachers' ratings

A teacher rates what was seen in the last weeks, on four levels. A rating's normal score is the mean
of its level's part of the population, where {shares} of 100 pupils are taken to stand at
levels 1 to 4: {scores}. It becomes an observation as above.
These shares are our judgement. One teacher's day is one sitting. Whether two teachers who rate the
same pupils agree is not looked at.

"""

_FUSION: Final = """
## Fusion

Observation e of source m is `x = theta + u_m + eps`, in trait SD: standard deviations of the
skill in the reference population.

- `theta ~ N(0, tau^2)`, tau = {tau:g}: the skill. One reference for everybody: no class, school
  year or group goes in, so moving a student to another class changes no score.
- `u_m ~ N(0, phi_m^2)`: what a source gets wrong for this student each time. More of the same
  source cannot remove it.
- `eps ~ N(0, sigma_m^2 + q age)`: what varies from sitting to sitting, and what time blurs;
  q = {q:g} a year. Ranks on traits correlate about .3 over 6.7 years in childhood (Roberts and
  DelVecchio (2000), Psychological Bulletin), which is about .3 in the first year.

| source | phi | sigma | widened phi | widened sigma |
|---|---:|---:|---:|---:|
{noise}
Status: not locally validated. The widened values are used, because an interval that is too narrow
misleads and one that is too wide does not.

- `w_e = share_e / (sigma_m^2 + q age)`, where the shares of a sitting's observations are their
  weights, brought down to a sum of 1 where they sum to more; `W_m = sum w_e`
- `prec_m = trust_m / (phi_m^2 + 1/W_m)`, trust 0 to 2 by source and skill as a school sets, else 1
- `v = 1 / (1/tau^2 + sum prec_m)`; `theta = v sum prec_m mean_m`
- weights: `v prec_m w_e/W_m` for each observation and `v/tau^2` for knowing nothing; they sum to 1
- score `Phi(theta)`, 90 % interval `Phi(theta +- 1.645 sqrt v)`; without evidence, neither
- conflict: `Q = sum prec_m (mean_m - mean)^2` above the 99 % quantile of chi squared with one less
  degrees of freedom than sources. Then v grows by Q over the degrees of freedom and the label
  falls by one. (At 95 % every third student would have a conflict among seven skills by chance.)

The skill wanders as one, while the model lets each observation blur by itself. Evidence spread
over a term is covered as promised; spread over a whole year the 90 % interval holds in 86 of 100.

`learntrace evaluate fusion` prints the simulated coverage beside naive pooling, and the gates.

## Labels

A label says how much evidence there is, never how good a student is. Until a skill is locally
validated nothing is called confidence.

| label | words | reached when |
|---|---|---|
{reached}
What is missing is shown where the label is `insufficient`.

Weekly game sessions that each label takes beside so many ratings, one every other week, each
saying one thing on the skill and all agreeing (-: {most} sessions are not enough):

| label |{headings}
|---|{rules}
{wanted}
## Reasoning

The text is made from the evidence by fixed rules; the same evidence gives the same words.

- A **strength** is a skill with a label and without conflict, in which the newest evidence of a
  kind lies at least {above:g} trait SD above the student's own median of the same kind, seen at
  least {before} times before; at most {strengths} are told. It is the student's own past that
  is compared with.
- A **next step** belongs to the skill least seen of those with a label, and to the topic least
  known that is surely below {firm:.0%}; at most {steps}. With evidence there is always one.
- A conflict between sources, what is missing, and how uncertain all this is, are always told.
- Each sentence with a number cites the evidence it rests on. The tests check this on every text,
  along with a Flesch-Kincaid grade of at most {grade:g} and a list of words that no text may hold:
  diagnoses, fixed traits, rankings.
"""

_REACHED: Final = {
    Label.INSUFFICIENT: "otherwise",
    Label.LITTLE: f"at least {labels.MIN_OBSERVATIONS} observations from {labels.MIN_OCCASIONS}"
    f" sittings on {labels.MIN_DAYS} days, and 1 - v/tau^2 at least {labels.MIN_RELIABILITY:g}",
    Label.SOME: f"and the 90 % interval at most {labels.SOME_WIDTH:g} trait SD wide",
    Label.A_LOT: f"and at most {labels.A_LOT_WIDTH:g} wide, from at least"
    f" {labels.A_LOT_SOURCES} sources",
}


def document() -> str:
    """The whole page, Markdown."""
    links = "".join(_link(link) for link in LINKS)
    unused = "".join(f"- `{feature}`: {why}\n" for feature, why in UNUSED.items())
    talk = "".join(_link(link) for link in TALK_LINKS)
    silent = "".join(f"- `{feature}`: {why}\n" for feature, why in TALK_UNUSED.items())
    ratings = _RATING.format(
        shares=", ".join(f"{100 * share:.0f}" for share in rubric.LEVEL_SHARES),
        scores=", ".join(f"{x:.2f}" for x in rubric.SCORE_OF_LEVEL.values()),
    )
    fusion = _FUSION.format(
        tau=MODEL.tau,
        q=round(MODEL.drift_per_day * 365, 3),
        noise=_noise(),
        reached="".join(f"| `{one}` | {one.words} | {_REACHED[one]} |\n" for one in Label),
        most=amounts.MOST_SESSIONS,
        headings="".join(f" {count} ratings |" for count in _RATINGS).replace(
            " 1 ratings", " 1 rating"
        ),
        rules="---:|" * len(_RATINGS),
        wanted=_wanted(),
        above=reasoning.CLEARLY_ABOVE,
        before=reasoning.MIN_BEFORE,
        strengths=reasoning.MAX_STRENGTHS,
        steps=reasoning.MAX_NEXT_STEPS,
        firm=reasoning.FIRM_TOPIC,
        grade=MAX_GRADE,
    )
    spoken = _TALK + talk + "\nOn nothing speak:\n\n" + silent
    taught = _LESSON + "".join(_link(link) for link in lessons.LESSON_LINKS)
    return _HEAD + links + _AFTER_MAP + unused + spoken + taught + ratings + _rubric() + fusion


def _link(link: Link) -> str:
    name = rubric.RUBRIC[link.skill].name
    sign = "more" if link.direction > 0 else "less"
    return (
        f"| `{link.feature}` | {name} | {sign} | {link.weight:g} | {link.rationale} |"
        f" {link.source}. |\n"
    )


def _noise() -> str:
    return "".join(
        f"| {source} | {noise.phi:g} | {noise.sigma:g} | {WIDENED * noise.phi:.3g}"
        f" | {WIDENED * noise.sigma:.3g} |\n"
        for source, noise in STARTING.items()
    )


def _wanted() -> str:
    return "".join(
        f"| {label.words} | {' | '.join('-' if one is None else str(one) for one in wanted)} |\n"
        for label, wanted in amounts.table(_RATINGS).items()
    )


def _rubric() -> str:
    rows = ["| skill | question | 1 | 2 | 3 | 4 |\n", "|---|---|---|---|---|---|\n"]
    rows += [
        f"| {one.name} | {one.question} | {' | '.join(one.levels)} |\n"
        for one in rubric.RUBRIC.values()
    ]
    return "".join(rows)


if __name__ == "__main__":
    sys.stdout.write(document())
