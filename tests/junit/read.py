"""What readers of JUnit XML read.

Reads questions from standard input, one JSON object a line: `reader` and `xml`. Writes one JSON
object a line: `properties` of the first suite, `totals` as the file tells them (where the reader
gives them), and `cases`, each with `name`, `class`, `seconds`, `outcome`, `message`, `type`, `text`.
"""

import io
import json
import sys

import junitparser
import lxml.etree  # noqa: F401 - without it junitparser would use the reader of the other.
import xunitparser


def told_by_junitparser(xml):
    suites = junitparser.JUnitXml.fromstring(xml.encode())
    cases = []
    properties = {}
    totals = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    for suite in suites:
        properties = properties or {found.name: found.value for found in suite.properties()}
        for key in totals:
            totals[key] += getattr(suite, key)
        for case in suite:
            results = case.result
            assert len(results) <= 1, results
            told = {
                "name": case.name,
                "class": case.classname,
                "seconds": case.time,
                "outcome": "passed",
                "message": None,
                "type": None,
                "text": None,
            }
            for result in results:
                kinds = {junitparser.Failure: "failure", junitparser.Error: "error"}
                told["outcome"] = kinds[type(result)]
                told["message"] = result.message
                told["type"] = result.type
                told["text"] = result.text
            cases.append(told)
    for key in totals:
        assert totals[key] == getattr(suites, key), key
    return {"properties": properties, "totals": totals, "cases": cases}


def told_by_xunitparser(xml):
    # It compares the totals of the file with what it found, by itself.
    suite, _ = xunitparser.parse(io.BytesIO(xml.encode()))
    outcomes = {"success": "passed", "failure": "failure", "error": "error"}
    cases = [
        {
            "name": case.methodname,
            "class": case.classname,
            "seconds": case.time.total_seconds(),
            "outcome": outcomes[case.result],
            "message": case.message,
            "type": case.typename,
            "text": case.trace,
        }
        for case in suite
    ]
    return {"properties": suite.properties, "totals": None, "cases": cases}


READERS = {"junitparser": told_by_junitparser, "xunitparser": told_by_xunitparser}

for line in sys.stdin:
    question = json.loads(line)
    print(json.dumps(READERS[question["reader"]](question["xml"])))
