/* erf and erfc: a series below 1/2, exp(-x^2) times a smooth factor above. */
#ifdef GML_DOUBLE
/* erf(x) / x - 1 in x^2, for |x| <= 1/2; error of erf below 2^-55 */
#define ERF_POLYNOMIAL(z)                                                              \
  P8(z, 0.12837916709551256, -0.37612638903182821, 0.11283791670867827,                \
     -0.026866170613892626, 0.0052239770675073334, -0.00085482712082675903,            \
     0.00012052062151875948, -1.4814153412815602e-5, 1.4405982526610775e-6)
/* (x + 3) exp(x^2) erfc(x) in (x - 3) / (x + 3), for 1/2 <= x <= 27.4; below 2^-52 */
#define ERFC_CENTRE C(3)
#define ERFC_HIGHEST C(27.375)
#define ERFC_POLYNOMIAL(t)                                                             \
  P21(t, 1.0740069070883398, -0.88339445316988363, 0.59022835710410215,                \
      -0.31046726190056434, 0.11952776128726934, -0.026827234624592342,                \
      -0.0012124166266835161, 0.0030340620029010012, -0.00054830969881927477,          \
      -0.00027677785845080558, 0.0001075615447771154, 3.0398199361771502e-5,           \
      -1.747087408519635e-5, -4.7491917532792221e-6, 2.7664472722004392e-6,            \
      9.9830626780471625e-7, -4.1027933378788639e-7, -2.316361788301244e-7,            \
      4.9178797616962544e-8, 4.7623780486403567e-8, -3.4076120698376711e-9,            \
      -5.9716592094064946e-9)
#else
#define ERF_POLYNOMIAL(z) /* 2^-29 */                                                  \
  P4(z, 0.128379166, -0.376126111, 0.112828508, -0.0267582908, 0.00471925084)
#define ERFC_CENTRE C(2.5)
#define ERFC_HIGHEST C(10.1875)
#define ERFC_POLYNOMIAL(t) /* x up to 10.2; 2^-24 */                                   \
  P8(t, 1.05403185, -0.804651916, 0.453914464, -0.171249703, 0.028354913,              \
     0.00838015229, -0.00477569271, -0.000394755742, 0.000588397321)
#endif

INLINE vreal verf_near(vreal x) {
  vreal z = x * x;
  return ERF_POLYNOMIAL(z) * x + x;
}

/* erfc(x) for x >= 1/2. x^2 = short^2 + (x - short)(x + short), the first exact: an
 * error of x^2 is one of the result times x^2. */
INLINE vreal verfc_far(vreal x) {
  vreal bounded = vselect(x > ERFC_HIGHEST, vbroadcast(ERFC_HIGHEST), x);
  vreal start = vshorten(bounded);
  vreal rest = (start - bounded) * (start + bounded);
  vreal inverse = 1 / (bounded + ERFC_CENTRE);
  vreal t = (bounded - ERFC_CENTRE) * inverse;
  return vexp_of_sum(-(start * start), rest, ERFC_POLYNOMIAL(t) * inverse);
}

INLINE vreal gml_erf(vreal x) {
  vreal size = gml_abs(x);
  vreal far = vcopysign(1 - verfc_far(size), x);
  return vselect(size < C(0.5), verf_near(x), far);
}

INLINE vreal gml_erfc(vreal x) {
  vreal size = gml_abs(x), far = verfc_far(size);
  far = vselect(x < 0, 2 - far, far);
  return vselect(size < C(0.5), 1 - verf_near(x), far);
}
