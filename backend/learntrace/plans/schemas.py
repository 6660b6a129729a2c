"""Plans, what is used of them, and what they would allow, as JSON."""

from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from learntrace.kit.wire import In, Instant, Out
from learntrace.plans.judging import Action, Kind, LimitInfo, Verdict
from learntrace.plans.limits import ALIASES, PLANS, UNLIMITED, Plan
from learntrace.plans.service import Subscribed, Usage

PlanId = Annotated[str, Field(examples=["school"])]
Limit = Annotated[int, Field(ge=UNLIMITED, description="-1 is no limit.", examples=[200])]
ResetDate = Annotated[
    date | None,
    Field(description="When it is counted anew, UTC; null where no month counts."),
]
Current = Annotated[
    float | None, Field(ge=0, description="Null where nothing adds up.", examples=[150.5])
]


_Amount = Annotated[float | None, Field(ge=0, le=1e9, allow_inf_nan=False)]


class Params(BaseModel):
    """How much of it; what an action has no use for is passed over."""

    duration_min: _Amount = None
    file_size_mb: _Amount = None
    count: Annotated[int | None, Field(ge=0, le=10**9)] = None
    format: Annotated[str | None, Field(max_length=20, examples=["vtt"])] = None


class ActionIn(In):
    """What somebody is about to do.

    `check_minutes` needs `duration_min` and `upload_file` needs `file_size_mb`; `transcribe` may
    have `duration_min`, `export_transcript` the `format`, `ingest_events` the `count`.
    """

    action: Action
    params: Params = Params()

    @model_validator(mode="after")
    def _tells_how_much(self) -> Self:
        needed = {Action.CHECK_MINUTES: "duration_min", Action.UPLOAD_FILE: "file_size_mb"}
        name = needed.get(self.action)
        if name is not None and getattr(self.params, name) is None:
            raise ValueError(f"{self.action} needs params.{name}")
        return self


class LimitInfoOut(Out):
    """How one limit stands."""

    type: Kind
    current: Current
    limit: Limit
    reset_date: ResetDate

    @classmethod
    def of(cls, info: LimitInfo) -> Self:
        return cls(
            type=info.kind, current=info.current, limit=info.limit, reset_date=info.reset_date
        )


class VerdictOut(Out):
    """Whether an action is allowed; `message` says why not, or that a limit is near."""

    allowed: bool
    message: str | None
    limit_info: LimitInfoOut
    upgrade_suggestion: Annotated[
        str | None, Field(description="The smallest plan that would allow it.", examples=["pro"])
    ]

    @classmethod
    def of(cls, verdict: Verdict) -> Self:
        return cls(
            allowed=verdict.allowed,
            message=verdict.message,
            limit_info=LimitInfoOut.of(verdict.info),
            upgrade_suggestion=verdict.upgrade,
        )


class LimitUsedOut(LimitInfoOut):
    """How one limit stands; `warning` from 80 % of it on."""

    warning: bool

    @classmethod
    def of(cls, info: LimitInfo) -> Self:
        told = LimitInfoOut.of(info).model_dump()
        return cls(**told, warning=info.is_near)


class UsageOut(Out):
    """What a school and its sandbox used this month, UTC."""

    plan: PlanId
    period_start: date
    reset_date: date
    usage: list[LimitUsedOut]

    @classmethod
    def of(cls, usage: Usage) -> Self:
        return cls(
            plan=usage.plan.id,
            period_start=usage.month.start.date(),
            reset_date=usage.month.reset_date,
            usage=[LimitUsedOut.of(info) for info in usage.limits],
        )


class PlanOut(Out):
    """What a plan allows; recordings and transcriptions are limited by their minutes alone."""

    id: PlanId
    aliases: Annotated[list[str], Field(examples=[["enterprise"]])]
    minutes_per_month: Limit
    file_size_mb: Limit
    export_formats: Annotated[list[str], Field(examples=[["json", "txt"]])]
    concurrent_jobs: Limit
    retention_days: Annotated[Limit, Field(description="Of audio and transcripts; -1 for good.")]

    @classmethod
    def of(cls, plan: Plan) -> Self:
        return cls(
            id=plan.id,
            aliases=[alias for alias, name in ALIASES.items() if name == plan.id],
            minutes_per_month=plan.minutes_per_month,
            file_size_mb=plan.file_mb,
            export_formats=list(plan.export_formats),
            concurrent_jobs=plan.concurrent_jobs,
            retention_days=plan.retention_days,
        )


class PlansOut(Out):
    """Every plan, from the one that allows least."""

    plans: list[PlanOut]

    @classmethod
    def whole(cls) -> Self:
        return cls(plans=[PlanOut.of(plan) for plan in PLANS.values()])


class CurrentPlanOut(Out):
    """The school's plan; `since` is null where it never was given one."""

    plan: PlanOut
    since: Instant | None

    @classmethod
    def of(cls, subscribed: Subscribed) -> Self:
        return cls(plan=PlanOut.of(subscribed.plan), since=subscribed.since)


class LimitLine(Out):
    """One limit, by plan."""

    limit: Annotated[str, Field(examples=["minutes_per_month"])]
    values: Annotated[
        dict[str, int | list[str]], Field(examples=[{"free": 200, "school": UNLIMITED}])
    ]


class ComparisonOut(Out):
    """Every limit across the plans, from the one that allows least."""

    plans: Annotated[list[str], Field(examples=[list(PLANS)])]
    current: PlanId
    limits: list[LimitLine]

    @classmethod
    def of(cls, subscribed: Subscribed) -> Self:
        told = {plan.id: PlanOut.of(plan).model_dump() for plan in PLANS.values()}
        names = [name for name in PlanOut.model_fields if name not in ("id", "aliases")]
        lines = [
            LimitLine(limit=name, values={key: plan[name] for key, plan in told.items()})
            for name in names
        ]
        return cls(plans=list(told), current=subscribed.plan.id, limits=lines)
