"""What Pillow reads in the photos of ../shared/photos: test/golden/photos.json (sizes, hashes, sample pixels).

    .venv/bin/python tools/golden/photos.py

Pillow decodes JPEG with libjpeg-turbo like the browser, so most hashes are equal bit for bit. Where they cannot
be (CMYK, HDR), four sample pixels are compared with a tolerance.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
from PIL import Image, ImageFile, ImageOps

Image.MAX_IMAGE_PIXELS = None
ImageFile.LOAD_TRUNCATED_IMAGES = True
ROOT = Path(__file__).parents[2]
PHOTOS = ROOT.parent / "shared" / "photos"
OUT = ROOT / "test" / "golden" / "photos.json"

EXACT = """
open_01_astronaut.png syn_png_bytes_named.jpg group_12_solvay1927.png open_02_biden_7mp.jpg
syn_exif1_wink.jpg syn_exif2_wink.jpg syn_exif3_wink.jpg syn_exif4_wink.jpg syn_exif5_wink.jpg
syn_exif6_wink.jpg syn_exif7_wink.jpg syn_exif8_wink.jpg rot_04_exif6_curie.jpg
syn_displayp3_wink.jpg syn_displayp3_wink.png syn_displayp3_pure_colours.png fmt_04_display_p3_raphael_painting.jpg
syn_png16_astronaut.png syn_png16_gray_astronaut.png syn_png16_closed.png fmt_14_16bit_flag_no_face.png
syn_cmyk_closed.jpg syn_gray_closed.jpg syn_progressive_closed.jpg syn_palette_closed.png
syn_alpha_gradient_closed.png syn_closed.webp syn_avif_astronaut.avif fmt_11_gain_map_no_face.jpg
syn_anim_open_wink_closed.gif syn_anim_open_wink_closed.webp syn_anim_open_wink_closed.apng.png
fmt_17_animated_rotating_squares.webp fmt_18_animated_faces.gif fmt_19_1x1.png open_28_24mp_bar.jpg
""".split()
NEAR = """
fmt_01_cmyk_face.jpg fmt_02_cmyk_exif_orientation_face.jpg syn_truncated_60pct_closed.jpg
""".split()
SIZE_ONLY = "fmt_10_cmyk_icc_people.jpg fmt_09_avif_10bit_hdr_p3_tiny_people.avif".split()


def pixels_of(name: str) -> np.ndarray:
    picture = ImageOps.exif_transpose(Image.open(PHOTOS / name))
    if picture.mode.startswith("I"):
        grey = (np.asarray(picture).astype(np.uint32) >> 8).astype(np.uint8)
        picture = Image.fromarray(grey)
    return np.asarray(picture.convert("RGBA")).copy()


def digest(pixels: np.ndarray) -> str:
    return hashlib.sha256(pixels.tobytes()).hexdigest()[:32]


def entry(name: str, how: str) -> dict:
    pixels = pixels_of(name)
    height, width = pixels.shape[:2]
    result = {"name": name, "width": width, "height": height}
    if how == "exact":
        result["raw"] = digest(pixels)
        # The same with the hidden colours of wholly transparent pixels set to 0.
        pixels[pixels[..., 3] == 0] = 0
        result["visible"] = digest(pixels)
    if how == "near":
        points = [(width // 2, height // 8), (width // 3, height // 4), (width // 5, height // 3), (width // 7, height // 6)]
        result["samples"] = [[x, y, *pixels[y, x, :3].tolist()] for x, y in points]
    return result


def main() -> None:
    entries = [entry(name, how) for how, names in (("exact", EXACT), ("near", NEAR), ("size", SIZE_ONLY)) for name in names]
    OUT.write_text("[\n" + ",\n".join(json.dumps(e, separators=(",", ":")) for e in entries) + "\n]\n")
    print(OUT.name, len(entries), "photos")


if __name__ == "__main__":
    main()
