/* power: exp(exponent log(base)), the logarithm and the product in two parts each: an
 * error of the product is one of the result. */
#ifdef GML_DOUBLE
/* (atanh(s) / s - 1) / s^2 in s^2, |s| <= 3 - 2 sqrt(2); error of atanh below 2^-62 */
#define ATANH_POLYNOMIAL(z)                                                            \
  P7(z, 0.33333333333333331, 0.20000000000002477, 0.14285714284698006,                 \
     0.11111111304889615, 0.090908890502752457, 0.076935004789809636,                  \
     0.066259292103144962, 0.066187657005787146)
#else
#define ATANH_POLYNOMIAL(z) /* 2^-34 */                                                \
  P3(z, 0.333333313, 0.200004861, 0.142493963, 0.121393807)
#endif

/* The sum of two numbers and what rounding took from it, for |a| >= |b| or a = 0. */
INLINE vreal vsum(vreal a, vreal b, PRIVATE vreal *error) {
  vreal sum = a + b;
  *error = b - (sum - a);
  return sum;
}

/* The product of two numbers and what rounding took from it, by halves. */
INLINE vreal vproduct(vreal a, vreal b, PRIVATE vreal *error) {
  vreal a_high = vshorten(a), a_low = a - a_high;
  vreal b_high = vshorten(b), b_low = b - b_high;
  vreal product = a_high * b_high, middle = a_high * b_low + a_low * b_high;
  return vsum(product, middle + a_low * b_low, error);
}

/* log of a positive finite number in two parts: 1 + f = (1 + s) / (1 - s) with
 * s = f / (2 + f), log1p(f) = 2 atanh(s). */
INLINE vreal vlog_in_two(vreal x, PRIVATE vreal *low) {
  vreal k, f = vlog_split_any(x, &k);
  vreal under = 2 + f, under_error = f - (under - 2);
  vreal s = f / under, back_error;
  vreal back = vproduct(s, under, &back_error);
  /* what the quotient leaves: s + s_low = f / (2 + f) to twice the precision */
  vreal s_low = (((f - back) - back_error) - s * under_error) / under;
  vreal z = s * s;
  vreal tail = 2 * (ATANH_POLYNOMIAL(z) * (z * s) + s_low) + k * LN2_LOW;
  vreal high_error, sum_error;
  vreal high = vsum(k * LN2_HIGH, 2 * s, &high_error);
  high = vsum(high, high_error + tail, &sum_error);
  *low = sum_error;
  return high;
}

INLINE vint vis_odd(vreal x) {
  vreal half = C(0.5) * x;
  return (vround(x) == x) & (vround(half) != half);
}

/* base^exponent, as C's pow. */
INLINE vreal gml_power(vreal base, vreal exponent) {
  vreal size = gml_abs(base), one = vbroadcast(1), zero = VZERO;
  vreal low, high = vlog_in_two(size, &low);
  vint is_limit = (size == 0) | (size == REAL_INFINITY) | (size != size);
  vreal limit = vselect(size == 0, vbroadcast(-REAL_INFINITY), size);
  high = vselect(is_limit, limit, high);
  vreal error, product = vproduct(high, exponent, &error);
  /* Where a part is not finite the plain product is right. */
  vreal plain = high * exponent;
  vint is_plain = NOT(gml_abs(plain) < 2 * EXP_HIGHEST) | is_limit;
  product = vselect(is_plain, vclamp(plain, 2 * EXP_LOWEST, 2 * EXP_HIGHEST), product);
  error = vselect(is_plain, zero, error + low * exponent);
  vreal result = vexp_of_sum(vclamp(product, EXP_LOWEST, EXP_HIGHEST), error, one);
  vint is_negative = AS_SIGNED(base) < 0;
  result = vselect(is_negative & vis_odd(exponent), -result, result);
  vint is_undefined = (base < 0) & (size < REAL_INFINITY);
  is_undefined &= vround(exponent) != exponent;
  result = vselect(is_undefined & (gml_abs(exponent) < REAL_INFINITY),
                   vbroadcast(REAL_NAN), result);
  vint is_one = (exponent == 0) | (base == 1) |
                ((size == 1) & (gml_abs(exponent) == REAL_INFINITY));
  return vselect(is_one, one, result);
}
