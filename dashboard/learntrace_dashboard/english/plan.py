"""What a school may use of transcription, and what it has used."""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "tab.plan": "Plan",
    "plan.of": "Your school has the plan **{plan}**. Whoever runs the server can change it. Only "
    "transcription has limits; play has none.",
    "plan.since": "In force since {when}.",
    "plan.used": "Used this month",
    "plan.month": "From {start} to {reset}, in the time of UTC; then it is counted anew. The test "
    "area counts too.",
    "plan.column_what": "What",
    "plan.column_used": "Used",
    "plan.column_limit": "At most",
    "plan.column_state": "State",
    "plan.minutes": "Minutes of audio written down",
    "plan.sessions": "Recordings made",
    "plan.transcriptions": "Recordings written down",
    "plan.concurrent_jobs": "Recordings being written down now",
    "plan.file_size_mb": "Size of one sound file, in MB",
    "plan.exports": "Kinds of files of a transcript",
    "plan.events": "Events of games",
    "plan.unlimited": "no limit",
    "plan.near": "Almost used up",
    "plan.full": "Used up",
    "plan.enough": "Enough left",
    "plan.allows": "What the plan allows",
    "plan.formats": "Transcripts as files: {formats}.",
    "plan.file": "One sound file: at most {most} MB.",
    "plan.keeps_days": "Audio and transcripts: kept {days} days, once an administrator has agreed "
    "to what that deletes.",
    "plan.keeps": "Audio and transcripts: kept without end.",
    # Budget
    "budget.title": "Budget for what costs money",
    "budget.free": "Transcribing on this machine costs nothing, so no budget is needed.",
    "budget.no_engine": "Nothing here writes speech down, so nothing costs money.",
    "budget.none": "No budget is set, so nothing that costs money is used. What is free still "
    "works.",
    "budget.green": "Enough is left.",
    "budget.yellow": "Half of the budget or more is spent.",
    "budget.orange": "Three quarters of the budget or more are spent.",
    "budget.red": "Almost all of the budget is spent.",
    "budget.critical": "The budget is spent. Nothing that costs money is used until {reset}, or "
    "until the budget is raised. What is free still works.",
    "budget.share": "{percent} % of this month's budget so far.",
    "budget.a_month": "Budget a month",
    "budget.spent": "Spent this month",
    "budget.reserved": "Of it reserved",
    "budget.left": "Left",
    "budget.counted": "Reserved is what recordings that wait or are being written down will cost. "
    "On {reset}, in the time of UTC, it is counted anew. The test area counts too.",
    "budget.prices": "What writes speech down here, and its price in the currency in which whoever "
    "runs the server pays:",
    "budget.price": "{engine}: {amount} for a minute of audio.",
    "budget.costs_nothing": "{engine}: costs nothing.",
    "budget.change": "Change the budget",
    "budget.field": "Budget a month",
    "budget.help": "In the currency in which whoever runs the server pays. With 0 nothing that "
    "costs money is used. What is spent already stays spent.",
    "budget.save": "Save the budget",
    "budget.saved": "The budget is {amount} a month from now on.",
}
