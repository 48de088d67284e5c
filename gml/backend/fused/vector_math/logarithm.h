/* log, log1p, softplus, log_add_exp, log1m_exp: one decomposition, one polynomial.
 *
 * u = 2^k (1 + f), 1 + f in [sqrt(1/2), sqrt(2)); then k ln 2 + log1p(f). Who knows f
 * better than u (log1p does) puts its own f in.
 */
#ifdef GML_DOUBLE
#define SMALLEST_NORMAL C(0x1p-1022)
#define SQRT_HALF_BITS ((unsigned_integer)0x3fe6a09e667f3bcd)
/* (log1p(f) - f + f^2/2) / f^3; error of log1p(f) below 2^-56 of it */
#define LOG_POLYNOMIAL(f)                                                              \
  P18(f, 0.33333333333333143, -0.24999999999987665, 0.20000000000066462,               \
      -0.16666666669897706, 0.14285714280208089, -0.12499999685458031,                 \
      0.11111111133434647, -0.10000015447132743, 0.090909246642248934,                 \
      -0.083329084879919413, 0.076915101660351495, -0.071494908841682733,              \
      0.066848713198374293, -0.061965541744674023, 0.056663537660339013,               \
      -0.056760395087084178, 0.065086332281826309, -0.059920254960118845,              \
      0.026203226082780827)
#else
#define SMALLEST_NORMAL C(0x1p-126)
#define SQRT_HALF_BITS ((unsigned_integer)0x3f3504f3)
/* the same, below 2^-27 */
#define LOG_POLYNOMIAL(f)                                                              \
  P7(f, 0.333333313, -0.250008285, 0.200012669, -0.166230932, 0.14200604,              \
     -0.131619334, 0.127708152, -0.0764047951)
#endif
#define MANTISSA_MASK (((unsigned_integer)1 << MANTISSA_BITS) - 1)

/* log1p(f) on [sqrt(1/2) - 1, sqrt(2) - 1], without k ln 2 but for its low part. */
INLINE vreal vlog_fraction(vreal f, vreal k) {
  vreal square = f * f;
  vreal tail = LOG_POLYNOMIAL(f) * f * square + k * LN2_LOW;
  return (tail - C(0.5) * square) + f;
}

INLINE vreal vlog_reduced(vreal f, vreal k) {
  return vlog_fraction(f, k) + k * LN2_HIGH;
}

/* k and 1 + f of a positive normal number. k as a number: its bits, biased to stay
 * positive, under those of ROUNDER (float64 vectors have no cheap conversion). */
INLINE vreal vlog_split(vreal u, PRIVATE vreal *k) {
  vuint offset = AS_BITS(u) - SQRT_HALF_BITS + ONE_BITS;
  vuint biased = offset >> MANTISSA_BITS;
  *k = AS_REAL(biased + ROUNDER_BITS) - (ROUNDER + EXPONENT_BIAS);
  return AS_REAL((offset & MANTISSA_MASK) + SQRT_HALF_BITS);
}

/* -infinity at 0, NaN below, infinity at infinity, NaN at NaN; y elsewhere. */
INLINE vreal vlog_edges(vreal x, vreal y) {
  vreal edge = vselect(x == 0, vbroadcast(-REAL_INFINITY), vbroadcast(REAL_NAN));
  vint inside = (x > 0) & (x < REAL_INFINITY);
  return vselect(inside, y, vselect(x > 0, x, edge));
}

/* Denormal numbers made normal. */
INLINE vreal vscale_tiny(vreal x, vint tiny) {
  return vselect(tiny, x * C((unsigned_integer)1 << MANTISSA_BITS), x);
}

/* k and f of a positive number, denormal or not. */
INLINE vreal vlog_split_any(vreal x, PRIVATE vreal *k) {
  vint tiny = x < SMALLEST_NORMAL;
  vreal f = vlog_split(vscale_tiny(x, tiny), k) - 1;
  *k -= vselect(tiny, vbroadcast(MANTISSA_BITS), VZERO);
  return f;
}

/* log of positive, finite, normal numbers. */
INLINE vreal vlog_of_normal(vreal x) {
  vreal k, f = vlog_split(x, &k) - 1;
  return vlog_reduced(f, k);
}

INLINE vreal gml_log(vreal x) {
  vreal k, f = vlog_split_any(x, &k);
  return vlog_edges(x, vlog_reduced(f, k));
}

/* log(1 + x): f = x 2^-k + (2^-k - 1) loses nothing of x. */
INLINE vreal gml_log1p(vreal x) {
  vreal k, u = 1 + x;
  vreal mantissa = vlog_split(u, &k);
  /* 2^-k, from u / mantissa = 2^k, both normal */
  vreal inverse = AS_REAL(AS_BITS(mantissa) - AS_BITS(u) + ONE_BITS);
  vreal f = vselect(k > MANTISSA_BITS, mantissa - 1, x * inverse + (inverse - 1));
  vreal y = vlog_edges(u, vlog_reduced(f, k));
  return vselect(x == 0, x, y); /* -0 */
}

/* log(1 + e) for e in [0, 1] or NaN. */
INLINE vreal vlog1p_of_unit(vreal e) {
  vint upper = e > C(0.41421356237309503);
  vreal f = vselect(upper, C(0.5) * e - C(0.5), e);
  return vlog_reduced(f, vselect(upper, vbroadcast(1), VZERO));
}

/* log(1 + exp(x)) and its derivative 1 / (1 + exp(-x)), sharing exp(-|x|). */
INLINE void gml_softplus_sigmoid(vreal x, PRIVATE vreal *softplus, PRIVATE vreal *sigmoid) {
  vreal small = vexp_of_negative(-gml_abs(x));
  *softplus = vselect(x < 0, VZERO, x) + vlog1p_of_unit(small);
  *sigmoid = VQUOTIENT(vselect(x < 0, small, vbroadcast(1)), 1 + small);
}

INLINE vreal gml_softplus(vreal x) {
  vreal small = vexp_of_negative(-gml_abs(x));
  return vselect(x < 0, VZERO, x) + vlog1p_of_unit(small);
}

/* log(exp(a) + exp(b)); infinities as numpy.logaddexp. */
INLINE vreal gml_log_add_exp(vreal a, vreal b) {
  vreal distance = vselect(a == b, VZERO, gml_abs(a - b));
  return vselect(a > b, a, b) + vlog1p_of_unit(vexp_of_negative(-distance));
}

/* log(1 - exp(x)) for x <= 0: w = 1 - exp(x) is exact to the last places near x = 0,
 * and near w = 1 the polynomial gets f = -exp(x) itself. */
INLINE vreal gml_log1m_exp(vreal x) {
  vreal w = -gml_expm1(x), k;
  vreal f = vlog_split_any(w, &k);
  vreal y = vlog_reduced(vselect(k == 0, -vexp_of_negative(x), f), k);
  return vlog_edges(w, y);
}
