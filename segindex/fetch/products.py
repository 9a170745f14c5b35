"""What can be fetched: one literal table of services, layers, columns and files."""

from dataclasses import dataclass, field

from segindex.errors import BadSettings, did_you_mean
from segindex.facts import cities

ADDRESSES = {
    "statfin": "https://geo.stat.fi/geoserver/wfs",
    "pxweb": "https://pxdata.stat.fi/PxWeb/api/v1",
    "hsy": "https://kartta.hsy.fi/geoserver/wfs",
}
"""Each service's own address; `[address]` in fetch.toml names a mirror."""

LATEST = 2100


def _columns(text, kind):
    return dict.fromkeys(text.split(), kind)


# releases differ: te_yks, te_yhlap and ra_muu_as are in the newer ones only, tp and pt_tyovy not in all
_PAAVO = (
    _columns("euref_x euref_y", "number")
    | _columns("pinta_ala vuosi", "whole")
    | _columns("he_vakiy he_naiset he_miehet he_0_2 he_3_6 he_7_12 he_13_15 he_16_17 he_18_19 he_20_24", "whole")
    | _columns("he_25_29 he_30_34 he_35_39 he_40_44 he_45_49 he_50_54 he_55_59 he_60_64 he_65_69", "whole")
    | _columns("he_70_74 he_75_79 he_80_84 he_85_", "whole")
    | _columns("ko_ika18y ko_perus ko_koul ko_yliop ko_ammat ko_al_kork ko_yl_kork", "whole")
    | _columns("hr_tuy hr_pi_tul hr_ke_tul hr_hy_tul", "whole")
    | _columns("te_taly te_omis_as te_vuok_as te_muu_as", "whole")
    | _columns("tr_kuty tr_pi_tul tr_ke_tul tr_hy_tul", "whole")
    | _columns("pt_vakiy pt_tyoll pt_tyott pt_0_14 pt_opisk pt_elakel pt_muut", "whole")
    | _columns("nimi", "text")
)
_PAAVO_SOMETIMES = (
    _columns("namn", "text")
    | _columns("id objectid", "number")
    | _columns("he_kika hr_ktu hr_mtu hr_ovy te_takk te_as_valj tr_ktu tr_mtu tr_ovy ra_as_kpa", "number")
    | _columns("te_yks te_nuor te_eil_np te_laps te_plap te_aklap te_klap te_teini te_yhlap te_aik te_elak", "whole")
    | _columns("ra_ke ra_raky ra_muut ra_asrak ra_asunn ra_pt_as ra_kt_as ra_muu_as pt_tyovy pt_tyovu", "whole")
    | _columns("tp_tyopy tp_alku_a tp_jalo_bf tp_palv_gu tp_a_maat tp_b_kaiv tp_c_teol tp_d_ener", "whole")
    | _columns("tp_e_vesi tp_f_rake tp_g_kaup tp_h_kulj tp_i_majo tp_j_info tp_k_raho tp_l_kiin", "whole")
    | _columns("tp_m_erik tp_n_hall tp_o_julk tp_p_koul tp_q_terv tp_r_taid tp_s_muup tp_t_koti", "whole")
    | _columns("tp_u_kans tp_x_tunt", "whole")
)
_GRID = (
    _columns("grd_id kunta", "text")
    | _columns("vuosi vaesto miehet naiset ika_0_14 ika_15_64 ika_65_", "whole")
    | _columns("xkoord ykoord", "number")
)
_HSY = _columns("asukkaita ika0_9 ika10_19 ika20_29 ika30_39 ika40_49 ika50_59 ika60_69 ika70_79 ika_yli80", "whole")


@dataclass(frozen=True)
class Product:
    """One thing that a service gives, and what becomes of it here.

    Attributes
    ----------
    key : str
        What `segindex fetch` calls it.
    words : str
        What it is, for the list.
    service : str
        Key of `ADDRESSES`; "pxweb" speaks PxWeb's API, the others WFS.
    layer, file : str
        Of the service, and here in `data/raw/<folder>/`; `{year}` stands for the year asked for.
    source : str
        Of the reader, or what the card calls it.
    folder, card : str
        In `data/raw`; the shipped card.
    first : int
        The earliest year; `lacking` are later ones that the service does not have.
    key_columns : tuple of tuple of str
        Names that a row is known by; the first set that the layer has is taken.
    needed, sometimes : dict of str to {"text", "whole", "number"}
        Columns that must be there, and those that some years have. Names may hold `{year}`.
    one_of : tuple of tuple of str
        Text columns of which one must be there: their names have changed over the years.
    crs : str
        That geometry is asked in; "" for tables without.
    filters : tuple of str
        CQL filters whose rows make up the file, each asked for on its own; () for the whole layer.
    repeats : bool
        Whether the layer holds equal rows, which count as one.
    """

    key: str
    words: str
    service: str
    layer: str
    file: str
    source: str
    folder: str
    card: str
    first: int
    key_columns: tuple[tuple[str, ...], ...] = ()
    needed: dict[str, str] = field(default_factory=dict)
    sometimes: dict[str, str] = field(default_factory=dict)
    one_of: tuple[tuple[str, ...], ...] = ()
    lacking: tuple[int, ...] = ()
    crs: str = ""
    filters: tuple[str, ...] = ()
    repeats: bool = False

    def of_year(self, text, year):
        """A layer's, file's, column's or filter's name in a year."""
        return text.replace("{year}", str(year))

    def columns(self, year):
        """({needed column: kind}, {further known column: kind}) in a year."""
        needed, sometimes = (
            {self.of_year(name, year): kind for name, kind in found.items()} for found in (self.needed, self.sometimes)
        )
        return needed, sometimes | {name: "text" for names in self.one_of for name in names}

    def check_year(self, year):
        """BadSettings for a year that the service does not have."""
        if not self.first <= year < LATEST or year in self.lacking:
            without = f" without {self.lacking[0]}-{self.lacking[-1]}" if self.lacking else ""
            raise BadSettings(f"{self.key}: year {year} is not there; allowed are years from {self.first} on{without}")


PRODUCTS = {
    product.key: product
    for product in (
        Product(
            key="paavo",
            words="Paavo by postal code area with polygons; the year is that of the release",
            service="statfin",
            layer="postialue:pno_tilasto_{year}",
            file="pno_tilasto_{year}.gpkg",
            source="paavo",
            folder="paavo",
            card="paavo",
            first=2015,
            key_columns=(("postinumeroalue",), ("posti_alue",), ("postinumero",)),
            needed=_PAAVO,
            sometimes=_PAAVO_SOMETIMES,
            one_of=(("postinumeroalue", "posti_alue", "postinumero"), ("kunta", "kuntano")),
            crs="EPSG:3067",
        ),
        Product(
            key="paavo_pxweb",
            words="Paavo, PxWeb table 12f7, all groups of variables; the year is the statistical year",
            service="pxweb",
            layer="Postinumeroalueittainen_avoin_tieto/uusin/paavo_pxt_12f7.px",
            file="paavo_12f7_{year}.csv",
            source="paavo",
            folder="paavo",
            card="paavo",
            first=2010,
        ),
        Product(
            key="statfin_grid",
            words="Population grid of 1 km: residents by sex and three ages",
            service="statfin",
            layer="vaestoruutu:vaki{year}_1km",
            file="vaki{year}_1km.gpkg",
            source="statfin_grid",
            folder="statfin_population",
            card="statfin_population",
            first=2005,
            lacking=(2006, 2007, 2008, 2009),
            key_columns=(("grd_id",),),
            needed=_GRID,
            sometimes=_columns("id_nro objectid", "number"),
            crs="EPSG:3067",
        ),
        Product(
            key="municipalities",
            words="Borders of municipalities on 1 January, for 1:1,000,000",
            service="statfin",
            layer="tilastointialueet:kunta1000k_{year}",
            file="kunta1000k_{year}.gpkg",
            source="municipalities",
            folder="municipalities",
            card="municipalities",
            first=2013,
            key_columns=(("kunta",),),
            needed=_columns("kunta nimi", "text"),
            sometimes=_columns("namn name", "text") | _columns("vuosi id objectid", "number"),
            crs="EPSG:3067",
        ),
        Product(
            key="hila250m_linkki",
            words="Municipality of each 250 m cell in the eleven cities, by the borders of the year",
            service="statfin",
            layer="tilastointialueet:hila250m_linkki",
            file="hila250m_linkki_{year}.csv",
            source="municipalities",
            folder="municipalities",
            card="municipalities",
            first=2013,
            key_columns=(("euref_x", "euref_y"),),
            needed=_columns("euref_x euref_y kunnro{year}", "whole"),
            filters=tuple(f"kunnro{{year}}={int(city.code)}" for city in cities().values()),
            repeats=True,
        ),
        Product(
            key="hsy",
            words="HSY's population grid of the Helsinki metropolitan area: residents and nine ages",
            service="hsy",
            layer="asuminen_ja_maankaytto:Vaestotietoruudukko_{year}",
            file="Vaestotietoruudukko_{year}.gpkg",
            source="hsy",
            folder="hsy",
            card="hsy",
            first=1997,
            key_columns=(("index",),),
            needed=_HSY | _columns("index", "whole"),
            sometimes=_columns("asvaljyys id gid", "number"),
            crs="EPSG:3879",
        ),
    )
}


def product_named(key):
    """The product of a key; BadSettings that names the nearest and all.

    >>> product_named("hsy").layer
    'asuminen_ja_maankaytto:Vaestotietoruudukko_{year}'
    """
    if key not in PRODUCTS:
        known = f"known are {', '.join(PRODUCTS)}"
        raise BadSettings(f"product {key!r} is unknown; {did_you_mean(key, tuple(PRODUCTS), known)}")
    return PRODUCTS[key]


def listed():
    """Lines of what can be fetched, for a terminal."""
    return [
        f"{product.key:17}{product.first}-  {f'data/raw/{product.folder}/{product.file}':52}{product.words}"
        for product in PRODUCTS.values()
    ]
