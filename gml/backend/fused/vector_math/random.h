/* Random words, uniforms and normals: gml/schedule/threefry.py's words bit for bit, and
 * variates.py's variates up to rounding. */

#define THREEFRY_ROUND(distance)                                                       \
  left += right;                                                                       \
  right = left ^ ((right << distance) | (right >> (32 - distance)));
#define THREEFRY_EVEN_ROUNDS                                                           \
  THREEFRY_ROUND(13) THREEFRY_ROUND(15) THREEFRY_ROUND(26) THREEFRY_ROUND(6)
#define THREEFRY_ODD_ROUNDS                                                            \
  THREEFRY_ROUND(17) THREEFRY_ROUND(29) THREEFRY_ROUND(16) THREEFRY_ROUND(24)

/* Threefry-2x32, 20 rounds (Salmon et al. 2011): two words for a key and counters. */
INLINE void gml_threefry2x32(uint32_t key0, uint32_t key1, vword counter0,
                             vword counter1, PRIVATE vword *first,
                             PRIVATE vword *second) {
  uint32_t key2 = key0 ^ key1 ^ 0x1BD11BDAu;
  vword left = counter0 + key0, right = counter1 + key1;
  THREEFRY_EVEN_ROUNDS left += key1, right += key2 + 1;
  THREEFRY_ODD_ROUNDS left += key2, right += key0 + 2;
  THREEFRY_EVEN_ROUNDS left += key0, right += key1 + 3;
  THREEFRY_ODD_ROUNDS left += key1, right += key2 + 4;
  THREEFRY_EVEN_ROUNDS left += key2, right += key0 + 5;
  *first = left, *second = right;
}

/* Strictly between 0 and 1: exact, each word's interval at its midpoint. */
INLINE vreal gml_uniform_of_word(vword word) {
#ifdef GML_DOUBLE
  vreal upper = vreal_of_word(word >> 1), lowest = vreal_of_word(word & 1u);
  return (2 * upper + lowest + C(0.5)) * C(0x1p-32);
#else
  return (vreal_of_word(word >> 9) + C(0.5)) * C(0x1p-23);
#endif
}

/* Wichura (1988), algorithm AS 241: numerators and denominators of PPND16 and PPND7. */
#ifdef GML_DOUBLE
#define CENTRE_OVER(x)                                                                 \
  P7(x, 3.387132872796366608, 133.14166789178437745, 1971.5909503065514427,            \
     13731.693765509461125, 45921.953931549871457, 67265.770927008700853,              \
     33430.575583588128105, 2509.0809287301226727)
#define CENTRE_UNDER(x)                                                                \
  P7(x, 1.0, 42.313330701600911252, 687.1870074920579083, 5394.1960214247511077,       \
     21213.794301586595867, 39307.89580009271061, 28729.085735721942674,               \
     5226.495278852545925)
#define TAIL_OVER(x)                                                                   \
  P7(x, 1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055,          \
     3.64784832476320460504, 1.27045825245236838258, 0.24178072517745061177,           \
     0.0227238449892691845833, 7.7454501427834140764e-4)
#define TAIL_UNDER(x)                                                                  \
  P7(x, 1.0, 2.05319162663775882187, 1.6763848301838038494, 0.68976733498510000455,    \
     0.14810397642748007459, 0.0151986665636164571966, 5.475938084995344946e-4,        \
     1.05075007164441684324e-9)
#else
#define CENTRE_OVER(x) P3(x, 3.3871327179, 50.434271938, 159.29113202, 59.109374720)
#define CENTRE_UNDER(x) P3(x, 1.0, 17.895169469, 78.757757664, 67.187563600)
#define TAIL_OVER(x) P3(x, 1.4234372777, 2.7568153900, 1.3067284816, 0.17023821103)
#define TAIL_UNDER(x) P2(x, 1.0, 0.73700164250, 0.12021132975)
#endif

/* A standard normal by inversion: the uppermost bit is the sign, 31 the magnitude. */
INLINE vreal gml_normal_of_word(vword word) {
  vword magnitude = word & 0x7FFFFFFFu;
  vreal tail = (vreal_of_word(magnitude) + C(0.5)) * C(0x1p-32);
  vreal centred = (vreal_of_word(0x7FFFFFFFu - magnitude) + C(0.5)) * C(0x1p-32);
  vreal inside = C(0.180625) - centred * centred;
  vreal outside = gml_sqrt(-vlog_of_normal(tail)) - C(1.6);
  vint is_near = centred <= C(0.425);
  vreal over = vselect(is_near, centred * CENTRE_OVER(inside), TAIL_OVER(outside));
  vreal under = vselect(is_near, CENTRE_UNDER(inside), TAIL_UNDER(outside));
  vreal size = over / under;
  return AS_REAL(AS_BITS(size) | sign_of_word(word));
}
