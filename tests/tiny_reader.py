"""Tiny SQuAD2-style BERT models, saved as any Hugging Face model is, that load in milliseconds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from tokenizers.pre_tokenizers import ByteLevel
from transformers import (
    BertConfig,
    BertForQuestionAnswering,
    BertTokenizerFast,
    RobertaConfig,
    RobertaForQuestionAnswering,
    RobertaTokenizerFast,
)

from qa.span_files import MAX_TOKENS

__all__ = ["POSITIONS", "save_bytes", "save_pointing", "save_random"]

POSITIONS = 512
_WORDS = """ketamine is an anesthetic nurses give it slowly do not drive that day bring somebody
along alpha bravo charlie delta echo one two"""
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_MARKS = [*"#.,:;!?'()[]-", "\u2022"]
_VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *_MARKS, *_LETTERS]
_VOCABULARY += [f"##{letter}" for letter in _LETTERS]
_VOCABULARY += [word for word in _WORDS.split() if word not in _VOCABULARY]
_HIDDEN = 32


def save_random(folder: Path, positions: int = POSITIONS) -> Path:
    """A model with large random weights, the same each time."""
    torch.manual_seed(7)
    model = _model(positions)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.5)
    return _save(model, folder)


def save_bytes(folder: Path) -> Path:
    """A RoBERTa with a token a byte: no token types, positions from 2, tokens that hold blanks."""
    torch.manual_seed(7)
    letters = sorted(ByteLevel.alphabet())
    vocabulary = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", *letters]
    config = RobertaConfig(
        vocab_size=len(vocabulary),
        hidden_size=_HIDDEN,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=MAX_TOKENS + 2,
        type_vocab_size=1,
    )
    RobertaForQuestionAnswering(config).save_pretrained(folder)
    ids = {word: k for k, word in enumerate(vocabulary)}
    RobertaTokenizerFast(vocab=ids, merges=[]).save_pretrained(folder)
    return folder


def save_pointing(folder: Path, start: Mapping[str, float], end: Mapping[str, float]) -> Path:
    """A model whose start and end logits of a token are those given for it, and 0 for others.

    Attention and feed-forward layers add nothing, so that a token's hidden state is its own
    embedding's layer norm: for the k-th named word (a, -a) at dimensions 2k and 2k + 1 with
    a = sqrt(32 / 2) = 4. For others it stands at dimensions that the head does not look at.
    """
    model = _model(POSITIONS)
    state = model.state_dict()
    for name, values in state.items():
        values.fill_(1.0 if name.endswith("LayerNorm.weight") else 0.0)
    words = state["bert.embeddings.word_embeddings.weight"]
    words[:, -2:] = torch.tensor([1.0, -1.0])
    head = state["qa_outputs.weight"]
    for k, word in enumerate(dict.fromkeys([*start, *end])):
        row = words[_VOCABULARY.index(word)]
        row.zero_()
        row[2 * k : 2 * k + 2] = torch.tensor([1.0, -1.0])
        head[:, 2 * k] = torch.tensor([start.get(word, 0.0), end.get(word, 0.0)]) / 4
    return _save(model, folder)


def _model(positions: int) -> Any:
    return BertForQuestionAnswering(
        BertConfig(
            vocab_size=len(_VOCABULARY),
            hidden_size=_HIDDEN,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=64,
            max_position_embeddings=positions,
            layer_norm_eps=1e-12,
        )
    )


def _save(model: Any, folder: Path) -> Path:
    model.save_pretrained(folder)
    tokenizer = BertTokenizerFast(vocab={word: k for k, word in enumerate(_VOCABULARY)})
    tokenizer.save_pretrained(folder)
    return folder
