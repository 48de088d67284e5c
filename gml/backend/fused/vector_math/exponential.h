/* exp, expm1, sigmoid, tanh: one reduction and one polynomial.
 *
 * x = 2 m ln 2 + r with |r| <= ln 2: reducing by powers of four rather than two costs
 * one more coefficient and lets the result be scaled by 2^m twice, so that overflow and
 * gradual underflow come out of the two products instead of tests.
 */
#ifdef GML_DOUBLE
#define EXP_HIGHEST C(710)
#define EXP_LOWEST C(-746)
/* 2 ln 2 in two parts; the first is short, so that m times it is exact. */
#define TWO_LN2_HIGH C(0x1.62e42fefa4p+0)
#define TWO_LN2_LOW C(-0x1.8432a1b0e2634p-42)
/* (exp(r) - 1 - r) / r^2 on |r| <= ln 2; error of exp(r) - 1 below 2^-58 of it */
#define EXP_POLYNOMIAL(r)                                                              \
  P12(r, 0.5, 0.16666666666666657, 0.04166666666666663, 0.0083333333333368616,         \
      0.0013888888888898166, 0.00019841269836736529, 2.4801587293794283e-5,            \
      2.7557321945912144e-6, 2.7557322294992237e-7, 2.5051271261458323e-8,             \
      2.0876087737554824e-9, 1.6186780265884327e-10, 1.1554195294954539e-11)
#else
#define EXP_HIGHEST C(89)
#define EXP_LOWEST C(-104)
#define TWO_LN2_HIGH C(0x1.62e4p+0)
#define TWO_LN2_LOW C(0x1.7f7d1cp-19)
/* the same, below 2^-28 */
#define EXP_POLYNOMIAL(r)                                                              \
  P6(r, 0.5, 0.166666731, 0.0416666865, 0.00833258312, 0.00138875155, 0.000201008486,  \
     2.51202036e-5)
#endif
#define HALF_LOG2_E C(0.72134752044448170)

/* exp(r) - 1 of the reduced argument, and m in the low bits of `shifted`. */
INLINE vreal vexp_reduced(vreal x, vuint *shifted) {
  vreal t = x * HALF_LOG2_E + ROUNDER;
  vreal m = t - ROUNDER;
  vreal r = (x - m * TWO_LN2_HIGH) - m * TWO_LN2_LOW;
  *shifted = (vuint)t << MANTISSA_BITS;
  return EXP_POLYNOMIAL(r) * (r * r) + r;
}

/* exp(x). Below 0.9 ulp (see tests), denormal results too. */
INLINE vreal gml_exp(vreal x) {
  vuint shifted;
  vreal q = vexp_reduced(vclamp(x, EXP_LOWEST, EXP_HIGHEST), &shifted);
  vreal scale = (vreal)(shifted + ONE_BITS);
  return (q * scale + scale) * scale;
}

/* exp(x) for x <= 0 that may underflow to 0 where exp(x) is denormal. */
INLINE vreal vexp_of_negative(vreal x) {
  vuint shifted;
  vreal q = vexp_reduced(vselect(x < EXP_LOWEST, vbroadcast(EXP_LOWEST), x), &shifted);
  vreal scale = (vreal)(shifted + ONE_BITS);
  return (q * scale + scale) * scale;
}

/* exp(x) - 1, exact to the last places near zero. */
INLINE vreal gml_expm1(vreal x) {
  vuint shifted;
  vreal q = vexp_reduced(vclamp(x, EXP_LOWEST, EXP_HIGHEST), &shifted);
  vreal scale = (vreal)(shifted + ONE_BITS), inverse = (vreal)(ONE_BITS - shifted);
  /* 4^m (1 + q) - 1, where 4^m alone may overflow though the result does not */
  vreal y = scale * (scale * q + (scale - inverse));
  return vselect(x == 0, x, y); /* -0 */
}

/* 1 / (1 + exp(-x)), from exp(-|x|): no overflow on either side. */
INLINE vreal gml_sigmoid(vreal x) {
  vreal small = vexp_of_negative(-gml_abs(x));
  return vselect(x < 0, small, vbroadcast(1)) / (1 + small);
}

/* tanh(|x|) = -w / (2 + w), w = expm1(-2|x|). */
INLINE vreal gml_tanh(vreal x) {
  vreal w = gml_expm1(-2 * gml_abs(x));
  return vcopysign(w / (2 + w), x);
}
