"""Says which rows the trainer will draw, and how long they are, before it trains.

    python draw_rows.py --draw draw.json --output drawn/

`draw.json` has LLaMA-Factory's arguments of model and data, and what decides the order:

    {"arguments": {"model_name_or_path": "model/", "template": "qwen25", ...},
     "seed": 7, "epochs": 3, "devices": 8}

In `drawn/rows` the rows stand as LLaMA-Factory tokenises them, in the data set's order; the lines
of `drawn/draws.jsonl` are their lengths, then for each epoch the numbers of its rows as drawn:
device by device, for each micro-step in turn.
"""

import argparse
import contextlib
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from accelerate.data_loader import DataLoaderShard, prepare_data_loader
from datasets import Dataset
from llamafactory.data import get_dataset, get_template_and_fix_tokenizer
from llamafactory.hparams import get_train_args
from llamafactory.model import load_tokenizer
from torch.utils.data import DataLoader, RandomSampler

from qwen25 import register_qwen25


@dataclass(frozen=True)
class Draw:
    """What decides which rows the trainer draws."""

    arguments: dict[str, Any]
    seed: int
    epochs: int
    devices: int


def main() -> None:
    parser = argparse.ArgumentParser(description="Draw training rows as the trainer will.")
    parser.add_argument("--draw", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    draw = Draw(**json.loads(arguments.draw.read_text(encoding="utf-8")))
    # LLaMA-Factory prints an example: this program prints nothing but errors.
    with contextlib.redirect_stdout(sys.stderr):
        rows = tokenised(draw, arguments.output)
        rows.save_to_disk(arguments.output / "rows")
    with (arguments.output / "draws.jsonl").open("w", encoding="utf-8") as lines:
        for line in [[len(tokens) for tokens in rows["input_ids"]], *orders(draw, len(rows))]:
            lines.write(f"{json.dumps(line)}\n")


def tokenised(draw: Draw, output: Path) -> Dataset:
    """The rows as LLaMA-Factory gives them to its trainer, whose processor is not asked for."""
    register_qwen25()
    told = {
        "stage": "sft",
        "do_train": True,
        "output_dir": str(output / "trainer"),
        "seed": draw.seed,
        "use_cpu": True,
        "report_to": "none",
    }
    model, data, training, *_ = get_train_args(draw.arguments | told)
    tokenizer = load_tokenizer(model)
    template = get_template_and_fix_tokenizer(tokenizer["tokenizer"], data)
    return get_dataset(template, model, data, training, stage="sft", **tokenizer)["train_dataset"]


def orders(draw: Draw, count: int) -> Iterator[list[int]]:
    """For each epoch, the rows as `Trainer` hands them out with one row on a device at once.

    Where the rows cannot be shared out evenly, the devices left over get the epoch's first rows
    again, as they do there.
    """
    loaders = [loader(draw, count, device) for device in range(draw.devices)]
    for epoch in range(draw.epochs):
        for each in loaders:
            each.set_epoch(epoch)
        shares = [list(each.batch_sampler) for each in loaders]
        yield [row for at_once in zip(*shares, strict=True) for batch in at_once for row in batch]


def loader(draw: Draw, count: int, device: int) -> DataLoaderShard:
    rows = range(count)
    return prepare_data_loader(
        DataLoader(rows, sampler=RandomSampler(rows)),
        num_processes=draw.devices,
        process_index=device,
        use_seedable_sampler=True,
        data_seed=draw.seed,
    )


if __name__ == "__main__":
    main()
