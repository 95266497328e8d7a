"""The trained part of reading: question and chunk in one pass → evidence of each sentence.

The bundled MiniLM reads `[CLS] question [SEP] title and headings [SEP] sentences [SEP]`. A
sentence's logit comes from three things, all learned together: an interaction of the mean token
vectors of sentence and question; a late interaction, how well each word of the question finds a
counterpart among the sentence's words (after Khattab and Zaharia, "ColBERT", SIGIR 2020); and the
similarities that reading without training gives. A chunk's logit is the soft maximum of its
sentences', so that a chunk cannot answer without a sentence that does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

__all__ = ["FEATURES", "Batch", "EvidenceNetwork", "Packed", "collate", "pack"]

FEATURES = 5
"""Similarity features of a sentence; `qa.reader.SimilarityReader.features` says which."""
MAX_QUESTION_TOKENS = 96
MAX_CONTEXT_TOKENS = 40
MAX_TOKENS = 384
"""Together; what is longer is cut at its end, and a sentence cut off has no evidence."""
_HIDDEN = 96
_SIMILAR = (1.7, 8.5, -2.1, 3.2, 0.7)
_SIMILAR_BIAS = -4.9
"""Where training begins: logistic regression of evidence on the similarity features alone."""


@dataclass(frozen=True, slots=True)
class Packed:
    """Token ids of a question with a chunk, and what each token belongs to."""

    ids: NDArray[np.int32]
    place: NDArray[np.int16]
    """-3 special and context, -2 question, else the sentence's index; (length,)."""
    features: NDArray[np.float32]
    """(sentences, FEATURES)"""


def pack(
    question: Sequence[int],
    context: Sequence[int],
    sentences: Sequence[Sequence[int]],
    features: NDArray[np.float32],
    cls: int,
    sep: int,
) -> Packed:
    """Puts token ids (without special ones) together; see the module's docstring for the order."""
    ids = [cls, *question[:MAX_QUESTION_TOKENS], sep]
    place = [-3, *([-2] * (len(ids) - 2)), -3]
    head = [*context[:MAX_CONTEXT_TOKENS], sep]
    ids += head
    place += [-3] * len(head)
    for index, sentence in enumerate(sentences):
        ids += sentence
        place += [index] * len(sentence)
    ids, place = [*ids[: MAX_TOKENS - 1], sep], [*place[: MAX_TOKENS - 1], -3]
    return Packed(np.array(ids, np.int32), np.array(place, np.int16), features)


@dataclass(frozen=True, slots=True)
class Batch:
    """Several packed chunks; sentences of all are numbered through."""

    ids: Tensor
    mask: Tensor
    types: Tensor
    question: Tensor
    """bool (rows, length)"""
    sentence: Tensor
    """int64 (rows, length): number of the sentence, or `count` where there is none."""
    row: Tensor
    """int64 (count,): in which row each sentence stands."""
    features: Tensor
    """float32 (count, FEATURES)"""
    count: int


def collate(packed: Sequence[Packed]) -> Batch:
    """Pads chunks to the longest."""
    length = max(len(one.ids) for one in packed)
    ids = np.zeros((len(packed), length), np.int64)
    place = np.full((len(packed), length), -3, np.int64)
    for row, one in enumerate(packed):
        ids[row, : len(one.ids)] = one.ids
        place[row, : len(one.ids)] = one.place
    sizes = [len(one.features) for one in packed]
    first = np.concatenate([[0], np.cumsum(sizes)])
    count = int(first[-1])
    sentence = np.where(place >= 0, place + first[:-1, None], count)
    lengths = np.array([len(one.ids) for one in packed])
    mask = np.arange(length)[None, :] < lengths[:, None]
    ends = np.array([int(np.argmax(one.place[1:] == -3)) + 1 for one in packed])
    types = mask & (np.arange(length)[None, :] > ends[:, None])
    return Batch(
        torch.from_numpy(ids),
        torch.from_numpy(mask.astype(np.int64)),
        torch.from_numpy(types.astype(np.int64)),
        torch.from_numpy(place == -2),
        torch.from_numpy(sentence),
        torch.from_numpy(np.repeat(np.arange(len(packed)), sizes)),
        torch.from_numpy(np.concatenate([one.features for one in packed]).astype(np.float32)),
        count,
    )


class EvidenceNetwork(nn.Module):
    """A BERT encoder and the head described above."""

    def __init__(self, encoder: Any) -> None:
        super().__init__()
        self.encoder = encoder
        width = encoder.config.hidden_size
        self.mix = nn.Sequential(nn.Linear(3 * width, _HIDDEN), nn.GELU(), nn.Dropout(0.1))
        self.out = nn.Linear(_HIDDEN, 1)
        self.weight = nn.Linear(width, 1)
        self.late = nn.Linear(3, 1, bias=False)
        self.similar = nn.Linear(FEATURES, 1)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)
        nn.init.zeros_(self.weight.weight)
        nn.init.zeros_(self.weight.bias)
        nn.init.zeros_(self.late.weight)
        with torch.no_grad():
            self.similar.weight.copy_(torch.tensor([_SIMILAR]))
            self.similar.bias.fill_(_SIMILAR_BIAS)

    def forward(self, batch: Batch) -> Tensor:
        """Logits of all sentences, float32 (count,)."""
        hidden = self.encoder(
            input_ids=batch.ids, attention_mask=batch.mask, token_type_ids=batch.types
        ).last_hidden_state.float()
        width = hidden.shape[-1]
        flat = batch.sentence.reshape(-1)
        total = hidden.new_zeros(batch.count + 1, width).index_add(
            0, flat, hidden.reshape(-1, width)
        )
        sizes = hidden.new_zeros(batch.count + 1).index_add(0, flat, hidden.new_ones(flat.shape[0]))
        sentences = total[:-1] / sizes[:-1, None].clamp(min=1)
        asked = batch.question[..., None].float()
        questions = (hidden * asked).sum(1) / asked.sum(1).clamp(min=1)
        question = questions[batch.row]
        s = nn.functional.normalize(sentences, dim=-1)
        q = nn.functional.normalize(question, dim=-1)
        scale = width**0.5
        mixed = torch.cat([s * q * scale, (s - q).abs() * scale / 4, s * scale / 4], dim=-1)
        late = self._late(hidden, batch)
        cosine = (s * q).sum(-1, keepdim=True)
        logits = (
            self.out(self.mix(mixed))
            + self.late(torch.cat([cosine, late], dim=-1))
            + self.similar(batch.features)
        )
        return torch.where(sizes[:-1] > 0, logits[:, 0], logits.new_full((), -20.0))

    def _late(self, hidden: Tensor, batch: Batch) -> Tensor:
        """(count, 2): weighted mean and minimum-like mean of each question word's best match."""
        unit = nn.functional.normalize(hidden, dim=-1)
        longest = int(batch.question.sum(1).max())
        asked = unit[:, 1 : longest + 1]  # the question's tokens stand after [CLS]
        valid = batch.question[:, 1 : longest + 1]
        match = asked @ unit.transpose(1, 2)  # rows, question tokens, tokens
        rows, tokens, length = match.shape
        best = match.new_full((batch.count + 1, tokens), -1.0)
        index = batch.sentence.reshape(rows * length, 1).expand(-1, tokens)
        best = best.scatter_reduce(
            0, index, match.transpose(1, 2).reshape(rows * length, tokens), "amax"
        )[:-1]
        importance = self.weight(hidden[:, 1 : longest + 1])[..., 0]
        importance = importance.masked_fill(~valid, -1e4).softmax(-1)[batch.row]
        mean = (best * importance).sum(-1)
        missing = (nn.functional.relu(0.6 - best) * importance).sum(-1)
        return torch.stack([mean, -missing], dim=-1)
