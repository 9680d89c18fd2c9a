"""Small timetables to import: tables as texts, written into a folder or a ZIP file."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

# Four stations in a row, one of them with two platforms; a line of two trips a day, one of them over midnight.
COAST: Mapping[str, str] = {
    "agency.txt": "agency_id,agency_name,agency_timezone\nA,Coast Railway,Europe/Madrid\n",
    "stops.txt": (
        "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station,stop_timezone,zone_id\n"
        "alba,Alba,40.00,0.00,1,,,\n"
        "alba1,Alba platform 1,40.00,0.00,0,alba,,A\n"
        "alba2,Alba platform 2,40.00,0.00,0,alba,,A\n"
        "brea,Brea,40.20,0.00,0,,,B\n"
        "cala,Cala,40.60,0.00,0,,Europe/Lisbon,C\n"
        "doma,Doma,41.00,0.00,,,,C\n"
    ),
    "routes.txt": "route_id,agency_id,route_short_name,route_long_name,route_type\nR1,A,C1,Coast line,2\n",
    "calendar.txt": (
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "daily,1,1,1,1,1,1,1,20260101,20271231\n"
    ),
    "trips.txt": "route_id,service_id,trip_id,trip_short_name\nR1,daily,t1,101\nR1,daily,t2,901\n",
    "stop_times.txt": (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "t1,08:00:00,08:00:00,alba1,1\n"
        "t1,08:20:00,08:22:00,brea,2\n"
        "t1,08:50:00,08:51:00,cala,3\n"
        "t1,09:30:00,09:30:00,doma,4\n"
        "t2,23:10:00,23:10:00,alba2,1\n"
        "t2,24:00:00,24:02:00,brea,2\n"
        "t2,25:10:00,25:10:00,doma,3\n"
    ),
}


def write_feed(folder: Path, **changes: str | bytes | None) -> Path:
    """The coast's timetable in a new folder; `stops="…"` replaces `stops.txt`, None leaves it out."""
    folder.mkdir(parents=True, exist_ok=True)
    tables: dict[str, str | bytes | None] = dict(COAST)
    tables |= {f"{name}.txt": text for name, text in changes.items()}
    for name, text in tables.items():
        (folder / name).unlink(missing_ok=True)
        if text is not None:
            (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def zip_feed(folder: Path, inside: str = "") -> Path:
    """A folder's tables as a ZIP file, inside a folder of its own if one is named."""
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in sorted(folder.iterdir()):
            archive.write(table, inside + table.name)
    return path
