"""`portfolio story`: one child or one school under two plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from command.saying import beyond_words, refuse, say, say_beyond, say_json

if TYPE_CHECKING:
    from results.stories import Like
    from sim.plan import Plan


def tell(plans: list[Plan], seed: int, child: int | None, like: Like, school: str | None, as_json: bool) -> None:
    """Run the plans (a baseline and a plan, or one alone) with one seed and tell the story."""
    from results import stories
    from sim.district import District

    districts = [District(plan, seed).run_to_end() for plan in plans]
    baseline, plan = districts[0], districts[-1]
    try:
        if school is not None:
            story = stories.school_story(districts, school)
            text = stories.told_of_school(story)
        else:
            row = child if child is not None else stories.find_child(plan, baseline, like)
            if not 0 <= row < len(plan.students):
                raise LookupError(f"there is no child {row}; they are 0 to {len(plan.students) - 1}")
            story = stories.child_story(plan, baseline, row)
            text = stories.told(story)
    except LookupError as problem:
        raise refuse(str(problem.args[0])) from None
    if as_json:
        story["beyond_studied"] = beyond_words(plans)
        say_json({**story, "seed": seed, "years": {k: t.to_dict("records") for k, t in story["years"].items()}})
    else:
        say(text)
        say_beyond(plans)
