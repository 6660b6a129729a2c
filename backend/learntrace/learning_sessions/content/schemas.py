"""Content as JSON, in files and over HTTP."""

from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, Field, StringConstraints

from learntrace.kit.paging import NextCursor
from learntrace.kit.wire import Id, In, Instant, Out, without_nul
from learntrace.learning_sessions.content.models import ContentItem
from learntrace.learning_sessions.content.types import ContentType, Tags
from learntrace.learning_sessions.files import InFile
from learntrace.learning_sessions.scenarios.schemas import MOST_AIMS, Line, WordIn
from learntrace.learning_sessions.scenarios.types import Difficulty
from learntrace.learning_sessions.schemas import ItemName, Language, SessionLine

MOST_MATERIALS = 20

Body = Annotated[str, Field(max_length=50_000), AfterValidator(without_nul)]
SourceUrl = Annotated[
    str | None,
    StringConstraints(pattern=r"^(https?://|urn:)[!-~]+$", max_length=1000),
    Field(examples=["https://example.org/the-ferry"]),
]


class QuestionIn(In):
    question: ItemName
    answer: Line


class MaterialIn(In):
    """What a content item is studied with: words to learn, and questions with their answers."""

    title: ItemName
    vocabulary: Annotated[list[WordIn], Field(max_length=MOST_AIMS)] = Field(default_factory=list)
    questions: Annotated[list[QuestionIn], Field(max_length=MOST_AIMS)] = Field(
        default_factory=list
    )


class ContentChange(In):
    """Something to study, whole."""

    title: ItemName
    content_type: ContentType
    language: Language
    difficulty: Difficulty
    text: Body = ""
    topics: Tags = Field(default_factory=list)
    tags: Tags = Field(default_factory=list)
    materials: Annotated[list[MaterialIn], Field(max_length=MOST_MATERIALS)] = Field(
        default_factory=list
    )


class ContentIn(ContentChange, InFile):
    """Something to study; the same `source_url` again replaces it, without any it is another."""

    named_by: ClassVar[str] = "source_url"

    source_url: SourceUrl = None


class ContentOut(Out):
    """`favourite`: the caller marked it. A player token reads nothing of its owner."""

    id: Id
    owner_id: Id | None
    owner_name: str | None
    favourite: bool
    source_url: str | None
    title: str
    content_type: ContentType
    language: str
    difficulty: Difficulty
    text: str
    topics: list[str]
    tags: list[str]
    materials: list[MaterialIn]
    created_at: Instant
    updated_at: Instant

    @classmethod
    def of(cls, stored: ContentItem, owner_name: str | None, *, favourite: bool) -> Self:
        return cls(
            id=stored.id,
            owner_id=None if owner_name is None else stored.owner_id,
            owner_name=owner_name,
            favourite=favourite,
            source_url=stored.source_url,
            title=stored.title,
            content_type=ContentType(stored.content_type),
            language=stored.language,
            difficulty=Difficulty(stored.difficulty),
            text=stored.text,
            topics=list(stored.topics),
            tags=list(stored.tags),
            materials=[MaterialIn.model_validate(one) for one in stored.materials],
            created_at=stored.created_at,
            updated_at=stored.updated_at,
        )


class ContentPage(Out):
    items: list[ContentOut]
    next_cursor: NextCursor


class FacetsOut(Out):
    """What the school's content can be found by, each once, in the order of the alphabet."""

    languages: list[str]
    topics: list[str]
    tags: list[str]


class FavouriteIn(In):
    favourite: bool


class StudyHistory(Out):
    """`mastery`: share of the item's words and questions whose last answer was right, 0 to 1;
    null where it has none.
    """

    mastery: Annotated[float | None, Field(ge=0, le=1)]
    items: list[SessionLine]
