"""MER-CLIP at full size, with CLIP's own transformers as towers."""

import importlib.util

if importlib.util.find_spec("transformers") is None:
    raise ModuleNotFoundError(
        "CLIP's towers need Hugging Face transformers: run `pip install -e 'models[clip]'`", name="transformers"
    )
