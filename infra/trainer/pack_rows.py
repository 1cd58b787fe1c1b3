"""Packs tokenised rows as it is told, into what LLaMA-Factory takes as its `tokenized_path`.

    python pack_rows.py --rows drawn/rows --packs packs.jsonl --output packed/

Each line of `packs.jsonl` makes one row: the numbers of the rows that share it, `[12, 7, 31]`; `[]`
makes a row that teaches nothing, for a device that has nothing left to do in a step.
"""

import argparse
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from datasets import Dataset, Features, Sequence, Value, load_from_disk
from datasets.arrow_writer import ArrowWriter

IGNORED = -100
# LLaMA-Factory pads tokens to multiples of it, but not positions: packs come in such lengths.
GRANULE = 8
PAD = 0
Tokens = npt.NDArray[np.integer[Any]]

NUMBERS = Sequence(Value("int32"))
FEATURES = Features(
    {
        "input_ids": NUMBERS,
        "attention_mask": NUMBERS,
        "position_ids": NUMBERS,
        "labels": NUMBERS,
        "images": Value("null"),
        "videos": Value("null"),
        "audios": Value("null"),
    }
)
SCHEMA = FEATURES.arrow_schema


def main() -> None:
    parser = argparse.ArgumentParser(description="Pack tokenised rows.")
    parser.add_argument("--rows", type=Path, required=True)
    parser.add_argument("--packs", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    # What `save_to_disk` splits and describes is read from a file: all rows are more than memory.
    with tempfile.TemporaryDirectory(dir=arguments.output.parent) as folder:
        file = f"{folder}/rows.arrow"
        with ArrowWriter(path=file, features=FEATURES) as writer:
            for row in packed_rows(arguments.rows, arguments.packs):
                writer.write_table(row)
            writer.finalize()
        Dataset.from_file(file).save_to_disk(arguments.output)


def packed_rows(rows: Path, packs: Path) -> Iterator[pa.Table]:
    examples = load_from_disk(rows).with_format("numpy", columns=["input_ids", "labels"])
    with packs.open(encoding="utf-8") as lines:
        for line in lines:
            columns = pack([examples[row] for row in json.loads(line)])
            yield pa.table({name: [column] for name, column in columns.items()}, SCHEMA)


def pack(examples: list[dict[str, Tokens]]) -> dict[str, Tokens | None]:
    """Examples one after the other, told apart by their number in the mask and their positions."""
    lengths = [len(example["input_ids"]) for example in examples]
    # An empty pack is seen, not hidden: with flash attention, hidden tokens are taken out, and a
    # model cannot read nothing. No label teaches it anything.
    padding = np.arange(-sum(lengths) % GRANULE if examples else GRANULE)
    numbers = [np.full(length, number) for number, length in enumerate(lengths, start=1)]
    return {
        "input_ids": joined([each["input_ids"] for each in examples], np.full_like(padding, PAD)),
        "attention_mask": joined(numbers, np.full_like(padding, 0 if examples else 1)),
        "position_ids": joined([np.arange(length) for length in lengths], padding),
        "labels": joined([each["labels"] for each in examples], np.full_like(padding, IGNORED)),
        "images": None,
        "videos": None,
        "audios": None,
    }


def joined(parts: list[Tokens], padding: Tokens) -> Tokens:
    return np.concatenate([*parts, padding]).astype(np.int32)


if __name__ == "__main__":
    main()
