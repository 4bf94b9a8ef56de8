"""Uses a running service through PyPI's clients. See README.md."""

import os
import sys
from io import BytesIO
from urllib.parse import urlparse

import replicate
import webuiapi
from PIL import Image, ImageChops, ImageDraw

base = sys.argv[1]
key = os.environ.get("PENTIMENTO_KEY", "none")
small = dict(width=128, height=128, steps=4)

picture = Image.new("RGB", (128, 128), "white")
ImageDraw.Draw(picture).ellipse((40, 40, 88, 88), fill="red")
mask = Image.new("L", (128, 128), 0)
ImageDraw.Draw(mask).rectangle((32, 32, 96, 96), fill=255)


def outside(result, away=20):
    """The largest difference far from the mask."""
    box = mask.point(lambda v: 0 if v else 255)
    draw = ImageDraw.Draw(box)
    draw.rectangle((32 - away, 32 - away, 96 + away, 96 + away), fill=0)
    difference = ImageChops.difference(result.convert("RGB"), picture)
    return max(ImageChops.multiply(difference, Image.merge("RGB", (box,) * 3)).getextrema())[1]


def check(name, fact):
    print("ok  " if fact else "FAIL", name)
    if not fact:
        sys.exit(1)


def a1111():
    api = webuiapi.WebUIApi(baseurl=f"{base}/sdapi/v1", username="user", password=key)
    api.util_wait_for_ready(check_interval=0.1)
    one = api.img2img(images=[picture], prompt="a strawberry", seed=5, **small)
    two = api.img2img(images=[picture], prompt="a strawberry", seed=5, **small)
    check("same seed, same picture", one.image.tobytes() == two.image.tobytes())
    check("all_seeds", one.info["all_seeds"] == [5])
    many = api.img2img(images=[picture], prompt="p", batch_size=2, n_iter=2, seed=1, **small)
    check("four pictures, no grid", len(many.images) == 4 and many.info["all_seeds"] == [1, 2, 3, 4])
    masked = api.img2img(images=[picture], mask_image=mask, prompt="a lemon", denoising_strength=1, inpainting_fill=1, **small)
    check("a mask's white alone is repainted", outside(masked.image) == 0 and masked.image.size == (128, 128))
    clear = Image.new("RGBA", (128, 128), (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), (32, 32, 97, 97))
    opaque = api.img2img(images=[picture], mask_image=clear, prompt="a lemon", inpaint_full_res=False, inpainting_fill=1, **small)
    check("of a mask with alpha, what is opaque", outside(opaque.image) == 0)
    words = api.txt2img(prompt="a strawberry", sampler_name="DPM++ 2M Karras", scheduler="Automatic", width=512, height=512, steps=4)
    check("the size that was asked for", words.image.size == (512, 512))
    check("models", api.util_get_current_model() in api.util_get_model_names())
    api.util_set_model(api.util_get_model_names()[0])
    check("schedulers", any(s["name"] == "karras" for s in api.get_schedulers()))
    check("samplers", any(s["name"] == "Euler a" for s in api.get_samplers()))
    try:
        api.txt2img(prompt="p", script_name="X/Y/Z plot", **small)
        check("a script is refused", False)
    except RuntimeError as error:
        check("a script is refused", error.args[0] == 422 and "X/Y/Z plot" in str(error))
    check("interrupt", api.interrupt() == {})


def predictions():
    client = replicate.Client(api_token=key, base_url=f"{base}/replicate")
    buffer = BytesIO()
    picture.save(buffer, "PNG")
    hole = BytesIO()
    mask.save(hole, "PNG")
    fields = dict(prompt="a lemon", num_inference_steps=4)
    output = client.run("pentimento/still-life", input=dict(image=BytesIO(buffer.getvalue()), mask=BytesIO(hole.getvalue()), **fields))
    painted = Image.open(BytesIO(output[0].read()))
    check("a file of the output, repainted where the mask is white", painted.size == (128, 128) and outside(painted) == 0)
    version = client.models.get("pentimento/still-life").versions.list()[0]
    output = client.run(f"pentimento/still-life:{version.id}", input=dict(image=BytesIO(buffer.getvalue()), **fields))
    check("by version", len(output) == 1)
    made = client.predictions.create(model="pentimento/still-life", input=dict(fields, num_inference_steps=20))
    made.wait()
    check("created and waited for", made.status == "succeeded" and made.progress is not None)
    try:
        client.predictions.create(model="pentimento/still-life", input=dict(fields, num_inference_steps=900))
        check("an error's detail", False)
    except replicate.exceptions.ReplicateError as error:
        check("an error's detail", error.status == 422 and "input.steps" in error.detail)


check("an address", urlparse(base).scheme in ("http", "https"))
a1111()
predictions()
