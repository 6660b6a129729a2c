"""Transcripts as other programs and people write them."""

import pytest

from learntrace.transcription_sessions.captions.lines import CaptionError
from learntrace.transcription_sessions.captions.reading import MOST_CUES, read
from learntrace.transcription_sessions.heard import MOST_CHARACTERS

CUE = "00:00:01.000 --> 00:00:02.500\n"


def said(file: str | bytes) -> list[tuple[float, float, str | None, str]]:
    content = file.encode() if isinstance(file, str) else file
    return [(one.start_s, one.end_s, one.speaker_id, one.text) for one in read(content)]


def texts(file: str) -> list[str]:
    return [text for *_, text in said(file)]


PLAIN_VTT = f"WEBVTT\n\n{CUE}I counted twelve.\n"
WILD = {
    "vtt": PLAIN_VTT,
    "srt": "1\n00:00:01,000 --> 00:00:02,500\nI counted twelve.\n\n",
    "vtt without its header": f"{CUE}I counted twelve.",
    "byte order mark": f"\ufeff{PLAIN_VTT}",
    "empty lines first": f"\n\n{PLAIN_VTT}",
    "CRLF": PLAIN_VTT.replace("\n", "\r\n"),
    "CR": PLAIN_VTT.replace("\n", "\r"),
    "hour of one digit": "1\n0:00:01,000 --> 0:00:02,500\nI counted twelve.\n",
    "minutes first": "WEBVTT\n\n00:01.000 --> 00:02.500\nI counted twelve.\n",
    "single digits everywhere": "WEBVTT\n\n0:0:1.0 --> 0:0:2.5\nI counted twelve.\n",
    "commas in vtt": "WEBVTT\n\n00:00:01,000 --> 00:00:02,500\nI counted twelve.\n",
    "points in srt": "1\n00:00:01.000 --> 00:00:02.500\nI counted twelve.\n",
    "more than milliseconds": "1\n00:00:01,0004 --> 00:00:02,500000\nI counted twelve.\n",
    "no spaces": "1\n00:00:01,000-->00:00:02,500\nI counted twelve.\n",
    "cue settings": f"WEBVTT\n\n{CUE.strip()} align:start position:10%\nI counted twelve.\n",
    "coordinates": "1\n00:00:01,000 --> 00:00:02,500  X1:100 X2:200 Y1:1 Y2:2\nI counted twelve.",
    "several lines": f"WEBVTT\n\n{CUE}I counted\n   twelve.\n",
    "an empty line in a cue": "1\n00:00:01,000 --> 00:00:02,500\nI counted\n\ntwelve.\n",
    "an empty line in a cue of vtt": f"WEBVTT\n\n{CUE}I counted\n\ntwelve.\n",
    "an empty line below the times": f"WEBVTT\n\n{CUE}\nI counted twelve.\n",
    "metadata": f"WEBVTT - lesson 3\nKind: captions\nLanguage: en\n\n{CUE}I counted twelve.\n",
    "a cue that follows at once": f"WEBVTT\n{CUE}I counted twelve.\n",
    "notes": f"WEBVTT\n\nNOTE\n{CUE}no speech\n\n{CUE}I counted twelve.\n\nNOTE made by hand\n",
    "styles": f"WEBVTT\n\nSTYLE\n::cue {{}}\n\nREGION\nid:a\n\n{CUE}I counted twelve.\n",
    "ids of cues": f"WEBVTT\n\n5d1c-0\n{CUE}I counted twelve.\n",
    "formatting": f"WEBVTT\n\n{CUE}<i>I</i> <c.loud>counted</c> <00:00:02.000><b>twelve</b>.\n",
    "fonts": '1\n00:00:01,000 --> 00:00:02,500\n<font color="red">I counted</font> twelve.\n',
    "places": "1\n00:00:01,000 --> 00:00:02,500\n{\\an8}I counted<br/>twelve.\n",
    "character references": f"WEBVTT\n\n{CUE}I&nbsp;counted &#116;welve.\n",
}


@pytest.mark.parametrize("file", WILD.values(), ids=WILD)
def test_one_cue_is_read_however_it_is_written(file: str) -> None:
    assert said(file) == [(1.0, 2.5, None, "I counted twelve.")]


def test_a_long_recording_is_read_with_and_without_hours() -> None:
    file = "1\n75:00.250 --> 75:01.000\nHow many?\n\n2\n101:15:01 --> 101:15:02\nTwelve.\n"
    assert said(file) == [
        (4500.25, 4501.0, None, "How many?"),
        (364501.0, 364502.0, None, "Twelve."),
    ]


def test_numbers_of_cues_are_not_spoken() -> None:
    assert texts("1\n0:01 --> 0:02\nSeven.\n2\n0:02 --> 0:03\n8\n\n3\n0:03 --> 0:04\nNine.") == [
        "Seven.",
        "8",
        "Nine.",
    ]


def test_a_spoken_number_is_no_number_of_a_cue() -> None:
    assert texts("0:01 --> 0:02\nHow many?\n12\n0:02 --> 0:03\nRight.") == [
        "How many? 12",
        "Right.",
    ]


def test_ids_in_vtt_are_not_spoken() -> None:
    file = f"WEBVTT\n\nintro\n{CUE}One.\n\n9f3a/12-1\n{CUE}Two.\n"
    assert texts(file) == ["One.", "Two."]


def test_a_cue_without_words_is_left_out() -> None:
    assert texts(f"WEBVTT\n\n{CUE}\n\n{CUE}<i></i>\n\n{CUE}Twelve.\n") == ["Twelve."]


@pytest.mark.parametrize("text", ["3 < 4 and 5 > 4", "Q&A", "<laughs>", "[inaudible]", "a -> b"])
def test_what_only_looks_like_markup_is_kept(text: str) -> None:
    assert texts(f"1\n0:01 --> 0:02\n{text}\n") == [text]


class TestSpeakers:
    def test_voices(self) -> None:
        file = f"WEBVTT\n\n{CUE}<v Mr. Smith>How many?</v>\n\n{CUE}<v.first.loud Ada &amp; Ben>12\n"
        assert [one[2:] for one in said(file)] == [("Mr. Smith", "How many?"), ("Ada & Ben", "12")]

    def test_several_voices_in_a_cue(self) -> None:
        file = f"WEBVTT\n\n{CUE}<v Ada>Twelve.</v>\n<v Ben>No,\n\n{CUE}thirteen.\n"
        assert said(file) == [
            (1.0, 2.5, "Ada", "Twelve."),
            (1.0, 2.5, "Ben", "No,"),
            (1.0, 2.5, None, "thirteen."),
        ]

    def test_what_follows_a_voice_is_nobodys(self) -> None:
        file = f"WEBVTT\n\n{CUE}(bell) <v Ada>Twelve.</v> (noise)\n"
        assert [one[2:] for one in said(file)] == [
            (None, "(bell)"),
            ("Ada", "Twelve."),
            (None, "(noise)"),
        ]

    @pytest.mark.parametrize(
        ("written", "speaker"),
        [
            ("Mr. Smith: ", "Mr. Smith"),
            ("[SPEAKER_00]: ", "SPEAKER_00"),
            (">> TEACHER: ", "TEACHER"),
            ("- Ada: ", "Ada"),
            ("Ana María de la Cruz : ", "Ana María de la Cruz"),
            ("Smith, Ada (5a): ", "Smith, Ada (5a)"),
            ("李雷: ", "李雷"),
        ],
    )
    def test_names_before_a_colon(self, written: str, speaker: str) -> None:
        file = f"1\n{CUE}{written}How many?\n\n2\n{CUE}Ben: Twelve.\n\n3\n{CUE}{written}Yes."
        assert [one[2:] for one in said(file)] == [
            (speaker, "How many?"),
            ("Ben", "Twelve."),
            (speaker, "Yes."),
        ]

    def test_several_names_in_a_cue(self) -> None:
        file = f"{CUE}Ada: Twelve,\nI think.\nBen: No.\n\n{CUE}Ben: Look: twelve.\n\n{CUE}Ada: Oh."
        assert [one[2:] for one in said(file)] == [
            ("Ada", "Twelve, I think."),
            ("Ben", "No."),
            ("Ben", "Look: twelve."),
            ("Ada", "Oh."),
        ]

    @pytest.mark.parametrize(
        "spoken",
        [
            ["Remember: we add first.", "Then we take away.", "Remember: the sign."],
            ["First: take a cube.", "Second: turn it.", "Third: put it down."],
            ["so he said: no", "so he said: yes", "so he said: no"],
            ["It is 10:30.", "It is 10:30.", "It is 11:30."],
            ["I counted them all. Look: 12", "I counted them all. Look: 12"],
            ["We take the big red cube away: look", "We take the big red cube away: look"],
            ["Twelve: right"],
        ],
    )
    def test_a_colon_in_plain_speech_is_no_speaker(self, spoken: list[str]) -> None:
        file = "\n\n".join(f"{number}\n{CUE}{text}" for number, text in enumerate(spoken, 1))
        assert said(file) == [(1.0, 2.5, None, text) for text in spoken]

    def test_a_colon_is_plain_speech_where_voices_tell(self) -> None:
        file = f"WEBVTT\n\n{CUE}<v Ada>Ben: look\n\n{CUE}<v Ada>Ben: here\n"
        assert [one[2:] for one in said(file)] == [("Ada", "Ben: look"), ("Ada", "Ben: here")]

    def test_a_voice_without_a_name_is_nobodys(self) -> None:
        assert said(f"WEBVTT\n\n{CUE}<v  >Twelve.\n") == [(1.0, 2.5, None, "Twelve.")]

    def test_a_name_is_cut_where_it_does_not_fit(self) -> None:
        ((_, _, speaker, _),) = said(f"WEBVTT\n\n{CUE}<v {'A' * 100}>Twelve.\n")
        assert speaker == "A" * 64


UNREADABLE = {
    "nothing": (b"", 1, "No cue"),
    "an empty vtt": (b"WEBVTT\n\n", 1, "No cue"),
    "no words": (f"WEBVTT\n\n{CUE}\n".encode(), 1, "No cue with words"),
    "prose": (b"Once upon a time: twelve.\n", 1, "00:00:01.000 --> 00:00:04.000"),
    "an archive": (b"PK\x03\x04\0\0", 1, "UTF-8"),
    "UTF-16": (PLAIN_VTT.encode("utf-16"), 1, "UTF-16"),
    "UTF-16 without a mark": (PLAIN_VTT.encode("utf-16-le"), 1, "UTF-16"),
    "latin-1": (f"1\r\n{CUE}Zw\xf6lf.".encode("latin-1"), 3, "UTF-8"),
    "a letter in a time": (b"1\n0:01 --> 0:02\nOne.\n\n2\n0:0O --> 0:02\nTwo.", 6, "times"),
    "a letter in the second time": (b"1\n0:01 --> 0:O2\nOne.", 2, "times"),
    "no second time": (b"1\n00:00:01,000 -->\nOne.", 2, "times"),
    "a time below zero": (b"1\n-00:00:01,000 --> 00:00:02,000\nOne.", 2, "times"),
    "second 60": (b"1\n00:00:60,000 --> 00:01:02,000\nOne.", 2, "times"),
    "minute 60": (b"1\n00:00:10,000 --> 00:60:02,000\nOne.", 2, "times"),
    "ends first": (b"1\n00:00:03,000 --> 00:00:02,000\nOne.", 2, "before it begins"),
    "a long cue": (f"1\n{CUE}{'a' * (MOST_CHARACTERS + 1)}".encode(), 2, "10,000"),
    "many cues": (f"{CUE}a\n".encode() * (MOST_CUES + 1), 2 * MOST_CUES + 1, "20,000"),
}


@pytest.mark.parametrize(("content", "line", "names"), UNREADABLE.values(), ids=UNREADABLE)
def test_an_error_names_the_line_and_says_what_to_do(content: bytes, line: int, names: str) -> None:
    with pytest.raises(CaptionError, match=rf"^Line {line}: ") as caught:
        read(content)
    assert names in str(caught.value)


def test_an_error_says_nothing_of_what_was_said() -> None:
    with pytest.raises(CaptionError) as caught:
        read(b"1\n0:01 --> 0:O2 Ada is ill\nAda is ill.")
    assert "Ada" not in str(caught.value)
