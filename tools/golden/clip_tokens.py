"""Reference numbers of workers/diffusion/tokenizer.ts: test/golden/clip_tokens.json, by the tokenizer that diffusers uses.

    python3 -m venv VENV && VENV/bin/pip install -r tools/golden/requirements-clip.txt
    VENV/bin/python tools/golden/clip_tokens.py

Needs ../shared/models/clip: CLIP's vocabulary and merges, which every SDXL checkpoint has.
"""
import json
from pathlib import Path

import transformers
from transformers import CLIPTokenizer

ROOT = Path(__file__).resolve().parents[2]
CLIP = ROOT / "../shared/models/clip"
OUT = ROOT / "test/golden/clip_tokens.json"
LENGTH = 77

PROMPTS = [
    "",
    " ",
    "open eyes, looking at the camera, natural lids, photo",
    "Closed EYES,   blurry\t deformed\niris, cross-eyed",
    "it's what they'd've said: don't, we'll, I'm",
    "8k 35mm f/1.8 2024-05-31 1,000,000",
    "naïve café Ångström STRASSE ẞ İstanbul Ⅷ ½",
    "e\u0301 against \u00e9",
    "眼睛睁开 открытые глаза عيون מבט 눈을 뜨다",
    "👁️👁️ 👩‍👩‍👧‍👦 smiling 😀!!!",
    "<|endoftext|> and <|startoftext|> in the middle",
    "snake_case __init__ a_b C++ #tag @name (((weights:1.3))) [a|b]",
    "\u00a0no\u00a0break\u2003spaces\u200band zero width\ufeff",
    "x" * 300,
    "a photo of open eyes, " * 40,
    "word " * 75,
    "word " * 76,
    "é" * 200,
    "\u0000control\u0007 characters\u001b",
    "wow! really!! wow!!!now ! \u00a1hola!",
]


def main() -> None:
    files = {"vocab": str(CLIP / "vocab.json"), "merges": str(CLIP / "merges.txt")}
    tokenizer, second = CLIPTokenizer(**files), CLIPTokenizer(**files, pad_token="!")
    cases = []
    for prompt in PROMPTS:
        settings = {"padding": "max_length", "max_length": LENGTH, "truncation": True}
        whole = tokenizer(prompt).input_ids
        cut = tokenizer.decode(whole[LENGTH - 1 : -1]) if len(whole) > LENGTH else ""
        cases.append({
            "prompt": prompt, "ids": tokenizer(prompt, **settings).input_ids,
            "secondIds": second(prompt, **settings).input_ids, "cut": cut,
        })
    OUT.write_text(json.dumps({"transformers": transformers.__version__, "cases": cases}, ensure_ascii=True) + "\n")
    print(OUT.name, OUT.stat().st_size, "bytes", tokenizer.backend_tokenizer.normalizer, tokenizer.backend_tokenizer.pre_tokenizer)


if __name__ == "__main__":
    main()
