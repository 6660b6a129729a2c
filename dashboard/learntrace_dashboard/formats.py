"""Numbers, units and times as people write them, in the school's zone. Pure.

Seconds become "45 s", "12 min" or "1 h 05 min"; shares become "64 %"; times become
"today 10:32". Unknown is a dash, never 0.
"""

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from learntrace_dashboard.contract import Feature
from learntrace_dashboard.texts import Texts

SHARE_UNITS = frozenset({"share"})
SECOND_UNITS = frozenset({"s"})


def zone_of(name: str | None) -> tzinfo:
    """The school's zone; UTC when there is no school or the machine does not know the name."""
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


class Formats:
    """Writes values in one language and one zone."""

    def __init__(self, texts: Texts, zone: tzinfo) -> None:
        self._texts = texts
        self.zone = zone

    def duration(self, seconds: float | None) -> str:
        """45 s, 12 min, 1 h 05 min."""
        if seconds is None:
            return self._texts("common.none")
        if round(seconds) < 60:
            return self._texts("unit.seconds", value=round(seconds))
        minutes = round(seconds / 60)
        if minutes < 60:
            return self._texts("unit.minutes", value=minutes)
        return self._texts("unit.hours", hours=minutes // 60, minutes=minutes % 60)

    def count(self, number: float | None) -> str:
        """12,345 or a dash."""
        return self._texts("common.none") if number is None else f"{number:,.0f}"

    def amount(self, micro: int) -> str:
        """Millionths of the currency with two digits, or as many as it needs: 0.50, 0.0043."""
        units, rest = divmod(micro, 1_000_000)
        return f"{units:,}.{f'{rest:06}'.rstrip('0'):0<2}"

    def clock(self, moment: datetime) -> str:
        """10:32."""
        return f"{moment.astimezone(self.zone):%H:%M}"

    def clock_s(self, moment: datetime) -> str:
        """10:32:07."""
        return f"{moment.astimezone(self.zone):%H:%M:%S}"

    def moment(self, moment: datetime | None, now: datetime) -> str:
        """today 10:32, yesterday 14:05, Mon 2 Nov, 10:32, or never."""
        if moment is None:
            return self._texts("common.never")
        local, today = moment.astimezone(self.zone), now.astimezone(self.zone).date()
        values = {"time": f"{local:%H:%M}", "day": local.day, "year": local.year}
        values |= {"month": self._texts(f"month.{local.month}")}
        values |= {"weekday": self._texts(f"weekday.{local.weekday()}")}
        if local.date() == today:
            key = "time.today"
        elif local.date() == today - timedelta(days=1):
            key = "time.yesterday"
        elif abs(today - local.date()) < timedelta(days=300):
            key = "time.day"
        else:
            key = "time.day_year"
        return self._texts(key, **values)

    def recent(self, moment: datetime, now: datetime) -> str:
        """10:32 for a time of today, else as `moment` says it."""
        same_day = moment.astimezone(self.zone).date() == now.astimezone(self.zone).date()
        return self.clock(moment) if same_day else self.moment(moment, now)

    def date(self, moment: datetime) -> str:
        """Mon 2 Nov."""
        local = moment.astimezone(self.zone)
        weekday = self._texts(f"weekday.{local.weekday()}")
        month = self._texts(f"month.{local.month}")
        return self._texts("time.date", weekday=weekday, day=local.day, month=month)

    def wall(self, moment: datetime) -> datetime:
        """The school's wall clock marked as UTC, for charts drawn on a UTC scale.

        So a chart shows the school's time whatever zone the browser is in.
        """
        return moment.astimezone(self.zone).replace(tzinfo=UTC)

    def value(self, value: float | bool | None, feature: Feature) -> str:
        """A feature's value with its unit."""
        unit = (feature.unit or "").lower().replace(" ", "_")
        if value is None:
            return self._texts("common.none")
        if isinstance(value, bool):
            return self._texts("common.yes" if value else "common.no")
        if unit in SECOND_UNITS:
            return self.duration(value)
        if unit in SHARE_UNITS:
            return self._texts("unit.percent", value=round(value * 100))
        return self._with_unit(value, unit, feature.unit)

    def _with_unit(self, value: float, unit: str, written: str | None) -> str:
        number = _number(value)
        if unit in {"", "count"}:
            return number
        return self._texts("unit.other", value=number, unit=written)

    def range(self, feature: Feature) -> str:
        """The possible values: 0 % to 100 %, 0 s or more, yes or no."""
        if isinstance(feature.value, bool) or feature.unit == "yes/no":
            return self._texts("range.yes_no")
        if feature.minimum is None:
            return self._texts("common.none")
        low = self._end(feature.minimum, feature)
        if feature.maximum is None:
            return self._texts("range.low", low=low)
        return self._texts("range.both", low=low, high=self._end(feature.maximum, feature))

    def _end(self, value: float, feature: Feature) -> str:
        measured = feature.unit in SECOND_UNITS | SHARE_UNITS
        return self.value(value, feature) if measured else _number(value)


def _number(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
