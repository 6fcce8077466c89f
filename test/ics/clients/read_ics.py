# Prints what python-icalendar reads from the standard input: [title, start in ms] of each event.
import json
import sys

from icalendar import Calendar

events = Calendar.from_ical(sys.stdin.buffer.read()).walk("VEVENT")
starts = [event.decoded("DTSTART") for event in events]
print(json.dumps([
    [str(event["SUMMARY"]), round(start.timestamp() * 1000) if hasattr(start, "timestamp") else 0]
    for event, start in zip(events, starts)
]))
