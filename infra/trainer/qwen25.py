"""The chat template of the published run, which only its fork of LLaMA-Factory has."""

from llamafactory.data.formatter import StringFormatter
from llamafactory.data.template import register_template


def register_qwen25() -> None:
    """Makes `template: qwen25` known to LLaMA-Factory.

    Answers end in `<|endoftext|>`, not `<|im_end|>`, with no newline after it; the tokenizer saved
    with the model names `<|endoftext|>` as its end token.
    Follows SkyThought 0751518, skythought/train/LLaMA-Factory/src/llamafactory/data/template.py.
    """
    register_template(
        name="qwen25",
        format_user=StringFormatter(
            slots=["<|im_start|>user\n{{content}}<|im_end|>\n<|im_start|>assistant\n"]
        ),
        format_assistant=StringFormatter(slots=["{{content}}", {"eos_token"}]),
        format_system=StringFormatter(slots=["<|im_start|>system\n{{content}}<|im_end|>\n"]),
        default_system="You are Qwen, created by Alibaba Cloud. You are a helpful assistant.",
        stop_words=["<|endoftext|>"],
        replace_eos=True,
    )
