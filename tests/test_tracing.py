"""The whole trace: exact ranks, scores and sums with word counts, and what of it nobody else gets.

"Is ketamine an anesthetic?" and "Ketamine is an anesthetic. ..." share words, whose cosines can be
worked out by hand.
"""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from qa.answer import Policy
from qa.assistant import MAX_QUESTION, Assistant
from qa.index import build
from qa.notices import SafetyTexts
from qa.safety import Danger
from qa.search import RANK_CONSTANT
from qa.tracing import Trace
from qa.types import Answer, AnswerKind
from qa.why import apart, why
from tests.conftest import MakeCorpus
from tests.word_hash import WordHashEmbedder

CORPUS = {
    "ketamine.md": "# Ketamine\n\nKetamine is an anesthetic. Nurses give it slowly.\n",
    "driving.md": "# Driving\n\nDo not drive that day.\n",
    "nurses.md": "---\naudience: staff\n---\n# Pumps\n\nKetamine runs by pump three.\n",
    "synonyms.csv": "lay,formal\nknocked out,anesthetic\n",
}
QUESTION = "Is ketamine an anesthetic?"
ALWAYS, NEVER = Policy(threshold=0.0), Policy(threshold=1.0)


@pytest.fixture
def index(corpus_folder: MakeCorpus, tmp_path: Path) -> Path:
    build(corpus_folder(CORPUS), tmp_path / "index", WordHashEmbedder())
    return tmp_path / "index"


@pytest.fixture
def assistant(index: Path, safety_texts: SafetyTexts) -> Assistant:
    return Assistant(index, WordHashEmbedder(), safety_texts, ALWAYS)


def never(index: Path, safety_texts: SafetyTexts) -> Assistant:
    return Assistant(index, WordHashEmbedder(), safety_texts, NEVER)


def same(answer: Answer) -> Answer:
    """An answer without what two askings of the same question differ in."""
    return replace(answer, took_ms=0.0, trace=(), receipt="")


def reason(found: tuple[Answer, Trace]) -> str:
    return why(*found)


def test_candidates_have_ranks_raw_scores_and_their_fused_sum(assistant: Assistant) -> None:
    _, trace = assistant.examine(QUESTION)
    first, second = trace.candidates
    assert (first.place, first.document_id, first.start, first.read) == (1, "ketamine.md", 10, True)
    assert first.beginning == "Ketamine is an anesthetic."
    assert (first.dense_rank, first.lexical_rank) == (1, 1)
    # Embedded with its title: ketamine twice, seven further words once; four of the question's.
    assert first.cosine == pytest.approx(5 / (2 * math.sqrt(11)), abs=1e-6)
    assert first.fused == pytest.approx(2 / (RANK_CONSTANT + 1))
    assert first.bm25 is not None
    assert first.bm25 > 0
    assert (second.document_id, second.dense_rank, second.lexical_rank) == ("driving.md", 2, None)
    assert (second.cosine, second.bm25) == (pytest.approx(0.0), None)
    assert second.fused == pytest.approx(1 / (RANK_CONSTANT + 2))


def test_every_candidate_of_both_lists_is_told_and_the_first_are_read(
    corpus_folder: MakeCorpus, tmp_path: Path, safety_texts: SafetyTexts
) -> None:
    files = {f"{i}.md": f"# Word{i}\n\nKetamine number{i} is here.\n" for i in range(60)}
    build(corpus_folder(files), tmp_path / "index", WordHashEmbedder())
    assistant = Assistant(tmp_path / "index", WordHashEmbedder(), safety_texts, ALWAYS)
    _, trace = assistant.examine("Is ketamine number7 here?")
    for rank in ("dense_rank", "lexical_rank"):
        ranks = sorted(getattr(one, rank) for one in trace.candidates if getattr(one, rank))
        assert ranks == list(range(1, 51))
    for one in trace.candidates:
        ranks = [rank for rank in (one.dense_rank, one.lexical_rank) if rank]
        assert one.fused == pytest.approx(sum(1 / (RANK_CONSTANT + rank) for rank in ranks))
    assert [one.read for one in trace.candidates].count(True) == 24 == len(trace.passages)
    fused = [one.fused for one in trace.candidates]
    assert fused == sorted(fused, reverse=True)


def test_the_trace_agrees_with_the_answer(assistant: Assistant) -> None:
    answer, trace = assistant.examine(QUESTION)
    assert same(answer) == same(assistant.ask(QUESTION))
    assert trace.confidence == answer.confidence
    assert trace.policy == ALWAYS
    assert trace.threshold_from == "settings"
    quoted = [one for passage in trace.passages for one in passage.sentences if one.quoted]
    assert " ".join(one.text for one in quoted) in answer.quotes[0].text
    best = trace.passages[0]
    assert best.place == 1
    assert max(one.evidence for one in best.sentences) == answer.quotes[0].score
    assert (trace.answerable, trace.on_topic) == (best.answerable, best.on_topic)
    assert [name for name, _ in trace.steps] == [
        "danger", "understanding", "encoding", "searching", "reading", "deciding", "reading back",
        "composing",
    ]  # fmt: skip
    assert sum(took for _, took in trace.steps) == pytest.approx(trace.total_ms) == answer.took_ms


def test_what_was_made_of_the_question_is_told_apart(assistant: Assistant) -> None:
    _, trace = assistant.examine("knocked out by ur ketamine?")
    made = trace.searched_for
    assert made
    assert [(one.written, one.meant) for one in made.corrections] == [("ur", "your")]
    assert (made.typed, made.text) == (
        "knocked out by ur ketamine?",
        "knocked out by your ketamine?",
    )
    assert (made.synonyms, made.added) == ((("knocked out", "anesthetic"),), "anesthetic")
    assert made.completed == ""
    _, trace = assistant.examine("Is it slow?", previous=["What is ketamine?"])
    assert trace.searched_for
    assert trace.searched_for.completed == "Is ketamine slow?"


def test_each_refusal_says_what_was_lacking(
    assistant: Assistant, index: Path, safety_texts: SafetyTexts
) -> None:
    strict = never(index, safety_texts)
    answer, trace = strict.examine("Does somebody give ketamine quickly at night?")
    assert reason((answer, trace)) == (
        f"Refused: the best passage gives a confidence of {answer.confidence:.2f},"
        " and 1.00 is needed."
    )
    assert trace.reason == "not_answered"
    assert trace.quotes == answer.held_back
    assert any(one.quoted for one in trace.passages[0].sentences)
    for question, told in {
        "zebra crossing": "no sentence is nearer than 0.00 to the question, and 0.25 is needed",
        "Is Metformin an anesthetic?": "no document speaks of Metformin",
        "": "the question has no letter and no digit",
        "a" * 2000: f"the question has 2,000 characters, and {MAX_QUESTION:,} are read at most",
    }.items():
        assert reason(assistant.examine(question)) == f"Refused: {told}."
    unknown = assistant.examine(QUESTION, documents=["nope.md"])
    assert reason(unknown) == "Refused: no document of that name is quoted to this audience."
    assert (unknown[1].searched_for, unknown[1].candidates, unknown[1].policy) == (None, (), None)
    advice = reason(strict.examine("Should I take ketamine?"))
    assert advice.endswith("It asks for advice on one's own care: the rule “try” fired.")


def test_further_quotes_say_their_share(
    corpus_folder: MakeCorpus, tmp_path: Path, safety_texts: SafetyTexts
) -> None:
    files = {
        "a.md": "# A\n\nPink pills help.\n",
        "b.md": "# B\n\nPink pills hurt badly at night.\n",
    }
    build(corpus_folder(files), tmp_path / "index", WordHashEmbedder())
    policy = Policy(threshold=0.0, min_share=0.3)
    assistant = Assistant(tmp_path / "index", WordHashEmbedder(), safety_texts, policy)
    found = assistant.examine("Do pink pills help or hurt?")
    first, second = found[0].quotes
    share = f"{second.score / first.score:.2f}"
    told = f" The second quote has {share} of the best one's evidence; 0.30 is needed."
    assert reason(found).startswith("Quoted: the best passage gives a confidence of ")
    assert reason(found).endswith(told)


def test_numbers_that_look_alike_are_written_longer() -> None:
    assert apart(0.31, 0.44) == ("0.31", "0.44")
    assert apart(0.4396, 0.44) == ("0.4396", "0.4400")
    assert apart(0.436, 0.44) == ("0.436", "0.440")
    assert apart(0.44, 0.44) == ("0.44", "0.44")


def test_staff_see_what_patients_do_not(assistant: Assistant) -> None:
    _, patients = assistant.examine("Which pump runs?")
    _, staff = assistant.examine("Which pump runs?", audience="staff")
    assert "nurses.md" not in {one.document_id for one in patients.candidates}
    assert staff.candidates[0].document_id == "nurses.md"
    assert (patients.audience, staff.audience) == ("patients", "staff")


def test_danger_names_the_rule_that_fired(assistant: Assistant) -> None:
    answer, trace = assistant.examine("I want to kill myself")
    assert answer.kind is AnswerKind.CRISIS
    verdict = trace.verdict
    assert (verdict.danger, verdict.rule, verdict.pattern) == (Danger.CRISIS, "direct", "direct")
    assert verdict.leads == ()  # the learnt model knows the bundled vectors only
    told = reason((answer, trace))
    assert told.startswith("Crisis notice: the rule “direct” fired. ")
    emergency = reason(assistant.examine("I took 40 pills"))
    assert emergency.endswith("Nothing is quoted to somebody in an emergency.")
    asked = reason(assistant.examine(f"I want to die. {QUESTION}"))
    assert "Quotes stand below the notice, since a question was asked: " in asked


def test_danger_names_what_the_model_decided_by(first_document: Assistant) -> None:
    answer, trace = first_document.examine("ive written the letters and sorted my things")
    grave, advice = trace.verdict.leads
    assert (trace.verdict.rule, trace.verdict.pattern) == ("learnt:crisis", "")
    assert grave.holds
    assert trace.verdict.margin == grave.lead >= grave.floor == 1.0
    assert not advice.holds
    lead = f"{grave.lead:.2f}"
    told = reason((answer, trace))
    assert told.startswith(
        f"Crisis notice: the learnt model found it, by {lead} where 1.00 is enough. "
    )
    _, calm = first_document.examine("What is ketamine?")
    assert calm.verdict.danger is Danger.NONE
    assert not any(one.holds for one in calm.verdict.leads)
    assert calm.policy
    assert calm.policy.evidence_is_probability
    assert sum(one.weighed for one in calm.passages) == 5


def test_a_threshold_that_was_calibrated_is_told_as_such(
    index: Path, safety_texts: SafetyTexts, monkeypatch: pytest.MonkeyPatch
) -> None:
    assistant = Assistant(index, WordHashEmbedder(), safety_texts, ALWAYS)
    monkeypatch.setattr(assistant, "_calibrated_policy", lambda _: Policy(threshold=0.7))
    _, trace = assistant.examine(QUESTION)
    assert (trace.threshold_from, trace.policy and trace.policy.threshold) == ("calibrated", 0.7)


def test_patients_get_nothing_of_it(assistant: Assistant) -> None:
    asked = assistant.ask(QUESTION).to_dict()
    examined, _ = assistant.examine(QUESTION)
    for made in (examined.to_dict(), examined.to_dict(trace=True)):
        assert set(made) - {"held_back", "trace"} == set(asked)
        for word in ("cosine", "bm25", "candidates", "leads", "passages"):
            assert f'"{word}"' not in json.dumps(made)
    assert examined.to_dict(trace=True)["trace"] == {}


def test_a_name_that_decided_nothing_is_not_given_as_the_reason(first_document: Assistant) -> None:
    answer, trace = first_document.examine("how does zolgensma work")
    assert (answer.reason, trace.guessed) == ("wrong_subject", True)
    said = why(answer, trace)
    assert "no sentence is nearer than" in said
    assert "is told that no document speaks of zolgensma, probably a name" in said
    answer, trace = first_document.examine("side effects of metformin")
    assert why(answer, trace) == "Refused: no document speaks of metformin."
