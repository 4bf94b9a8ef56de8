"""Open WebUI's images router, unchanged, against a running server, with what it stands on replaced. See README.md."""

import asyncio
import base64
import importlib.util
import io
import os
import sys
import tempfile
import types
from importlib.metadata import distribution
from pathlib import Path
from types import SimpleNamespace

import aiohttp
from fastapi import HTTPException
from PIL import Image, ImageChops

BASE = sys.argv[1]
KEY = os.environ.get("PENTIMENTO_KEY", "none")
APPLE = Image.open("assets/samples/apple-photo.png").convert("RGB")
SETTINGS = {
    "image_generation.enable": True,
    "image_generation.engine": "openai",
    "image_generation.model": "",
    "image_generation.size": "512x512",
    "image_generation.steps": 6,
    "image_generation.openai.api_base_url": f"{BASE}/v1",
    "image_generation.openai.api_key": KEY,
    "image_generation.openai.api_version": "",
    "image_generation.openai.params": None,
    "image_generation.automatic1111.base_url": BASE,
    "image_generation.automatic1111.api_auth": f"user:{KEY}",
    "image_generation.automatic1111.api_params": {"cfg_scale": 7.5, "sampler_name": "Euler a", "scheduler": "Karras"},
    "images.edit.enable": True,
    "images.edit.engine": "openai",
    "images.edit.model": "",
    "images.edit.size": "",
    "images.edit.openai.api_base_url": f"{BASE}/v1",
    "images.edit.openai.api_key": KEY,
    "images.edit.openai.api_version": "2026-01-01",
    "user.permissions": {},
}
painted = []


class Config:
    @staticmethod
    async def get_many(*names):
        return {name: SETTINGS[name] for name in names if name in SETTINGS}

    @staticmethod
    async def upsert(values):
        SETTINGS.update(values)


async def upload_file_handler(_request, file, **_):
    painted.append(Image.open(io.BytesIO(await file.read())).convert("RGB"))
    return SimpleNamespace(id=str(len(painted)), meta={}, filename=file.filename)


def load_router(session):
    """The module by itself: its database, users and settings are stood in for."""

    async def get_session():
        return session

    def unused(*_args, **_kwargs):
        raise AssertionError("the router was not to come here")

    folder = distribution("open-webui").locate_file("open_webui")
    parts = {
        "config": dict(
            CACHE_DIR=Path(tempfile.mkdtemp()),
            ENABLE_OPENAI_IMAGE_EDIT_NORMALIZATION=True,
            IMAGE_AUTO_SIZE_MODELS_REGEX_PATTERN="^gpt-image",
            IMAGE_URL_RESPONSE_MODELS_REGEX_PATTERN="^gpt-image",
        ),
        "constants": dict(ERROR_MESSAGES=SimpleNamespace(DEFAULT=lambda *said: str(said), ACCESS_PROHIBITED="no")),
        "env": dict(AIOHTTP_CLIENT_ALLOW_REDIRECTS=False, AIOHTTP_CLIENT_SESSION_SSL=True, ENABLE_FORWARD_USER_INFO_HEADERS=False),
        "events": dict(EVENTS=None, publish_event=unused),
        "internal.db": dict(get_async_session=unused),
        "models.chats": dict(Chats=None),
        "models.config": dict(Config=Config),
        "retrieval.web.utils": dict(get_ssrf_safe_session=lambda: aiohttp.ClientSession(), validate_url=lambda _url: True),
        "routers.files": dict(get_file_content_by_id=unused, upload_file_handler=upload_file_handler),
        "utils.access_control": dict(has_permission=unused),
        "utils.auth": dict(get_admin_user=unused, get_verified_user=unused),
        "utils.headers": dict(include_user_info_headers=unused),
        "utils.images.comfyui": dict.fromkeys(
            ["ComfyUICreateImageForm", "ComfyUIEditImageForm", "ComfyUIWorkflow"]
            + ["comfyui_create_image", "comfyui_edit_image", "comfyui_upload_image"]
        ),
        "utils.json_codec": dict(JSONCodec=None),
        "utils.session_pool": dict(get_session=get_session),
    }
    for name, members in parts.items():
        for i in range(name.count(".") + 1):
            package = ".".join(["open_webui", *name.split(".")[: i + 1]])
            sys.modules.setdefault(package, types.ModuleType(package))
        vars(sys.modules[f"open_webui.{name}"]).update(members)
    spec = importlib.util.spec_from_file_location("images", folder / "routers" / "images.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["images"] = module
    spec.loader.exec_module(module)
    return module


def data_url(image):
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"


async def main():
    async with aiohttp.ClientSession() as session:
        router = load_router(session)
        request = SimpleNamespace(app=SimpleNamespace(url_path_for=lambda *_, **__: "/file"))
        admin = SimpleNamespace(id="admin", role="admin")

        async def generated(**fields):
            done = len(painted)
            await router.image_generations(request, router.CreateImageForm(prompt="a photo of a strawberry", **fields), user=admin)
            return painted[done:]

        async def edited(image, **fields):
            done = len(painted)
            await router.image_edits(request, router.EditImageForm(image=image, prompt="a yellow lemon", **fields), user=admin)
            return painted[done:]

        assert [one.size for one in await generated(n=2)] == [(512, 512)] * 2
        SETTINGS["image_generation.openai.params"] = {"response_format": "url", "size": "256x128"}
        assert [one.size for one in await generated(n=1)] == [(256, 128)]
        print("ok   engine OpenAI paints, by its bytes and by their address")

        for image in (data_url(APPLE), [data_url(APPLE)]):
            (one,) = await edited(image)
            assert ImageChops.difference(one.resize(APPLE.size), APPLE).getbbox()
        assert [one.size for one in await edited(data_url(APPLE), size="304x200")] == [(304, 200)]
        try:
            await edited([data_url(APPLE)] * 2)
            raise AssertionError("two pictures were taken")
        except HTTPException as error:
            assert error.status_code == 400 and "Bad Request" in error.detail, error.detail
        print("ok   engine OpenAI edits, and refuses two pictures")

        SETTINGS["image_generation.engine"] = "automatic1111"
        model = await router.get_image_model(request)
        await router.set_image_model(request, model)
        assert [one.size for one in await generated(n=2, size="640x384", model=model, negative_prompt="blurry")] == [(640, 384)] * 2
        print("ok   engine AUTOMATIC1111 takes the options back and paints")


asyncio.run(main())
