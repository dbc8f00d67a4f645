"""What each policy of a plan contributes, in one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from command.running import progress_bar
from command.saying import beyond_words, refuse, say, say_beyond, say_json

if TYPE_CHECKING:
    from sim.plan import Plan
    from sim.shares import Shares


def tell_shares(
    plan: Plan,
    seeds: int,
    together: list[str],
    orders: int,
    workers: int | None,
    subjects: tuple[str, ...],
    as_json: bool,
) -> None:
    """Run every set of the plan's policies, or sampled orders, and say each one's share; a wrong part: exit 2."""
    from sim.shares import policy_shares

    try:
        with progress_bar(as_json) as progress:
            found = policy_shares(
                plan, range(seeds), together=_parts(together), orders=orders, workers=workers, progress=progress
            )
    except ValueError as wrong:
        raise refuse(str(wrong)) from None
    if as_json:
        say_json(
            {
                "plan": found.plan,
                "beyond_studied": beyond_words([plan]),
                "parts": found.parts,
                "orders": found.orders,
                "exact": found.exact,
                "shares": found.table.to_dict("records"),
                "pairs": found.pairs.to_dict("records"),
                "total": found.total.to_dict("records"),
            }
        )
    else:
        say("\n\n".join(shares_text(found, plan, subject) for subject in subjects))
        say_beyond([plan])


def _parts(together: list[str]) -> dict[str, list[str]]:
    parts: dict[str, list[str]] = {}
    for text in together:
        name, equals, policies = text.partition("=")
        named = [policy.strip() for policy in policies.split(",") if policy.strip()]
        if not equals or not name.strip() or not named:
            raise refuse(f"--together {text}: write NAME=policy,policy")
        if name.strip() in parts:
            raise refuse(f"--together {text}: {name.strip()} is there twice")
        parts[name.strip()] = named
    return parts


def shares_text(found: Shares, plan: Plan, subject: str) -> str:
    """The last year's shares in the gap and in both groups' levels beside it, largest first."""
    from results.words import signed

    city, last = plan.city, plan.years.last
    outcomes = {
        "gap": f"{city.reference_group} less {city.focal_group}",
        city.focal_group: f"level of {city.focal_group}",
        city.reference_group: f"level of {city.reference_group}",
    }
    seeds = int(found.total["runs"].max())
    how = (
        f"exact: all {2 ** len(found.parts)} sets of its parts"
        if found.exact
        else f"from {found.orders} sampled orders of its parts; +- is the error of that sample"
    )
    lines = [
        f"What each part of {plan.name} contributes by {last}, {subject}, grades 3-8, SD: {plan.name} less the same "
        "plan without policies, the same children.",
        f"Shapley shares, {how}; mean of {seeds} seeds, 90% of them in brackets. A negative share of a gap closes it.",
    ]
    for outcome, title in outcomes.items():
        total = _last(found.total, outcome, subject, last).iloc[0]
        lines += ["", f"{title}: {signed(total['effect'])} ({signed(total['low'])} to {signed(total['high'])})"]
        rows = _last(found.table, outcome, subject, last)
        rows = rows.loc[rows["share"].abs().sort_values(ascending=False).index]
        width = max(len(part) for part in found.parts)
        for row in rows.to_dict("records"):
            sampled = "" if found.exact else f" +-{row['order_error']:.3f}"
            lines.append(
                f"  {row['part']:{width}}  {signed(row['share'])}{sampled} ({signed(row['low'])} to "
                f"{signed(row['high'])}); alone {signed(row['alone'])}, added last {signed(row['last'])}"
            )
    pairs = _last(found.pairs, "gap", subject, last) if len(found.pairs) else found.pairs
    strong = pairs[(pairs["low"] > 0) | (pairs["high"] < 0)] if len(pairs) else pairs
    if len(strong):
        lines += ["", "Pairs that do more or less to the gap together than each in turn:"]
        lines += [
            f"  {row['first']} and {row['second']}: {signed(row['interaction'])} "
            f"({signed(row['low'])} to {signed(row['high'])})"
            for row in strong.to_dict("records")
        ]
    return "\n".join(lines)


def _last(frame: Any, outcome: str, subject: str, year: int) -> Any:
    return frame[(frame["outcome"] == outcome) & (frame["subject"] == subject) & (frame["year"] == year)]
