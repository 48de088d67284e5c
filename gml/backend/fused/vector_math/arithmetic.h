/* Absolute values, extremes, rounding, roots. */

INLINE vreal gml_abs(vreal x) { return AS_REAL(AS_BITS(x) & ~SIGN_BIT); }

INLINE vreal gml_negate(vreal x) { return -x; }

INLINE vreal gml_square(vreal x) { return x * x; }

/* |x| with the sign of y. */
INLINE vreal vcopysign(vreal x, vreal y) {
  return AS_REAL((AS_BITS(x) & ~SIGN_BIT) | (AS_BITS(y) & SIGN_BIT));
}

/* NaN where either is NaN, as numpy.minimum and numpy.maximum. */
INLINE vreal gml_minimum(vreal a, vreal b) {
  return vselect((a < b) | (a != a), a, b);
}

INLINE vreal gml_maximum(vreal a, vreal b) {
  return vselect((a > b) | (a != a), a, b);
}

/* x limited to [low, high]; NaN stays NaN. */
INLINE vreal vclamp(vreal x, real low, real high) {
  vreal a = vselect(x > high, vbroadcast(high), x);
  return vselect(a < low, vbroadcast(low), a);
}

/* The nearest integer, ties to even. */
INLINE vreal vround(vreal x) {
  vreal size = gml_abs(x), limit = vbroadcast(C((unsigned_integer)1 << MANTISSA_BITS));
  vreal rounded = (size + limit) - limit;
  return vselect(size < limit, vcopysign(rounded, x), x);
}

INLINE vreal gml_floor(vreal x) {
  vreal rounded = vround(x);
  return vcopysign(rounded - vselect(rounded > x, vbroadcast(1), VZERO), x);
}

INLINE vreal gml_ceil(vreal x) {
  vreal rounded = vround(x);
  return vcopysign(rounded + vselect(rounded < x, vbroadcast(1), VZERO), x);
}

/* 1 where the mask is set, else 0. */
INLINE vreal gml_real(vint mask) { return vselect(mask, vbroadcast(1), VZERO); }

/* x with half of its digits: products of two such numbers are exact. */
INLINE vreal vshorten(vreal x) {
  return AS_REAL(AS_BITS(x) & (~(unsigned_integer)0 << (MANTISSA_BITS / 2 + 1)));
}
