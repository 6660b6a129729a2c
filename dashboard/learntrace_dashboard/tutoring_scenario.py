"""A scenario with a student: before it begins, and phase by phase until it is completed."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

import streamlit as st

from learntrace_dashboard import navigation, reads
from learntrace_dashboard.changes import change, change_by_callback
from learntrace_dashboard.contract import Student
from learntrace_dashboard.contract_library import Phase
from learntrace_dashboard.contract_tutoring import PhaseOfRun, Run, RunLine, told_of
from learntrace_dashboard.library_words import done_when
from learntrace_dashboard.look import desk, escape, fetch, label_text
from learntrace_dashboard.recording_new import language_name
from learntrace_dashboard.tutoring_marks import (
    Tell,
    answers_in_words,
    ask_to_complete,
    head,
    kind_of,
    offer_to_take_away,
    show_mark,
)

AIMS = ("phrases", "objectives", "success_criteria")
PHASE = "phase"


def show(student: Student, scenario_id: str) -> None:
    """Draw it: the way that goes on, or what is to be known before one begins."""
    read = fetch(reads.runs_through, scenario_id, student.id)
    going = next((one for one in read.value.items if one.ended_at is None), None)
    if going is None:
        _before(student, scenario_id, next(iter(read.value.items), None))
    else:
        _work(student, going, read.at)


def aims_of(phase: Phase) -> dict[str, tuple[str, ...]]:
    """What is to be met in a phase, by aim; only what it has."""
    aims = {"vocabulary": tuple(word.term for word in phase.vocabulary)}
    aims |= {aim: getattr(phase, aim) for aim in AIMS}
    return {aim: found for aim, found in aims.items() if found}


def phases_in_words(one: RunLine) -> str:
    """1 of 2 phases completed."""
    done, every = one.phases_completed, one.total_phases
    return desk().texts("tutoring.phases_of", done=done, all=every)


def _before(student: Student, scenario_id: str, last: Run | None) -> None:
    at_desk = desk()
    texts = at_desk.texts
    read = fetch(reads.scenario, scenario_id)
    one = read.value
    about = [kind_of("scenario"), language_name(texts, one.language)]
    head(student, one.title, about, read.at)
    st.markdown(escape(one.description))
    st.markdown("\n".join(f"{at}. {_summary(phase)}" for at, phase in enumerate(one.phases, 1)))
    if last is not None:
        _last_time(last)
    label = texts("tutoring.again" if last else "tutoring.begin_scenario")
    asked = st.button(label, type="primary", icon=":material/play_arrow:")
    if asked and change(lambda: at_desk.client.start_scenario(scenario_id, student.id)):
        st.rerun()


def _summary(phase: Phase) -> str:
    texts = desk().texts
    counts = (texts.count(f"aims.{aim}", len(found)) for aim, found in aims_of(phase).items())
    return texts("tutoring.phase_has", title=escape(phase.title), what=", ".join(counts))


def _last_time(last: Run) -> None:
    at_desk = desk()
    texts = at_desk.texts
    when = at_desk.formats.moment(last.ended_at, at_desk.now)
    with st.container(horizontal=True, vertical_alignment="center"):
        words = texts("tutoring.last_time", when=when, what=phases_in_words(last))
        st.caption(words, width="content")
        if st.button(texts("tutoring.see_outcome"), type="tertiary"):
            navigation.go(navigation.TUTORING, at_desk.query(session=last.id))


def _work(student: Student, run: Run, at: datetime) -> None:
    at_desk = desk()
    texts = at_desk.texts
    head(student, run.title, [kind_of("scenario"), language_name(texts, run.language)], at)
    st.markdown(f"**{phases_in_words(run)}**")
    phase = _choose_phase(run)
    name = escape(student.display_name)
    st.caption(" ".join((texts("tutoring.tick", name=name), escape(done_when(phase)))))
    step: dict[str, Any] = {"student_id": student.id, "phase": phase.key}
    advance = partial(at_desk.client.advance, run.scenario_id)
    _vocabulary(run, phase, lambda more: advance(step | _with_word(run, phase, more)))
    for aim in AIMS:
        items = getattr(phase, aim)
        if items:
            st.subheader(texts(f"scenario.{aim}"), anchor=False)
        for number, item in enumerate(items):
            key = f"lt-met-{run.id}-{phase.key}-{aim}-{number}"
            _box(item, phase, aim, item, lambda more: advance({**step, **more}), key)
    _walk(run, phase)
    _complete(student, run)


def _choose_phase(run: Run) -> PhaseOfRun:
    """The phase in the address, else the first that is not completed; it stays until another is
    chosen.
    """
    texts = desk().texts
    phases = {one.key: one for one in run.phases}
    chosen = st.query_params.get(PHASE, "")
    if chosen not in phases:
        chosen = next((one.key for one in run.phases if not one.completed), run.phases[0].key)
        st.query_params[PHASE] = chosen
    labels = {key: escape(_phase_in_words(one)) for key, one in phases.items()}
    box = f"lt_phase_{run.id}"
    st.session_state[box] = chosen
    st.radio(
        texts("tutoring.phase"),
        list(labels),
        format_func=lambda key: labels[key],
        key=box,
        on_change=_phase_chosen,
        args=(box,),
        horizontal=True,
    )
    return phases[chosen]


def _phase_chosen(box: str) -> None:
    st.query_params[PHASE] = st.session_state[box]


def _phase_in_words(phase: PhaseOfRun) -> str:
    texts = desk().texts
    if phase.completed:
        return texts("tutoring.phase_done", title=phase.title)
    met, every = _met(phase)
    return texts("tutoring.phase_open", title=phase.title, met=met, all=every)


def _met(phase: PhaseOfRun) -> tuple[int, int]:
    """How much of a phase was met, and how much there is."""
    aims = aims_of(phase)
    met = sum(len({*found} & {*phase.met.get(aim, ())}) for aim, found in aims.items())
    return met, sum(len(found) for found in aims.values())


def _vocabulary(run: Run, phase: PhaseOfRun, tell: Tell) -> None:
    texts = desk().texts
    if not phase.vocabulary:
        return
    st.subheader(texts("scenario.column_words"), anchor=False)
    st.caption(texts("tutoring.words_help"))
    for number, word in enumerate(phase.vocabulary):
        key = f"{run.id}-{phase.key}-{number}"
        left, right = st.columns([3, 2], vertical_alignment="center")
        with left:
            label = f"{word.term}: {word.meaning}"
            _box(label, phase, "vocabulary", word.term, tell, f"lt-met-{key}")
        with right:
            is_marked = _is_marked(run, phase, word.term)
            show_mark(word.term, run.answers, tell, key=f"lt-mark-{key}", is_marked=is_marked)


def _stands_elsewhere(run: Run, phase: PhaseOfRun, term: str) -> bool:
    """Whether other parts have the word too: an answer does not say in which one it was asked."""
    others = (one for one in run.phases if one.key != phase.key)
    return any(term == word.term for one in others for word in one.vocabulary)


def _is_marked(run: Run, phase: PhaseOfRun, term: str) -> bool:
    """Whether the last answer to a word is shown, and taken back, in this phase."""
    return term in phase.met.get("vocabulary", ()) or not _stands_elsewhere(run, phase, term)


def _with_word(run: Run, phase: PhaseOfRun, more: Mapping[str, Any]) -> dict[str, Any]:
    """A right answer to a word is a word met; without any that is left, it is not met after all."""
    undone = [one for one in more.get("taken_back", ()) if _is_undone(run, phase, one)]
    if undone:
        return {"vocabulary": undone, "unmet": True, **more}
    right = [one["item"] for one in more.get("answers", ()) if one["correct"]]
    return {"vocabulary": right, **more}


def _is_undone(run: Run, phase: PhaseOfRun, term: str) -> bool:
    """Whether a word is not met in this phase once the last answer to it is taken back.

    Where other parts have the word too, the right answers before are theirs.
    """
    *before, last = told_of(term, run.answers)
    return last and (_stands_elsewhere(run, phase, term) or not any(before))


def _box(label: str, phase: PhaseOfRun, aim: str, item: str, tell: Tell, key: str) -> None:
    """A box as it is stored; ticking it is stored at once."""
    st.session_state[key] = item in phase.met.get(aim, ())
    st.checkbox(label_text(label), key=key, on_change=_tick, args=(aim, item, tell, key))


def _tick(aim: str, item: str, tell: Tell, key: str) -> None:
    met = bool(st.session_state[key])
    change_by_callback(lambda: tell({aim: [item], "unmet": not met}))


def _walk(run: Run, phase: PhaseOfRun) -> None:
    """To the phase before and the one after."""
    texts = desk().texts
    at = run.phases.index(phase)
    ways = (("tutoring.previous", at - 1, "arrow_back"), ("tutoring.next", at + 1, "arrow_forward"))
    with st.container(horizontal=True):
        for label, to, icon in ways:
            if 0 <= to < len(run.phases):
                title = run.phases[to].title
                st.button(
                    texts(label, title=title),
                    icon=f":material/{icon}:",
                    on_click=_open_phase,
                    args=(run.phases[to].key,),
                )


def _open_phase(key: str) -> None:
    st.query_params[PHASE] = key


def _complete(student: Student, run: Run) -> None:
    at_desk = desk()
    texts = at_desk.texts
    missing = run.total_phases - run.phases_completed
    left = texts.count("tutoring.phases_left", missing) if missing else None
    right = sum(one.correct for one in run.answers)
    answers = answers_in_words(right, len(run.answers) - right)
    asked = ask_to_complete(texts("tutoring.complete_scenario"), answers, left, key=run.id)
    scenario_id = run.scenario_id
    if asked and change(lambda: at_desk.client.complete_scenario(scenario_id, student.id)):
        navigation.go(navigation.TUTORING, at_desk.query(session=run.id))
    take = partial(at_desk.client.take_run_away, scenario_id, student.id)
    offer_to_take_away(student, run.id, take)
