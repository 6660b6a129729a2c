"""One run of the app: sign in, choose the page, run it."""

from functools import partial

import httpx
import streamlit as st

from learntrace_dashboard import client, look, navigation
from learntrace_dashboard.client import ApiError, SignedOutError
from learntrace_dashboard.config import SettingsError, load_settings
from learntrace_dashboard.renewing import stop_if_signed_out
from learntrace_dashboard.sign_in import SignIn
from learntrace_dashboard.texts import Texts
from learntrace_dashboard.views import (
    class_overview,
    coached,
    codes,
    content,
    content_form,
    data_health,
    game_session,
    home,
    lessons,
    meeting,
    meetings,
    now,
    password,
    privacy,
    rate,
    recording,
    recordings,
    scenario,
    school,
    skills,
    student,
    system_status,
    test_players,
    tutoring,
    weights,
)

VIEWS = {
    "": home.page,
    navigation.NOW.address: now.page,
    navigation.CLASS.address: class_overview.page,
    navigation.SKILLS.address: skills.page,
    navigation.RATE.address: rate.page,
    navigation.STUDENT.address: student.page,
    navigation.SESSION.address: game_session.page,
    navigation.MEETINGS.address: meetings.page,
    navigation.MEETING.address: meeting.page,
    navigation.COACHED.address: coached.page,
    navigation.LESSONS.address: lessons.page,
    navigation.SCENARIO.address: scenario.page,
    navigation.CONTENT.address: content.page,
    navigation.CONTENT_FORM.address: content_form.page,
    navigation.RECORDINGS.address: recordings.page,
    navigation.RECORDING.address: recording.page,
    navigation.TUTORING.address: tutoring.page,
    navigation.CODES.address: codes.page,
    navigation.SCHOOL.address: school.page,
    navigation.PRIVACY.address: privacy.page,
    navigation.TEST_PLAYERS.address: test_players.page,
    navigation.SYSTEM.address: system_status.page,
    navigation.HEALTH.address: data_health.page,
    navigation.WEIGHTS.address: weights.page,
}


@st.cache_resource(show_spinner=False, on_release=httpx.Client.close)
def connect(api_url: str) -> httpx.Client:
    """The connection to the API that all people's clients share."""
    return client.connect(api_url)


def main() -> None:
    """What Streamlit runs for each visit and each change."""
    look.dress()
    texts = Texts()
    try:
        settings = load_settings()
    except SettingsError as error:
        st.error(f"**{texts('setup.title')}**  \n{error}")
        return
    new_client = partial(client.Client, connect(str(settings.api_url)), texts)
    sign_in = SignIn(settings, texts, new_client)
    views = VIEWS | {navigation.PASSWORD.address: lambda: password.page(texts, sign_in, new_client)}
    try:
        sign_in.restore()
    except ApiError as error:
        navigation.menu(texts, None, views)
        look.fail(error, texts)
        return
    user = sign_in.user
    if user is not None and user.school is not None:
        texts = Texts(user.school.language)
    page = navigation.menu(texts, user, views)
    if user is None and page.url_path == navigation.PASSWORD.address:
        page.run()
        return
    if user is None:
        look.login_page(texts, sign_in)
        return
    look.mend_frame()
    look.show_person(user, texts)
    if user.role in navigation.STAFF:
        look.show_hiding(texts)
    look.set_desk(sign_in, user, texts)
    sign_in.show_logout()
    try:
        stop_if_signed_out()
        page.run()
    except SignedOutError:
        sign_in.end()
