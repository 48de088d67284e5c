/* sin, cos, tan, atan. */
#ifdef GML_DOUBLE
/* pi/2 in three parts; the first two have 32 bits, so that n times them is exact for
 * |n| < 2^21. Beyond this argument the C library reduces, lane by lane. */
#define TRIGONOMETRIC_LIMIT C(1e6)
#define HALF_PI_PARTS(n, x)                                                            \
  (((x - n * C(0x1.921fb544p+0)) - n * C(0x1.0b4611a6p-34)) -                          \
   n * C(0x1.3198a2e037073p-69))
/* (sin(r) / r - 1) / r^2 and (cos(r) - 1 + r^2/2) / r^4 in r^2, for |r| <= pi/4;
 * errors below 2^-58 and 2^-63 */
#define SIN_POLYNOMIAL(z)                                                              \
  P6(z, -0.16666666666666666, 0.0083333333333330418, -0.00019841269840962473,          \
     2.7557319073985074e-6, -2.5052070923597123e-8, 1.605431168451095e-10,             \
     -7.3894706543389232e-13)
#define COS_POLYNOMIAL(z)                                                              \
  P5(z, 0.041666666666666595, -0.0013888888888873307, 2.4801587288965227e-5,           \
     -2.7557314203078842e-7, 2.0875703139512734e-9, -1.1358617005921106e-11)
/* (atan(z) / z - 1) / z^2 in z^2, for |z| <= sqrt(2) - 1; below 2^-62 */
#define ATAN_POLYNOMIAL(z)                                                             \
  P11(z, -0.33333333333333326, 0.19999999999997098, -0.1428571428531708,               \
      0.1111111108380595, -0.090909079885657981, 0.076922792717110278,                 \
      -0.066661758346750546, 0.058765285346771994, -0.052152625504237063,              \
      0.044909044956401308, -0.033182986522215144, 0.01490197706234757)
#else
/* Four parts, the first three of 11 bits, for |n| < 2^13. */
#define TRIGONOMETRIC_LIMIT C(12000)
#define HALF_PI_PARTS(n, x)                                                            \
  ((((x - n * C(0x1.92p+0)) - n * C(0x1.fb4p-12)) - n * C(0x1.444p-24)) -              \
   n * C(0x1.68c234p-39))
#define SIN_POLYNOMIAL(z) /* 2^-31 */                                                  \
  P3(z, -0.166666672, 0.0083333794, -0.000198530644, 2.83252439e-6)
#define COS_POLYNOMIAL(z) /* 2^-32 */                                                  \
  P2(z, 0.0416666456, -0.00138873095, 2.44323273e-5)
#define ATAN_POLYNOMIAL(z) /* 2^-30 */                                                 \
  P4(z, -0.333333164, 0.199985251, -0.142442971, 0.105982617, -0.0608732551)
#endif
#define TWO_OVER_PI C(0.63661977236758134)

INLINE vreal vsin_reduced(vreal r) {
  vreal z = r * r;
  return SIN_POLYNOMIAL(z) * (z * r) + r;
}

INLINE vreal vcos_reduced(vreal r) {
  vreal z = r * r;
  return 1 - (C(0.5) * z - COS_POLYNOMIAL(z) * (z * z));
}

/* Bit `bit` of each lane as a mask. */
INLINE vint vbit_set(vuint x, int bit) {
  return (x & ((unsigned_integer)1 << bit)) != 0;
}

/* Arguments that the short reduction would spoil; NaN and infinity are none of them. */
INLINE vint vis_large(vreal x) {
  vreal size = gml_abs(x);
  return (size > TRIGONOMETRIC_LIMIT) & (size < REAL_INFINITY);
}

/* sin and cos of |x| <= TRIGONOMETRIC_LIMIT from r = x - n pi/2, by n mod 4. */
INLINE void vsincos_of_small(vreal x, PRIVATE vreal *sine, PRIVATE vreal *cosine) {
  vreal t = x * TWO_OVER_PI + ROUNDER, n = t - ROUNDER;
  vreal r = HALF_PI_PARTS(n, x);
  vreal s = vsin_reduced(r), c = vcos_reduced(r);
  vuint quadrant = AS_BITS(t);
  vint is_odd = vbit_set(quadrant, 0);
  vuint sine_sign = (quadrant >> 1) << (8 * sizeof(real) - 1);
  vuint cosine_sign = ((quadrant + 1) >> 1) << (8 * sizeof(real) - 1);
  vreal positive_sine = AS_REAL(AS_BITS(vselect(is_odd, c, s)) ^ sine_sign);
  *sine = vselect(x == 0, x, positive_sine); /* -0 */
  *cosine = AS_REAL(AS_BITS(vselect(is_odd, s, c)) ^ cosine_sign);
}

INLINE void gml_sincos(vreal x, PRIVATE vreal *sine, PRIVATE vreal *cosine) {
  vreal s, c;
  vsincos_of_small(x, &s, &c);
  if (__builtin_expect(vany(vis_large(x)), 0)) {
    s = sin_by_library(x);
    c = cos_by_library(x);
  }
  *sine = s;
  *cosine = c;
}

INLINE vreal gml_sin(vreal x) {
  vreal s, c;
  vsincos_of_small(x, &s, &c);
  if (__builtin_expect(vany(vis_large(x)), 0)) s = sin_by_library(x);
  return s;
}

INLINE vreal gml_cos(vreal x) {
  vreal s, c;
  vsincos_of_small(x, &s, &c);
  if (__builtin_expect(vany(vis_large(x)), 0)) c = cos_by_library(x);
  return c;
}

INLINE vreal gml_tan(vreal x) {
  vreal s, c;
  gml_sincos(x, &s, &c);
  return s / c;
}

/* atan(a) = base + atan(z), |z| <= tan(pi/8): z = a, (a - 1) / (a + 1) or -1 / a. */
INLINE vreal gml_atan(vreal x) {
  vreal size = gml_abs(x), zero = VZERO, one = vbroadcast(1);
  vint above = size > C(0.41421356237309503), far = size > C(2.4142135623730949);
  vreal over = vselect(far, -one, vselect(above, size - 1, size));
  vreal under = vselect(far, size, vselect(above, size + 1, one));
  vreal high = vselect(far, vbroadcast(C(1.5707963267948966)),
                       vselect(above, vbroadcast(C(0.78539816339744831)), zero));
#ifdef GML_DOUBLE
  vreal low = high * C(3.8981718325193755e-17); /* of pi/2, over pi/2 */
#else
  vreal low = high * C(-2.7827534e-8);
#endif
  vreal z = over / under, square = z * z;
  return vcopysign(high + ((ATAN_POLYNOMIAL(square) * (square * z) + low) + z), x);
}
