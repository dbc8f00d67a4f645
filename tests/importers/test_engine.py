"""Files to records by a mapping: every feature of a mapping on small made-up files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scenarios.problems import ProblemsFound
from scenarios.records.columns import TABLES, memory_columns
from tests.importers.made_up import HEAD, ROLLS, imported, recorded, told

FILE = "code,year,group,n\n0101,2008,All,161\n101,2008,BL7,150\n101,2008,WH7,n<10\n"


def test_rows_become_records_with_their_lines(tmp_path: Path) -> None:
    tables, log = imported(tmp_path, "ranges: true\n" + ROLLS, FILE)
    rolls = tables.tables["enrollment"]
    assert list(rolls.columns) == [*memory_columns("enrollment"), "file", "line", "twice"]
    assert rolls["school"].tolist() == ["0101"] * 3
    assert rolls["year"].tolist() == [2009] * 3
    assert rolls["group"].tolist() == ["*", "Black", "White"]
    assert rolls[["pupils_low", "pupils_high"]].values.tolist() == [[161, 161], [150, 150], [0, 9]]
    assert rolls["line"].tolist() == [2, 3, 4]
    assert told(log, "repaired") == [
        "a.csv:3: code: leading zeros put back (got '101')",
        "a.csv:4: code: leading zeros put back (got '101')",
    ]
    assert [(read.rows, read.used, read.refused, read.left_out) for read in log.files] == [(3, 3, 0, 0)]


def test_every_row_is_accounted_for(tmp_path: Path) -> None:
    """A refused key, a refused count and an empty count each cost the whole record, and say why."""
    file = (
        "code,year,group,n\n0101,2008,All,161\n0101,2008,XX9,5\n0101,2008,BL7,12x\n0101,2008,WH7,\n3.1E+11,2008,All,7\n"
    )
    tables, log = imported(tmp_path, ROLLS, file)
    assert len(tables.tables["enrollment"]) == 1
    assert told(log, "refused") == [
        "a.csv:6: code: scientific notation: the digits of the id are lost (got '3.1E+11')",
        "a.csv:3: group: the mapping names no such group (got 'XX9')",
        "a.csv:4: n: not a count (got '12x')",
        "a.csv:5: a field that every record needs is empty",
    ]
    (read,) = log.files
    assert (read.rows, read.used, read.refused, read.left_out) == (5, 1, 4, 0)


@pytest.mark.parametrize("error", ["#REF!", "#value!", "#DIV/0!", "#NAME?"])
def test_a_spreadsheets_error_is_refused_wherever_it_stands(tmp_path: Path, error: str) -> None:
    file = f"code,year,group,n\n{error},2008,All,5\n0101,{error},All,5\n0101,2008,{error},5\n0101,2008,All,{error}\n"
    tables, log = imported(tmp_path, ROLLS, file)
    assert not len(tables.tables["enrollment"])
    assert len([line for line in told(log, "refused") if "a spreadsheet's error, not a value" in line]) == 4


def test_ids_rounded_by_a_spreadsheet_are_refused(tmp_path: Path) -> None:
    file = "code,year,group,n\n" + "".join(f"150000000000000,{year},All,5\n" for year in (2008, 2009, 2010))
    tables, log = imported(tmp_path, ROLLS.replace(", digits: 4", ""), file)
    assert not len(tables.tables["enrollment"])
    assert len(told(log, "refused")) == 3
    assert "a spreadsheet lost them" in told(log, "refused")[0]


def test_keep_codes_and_sets(tmp_path: Path) -> None:
    rows = """    rows:
      - table: enrollment
        keep: {kind: ["!District ", "!state"], group: [All, BL7]}
        set: {flag: "*"}
        take:
          group: group
          pupils: n
          grade: {column: grade, codes: {HS: "9"}, patterns: {'level (\\d+)': 'Grade \\1'}, empty: "*"}
"""
    mapping = ROLLS[: ROLLS.index("    rows:")] + rows
    file = (
        "code,year,kind,group,grade,n\n0101,2008,school,All,level 3,4\n0101,2008,District,All,level 3,4\n"
        "0101,2008,school,WH7,level 3,4\n0101,2008,school,BL7,HS,5\n0101,2008,school,BL7,,6\n"
    )
    tables, log = imported(tmp_path, mapping, file)
    assert tables.tables["enrollment"]["grade"].tolist() == ["3", "9", "*"]
    assert log.files[0].left_out == 2


def test_a_row_left_out_for_a_label_that_hardly_stands_is_told(tmp_path: Path) -> None:
    mapping = (
        ROLLS[: ROLLS.index("    rows:")]
        + """    rows:
      - table: enrollment
        keep: {kind: school}
        set: {flag: "*", grade: "*"}
        take: {group: group, pupils: n}
"""
    )
    lines = [f"{1000 + k},2008,{'shcool' if k == 40 else ('school', 'sector')[k % 2]},All,x,5" for k in range(120)]
    _, log = imported(tmp_path, mapping, "code,year,kind,group,grade,n\n" + "\n".join(lines) + "\n")
    assert told(log, "doubtful") == [
        "a.csv:42: kind: left out for a label that hardly stands in the file: misspelt? (got 'shcool')"
    ]


def test_a_record_known_by_a_label_that_hardly_stands_is_told(tmp_path: Path) -> None:
    """A group nobody else has, and a year that is empty where all others have one; not where many labels are rare."""
    mapping = """format: 1
name: made-up
title: Figures of places
publisher: Nobody
about: Made up.
files: ["*"]
layouts:
  - name: figures
    needs: [place, year, group, value]
    common: {place: {column: place, read_as: text}, year: year, group: group}
    rows:
      - table: targets
        set: {grade: "*", subject: "*", measure: share, source: S}
        take: {value: value}
"""
    lines = [f"P{k % 6},{'' if k == 40 else 1950 + k // 6},{'blcak' if k == 50 else 'black'},.5" for k in range(120)]
    tables, log = imported(tmp_path, mapping, "place,year,group,value\n" + "\n".join(lines) + "\n")
    known = "known by a label that hardly stands in the file: misspelt?"
    assert told(log, "doubtful") == [f"a.csv:42: year: {known}", f"a.csv:52: group: {known} (got 'blcak')"]
    assert set(tables.tables["targets"]["group"]) == {"black", "blcak"}
    lines = [f"P{k},2008,black,.5" for k in range(5)] + [f"P{k % 6},2009,black,.5" for k in range(120)]
    _, log = imported(tmp_path, mapping, "place,year,group,value\n" + "\n".join(lines) + "\n")
    assert told(log, "doubtful") == []
    lines = [f"P{k // 2 if k < 10 else 9},{1950 + k},black,.5" for k in range(120)]
    _, log = imported(tmp_path, mapping, "place,year,group,value\n" + "\n".join(lines) + "\n")
    assert told(log, "doubtful") == []


def test_each_row_makes_several_records(tmp_path: Path) -> None:
    rows = """    rows:
      - table: scores
        set: {grade: "*", group: "*", flag: "*", test: test_a}
        each:
          - {set: {subject: math}, take: {tested: nm, level_2: {column: pm, read_as: percent}}}
          - {set: {subject: reading}, take: {tested: nr, level_2: {column: pr, read_as: percent}}}
        skip_empty: [tested]
"""
    mapping = (ROLLS[: ROLLS.index("    rows:")] + rows).replace("needs: [code, year, n]", "needs: [code, year, nm]")
    file = "code,year,nm,pm,nr,pr\n0101,2008,40,25%,,\n0102,2008,30,50,30,10.5\n"
    tables, log = imported(tmp_path, mapping, file)
    scores = tables.tables["scores"]
    assert list(zip(scores["school"], scores["subject"], scores["level_2_low"], strict=True)) == [
        ("0101", "math", 0.25),
        ("0102", "math", 0.5),
        ("0102", "reading", 0.105),
    ]
    assert log.files[0].used == 2


def test_a_family_of_columns(tmp_path: Path) -> None:
    """Grade and subject stand in the header; counts of a level are divided by the tested of the same column."""
    rows = """    rows:
      - table: scores
        set: {group: "*", flag: "*", test: test_a}
        across:
          pattern: 'Grade (?P<grade>\\d+) (?P<subject>ELA|Math) - Tested'
          field: tested
          codes: {subject: {ELA: reading, Math: math}}
        skip_empty: [tested]
      - table: scores
        set: {group: "*", flag: "*", test: test_a}
        across:
          pattern: 'Grade (?P<grade>\\d+) (?P<subject>ELA|Math) 2s'
          field: level_2
          cell: {column: '', divide_by: 'Grade \\g<grade> \\g<subject> - Tested'}
          codes: {subject: {ELA: reading, Math: math}}
"""
    mapping = (ROLLS[: ROLLS.index("    rows:")] + rows).replace("[code, year, n]", "[code, year]")
    file = (
        "code,year,Grade 3 ELA - Tested,Grade 3 ELA 2s,Grade 3 math - tested,Grade 3 Math 2s\n0101,2008,40,10,20,30\n"
    )
    records, log = recorded(tmp_path, mapping, file)
    scores = records["scores"]
    assert scores[["grade", "subject", "tested_low", "level_2_low"]].fillna(-1).values.tolist() == [
        ["3", "math", 20, -1],
        ["3", "reading", 40, 0.25],
    ]
    assert "more than the number it is part of (got '30')" in told(log, "refused")[0]


def test_groups_in_a_header_of_another_case_are_the_usual_ones(tmp_path: Path) -> None:
    rows = """    rows:
      - table: enrollment
        set: {flag: "*", grade: "*"}
        across: {pattern: "(?P<group>Asian|Black|Roma)", field: pupils}
"""
    head = re.sub("groups: .*", "", ROLLS[: ROLLS.index("    rows:")])
    mapping = (head + rows).replace("[code, year, n]", "[code, year]")
    tables, _ = imported(tmp_path, mapping, "code,year,asian,BLACK,Roma\n0101,2008,40,10,20\n")
    assert tables.tables["enrollment"]["group"].tolist() == ["Asian", "Black", "Roma"]


def test_levels_must_come_to_one(tmp_path: Path) -> None:
    rows = """    rows:
      - table: scores
        set: {grade: "*", group: "*", flag: "*", test: test_a, subject: math}
        take: {tested: n, level_1: {column: a, divide_by: n}, level_2: {column: b, divide_by: n}}
        levels_sum: 0.001
"""
    mapping = "ranges: true\n" + ROLLS[: ROLLS.index("    rows:")] + rows
    file = "code,year,n,a,b\n0101,2008,40,10,30\n0102,2008,40,10,20\n0103,2008,40,<10,>30\n0104,2008,0,0,0\n"
    tables, log = imported(tmp_path, mapping, file)
    scores = tables.tables["scores"]
    assert scores["school"].tolist() == ["0101", "0103", "0104"]
    assert scores["level_1_high"].tolist()[:2] == [0.25, 9 / 40]
    assert scores["level_2_high"].tolist()[1] == 1
    assert told(log, "refused") == ["a.csv:3: the shares of all levels do not come to 1 within 0.001 (0.75)"]


def test_schools_keep_what_is_known_of_them_last(tmp_path: Path) -> None:
    mapping = (
        HEAD
        + """layouts:
  - name: places
    needs: [code, name]
    common: {school: code}
    rows:
      - table: schools
        take:
          name: {column: name, read_as: name}
          sector: {column: charter, read_as: yes_no, codes: {"yes": charter, "no": district}}
          first_grade: {column: grades, read_as: lowest_grade}
          last_grade: {column: grades, read_as: highest_grade}
          seats: {column: seats, read_as: count}
          opened: {column: opened, read_as: year}
        twice: last
"""
    )
    file = (
        "code,name,charter,grades,seats,opened\n7,Old  Oak,N,K-5,300,07/01/2008 12:00:00 AM\n"
        '7,New Oak,TRUE,"PK,0K,01,06",,\n8,Elm,,6-8,about 5,2006.0\n'
    )
    records, log = recorded(tmp_path, mapping, file.replace("TRUE", "Y"), opening_year=2012)
    schools = records["schools"].set_index("school")
    assert schools.loc["7", ["name", "sector"]].tolist() == ["New Oak", "charter"]
    assert schools.loc["7", ["first_grade", "last_grade", "seats", "opened"]].tolist() == [0, 6, 300, 2009]
    assert schools.loc["8", ["sector", "opened"]].tolist() == ["district", 2006]
    assert "a.csv:4: seats: not a count (got 'about 5')" in told(log, "refused")
    assert any("no known sector" in text for text in records.assumptions)


def test_layouts_old_and_new(tmp_path: Path) -> None:
    old = "  - name: old\n    needs: [school id, pupils]\n    common: {school: school id, year: season}\n" + (
        "    rows:\n      - {table: enrollment, set: {grade: '*', flag: '*', group: '*'}, take: {pupils: pupils}}\n"
    )
    records, log = recorded(
        tmp_path, ROLLS + old, FILE.replace("n<10", "9"), "School  ID,season,Pupils\n0101,2010,170\n"
    )
    assert [read.layout for read in log.files] == ["rolls", "old"]
    assert records["enrollment"]["year"].tolist() == [2009, 2009, 2009, 2010]
    with pytest.raises(ProblemsFound) as error:
        recorded(tmp_path, ROLLS + old, "school id,puplis\n1,2\n")
    assert len(error.value.problems) == 4
    assert {problem.nearest for problem in error.value.problems} >= {"puplis"}


def test_columns_nobody_reads_are_said(tmp_path: Path) -> None:
    mapping = ROLLS + "not_read: {phone: a person's}\n"
    _, log = imported(tmp_path, mapping, "code,year,group,n,phone,roof,nothing\n0101,2008,All,161,5,flat,\n")
    assert told(log, "left out") == [
        "a.csv: phone: column not read (a person's)",
        "a.csv: columns that no rule reads (roof)",
    ]


def test_a_column_that_every_record_needs_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ProblemsFound) as error:
        imported(tmp_path, ROLLS, "code,year,gruop,n\n0101,2008,All,161\n")
    (problem,) = error.value.problems
    assert "the column 'group' is missing; enrollment needs group" in problem.message
    assert problem.nearest == "gruop"


def test_records_are_whole_and_schools_are_added(tmp_path: Path) -> None:
    records, log = recorded(tmp_path, ROLLS, FILE.replace("n<10", "8"))
    assert set(records.tables) == set(TABLES)
    assert records["schools"]["name"].tolist() == ["0101"]
    assert records.groups == ("Black", "White")
    assert records.opening_year == 2009
    assert (records.reference_group, records.focal_group) == ("White", "Black")
    assert len(told(log, "doubtful")) == 1
    assert any("opening year 2009" in text for text in records.assumptions)


def test_nothing_usable_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProblemsFound, match="no record could be made"):
        recorded(tmp_path, ROLLS, "code,year,group,n\n0101,never,All,161\n")
