"""Patterns of CloudWatch metric filters, as far as the modules use them: comparisons of JSON members with strings, && and ||.

`*` in a string stands for any text. A member that is not there equals nothing.
"""

import fnmatch
import json
import re

TOKEN = re.compile(r'\s*(\{|\}|\(|\)|&&|\|\||=|\$\.[A-Za-z0-9_]+|"(?:[^"\\]|\\.)*")')


def matches(pattern, line):
    """Whether a line of a log is counted by a filter."""
    try:
        document = json.loads(line)
    except ValueError:
        return False
    tokens = tokenize(pattern)
    assert tokens.pop(0) == "{", pattern
    value = alternatives(tokens, document)
    assert tokens == ["}"], pattern
    return value


def alternatives(tokens, document):
    value = conjunction(tokens, document)
    while tokens[0] == "||":
        tokens.pop(0)
        other = conjunction(tokens, document)
        value = value or other
    return value


def conjunction(tokens, document):
    value = comparison(tokens, document)
    while tokens[0] == "&&":
        tokens.pop(0)
        other = comparison(tokens, document)
        value = value and other
    return value


def comparison(tokens, document):
    if tokens[0] == "(":
        tokens.pop(0)
        value = alternatives(tokens, document)
        assert tokens.pop(0) == ")"
        return value
    member, operator, text = tokens.pop(0), tokens.pop(0), tokens.pop(0)
    assert member.startswith("$.") and operator == "=", (member, operator)
    found = document.get(member[2:])
    # Only * is a wildcard of CloudWatch's.
    wanted = "".join("*" if part == "*" else part.replace("[", "[[]").replace("?", "[?]") for part in json.loads(text))
    return isinstance(found, str) and fnmatch.fnmatchcase(found, wanted)


def tokenize(pattern):
    tokens, place = [], 0
    while place < len(pattern.rstrip()):
        token = TOKEN.match(pattern, place)
        assert token, f"not a pattern that is understood here: {pattern[place:]}"
        tokens.append(token.group(1))
        place = token.end()
    return tokens
