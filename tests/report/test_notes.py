"""Notes of the tables as sentences in three languages."""

import pytest

from segindex.facts import LANGUAGES
from segindex.land import DRY, WHOLE
from segindex.report import notes
from segindex.tabulate.notes import WHOLE_CITY


def every(note):
    """A note of one part in each language."""
    return {language: " ".join(notes.sentences(note, language)) for language in LANGUAGES}


@pytest.mark.parametrize("kind", [WHOLE, DRY])
def test_land_of_a_grid_is_of_the_cells_that_are_there_and_visible(kind):
    said = every(kind)
    assert said["fi"].endswith("Mukana ovat vain aineiston ruudut, joiden tietoja ei ole suojattu.")
    assert said["sv"].endswith("finns i materialet och vars uppgifter inte är skyddade räknas med.")
    assert said["en"].endswith("Only cells that are in the data and not protected count.")


def test_k_of_everybody_has_a_sentence_and_can_be_taken_alone():
    said = every(WHOLE_CITY)
    assert said["fi"].startswith("Lähimpiä asukkaita ovat kaikki kaupungin asukkaat")
    assert said["sv"].startswith("De närmaste invånarna är alla stadens invånare")
    assert said["en"].startswith("The nearest residents are all residents of the city")
    assert notes.whole_city_alone(f"made-up data; k nearest residents; {WHOLE_CITY}") == WHOLE_CITY
    assert notes.whole_city_alone("k nearest residents") == ""


def test_the_fit_of_a_rank_order_index_has_a_sentence():
    said = every("rank-order fit of order 4, standard error 0.0123")
    assert said["fi"].endswith("sovitettu 4. asteen polynomi; sovituksen keskivirhe on 0,0123.")
    assert said["sv"].endswith("ett polynom av grad 4; anpassningens medelfel är 0,0123.")
    assert said["en"].endswith(
        "order 4 was fitted to the values at the class limits; the standard error of the fit is 0.0123."
    )
    assert every("rank-order fit of order 3")["fi"] == "Luokkarajojen arvoihin on sovitettu 3. asteen polynomi."


def test_one_centre_is_a_place_and_several_are_places_with_their_swedish_names():
    one, several = every("centre: Rautatientori"), every("centre: Tikkurila, Myyrmäki")
    assert one["fi"] == "Etäisyys on mitattu tähän paikkaan: Rautatientori."
    assert one["sv"] == "Avståndet är mätt till platsen Järnvägstorget."
    assert several["fi"].endswith("lähimpään seuraavista: Tikkurila, Myyrmäki.")
    assert several["sv"].endswith("närmaste av: Dickursby, Myrbacka.")
    assert every("centre: (385900 6672250)")["en"] == "Distance is measured to (385900 6672250)."


def test_metres_have_their_thousands_apart():
    said = every("exponential kernel, 1000 m")
    assert "1\xa0000 m" in said["fi"] and "1\xa0000 m" in said["sv"] and "1,000 m" in said["en"]
