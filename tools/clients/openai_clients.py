"""OpenAI's Python package and LiteLLM against a running server: edits, masks in their polarity, text, streams, errors."""

import base64
import io
import os
import sys

import openai
from PIL import Image, ImageChops

URL = f"{sys.argv[1]}/v1"
KEY = os.environ.get("PENTIMENTO_KEY", "none")
PROMPT = "a photo of a yellow lemon on a white background"


def png(image):
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def opened(data):
    return Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")


APPLE = Image.open("assets/samples/apple-photo.png").convert("RGB")
WIDTH, HEIGHT = APPLE.size
INSIDE = (int(WIDTH * 0.3), int(HEIGHT * 0.3), int(WIDTH * 0.7), int(HEIGHT * 0.7))
MASK = Image.new("RGBA", APPLE.size, (0, 0, 0, 255))
MASK.paste((0, 0, 0, 0), INSIDE)


def check_mask(painted):
    """Only what is transparent in the mask has changed."""
    assert painted.size == APPLE.size, painted.size
    difference = ImageChops.difference(painted, APPLE)
    assert difference.crop(INSIDE).getbbox() is not None
    assert difference.crop((0, 0, WIDTH, int(HEIGHT * 0.15))).getbbox() is None


def openai_package():
    client = openai.OpenAI(base_url=URL, api_key=KEY)
    assert [model.id for model in client.models.list()]
    options = {"steps": 6, "strength": 0.6, "seed": 5}
    same = [client.images.edit(image=png(APPLE), prompt=PROMPT, extra_body=options).data[0].b64_json for _ in range(2)]
    assert same[0] == same[1]
    check_mask(opened(client.images.edit(image=png(APPLE), mask=png(MASK), prompt=PROMPT, size="auto").data[0].b64_json))
    assert opened(client.images.generate(prompt=PROMPT, size="512x512", model="gpt-image-1").data[0].b64_json).size == (512, 512)
    events = [event.type for event in client.images.generate(prompt=PROMPT, stream=True, partial_images=1, extra_body={"steps": 60})]
    assert events[-1] == "image_generation.completed", events
    try:
        client.images.edit(image=png(APPLE), mask=png(APPLE), prompt=PROMPT)
        raise AssertionError("a mask without transparency was taken")
    except openai.BadRequestError as error:
        assert error.code == "invalid_mask_image_format" and error.param == "mask", error


def litellm_package():
    os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")  # Else it asks another host for prices.
    import litellm

    common = {"model": "openai/still-life", "api_base": URL, "api_key": KEY}
    answer = litellm.image_edit(image=io.BytesIO(png(APPLE)), mask=io.BytesIO(png(MASK)), prompt=PROMPT, **common)
    check_mask(opened(answer.data[0].b64_json))
    assert litellm.image_generation(prompt=PROMPT, n=2, **common).data[1].b64_json


for run in (openai_package, litellm_package):
    run()
    print("ok", run.__name__)
