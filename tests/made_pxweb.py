"""A small server that speaks PxWeb's API, with a made-up table of Paavo."""

import json
from functools import cache

from loopback import Reply
from sources.paavo_madeup import LABELS, counted

PATH = "Postinumeroalueittainen_avoin_tieto/uusin/paavo_pxt_12f7.px"
YEARS = ("2021", "2022", "2023")
NAMES = {
    f"{first}{number:02d}0": (town, number)
    for first, town in (("00", "Helsinki"), ("33", "Tampere"))
    for number in range(12)
}


class MadePxWeb:
    """Answers as PxWeb does; `most` values at once, as its `?config` tells unless `tells` is false."""

    def __init__(self, most=100_000, tells=True):
        self.most, self.tells = most, tells
        self.codes = [row["code"] for row in LABELS]
        self.texts = {language: [row[f"label_{language}"] for row in LABELS] for language in ("en", "fi")}

    def __call__(self, method, path, body):
        language = path.lstrip("/").split("/")[0]
        if path.endswith("?config"):
            told = {"title": "made-up", "maxValues": self.most, "maxCalls": 30, "timeWindow": 10}
            return Reply(200, json.dumps(told).encode()) if self.tells else Reply(404, b"")
        if language not in self.texts or PATH not in path:
            return Reply(404, b"")
        variables = self._variables(language)
        if method == "GET":
            told = {"title": "12f7", "variables": variables}
            return Reply(200, b"\xef\xbb\xbf" + json.dumps(told).encode())
        query = json.loads(body)
        chosen = {part["code"]: part["selection"]["values"] for part in query["query"]}
        sizes = [len(chosen[one["code"]]) for one in variables]
        if sizes[0] * sizes[1] * sizes[2] > self.most:
            return Reply(403, b"Too many values selected")
        return Reply(200, json.dumps(self._answer(variables, chosen, sizes)).encode())

    def _variables(self, language):
        areas = ["SSS", *NAMES]
        texts = ["SSS WHOLE COUNTRY", *(f"{code}  Keksitty {n} ({town})" for code, (town, n) in NAMES.items())]
        return [
            {"code": "Postinumeroalue", "text": "area", "values": areas, "valueTexts": texts},
            {"code": "Tiedot", "text": "information", "values": self.codes, "valueTexts": self.texts[language]},
            {"code": "Vuosi", "text": "year", "values": list(YEARS), "valueTexts": list(YEARS), "time": True},
        ]

    def _answer(self, variables, chosen, sizes):
        values, status = [], {}
        for area in chosen["Postinumeroalue"]:
            for code in chosen["Tiedot"]:
                value = self.value(area, code)
                if value is None:
                    status[str(len(values))] = "..."
                values.append(value)
        dimension = {
            one["code"]: {"category": {"index": {value: at for at, value in enumerate(chosen[one["code"]])}}}
            for one in variables
        }
        return {
            "version": "2.0",
            "class": "dataset",
            "id": [one["code"] for one in variables],
            "size": sizes,
            "dimension": dimension,
            "value": values,
            "status": status,
        }

    def value(self, area, code):
        """A made-up value; tenure is protected in one area."""
        if area == "33050" and code in ("te_omis_as", "te_vuok_as", "te_muu_as"):
            return None
        return _row(NAMES[area][1]).get(code, 0)


@cache
def _row(number):
    place = {"euref_x": 385_000 + number, "euref_y": 6_672_000, "pinta_ala": 1000}
    return counted(200 + 40 * number) | place | {"te_takk": 1.5}
