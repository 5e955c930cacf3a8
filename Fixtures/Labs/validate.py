"""Holds YAML files to JSON Schemas with programs that did not come from us: PyYAML and jsonschema.

stdin:  {"schemas": {NAME: PATH}, "files": [{"path": PATH, "schema": NAME}]}
stdout: {PATH: [PROBLEM, …]}; a file that cannot be read has one problem that begins with "unreadable: "
"""
import json
import re
import sys

import yaml
from jsonschema import Draft202012Validator


class Loader(yaml.SafeLoader):
    """YAML 1.2's core schema, as editors read it; PyYAML alone reads YAML 1.1."""

    yaml_implicit_resolvers = {}
    aliases = 0

    def compose_node(self, parent, index):
        if self.check_event(yaml.AliasEvent):
            self.aliases += 1
            if self.aliases > 50:
                raise yaml.YAMLError("too many aliases")
        return super().compose_node(parent, index)

    def construct_mapping(self, node, deep=False):
        # Keys are what is written: `404:` is text here, as it is for a lab.
        return {key.value: self.construct_object(value, deep=True) for key, value in node.value}


def plain(tag, expression, first):
    Loader.add_implicit_resolver("tag:yaml.org,2002:" + tag, re.compile(expression), first)


plain("null", r"^(~|null|Null|NULL|)$", ["~", "n", "N", ""])
plain("bool", r"^(true|True|TRUE|false|False|FALSE)$", list("tTfF"))
plain("int", r"^([-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$", list("-+0123456789"))
plain("float", r"^([-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$",
      list("-+0123456789."))


def integer(loader, node):
    text = node.value.replace("_", "")
    return int(text, 0) if re.match(r"^[-+]?0[ox]", text) else int(text)


def mapping(loader, node):
    return loader.construct_mapping(node)


Loader.add_constructor("tag:yaml.org,2002:int", integer)
Loader.add_constructor("tag:yaml.org,2002:map", mapping)


def problems(path, validator):
    try:
        with open(path, "rb") as file:
            document = yaml.load(file, Loader)
    except (yaml.YAMLError, UnicodeError, ValueError, TypeError, RecursionError) as error:
        return ["unreadable: " + str(error)]
    return ["/".join(map(str, error.absolute_path)) + ": " + error.message for error in validator.iter_errors(document)]


task = json.load(sys.stdin)
validators = {}
for name, path in task["schemas"].items():
    with open(path) as file:
        schema = json.load(file)
    Draft202012Validator.check_schema(schema)
    validators[name] = Draft202012Validator(schema)
json.dump({file["path"]: problems(file["path"], validators[file["schema"]]) for file in task["files"]}, sys.stdout)
