"""What a player reads: the June, the schools, the moves with prices, the score and the debrief, as text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from results import words
from sim.city import SUBJECTS

if TYPE_CHECKING:
    from scenarios.play.debrief import Debrief
    from scenarios.play.game import Chosen, Game, Offer
    from scenarios.play.prices import Price
    from scenarios.play.scoring import Score
    from scenarios.play.seen import June, SchoolSeen

WIDE = 100
HELP = """\
What you can type in June:
  look                          the June again: levels of every group, gaps, pupils, money
  schools [N]                   all schools, or the N with the lowest ratings
  news                          the newspaper again
  moves                         what you can have done, with prices
  close 0103                    a move is its name, then schools by id or "name", an operator, an amount:
  restart 0103 kipp             hand a school to an operator
  open uncommon                 let an operator open one
  tutoring weakest 5 20%        tutor 20% of the pupils of the five lowest rated schools
  longer_day neediest 5         lengthen the day in the five with most low-income pupils
  undo                          take the last move of this year back
  forecast 0.91 0.88 0.94       write down the math gap next June: point, low, high (you mean 80% to fall inside)
  forecast Black reading 2030 -0.50 -0.55 -0.45
  model [GROUP] [math|reading] [YEAR]   what the model itself would forecast; it takes a while
  next                          play the year
  score                         how you stand
  help, quit                    quitting keeps the moves"""


def wrapped(text: str, first: str = "", rest: str = "") -> str:
    """Lines of at most a hundred letters."""
    return textwrap.fill(text, WIDE, initial_indent=first, subsequent_indent=rest, break_long_words=False)


def welcome(game: Game) -> str:
    """Where the player is and how to read the numbers."""
    city, years, june = game.plan.city, game.plan.years, game.state()
    cut = game.plan.parameters["yardstick.proficiency_cut"]
    return "\n".join(
        [
            wrapped(
                f"{city.title}, June {june.year}. You lead the district for {len(years)} "
                f"school year{'s' if len(years) > 1 else ''}, to June {years.last}; the luck is number {game.seed}."
            ),
            wrapped(
                "Scores are in standard deviations (SD) of the scale's own pupils: 0 is their mean, and about two "
                "thirds of them lie between −1 and 1. A gap is the mean of the group ahead less the mean of the "
                f"group behind, grades 3-8. Proficient is a score of {words.sd(cut)} or more. A rating is made of a "
                f"school's scores and growth: with 30 of 100 points it does better than about 30% of the schools of "
                f"{years.opening} did. All you see is measured: tests, and so ratings, hold noise."
            ),
            "Type `help` for what you can do, `moves` for moves and prices, `next` to play the year.",
        ]
    )


def june_screen(june: June) -> str:
    """Levels of every group, gaps beside them, pupils and money."""
    lines = [
        f"June {june.year}, grades 3-8{'':29}math{'':22}reading",
        f"  {'':<22}{'tested':>7}{'level':>10}{'change':>8}{'proficient':>12}"
        f"{'level':>8}{'change':>8}{'proficient':>12}",
    ]
    for group in june.groups:
        cells = "".join(
            f"{words.sd(group.level[k]):>{width}}{words.signed(group.change[k], 2):>8}"
            f"{words.share(group.proficient[k]):>12}"
            for k, width in ((0, 10), (1, 8))
        )
        lines.append(f"  {words.group_name(group.group):<22}{group.tested:>7,}{cells}")
    lines.append(f"  {'Gaps: ahead less behind':<46}{'gap':>3}{'change':>8}{'error':>8}   gap{'change':>8}{'error':>8}")
    for gap in june.gaps:
        pair = f"{gap.ahead} less {gap.behind}"
        cells = "   ".join(
            f"{words.sd(gap.gap[k]):>6}{words.signed(gap.change[k], 2):>8}{'±' + words.sd(gap.error[k]):>8}"
            for k in range(len(SUBJECTS))
        )
        lines.append(f"  {pair:<43}{cells}")
    lines.append(
        f"Pupils: {june.pupils:,}; {words.share(june.charter_share)} of them not in schools the district runs."
    )
    spent = sum(june.dollars.values())
    items = "; ".join(f"{item} {words.money(dollars)}" for item, dollars in june.dollars.items())
    lines.append(
        wrapped(
            f"Money: the schools take about {words.money(june.spending)} a year. On top of that, this year's books "
            + (f"show {words.money(spent)} ({items})." if spent else "show nothing for what you have done.")
        )
    )
    if june.capital is not None:
        lines.append(f"Political capital left: {june.capital:.1f}. Moves that cost more are not let through.")
    if june.in_office is False:
        lines.append("You are no longer in office: a successor sits in your chair, and you say what to ask of them.")
    return "\n".join(lines)


def news_screen(june: June) -> str:
    """The newspaper."""
    return "\n".join(wrapped(str(line), rest="    ") for line in june.news)


def schools_screen(june: June, most: int | None) -> str:
    """Schools, lowest rating first."""
    known = sorted(june.schools, key=lambda s: (s.rating if s.rating is not None else 101.0, s.school))
    shown = known if most is None else known[:most]
    lines = [
        f"{'id':<15}{'school':<28}{'run by':<18}{'grades':>7}{'pupils':>8}{'seats':>7}{'low inc.':>9}{'rating':>8}"
    ]
    for school in shown:
        lines.append(_school_line(school))
    lines.append("rating: points of 100 this June (and the June before); low inc.: share of low-income pupils")
    return "\n".join(lines)


def _school_line(school: SchoolSeen) -> str:
    low = words.share(school.low_income_share) if school.low_income_share is not None else words.NONE
    rating = f"{school.rating:.0f}" if school.rating is not None else words.NONE
    before = f" ({school.rating_before:.0f})" if school.rating_before is not None else ""
    standing = "" if school.standing == "open" else f"  {school.standing}"
    grades = "K" if school.first_grade == 0 else str(school.first_grade)
    grades = grades if school.first_grade == school.last_grade else f"{grades}-{school.last_grade}"
    return (
        f"{school.school[:14]:<15}{school.name[:27]:<28}{school.operator[:17]:<18}{grades:>7}{school.pupils:>8,}"
        f"{school.seats:>7,}{low:>9}{rating:>8}{before}{standing}"
    )


def moves_screen(game: Game, offers: Iterable[Offer]) -> str:
    """Every kind of move, what it does, and an example of its price."""
    lines = []
    for offer in offers:
        kind = offer.kind
        lines.append(f"{kind.name:<16}{kind.title}")
        lines.append(wrapped(kind.means, "    ", "    "))
        asks = []
        if kind.whose:
            asks.append(f"schools: {len(offer.schools)} possible" if offer.schools else "no school is possible now")
        if kind.operator:
            asks.append(
                ("operator: " if kind.operator == "must" else "operator if wanted: ") + ", ".join(offer.operators)
            )
        if kind.amount is not None:
            amount = kind.amount
            asks.append(f"amount: {amount.usual:.0%} of {amount.of} if not said, {amount.low:.0%} to {amount.high:.0%}")
        if kind.choices:
            asks.append("one of: " + ", ".join(choice.replace(" ", "_") for choice in kind.choices))
        asks.append(_example(game, offer))
        lines += [wrapped(ask, "    ", "      ") for ask in asks]
    lines.append(wrapped("What has no dollars in the books is not free: nobody has put a figure on it."))
    return "\n".join(lines)


def _example(game: Game, offer: Offer) -> str:
    from scenarios.play.kinds import Move

    kind = offer.kind
    if kind.whose and not offer.schools:
        return "price: no dollars in the books"
    school = offer.schools[0] if kind.whose else None
    move = Move(
        kind.name,
        (school.key,) if school else (),
        operator=offer.operators[0] if kind.operator == "must" else "",
        choice=kind.choices[0] if kind.choices else "",
    )
    price = game.price(move)
    at = f" at {school.name}" if school else ""
    if price.dollars_once is not None:
        text = f"price: {words.money(price.dollars_once)} in all{at}"
    elif price.dollars_a_year is None or school is None:
        text = "price: no dollars in the books"
    else:
        each = price.dollars_a_year / max(school.pupils, 1)
        text = f"price: {words.money(price.dollars_a_year)} a year{at} ({words.money(each)} for each pupil)"
    return text + (f"; {price.capital:.1f} of political capital{at}" if price.capital is not None else "")


def chosen_line(made: Chosen, game: Game, kind_title: str) -> str:
    """A move that was made, with its price and what it is beside the district's spending."""
    names = [f"{key} {game.district.school(key).name}" for key in made.move.schools]
    where = words.listed(names) if len(names) <= 5 else f"{len(names)} schools"
    parts = [part for part in (where, made.move.operator, made.move.choice) if part]
    if made.move.share is not None:
        parts.append(f"{made.move.share:.0%}")
    return wrapped(
        f"Noted for {made.year - 1}-{made.year % 100:02d}: {kind_title}: {', '.join(parts)}. "
        f"{price_words(made.price, game.state().spending)}",
        rest="    ",
    )


def price_words(price: Price, spending: float) -> str:
    """Price: $395,000 a year, .1% of what the schools take."""
    if price.dollars_once is not None:
        text = f"Price: {words.money(price.dollars_once)} in all, once"
    elif price.dollars_a_year is None:
        text = "Price: not counted in the books"
    else:
        share = f"{100 * price.dollars_a_year / spending:.1f}%" if spending else words.NONE
        text = f"Price: {words.money(price.dollars_a_year)} a year from now on, {share} of what the schools take"
    return text + (f"; {price.capital:.1f} of political capital." if price.capital is not None else ".")


def plan_so_far(chosen: Sequence[Chosen]) -> str:
    """The moves of the coming year, by name."""
    return words.listed([one.name for one in chosen]) or "no move"


def score_screen(score: Score) -> str:
    """The profile."""
    head = (
        f"Your {'final ' if score.over else ''}score, June {score.year}: a profile, since what counts is yours to say."
    )
    lines = [head]
    for gap in score.gaps:
        change = f"{words.sd(gap.first)} SD to {words.sd(gap.last)} ({words.signed(gap.change, 2)})"
        own = [level for level in score.levels if level.subject == gap.subject]
        lines.append(f"  {gap.name} gap, {gap.subject}: {change}")
        told = "; ".join(
            f"{words.group_name(one.name)} {words.sd(one.last)} ({words.signed(one.change, 2)})" for one in own
        )
        lines.append(wrapped(f"levels, {gap.subject}: {told}", "    ", "      "))
    moved = score.landed
    if moved.pupils:
        told = f"{moved.pupils:,}; {moved.better:,} landed in a school rated higher than theirs was"
        told += f", {moved.not_better:,} did not, {moved.unrated:,} where no rating tells, {moved.outside:,} left"
        lines.append(wrapped(f"pupils who lost their school: {told}", "  ", "    "))
        if score.truth is not None:
            truth = f"{score.truth.better:,} where pupils learn clearly more, {score.truth.equal:,} about as much, "
            lines.append(
                wrapped(f"in truth, now it can be told: {truth}{score.truth.worse:,} clearly less", "    ", "    ")
            )
    else:
        lines.append("  pupils who lost their school: none")
    lines.append(f"  money: {words.money(score.dollars)} recorded for what you did, all years together")
    if score.in_office is not None:
        lines.append(f"  in office: {'yes' if score.in_office else 'no'}")
    lines.append(wrapped(_skill(score), "  ", "    "))
    return "\n".join(lines)


def _skill(score: Score) -> str:
    skill = score.skill
    if not skill.forecasts:
        return "forecasts: none has come due"
    return (
        f"forecasts: {skill.inside} of {skill.forecasts} fell inside your interval (80% should); you missed by "
        f"{words.sd(skill.miss, 3)} SD, `no change` would have missed by {words.sd(skill.miss_of_no_change, 3)}; "
        f"interval score {words.sd(skill.interval_score, 3)} SD (the width, and ten times what falls outside; less is "
        "better)"
    )


def debrief_screen(found: Debrief, game: Game) -> str:
    """Played, left alone, and the same moves under other lucks."""
    city = game.plan.city
    alone = "status quo" if not game.start.policies else "without you"
    head = f"{'':<10}{'played':>8}{alone:>13}{'   other lucks: 10%':>20}{'half':>8}{'90%':>8}"
    lines = [f"Beside itself: the same district left alone, and your moves under {found.lucks} other lucks"]
    names = {"gap": f"{city.reference_group}-{city.focal_group} gap"}
    for about in ("gap", city.focal_group, city.reference_group):
        for subject in SUBJECTS:
            rows = found.table[(found.table["about"] == about) & (found.table["subject"] == subject)]
            lines += [f"{names.get(about, f'level, {about}')}, {subject}, SD", head]
            lines += [
                f"  {row.year:<8}{words.sd(row.played):>8}{words.sd(row.left_alone):>13}{words.sd(row.low):>20}"
                f"{words.sd(row.median):>8}{words.sd(row.high):>8}"
                for row in rows.itertuples()
            ]
    last = found.table[(found.table["year"] == found.table["year"].max()) & (found.table["about"] != "gap")]
    lines.append(f"{'level of every group in the last June, SD':<42}{'math':>8}{alone:>13}{'reading':>11}{alone:>13}")
    for group in dict.fromkeys(last["about"]):
        mine = {row.subject: row for row in last[last["about"] == group].itertuples()}
        math, reading = (mine[subject] for subject in SUBJECTS)
        lines.append(
            f"  {words.group_name(group):<40}{words.sd(math.played):>8}{words.sd(math.left_alone):>13}"
            f"{words.sd(reading.played):>11}{words.sd(reading.left_alone):>13}"
        )
    lines.append(wrapped(found.in_words, rest="    "))
    sure = f"{words.signed(found.effect_low)} to {words.signed(found.effect_high)}"
    lines.append(
        wrapped(
            f"Child by child, your moves less {alone} change the math gap by {words.signed(found.effect)} SD ({sure} "
            f"over lucks; minus closes it). Your game ended with a narrower gap than {found.better_than} of the "
            f"{found.lucks} other lucks.",
            rest="    ",
        )
    )
    return "\n".join(lines)
