"""The trained part of reading: question and chunk in one pass → evidence of each sentence.

The bundled MiniLM reads `[CLS] question [SEP] title and headings [SEP] sentences [SEP]`. A
sentence's logit comes from three things, all learned together: an interaction of the mean token
vectors of sentence and question; a late interaction, how well each word of the question finds a
counterpart among the sentence's words (after Khattab and Zaharia, "ColBERT", SIGIR 2020); and the
similarities that reading without training gives. A chunk's logit is the soft maximum of its
sentences', so that a chunk cannot answer without a sentence that does.

It is here to be trained and exported, and to be compared with; what serves is
`qa.evidence_session`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from qa.evidence_head import MISSED, UNREAD
from qa.packing import FEATURES, Packed, segments

__all__ = ["Batch", "EvidenceNetwork", "collate"]

_HIDDEN = 96
_SIMILAR = (1.7, 8.5, -2.1, 3.2, 0.7)
_SIMILAR_BIAS = -4.9
"""Where training begins: logistic regression of evidence on the similarity features alone."""


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
    types = np.zeros_like(ids)
    for row, one in enumerate(packed):
        types[row, : len(one.ids)] = segments(one)
    return Batch(
        torch.from_numpy(ids),
        torch.from_numpy(mask.astype(np.int64)),
        torch.from_numpy(types),
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
        return torch.where(sizes[:-1] > 0, logits[:, 0], logits.new_full((), UNREAD))

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
        missing = (nn.functional.relu(MISSED - best) * importance).sum(-1)
        return torch.stack([mean, -missing], dim=-1)
