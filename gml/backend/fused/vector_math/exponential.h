/* exp, expm1, sigmoid, tanh: x = n ln 2 + r with |r| <= ln(2) / 2, one polynomial. */
#ifdef GML_DOUBLE
/* Beyond these exp(x) is infinite, or rounds to zero. */
#define EXP_HIGHEST C(710)
#define EXP_LOWEST C(-746)
/* Where 2^(n-1) is the least that the exponent field can hold as a scale. */
#define EXP_LOWEST_NORMAL C(-708.5)
/* ln 2 in two parts; the first is short, so that n times it is exact. */
#define LN2_HIGH C(0x1.62e42fefa4p-1)
#define LN2_LOW C(-0x1.8432a1b0e2634p-43)
/* (exp(r) - 1 - r) / r^2; error of exp(r) - 1 below 2^-60 of it */
#define EXP_POLYNOMIAL(r)                                                              \
  P10(r, 0.5, 0.16666666666666677, 0.041666666666666685, 0.0083333333333218129,        \
      0.0013888888888893148, 0.0001984126988523164, 2.4801587276942654e-5,             \
      2.7557245297231803e-6, 2.7557333814626211e-7, 2.5108633867626259e-8,             \
      2.0892004867280777e-9)
#else
#define EXP_HIGHEST C(89)
#define EXP_LOWEST C(-104)
#define EXP_LOWEST_NORMAL C(-87.375)
#define LN2_HIGH C(0x1.62e4p-1)
#define LN2_LOW C(0x1.7f7d1cp-20)
/* the same, below 2^-26 */
#define EXP_POLYNOMIAL(r)                                                              \
  P4(r, 0.49999997, 0.16666539, 0.0416677445, 0.00836706441, 0.00138392823)
#endif
#define LOG2_E C(1.4426950408889634)
#define EXPONENT_MASK (~(unsigned_integer)0 << MANTISSA_BITS)

/* exp(r) - 1 for the reduced argument; n is in the low bits of `rounded`. */
INLINE vreal vexp_reduced(vreal x, PRIVATE vuint *rounded) {
  vreal t = x * LOG2_E + ROUNDER;
  vreal n = t - ROUNDER;
  vreal r = (x - n * LN2_HIGH) - n * LN2_LOW;
  *rounded = AS_BITS(t);
  return EXP_POLYNOMIAL(r) * (r * r) + r;
}

/* (1 + q) 2^n factor. 2^n is applied in two halves, so that overflow and gradual
 * underflow come out of the products. */
INLINE vreal vexp_scaled(vreal q, vuint rounded, vreal factor) {
  vuint half = (rounded << (MANTISSA_BITS - 1)) & EXPONENT_MASK;
  vreal scale = AS_REAL(half + ONE_BITS);
  vreal rest = AS_REAL((rounded << MANTISSA_BITS) - half + ONE_BITS);
  return ((q * scale + scale) * factor) * rest;
}

INLINE vreal gml_exp(vreal x) {
  vuint rounded;
  vreal q = vexp_reduced(vclamp(x, EXP_LOWEST, EXP_HIGHEST), &rounded);
  return vexp_scaled(q, rounded, vbroadcast(1));
}

/* exp(x + low) factor, for a sum that one number cannot hold; x within the range. */
INLINE vreal vexp_of_sum(vreal x, vreal low, vreal factor) {
  vreal t = (x + low) * LOG2_E + ROUNDER;
  vreal n = t - ROUNDER;
  vreal r = (x - n * LN2_HIGH) - (n * LN2_LOW - low);
  vreal q = EXP_POLYNOMIAL(r) * (r * r) + r;
  return vexp_scaled(q, AS_BITS(t), factor);
}

/* exp(x) for x <= 0, and 0 in place of results within a factor of two of the least
 * normal number and below: where the result is added to something. */
#ifndef OWN_EXP_OF_NEGATIVE
INLINE vreal vexp_of_negative(vreal x) {
  vuint rounded;
  vreal bounded = vselect(x < EXP_LOWEST_NORMAL, vbroadcast(EXP_LOWEST_NORMAL), x);
  vreal q = vexp_reduced(bounded, &rounded);
  vreal half_scale = AS_REAL((rounded << MANTISSA_BITS) + HALF_BITS);
  return (2 * q + 2) * half_scale;
}
#endif

/* exp(x) - 1 to the last places near zero. 2^(n-1) is applied last: at the upper end
 * 2^n overflows where the result does not. */
INLINE vreal gml_expm1(vreal x) {
  vuint rounded;
  vreal q = vexp_reduced(vclamp(x, C(-40), EXP_HIGHEST), &rounded);
  vuint shifted = rounded << MANTISSA_BITS;
  vreal half_scale = AS_REAL(shifted + HALF_BITS);
  vreal inverse = AS_REAL(2 * ONE_BITS - HALF_BITS - shifted);
  vreal y = half_scale * (2 * q + (2 - inverse));
  return vselect(x == 0, x, y); /* -0 */
}

/* 1 / (1 + exp(-x)), from exp(-|x|): no overflow on either side. */
INLINE vreal gml_sigmoid(vreal x) {
  vreal small = vexp_of_negative(-gml_abs(x));
  return VQUOTIENT(vselect(x < 0, small, vbroadcast(1)), 1 + small);
}

#ifdef GML_DOUBLE
/* (tanh(x) / x - 1) / x^2 in x^2, for |x| <= 0.55; error of tanh below 2^-59 */
#define TANH_POLYNOMIAL(z)                                                             \
  P10(z, -0.33333333333333298, 0.13333333333326561, -0.053968253963715344,             \
      0.021869488384286293, -0.0088632325715601, 0.0035920916892941226,                \
      -0.0014555404113692247, 0.00058843354781042958, -0.0002333515127786262,          \
      8.3270355264396522e-5, -1.9464463797414128e-5)
#else
#define TANH_POLYNOMIAL(z) /* 2^-29 */                                                 \
  P4(z, -0.333333194, 0.133326367, -0.0538568422, 0.0210882276, -0.0062954626)
#endif

/* Near zero an odd polynomial, beyond it 1 - 2 / (exp(2|x|) + 1). */
INLINE vreal gml_tanh(vreal x) {
  vreal size = gml_abs(x), z = x * x;
  vreal near = TANH_POLYNOMIAL(z) * (z * size) + size;
  vreal far = 1 - 2 / (gml_exp(2 * size) + 1);
  return vcopysign(vselect(size < C(0.55), near, far), x);
}
