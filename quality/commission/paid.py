"""Which share of an order line is released: what was paid or invoiced of its order, over its lines by their worth."""

from __future__ import annotations

from bisect import bisect_right

from quality.commission.facts import Facts

Step = dict[str, tuple[int, int]]  # line: allocated, worth


class Timeline:
    """The state of an order's lines after each day on which something changed."""

    def __init__(self, facts: Facts, order: tuple[str, str], due_on: str) -> None:
        money = facts.invoiced if due_on == "invoice" else facts.paid
        worth, flow = facts.worth.get(order, []), money.get(order, [])
        self.days = sorted({day for day, *_ in worth} | {day for day, _ in flow})
        self.steps = [_step(worth, flow, day) for day in self.days]

    def on(self, day: int, line: str) -> tuple[int, int]:
        """Allocated money and worth of a line at the end of a day."""
        at = bisect_right(self.days, day)
        return self.steps[at - 1].get(line, (0, 0)) if at else (0, 0)


def _step(worth: list[tuple[int, str, int]], flow: list[tuple[int, int]], day: int) -> Step:
    lines: dict[str, int] = {}
    for when, line, change in worth:
        lines[line] = lines.get(line, 0) + (change if when <= day else 0)
    lines = {line: max(0, value) for line, value in lines.items()}
    total = sum(lines.values())
    money = min(max(0, sum(amount for when, amount in flow if when <= day)), total)
    if total == 0:
        return dict.fromkeys(lines, (0, 0))
    parts = {line: money * value // total for line, value in lines.items()}
    turn = sorted(lines, key=lambda line: (-(money * lines[line] % total), line.encode()))
    for line in turn[: money - sum(parts.values())]:
        parts[line] += 1
    return {line: (parts[line], value) for line, value in lines.items()}
