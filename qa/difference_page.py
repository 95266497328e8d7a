"""What two generations tell otherwise, as one page of HTML: to read, to print, to send.

It needs no other file, no host and no script. All that documents and questions hold is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from html import escape

from qa.difference import WORST_FIRST, Change, Changed, Difference, Documents
from qa.difference_report import (
    LABELS,
    LOGGED,
    MEANINGS,
    REFUSED,
    counts_of,
    gone_of,
    place_of,
    publishing_of,
)
from qa.document import Document
from qa.evaluation import Rate
from qa.types import Answer, Quote

__all__ = ["difference_fragment", "difference_page", "marked_words"]

_WORD = re.compile(r"\A\s*\S+\s*|\S+\s*")
_COMMAND = re.compile("`([^`]+)`")
_STYLE = """
:root { color-scheme: light dark; --ink: #1c2733; --soft: #4a5868; --line: #c3ccd6;
  --paper: #fff; --box: #f4f6f8; --gone: #8f1d1d; --gone-paper: #fbe4e4; --come: #0b5a34;
  --come-paper: #dcf3e6; --link: #0b5563; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6ebf0; --soft: #b3bfcb; --line: #46535f; --paper: #14191e; --box: #1e252c;
    --gone: #ffb3b3; --gone-paper: #4a1f22; --come: #a5e8c3; --come-paper: #163f2a;
    --link: #7fd1e0; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1rem; background: var(--paper);
  color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; } h2 { font-size: 1.25rem; margin-top: 2.2rem; }
h3 { font-size: 1.05rem; margin: 0; }
a { color: var(--link); }
a:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: .35rem .8rem .35rem 0;
  border-bottom: 1px solid var(--line); overflow-wrap: normal; }
td.count { text-align: right; font-variant-numeric: tabular-nums; }
th a { display: inline-block; min-height: 24px; }
.soft { color: var(--soft); }
.note { border-left: 4px solid var(--soft); padding: .2rem .8rem; }
article { border: 1px solid var(--line); border-radius: .5rem; padding: .8rem; margin: 1rem 0; }
article > p { margin: .2rem 0; }
.sides { display: grid; grid-template-columns: 1fr; gap: .8rem; margin-top: .6rem; }
.side { background: var(--box); border-radius: .4rem; padding: .6rem .8rem; min-width: 0; }
.side h4 { margin: 0 0 .3rem; font-size: .95rem; } .side > p { margin: .3rem 0; }
blockquote { margin: 0 0 .2rem; padding-left: .7rem; border-left: 4px solid var(--link);
  white-space: pre-line; }
.side blockquote ~ blockquote { margin-top: .9rem; }
.place { font-size: .9em; color: var(--soft); margin: 0; }
del { color: var(--gone); background: var(--gone-paper); text-decoration: line-through 2px; }
ins { color: var(--come); background: var(--come-paper); text-decoration: underline 2px; }
@media (min-width: 44rem) { .sides { grid-template-columns: 1fr 1fr; } }
@media (max-width: 30rem) { td, th { padding-right: .5rem; }
  .stack thead { position: absolute; clip-path: inset(50%); }
  .stack tr { display: block; padding: .4rem 0; border-bottom: 1px solid var(--line); }
  .stack th, .stack td { display: block; border: 0; padding: 0; }
  .stack td::before { content: attr(data-name) ": "; color: var(--soft); }
  .counts tr { display: grid; grid-template-columns: 1fr auto; padding: .4rem 0;
    border-bottom: 1px solid var(--line); }
  .counts th, .counts td { border: 0; padding: 0; }
  .counts :is(th, td):last-child { grid-column: 1 / -1; } }
@page { margin: 14mm; }
@media print { body { max-width: none; padding: 0; font-size: 10pt; }
  .sides { grid-template-columns: 1fr 1fr; } article { break-inside: avoid; } h2, h3 {
  break-after: avoid; } }
"""


def difference_page(difference: Difference) -> str:
    """The page, in English; quotes are in their documents' languages."""
    parts = [
        "<h1>What would change for patients</h1>",
        f"<p>Old generation: <code>{_text(difference.old)}</code><br>"
        f"New generation: <code>{_text(difference.new)}</code></p>",
        *_publishing(difference),
        *_summary(difference),
        *_figures(difference),
        *_documents(difference.documents),
        *(part for change in WORST_FIRST for part in _group(difference, change)),
    ]
    body = "\n".join(parts)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="robots" content="noindex">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">\n"
        f"<title>What would change for patients</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def difference_fragment(difference: Difference) -> str:
    """Documents and answers that differ, as HTML for within another page, which brings the looks:
    from headings of the second level on. What is the same is folded up."""
    told = (change for change in WORST_FIRST if change is not Change.SAME)
    same = [_text(one.question) for one in difference.questions if one.change is Change.SAME]
    parts = [
        *_documents(difference.documents),
        *_summary(difference),
        *(part for change in told for part in _group(difference, change)),
    ]
    if same:
        items = "".join(f"<li>{one}</li>" for one in same)
        summary = f"<summary>{LABELS[Change.SAME].capitalize()} ({len(same)})</summary>"
        parts.append(f'<details id="{Change.SAME.value}">{summary}<ul>{items}</ul></details>')
    return "\n".join(parts)


def _text(text: str) -> str:
    return escape(text, quote=True)


def _publishing(difference: Difference) -> Iterator[str]:
    gone, told = gone_of(difference), publishing_of(difference)
    if gone or told:
        yield '<h2 id="publishing">Publishing it</h2>'
    if gone:
        items = "".join(
            f"<li>{_text(one.question)} <span class='soft'>(line {one.line})</span></li>"
            for one in difference.gone
        )
        yield f'<p class="note">{_code(gone)}</p><ul>{items}</ul>'
    if told:
        yield f'<p class="note">{_code(told)}</p>'
    if difference.objections:
        yield "<ul>" + "".join(f"<li>{_text(one)}</li>" for one in difference.objections) + "</ul>"


def _code(text: str) -> str:
    """A sentence whose commands stand between backticks."""
    return _COMMAND.sub(r"<code>\1</code>", _text(text))


def _summary(difference: Difference) -> Iterator[str]:
    yield '<h2 id="counts">Questions</h2>'
    yield f"<p>{_text(counts_of(difference).replace(LOGGED, '').strip())}</p>"
    if difference.logged:
        keep = "Keep this page as you keep the log of questions."
        yield f'<p class="note">{_text(LOGGED)} {keep}</p>'
    if difference.unjudged:
        yield (
            f'<p class="note">{len(difference.unjudged)} golden questions are not judged: the old '
            "generation does not hold their expected words, or one does not quote their document "
            "now.</p>"
        )
    yield '<table class="counts"><thead><tr><th scope="col">Answer</th>'
    yield '<th scope="col">Questions</th><th scope="col">What it means</th></tr></thead><tbody>'
    for change, count in difference.counts.items():
        label = _text(LABELS[change].capitalize())
        name = f'<a href="#{change.value}">{label}</a>' if count else label
        yield (
            f'<tr><th scope="row">{name}</th><td class="count">{count}</td>'
            f"<td>{_text(MEANINGS[change])}</td></tr>"
        )
    yield "</tbody></table>"


def _figures(difference: Difference) -> Iterator[str]:
    if difference.figures is None:
        return
    yield '<h2 id="figures">Figures of the golden questions</h2>'
    yield "<p>Share (count), and in brackets the 95&nbsp;% interval.</p>"
    yield '<table class="stack"><thead><tr><th scope="col">Figure</th>'
    yield '<th scope="col">Old</th><th scope="col">New</th></tr></thead><tbody>'
    pairs = zip(difference.figures[0].all(), difference.figures[1].all(), strict=True)
    for old, new in pairs:
        cells = f'<td data-name="Old">{_rate(old)}</td><td data-name="New">{_rate(new)}</td>'
        yield f'<tr><th scope="row">{_text(old.name)}</th>{cells}</tr>'
    yield "</tbody></table>"


def _rate(rate: Rate) -> str:
    if not rate.of:
        return "none asked"
    low, high = rate.interval
    return f"{rate.share:.0%} ({rate.count} of {rate.of}) [{low:.0%} to {high:.0%}]"


def _documents(documents: Documents) -> Iterator[str]:
    yield '<h2 id="documents">Documents</h2>'
    groups: dict[str, Sequence[Document]] = {
        "Added": documents.added,
        "Removed": documents.removed,
        "Changed": documents.changed,
        "Same text, described otherwise": documents.described,
    }
    for name, group in groups.items():
        if group:
            items = "".join(
                f"<li>{_text(one.title)} <span class='soft'>({_text(one.id)})</span></li>"
                for one in group
            )
            yield f"<h3>{name}: {len(group)}</h3><ul>{items}</ul>"
    count = documents.unchanged
    yield f"<p>{count} document{' is' if count == 1 else 's are'} unchanged.</p>"


def _group(difference: Difference, change: Change) -> Iterator[str]:
    found = [one for one in difference.questions if one.change is change]
    if not found:
        return
    yield f'<h2 id="{change.value}">{_text(LABELS[change].capitalize())} ({len(found)})</h2>'
    yield f'<p class="soft">{_text(MEANINGS[change].capitalize())}. '
    yield '<a href="#counts">Back to the counts</a></p>'
    if change is Change.SAME:  # nothing to look at side by side
        yield "<ul>" + "".join(f"<li>{_text(one.question)}</li>" for one in found) + "</ul>"
        return
    yield from map(_article, found)


def _article(one: Changed) -> str:
    where = f"Golden question, line {one.line}" if one.line else "Logged question"
    also = "".join(f"; also {_text(LABELS[change])}" for change in one.changes[1:])
    unjudged = f"<p class='note'>Not judged: {_text(one.unjudged)}.</p>" if one.unjudged else ""
    sides = "".join(
        f'<section class="side"><h4>{name}</h4>{_side(answer, other, is_new=is_new)}</section>'
        for name, answer, other, is_new in (
            ("Old", one.old.answer, one.new.answer, False),
            ("New", one.new.answer, one.old.answer, True),
        )
    )
    return (
        f"<article><h3>{_text(one.question)}</h3><p class='soft'>{where}{also}</p>{unjudged}"
        f'<div class="sides">{sides}</div></article>'
    )


def _side(answer: Answer, other: Answer, *, is_new: bool) -> str:
    reason = f" ({_text(answer.reason)})" if answer.reason else ""
    if not answer.quotes:
        what = f"<strong>{REFUSED.capitalize()}</strong>"
        return f"<p>{what}: {answer.kind.value}{reason}</p>"
    kind = "" if answer.kind.value == "answer" else f"<p><strong>{answer.kind.value}</strong></p>"
    quotes = answer.quotes
    beside = (*other.quotes, *[None] * len(quotes))[: len(quotes)]
    made = []
    for mine, theirs in zip(quotes, beside, strict=True):
        # Beside a refusal there is nothing to tell apart.
        counterpart = (theirs.text if theirs else "") if other.quotes else mine.text
        made.append(_quote(mine, marked_words(mine.text, counterpart, "ins" if is_new else "del")))
    return kind + "".join(made)


def _quote(quote: Quote, marked: str) -> str:
    lead = "<strong>Warning:</strong> " if quote.role == "warning" else ""
    place = _text(f"{quote.title}: {place_of(quote)}")
    return f'<blockquote>{lead}{marked}</blockquote><p class="place">{place}</p>'


def marked_words(text: str, other: str, tag: str) -> str:
    """The text as HTML, with runs of words that `other` has not at that place within `tag`."""
    words, others = _words(text), _words(other)
    keys, beside = [one.strip() for one in words], [one.strip() for one in others]
    made: list[str] = []
    for what, start, end, _, _ in SequenceMatcher(None, keys, beside, False).get_opcodes():
        run = "".join(words[start:end])
        if what == "equal" or not run.strip():
            made.append(_text(run))
        else:
            bare = run.rstrip()
            made.append(f"<{tag}>{_text(bare)}</{tag}>{_text(run[len(bare) :])}")
    return "".join(made)


def _words(text: str) -> list[str]:
    """The words with the white space behind each, so that they make up the text again."""
    return _WORD.findall(text)
