"""Documents as nobody should write them and somebody will; all of them can be read."""

from __future__ import annotations

__all__ = ["HOSTILE", "LONG_SENTENCE"]

LONG_SENTENCE = (
    "The treatment is given only when "
    + " and ".join(f"condition {number} of the long list was looked at" for number in range(90))
    + ", and it is not given otherwise."
)
"""One sentence of far more tokens than the model reads."""

HOSTILE: dict[str, bytes] = {
    "crlf.md": b"# Line ends\r\n\r\nWindows wrote this. It has CRLF.\r\n\r\n- An item\r\n- Two\r\n",
    "cr.txt": b"Old line ends\r\rAn old machine wrote this. It is read all the same.\r",
    "bom.md": b"\xef\xbb\xbf# Byte order mark\n\nThe mark is not part of the text.\n",
    "bom.txt": b"\xef\xbb\xbfByte order mark\n\nThe mark is not part of this text either.\n",
    "emoji.md": "# Emoji \U0001f600\n\nTake care \U0001f469\u200d\u2695\ufe0f! "
    "Flags \U0001f1fa\U0001f1f8 are two code points. \U0001f600 A face begins this.\n".encode(),
    "emoji.txt": "Faces\n\nIt helps. \U0001f600 Smile more. \U0001f9d1\u200d\U0001f680 Fly! "
    "The end \U0001f600.\n".encode(),
    "combining.md": "# Cafe\u0301\n\nThe cafe\u0301 is open. A re\u0301sume\u0301 stays as written."
    " Z\u0335\u0322a\u0336l\u0337g\u0338o speaks.\n".encode(),
    "nbsp.txt": "Blanks\n\nTake 5\u00a0mg once\u00a0a day.\u00a0Do not take more. "
    "\u3000Wide\u2003blanks\u2009too.\n".encode(),
    "separators.txt": "Separators\n\nThis line\u2028goes on. It has a\u2029paragraph mark.\x85"
    "And a next line mark.\x0bAnd a tab.\x0cAnd a form feed.\n".encode(),
    "separators.md": "# Separators\n\nThis line\u2028goes on. It has a\u2029mark.\x85Then more."
    "\n\n- An item\u2028in two\n".encode(),
    "rtl.md": "# \u0639\u0631\u0628\u064a\n\n\u0647\u0630\u0627 \u0646\u0635. "
    "\u0648\u0647\u0630\u0627 \u0622\u062e\u0631\u061f \u200fMixed with English.\n".encode(),
    "cjk.txt": "\u6cbb\u7642\n\n\u3053\u308c\u306f\u6587\u3067\u3059\u3002"
    "\u6b21\u306e\u6587\u3067\u3059\u3002\n".encode(),
    "zero_width.txt": "Unseen\n\nZero\u200bwidth and soft\u00adhyphen. \u200b\u200b Then more.\n"
    "\u200b\u200b\nThe end.\n".encode(),
    "long.md": f"# A long sentence\n\n{LONG_SENTENCE} A short one.\n".encode(),
    "one_word.txt": b"Word\n\n" + b"a" * 3000 + b"\n",
    "twin_a.md": b"# Twins\n\nThis text stands in two files.\n",
    "twin_b.md": b"# Twins\n\nThis text stands in two files.\n",
    "front.md": b"---\ntitle: From the front\nversion: 2\ntags: [a, b]\n---\nOnly a paragraph.\n",
    "no_front.md": b"---\nA ruled line is no front matter.\n\nA paragraph.\n",
    "tables.md": b"# Doses\n\nThe doses:\n\n| Drug | Dose |\n|---|---|\n| A | 1 mg. Or two. |\n"
    b"| B | |\n\nAfter it.\n\n| Only head |\n|---|\n",
    "lists.md": b"# Lists\n\nDo not take it if you:\n\n1. have one thing\n   - of this kind\n"
    b"   - or that. And more.\n\n     A paragraph in an item.\n2. have another\n\n"
    b"7) begin at seven\n8) eight\n",
    "markup.md": b"# Mark*up*\n\nA **bold** and `code` and [a link](http://example.org) and "
    b"![a picture](x.png). ~~Struck.~~ &amp; &lt;b&gt;\nA soft break.  \nA hard one.\n\n> Quoted. "
    b"Twice.\n\n    indented code\n\n```py\nprint('hello')\n```\n\n***\n\nThe end[^1].\n",
    "html.md": b"# HTML\n\n<!-- hidden comment -->\n<div>Seen. <script>evil()</script>"
    b"<p>Also seen.</p></div>\n\n<style>p { color: red }</style>\n\nInline <b>bold</b> and "
    b"<!-- hidden too --> the rest.<br>Next line.\n",
    "setext.md": b"Title\n=====\n\nText here.\n\nSub\n---\n\nMore text here. e.g. this. Dr. Who.\n",
    "numbers.txt": b"Numbers\n\nTake 0.5 mg/kg. See R1, R2. At 5 p.m. you go. 1. 2. 3. Done!\n",
    "punctuation.txt": b"Marks\n\n...\n\n!!! ??? Really?! (Yes.) \"Quoted.\" 'Quoted too.'\n\n---\n"
    b"No stop at the end",
    "spaces.txt": b"\n\n   \n\tTitle  \n\n    Indented text.   It has gaps.  \n\n\n\n  More.  \n\n",
    "sub folder/deep #1?.md": b"# Deep\n\nA name with a blank, a hash and a question mark.\n",
    "caf\u00e9.txt": b"Accents\n\nThe name of this file has an accent.\n",
    "SHOUT.MD": b"# Shout\n\nThe suffix is in capitals.\n",
}
