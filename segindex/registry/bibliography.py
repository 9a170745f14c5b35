"""The sources that entries, and the report's notes on method, name by key."""

BIBLIOGRAPHY = {
    "anselin_1995": (
        "Anselin, L. (1995). Local indicators of spatial association: LISA. Geographical Analysis 27(2), 93-115."
    ),
    "assuncao_reis_1999": (
        "Assunção, R. M. and Reis, E. A. (1999). A new proposal to adjust Moran's I for population density. "
        "Statistics in Medicine 18(16), 2147-2162."
    ),
    "bell_1954": (
        "Bell, W. (1954). A probability model for the measurement of ecological segregation. "
        "Social Forces 32(4), 357-364."
    ),
    "benjamini_hochberg_1995": (
        "Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate: a practical and powerful "
        "approach to multiple testing. Journal of the Royal Statistical Society B 57(1), 289-300."
    ),
    "benjamini_yekutieli_2001": (
        "Benjamini, Y. and Yekutieli, D. (2001). The control of the false discovery rate in multiple testing under "
        "dependency. Annals of Statistics 29(4), 1165-1188."
    ),
    "duncan_cuzzort_duncan_1961": (
        "Duncan, O. D., Cuzzort, R. P. and Duncan, B. (1961). Statistical Geography: Problems in Analyzing Areal Data. "
        "Free Press, Glencoe, Illinois."
    ),
    "duncan_duncan_1955": (
        "Duncan, O. D. and Duncan, B. (1955). A methodological analysis of segregation indexes. "
        "American Sociological Review 20(2), 210-217."
    ),
    "duncan_duncan_1955b": (
        "Duncan, O. D. and Duncan, B. (1955). Residential distribution and occupational stratification. "
        "American Journal of Sociology 60(5), 493-503."
    ),
    "gorard_taylor_2002": (
        "Gorard, S. and Taylor, C. (2002). What is segregation? A comparison of measures in terms of 'strong' and "
        "'weak' compositional invariance. Sociology 36(4), 875-895."
    ),
    "hutchens_2001": (
        "Hutchens, R. (2001). Numerical measures of segregation: desirable properties and their implications. "
        "Mathematical Social Sciences 42(1), 13-29."
    ),
    "lieberson_1981": (
        "Lieberson, S. (1981). An asymmetrical approach to segregation. In Peach, C., Robinson, V. and Smith, S. "
        "(eds), Ethnic Segregation in Cities. Croom Helm, London, 61-82."
    ),
    "massey_denton_1988": (
        "Massey, D. S. and Denton, N. A. (1988). The dimensions of residential segregation. "
        "Social Forces 67(2), 281-315."
    ),
    "moran_1950": "Moran, P. A. P. (1950). Notes on continuous stochastic phenomena. Biometrika 37(1/2), 17-23.",
    "reardon_osullivan_2004": (
        "Reardon, S. F. and O'Sullivan, D. (2004). Measures of spatial segregation. "
        "Sociological Methodology 34(1), 121-162."
    ),
    "stearns_logan_1986": (
        "Stearns, L. B. and Logan, J. R. (1986). Measuring trends in segregation: three dimensions, three measures. "
        "Urban Affairs Quarterly 22(1), 124-150."
    ),
    "theil_1972": "Theil, H. (1972). Statistical Decomposition Analysis. North-Holland, Amsterdam.",
}
