"""What the providers' own libraries say of requests that Slipway makes.

Reads cases from standard input, one JSON object a line: `name`, `protocol`, `model`, `base_url`,
`stream`, `body`. For each it checks the body against the library's types, without a field that
these do not know, and then makes the same call with the library itself, against `base_url`, so
that whoever listens there can compare what arrives. Writes one JSON object a line: `name`,
`errors`.
"""

import importlib
import json
import pkgutil
import re
import sys
import typing

import typing_extensions
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

FORBID = ConfigDict(extra="forbid", arbitrary_types_allowed=True)


def types_of(package):
    """Loads a library's types, such that they refuse fields that they do not know."""
    # Of an iterable, pydantic looks at nothing before somebody iterates.
    typing.Iterable = typing.List
    root = importlib.import_module(package)
    for info in pkgutil.walk_packages(root.__path__, package + "."):
        try:
            importlib.import_module(info.name)
        except ImportError:
            pass  # What needs further packages is nothing that is asked for here.
    for name, module in list(sys.modules.items()):
        if not name.startswith(package):
            continue
        for value in list(vars(module).values()):
            if not isinstance(value, type):
                continue
            if typing_extensions.is_typeddict(value):
                value.__pydantic_config__ = FORBID
            elif issubclass(value, BaseModel) and value.model_config.get("extra") == "allow":
                # What an answer holds may be given back, and is else read leniently.
                value.model_config["extra"] = "forbid"
                value.model_rebuild(force=True)


class OpenAi:
    def __init__(self):
        types_of("openai.types")
        from openai.types.chat import completion_create_params as chat
        from openai.types.responses import response_create_params as responses

        self.types = {
            ("chat", False): TypeAdapter(chat.CompletionCreateParamsNonStreaming),
            ("chat", True): TypeAdapter(chat.CompletionCreateParamsStreaming),
            ("responses", False): TypeAdapter(responses.ResponseCreateParamsNonStreaming),
            ("responses", True): TypeAdapter(responses.ResponseCreateParamsStreaming),
        }

    def check(self, case):
        self.types[case["protocol"], case["stream"]].validate_python(case["body"])

    def call(self, case):
        import openai

        client = openai.OpenAI(api_key="sk-of-a-test", base_url=case["base_url"], max_retries=0)
        create = client.chat.completions.create if case["protocol"] == "chat" else client.responses.create
        list(create(**case["body"]))


class Anthropic:
    def __init__(self):
        types_of("anthropic.types")
        from anthropic.types import message_create_params as messages

        self.types = {
            False: TypeAdapter(messages.MessageCreateParamsNonStreaming),
            True: TypeAdapter(messages.MessageCreateParamsStreaming),
        }

    def check(self, case):
        self.types[case["stream"]].validate_python(case["body"])

    def call(self, case):
        import anthropic

        client = anthropic.Anthropic(api_key="sk-of-a-test", base_url=case["base_url"], max_retries=0)
        list(client.messages.create(**case["body"]))


class Gemini:
    """Its types are models that refuse unknown fields by themselves; making the call checks them."""

    def check(self, case):
        self.arguments(case["body"])

    def arguments(self, body):
        from google.genai import types

        known = {"contents", "systemInstruction", "tools", "toolConfig", "generationConfig"}
        unknown = set(body) - known
        if unknown:
            raise ValueError(f"unknown: {sorted(unknown)}")
        config = {snake(name): value for name, value in body.get("generationConfig", {}).items()}
        for name in ("systemInstruction", "tools", "toolConfig"):
            if name in body:
                config[snake(name)] = body[name]
        contents = [types.Content.model_validate(content) for content in body["contents"]]
        return contents, types.GenerateContentConfig.model_validate(config)

    def call(self, case):
        from google import genai
        from google.genai import types

        once = types.HttpRetryOptions(attempts=1)
        options = types.HttpOptions(base_url=case["base_url"], api_version="v1beta", retry_options=once)
        client = genai.Client(api_key="sk-of-a-test", http_options=options)
        contents, config = self.arguments(case["body"])
        if case["stream"]:
            generate = client.models.generate_content_stream
        else:
            generate = client.models.generate_content
        list(generate(model=case["model"], contents=contents, config=config))


def snake(name):
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def problems(library, case):
    try:
        library.check(case)
    except ValidationError as error:
        found = [(".".join(map(str, one["loc"])), one["msg"]) for one in error.errors()]
        return [f"{place}: {message}" for place, message in found[:40]]
    except (TypeError, ValueError) as error:
        return [str(error)]
    try:
        library.call(case)
    except (TypeError, ValueError) as error:
        return [f"the call: {type(error).__name__}: {error}"]
    except Exception as error:  # The listener answers with nothing that these read.
        if "onnect" in type(error).__name__ + str(error):
            return [f"the call: {type(error).__name__}: {error}"]
    return []


def main():
    made = {}
    makers = {"chat": OpenAi, "responses": OpenAi, "anthropic": Anthropic, "gemini": Gemini}
    for line in sys.stdin:
        case = json.loads(line)
        maker = makers[case["protocol"]]
        if maker not in made:
            made[maker] = maker()
        print(json.dumps({"name": case["name"], "errors": problems(made[maker], case)}), flush=True)


main()
