"""What a system's documents leave open, put to one tenant, question by question."""

from __future__ import annotations

from collections.abc import Callable, Iterator

Told = tuple[str, str]
Ask = Callable[[], Told]


def answered(
    questions: dict[str, Ask], safely: Callable[[Ask], Told], not_asked: tuple[Told, ...]
) -> Iterator[dict[str, str]]:
    """Every question with what was seen and what it means; `safely` turns a refusal into an answer.

    `not_asked`: questions, and why nothing read-only can answer them.
    """
    for question, ask in questions.items():
        answer, means = safely(ask)
        yield {"question": question, "answer": answer, "means": means}
    for question, why in not_asked:
        yield {"question": question, "answer": "not asked", "means": why}
