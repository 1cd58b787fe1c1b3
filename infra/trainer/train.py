"""Trains with LLaMA-Factory, as `llamafactory-cli train` would, with three things added.

    python train.py training.yaml [key=value ...]
    torchrun --nproc-per-node 8 train.py training.yaml [key=value ...]

Added are the template `qwen25`, an empty file `SAVED` in every checkpoint that all processes have
written, on each node, and two files by which a supervisor speaks to a running training:
an empty file `SAVE_NOW` in the output directory asks for a checkpoint at the end of the step,
`STOP_NOW` for the end of the training. Either file is removed when it is obeyed. And the supervisor
touches `$SKY_T1_ATTENDED_FILE` while it is there: a training that was left alone for longer than
`$SKY_T1_UNATTENDED_SECONDS` saves and ends, since another node goes on with it.

Exit code 0 does not mean that the training is finished: `STOP_NOW` leads to it too. Compare
`current_steps` with `total_steps` in the last line of `trainer_log.jsonl`.
"""

import ctypes
import os
import signal
import sys
import time
from pathlib import Path

import torch.distributed
import torch.serialization
from llamafactory.train.tuner import run_exp
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from qwen25 import register_qwen25

SAVE_NOW, STOP_NOW, SAVED = "SAVE_NOW", "STOP_NOW", "SAVED"

# Of Linux: <sys/prctl.h>.
PR_SET_PDEATHSIG = 1


class SupervisorRequests(TrainerCallback):  # type: ignore[misc]
    """Obeys the supervisor's files. Rank 0 looks; all ranks do the same, or the save would hang."""

    def on_step_end(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        **_: object,
    ) -> TrainerControl:
        requests = [False, False]
        if state.is_world_process_zero:
            requests = [taken(Path(str(args.output_dir)) / name) for name in (SAVE_NOW, STOP_NOW)]
            if is_unattended():
                requests = [True, True]
        if args.world_size > 1:
            torch.distributed.broadcast_object_list(requests, src=0)
        save, stop = requests
        control.should_save |= save
        control.should_training_stop |= stop
        return control


class FinishedCheckpoints(TrainerCallback):  # type: ignore[misc]
    """Marks what all ranks have written: each writes its own part, on its own node."""

    def on_save(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        **_: object,
    ) -> TrainerControl:
        if args.world_size > 1:
            torch.distributed.barrier()
        if args.local_process_index == 0:
            (Path(str(args.output_dir)) / f"checkpoint-{state.global_step}" / SAVED).touch()
        return control


def end_with_launcher() -> None:
    """Has the kernel end this process when torchrun ends.

    Its processes have sessions of their own: what kills torchrun's group does not reach them.
    """
    if "TORCHELASTIC_RUN_ID" not in os.environ:
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if b"torch" not in Path(f"/proc/{os.getppid()}/cmdline").read_bytes():
        sys.exit("torchrun has ended")


def load_to_cpu_of_rank() -> None:
    """Lets states be loaded to `cpu:0`.

    So the trainer calls the device of processes that train together on CPUs; torch knows no such.
    """
    torch.serialization.register_package(
        0,
        lambda _: None,
        lambda storage, location: storage if location == "cpu:0" else None,
    )


def taken(request: Path) -> bool:
    """Removes the file; true when it was there."""
    try:
        request.unlink()
    except FileNotFoundError:
        return False
    return True


def is_unattended() -> bool:
    """Whether the supervisor is away for too long; one that says nothing of itself never is."""
    file = os.environ.get("SKY_T1_ATTENDED_FILE")
    if file is None:
        return False
    since = time.time() - Path(file).stat().st_mtime
    return since > float(os.environ["SKY_T1_UNATTENDED_SECONDS"])


if __name__ == "__main__":
    if not sys.argv[1:] or not sys.argv[1].endswith((".yaml", ".yml")):
        sys.exit("usage: train.py TRAINING.yaml [key=value ...]")
    end_with_launcher()
    register_qwen25()
    load_to_cpu_of_rank()
    run_exp(callbacks=[SupervisorRequests(), FinishedCheckpoints()])
