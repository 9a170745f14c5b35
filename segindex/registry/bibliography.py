"""The sources that entries, and the report's notes on method, name by key."""

BIBLIOGRAPHY = {
    "anselin_1995": (
        "Anselin, L. (1995). Local indicators of spatial association: LISA. Geographical Analysis 27(2), 93-115."
    ),
    "anselin_2019": (
        "Anselin, L. (2019). A local indicator of multivariate spatial association: extending Geary's c. Geographical"
        " Analysis 51(2), 133-150."
    ),
    "assuncao_reis_1999": (
        "Assunção, R. M. and Reis, E. A. (1999). A new proposal to adjust Moran's I for population density. "
        "Statistics in Medicine 18(16), 2147-2162."
    ),
    "bell_1954": (
        "Bell, W. (1954). A probability model for the measurement of ecological segregation. Social Forces 32(4), "
        "357-364."
    ),
    "benjamini_hochberg_1995": (
        "Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate: a practical and powerful "
        "approach to multiple testing. Journal of the Royal Statistical Society B 57(1), 289-300."
    ),
    "benjamini_yekutieli_2001": (
        "Benjamini, Y. and Yekutieli, D. (2001). The control of the false discovery rate in multiple testing under "
        "dependency. Annals of Statistics 29(4), 1165-1188."
    ),
    "brown_chung_2006": (
        "Brown, L. A. and Chung, S.-Y. (2006). Spatial segregation, segregation indices and the geographical "
        "perspective. Population, Space and Place 12(2), 125-143."
    ),
    "duncan_cuzzort_duncan_1961": (
        "Duncan, O. D., Cuzzort, R. P. and Duncan, B. (1961). Statistical Geography: Problems in Analyzing Areal "
        "Data. Free Press, Glencoe, Illinois."
    ),
    "duncan_duncan_1955": (
        "Duncan, O. D. and Duncan, B. (1955). A methodological analysis of segregation indexes. American Sociological"
        " Review 20(2), 210-217."
    ),
    "duncan_duncan_1955b": (
        "Duncan, O. D. and Duncan, B. (1955). Residential distribution and occupational stratification. American "
        "Journal of Sociology 60(5), 493-503."
    ),
    "elbers_2023": "Elbers, B. (2023). segregation: entropy-based segregation indices. R package, version 1.1.0.",
    "geary_1954": (
        "Geary, R. C. (1954). The contiguity ratio and statistical mapping. The Incorporated Statistician 5(3), "
        "115-145."
    ),
    "getis_ord_1992": (
        "Getis, A. and Ord, J. K. (1992). The analysis of spatial association by use of distance statistics. "
        "Geographical Analysis 24(3), 189-206."
    ),
    "gorard_taylor_2002": (
        "Gorard, S. and Taylor, C. (2002). What is segregation? A comparison of measures in terms of 'strong' and "
        "'weak' compositional invariance. Sociology 36(4), 875-895."
    ),
    "harris_2017": (
        "Harris, R. (2017). Measuring the scales of segregation: looking at the residential separation of White "
        "British and other schoolchildren in England using a multilevel index of dissimilarity. Transactions of the "
        "Institute of British Geographers 42(3), 432-444."
    ),
    "hutchens_2001": (
        "Hutchens, R. (2001). Numerical measures of segregation: desirable properties and their implications. "
        "Mathematical Social Sciences 42(1), 13-29."
    ),
    "lieberson_1981": (
        "Lieberson, S. (1981). An asymmetrical approach to segregation. In Peach, C., Robinson, V. and Smith, S. "
        "(eds), Ethnic Segregation in Cities. Croom Helm, London, 61-82."
    ),
    "massey_2001": (
        "Massey, D. S. (2001). The prodigal paradigm returns: ecology comes back to sociology. In Booth, A. and "
        "Crouter, A. C. (eds), Does It Take a Village? Lawrence Erlbaum, Mahwah, 41-48."
    ),
    "massey_denton_1988": (
        "Massey, D. S. and Denton, N. A. (1988). The dimensions of residential segregation. Social Forces 67(2), "
        "281-315."
    ),
    "mora_ruiz_castillo_2011": (
        "Mora, R. and Ruiz-Castillo, J. (2011). Entropy-based segregation indices. Sociological Methodology 41(1), "
        "159-194."
    ),
    "moran_1950": "Moran, P. A. P. (1950). Notes on continuous stochastic phenomena. Biometrika 37(1/2), 17-23.",
    "morgan_1983": (
        "Morgan, B. S. (1983). A distance-decay based interaction index to measure residential segregation. Area "
        "15(3), 211-217."
    ),
    "morrill_1991": (
        "Morrill, R. L. (1991). On the measure of geographic segregation. Geography Research Forum 11, 25-36."
    ),
    "olteanu_randon_furling_clark_2019": (
        "Olteanu, M., Randon-Furling, J. and Clark, W. A. V. (2019). Segregation through the multiscalar lens. "
        "Proceedings of the National Academy of Sciences 116(25), 12250-12254."
    ),
    "ord_getis_1995": (
        "Ord, J. K. and Getis, A. (1995). Local spatial autocorrelation statistics: distributional issues and an "
        "application. Geographical Analysis 27(4), 286-306."
    ),
    "osullivan_wong_2007": (
        "O'Sullivan, D. and Wong, D. W. S. (2007). A surface-based approach to measuring spatial segregation. "
        "Geographical Analysis 39(2), 147-168."
    ),
    "poulsen_johnston_forrest_2002": (
        "Poulsen, M., Johnston, R. and Forrest, J. (2002). Plural cities and ethnic enclaves: introducing a "
        "measurement procedure for comparative study. International Journal of Urban and Regional Research 26(2), "
        "229-243."
    ),
    "reardon_2009": (
        "Reardon, S. F. (2009). Measures of ordinal segregation. In Flückiger, Y., Reardon, S. F. and Silber, J. "
        "(eds), Occupational and Residential Segregation. Emerald, Bingley, 129-155."
    ),
    "reardon_2011": "Reardon, S. F. (2011). Measures of income segregation. CEPA Working Paper, Stanford University.",
    "reardon_firebaugh_2002": (
        "Reardon, S. F. and Firebaugh, G. (2002). Measures of multigroup segregation. Sociological Methodology 32(1),"
        " 33-67."
    ),
    "reardon_osullivan_2004": (
        "Reardon, S. F. and O'Sullivan, D. (2004). Measures of spatial segregation. Sociological Methodology 34(1), "
        "121-162."
    ),
    "roberto_2015": (
        "Roberto, E. (2015). The Divergence Index: a decomposable measure of segregation and inequality. "
        "arXiv:1508.01167."
    ),
    "simpson_1949": "Simpson, E. H. (1949). Measurement of diversity. Nature 163, 688.",
    "stearns_logan_1986": (
        "Stearns, L. B. and Logan, J. R. (1986). Measuring trends in segregation: three dimensions, three measures. "
        "Urban Affairs Quarterly 22(1), 124-150."
    ),
    "theil_1972": "Theil, H. (1972). Statistical Decomposition Analysis. North-Holland, Amsterdam.",
    "theil_finizza_1971": (
        "Theil, H. and Finizza, A. J. (1971). A note on the measurement of racial integration of schools by means of "
        "informational concepts. Journal of Mathematical Sociology 1(2), 187-193."
    ),
    "white_1983": (
        "White, M. J. (1983). The measurement of spatial segregation. American Journal of Sociology 88(5), 1008-1018."
    ),
    "wong_1993": "Wong, D. W. S. (1993). Spatial indices of segregation. Urban Studies 30(3), 559-572.",
}
