/* lgamma, digamma, trigamma.
 *
 * For x >= 3 Stirling's series with its tail fitted in z = 1 / x^2. On [1, 3) a
 * polynomial in w = (x - 7/4) / (x + 7/4), which moves the poles at 0, -1, .. away; the
 * zeros at 1, 2 and 1.4616.. are factored out: errors stay relative there. Below 1 one
 * step of the recurrence, below 0 the reflection, in a branch rarely taken.
 */
#define GAMMA_CENTRE C(1.75)
#define DIGAMMA_ROOT C(1.4616321449683623413)
#ifdef GML_DOUBLE
/* lgamma(x) / ((x - 1) (x - 2)) in w; below 2^-54 */
#define LGAMMA_NEAR(w)                                                                 \
  P18(w, 0.45013931210925628, -0.41818555318834971, 0.12718992499339582,               \
      -0.14437303879661614, 0.084129642379585742, -0.089974340632356847,               \
      0.063114205396507791, -0.065793682651737878, 0.050458643008164723,               \
      -0.051947788011790418, 0.042010956173167129, -0.042939385488579042,              \
      0.035963390251761276, -0.036743768243698079, 0.031705720645851261,               \
      -0.030327603159007639, 0.02546379976609793, -0.038730130202703023,               \
      0.037984353040150756)
/* x (lgamma(x) - (x - 1/2) (log(x) - 1) - (log(2 pi) - 1) / 2) in z; below 2^-57 */
#define LGAMMA_FAR(z)                                                                  \
  P9(z, 0.083333333333321491, -0.0027777777733922343, 0.00079365019342673255,          \
     -0.00059519544526151708, 0.00083993130252111507, -0.001867003695437848,           \
     0.0054462506611951157, -0.016258274779775587, 0.037175628225959156,               \
     -0.043699794325233347)
#define DIGAMMA_ROOT_REST C(9.549995429965697715e-17) /* of rounding the root */
/* digamma(x) / (x - root) in w; below 2^-54 */
#define DIGAMMA_NEAR(w)                                                                \
  P19(w, 0.85818321712629952, -1.1418911975383699, 0.78283019102417328,                \
      -0.82044293541750402, 0.77103756944801083, -0.7927003027719548,                  \
      0.77524126705578167, -0.78718003989378926, 0.77789055131256002,                  \
      -0.78513315425322872, 0.77928098578317917, -0.78412003358959537,                 \
      0.77979004365931559, -0.78290685761410062, 0.7855299973263109,                   \
      -0.7925419165934019, 0.72376718694736508, -0.69268190972335986,                  \
      1.130017024936312, -1.2353606113021236)
/* (log(x) - 1 / (2 x) - digamma(x)) x^2 in z; below 2^-57 */
#define DIGAMMA_FAR(z)                                                                 \
  P10(z, 0.083333333333311693, -0.008333333322854861, 0.0039682521253326863,           \
      -0.0041664995588138118, 0.00756666013764989, -0.020768698054376686,              \
      0.075326318206555498, -0.29905811861154219, 1.041847867031984,                   \
      -2.5267922617420773, 3.0008537747767003)
/* trigamma(x) in w; below 2^-52 */
#define TRIGAMMA_NEAR(w)                                                               \
  P20(w, 0.76410186989382867, -1.9666236645891428, 2.9355174632226264,                 \
      -4.0587486542732876, 5.2789583281605701, -6.5498976295355966,                    \
      7.843166288406537, -9.144933349110751, 10.449635012508658,                       \
      -11.755294605390796, 13.061269503841308, -14.3678156942168,                      \
      15.674196648320558, -16.966986219407687, 18.266595254272186,                     \
      -19.813041495283379, 21.211662763617024, -19.86101858203061,                     \
      20.439934726844484, -38.173704388080182, 42.047658623398902)
/* (trigamma(x) - 1/x - 1/(2 x^2)) x^3 in z; below 2^-52 */
#define TRIGAMMA_FAR(z)                                                                \
  P10(z, 0.16666666666644611, -0.03333333321038992, 0.023809499836644432,              \
      -0.033330975267690507, 0.075620219255588858, -0.24792303959621353,               \
      1.0312679015127268, -4.5182036783941077, 16.864625332235779,                     \
      -43.002765212916565, 53.07956183212265)
#else
#define LGAMMA_NEAR(w) /* 2^-26 */                                                     \
  P8(w, 0.450139314, -0.418185502, 0.127189741, -0.144383594, 0.0841495693,            \
     -0.0894570798, 0.062393561, -0.0750549436, 0.0603987873)
#define LGAMMA_FAR(z) /* 2^-29 */                                                      \
  P2(z, 0.0833331645, -0.00276993634, 0.000679244113)
#define DIGAMMA_ROOT_REST C(1.2438149843419e-8)
#define DIGAMMA_NEAR(w) /* 2^-24 */                                                    \
  P8(w, 0.858183205, -1.14189029, 0.782827973, -0.820607364, 0.771324515,              \
     -0.78465873, 0.763766527, -0.930195391, 0.949303806)
#define DIGAMMA_FAR(z) /* 2^-28 */                                                     \
  P2(z, 0.0833324119, -0.00828645471, 0.00323273893)
#define TRIGAMMA_NEAR(w) /* 2^-23 */                                                   \
  P9(w, 0.764101923, -1.96662331, 2.93547559, -4.05876493, 5.28363132, -6.5526247,     \
     7.66388321, -8.97914982, 13.1754103, -14.6409883)
#define TRIGAMMA_FAR(z) /* 2^-29 */                                                    \
  P3(z, 0.166666299, -0.0332989916, 0.0227873437, -0.0203702729)
#endif
#define PI C(3.1415926535897932)

/* sin(pi x) and cos(pi x) from the distance to the nearest integer, which is exact;
 * signs as if that integer were even. */
INLINE void vsincos_of_pi(vreal x, PRIVATE vreal *sine, PRIVATE vreal *cosine) {
  vsincos_of_small(PI * (x - vround(x)), sine, cosine);
}

INLINE vreal vlgamma_of_positive(vreal x) {
  vint is_small = x < 1, is_near = x < 3;
  vreal zero = VZERO, one = vbroadcast(1);
  vreal y = vselect(is_small, x + 1, x);
  vreal ratio = vselect(is_near, y - GAMMA_CENTRE, one) /
                vselect(is_near, y + GAMMA_CENTRE, x);
  vreal k, f = vlog_split_any(x, &k);
  /* log(x), or log(x) - 1 rounded once */
  vreal log_x = vlog_fraction(f, k) + (k * LN2_HIGH - vselect(is_near, zero, one));
  vreal roots = vselect(is_small, x, x - 1) * vselect(is_small, x - 1, x - 2);
  vreal near = LGAMMA_NEAR(ratio) * roots - vselect(is_small, log_x, zero);
  vreal z = ratio * ratio;
  vreal tail = LGAMMA_FAR(z) * ratio + C(0.41893853320467274);
  vreal far = (x - C(0.5)) * log_x + tail;
  vreal y_inside = vselect(is_near, near, far);
  return vselect((x == 0) | (x == REAL_INFINITY), vbroadcast(REAL_INFINITY), y_inside);
}

/* log |Gamma(x)| = log(pi / |sin(pi x)|) - log Gamma(1 - x), where x < 0. */
OUTLINE vreal lgamma_reflected(vreal x, vreal positive) {
  vreal sine, cosine;
  vsincos_of_pi(x, &sine, &cosine);
  vreal value = -gml_log(gml_abs(sine) / PI) - vlgamma_of_positive(1 - x);
  return vselect(x < 0, vselect(x == -REAL_INFINITY, -x, value), positive);
}

/* log |Gamma(x)|; infinite at 0, -1, -2, .. */
INLINE vreal gml_lgamma(vreal x) {
  vreal y = vlgamma_of_positive(x);
  if (__builtin_expect(vany(x < 0), 0)) y = lgamma_reflected(x, y);
  return y;
}

INLINE vreal vdigamma_of_positive(vreal x) {
  vint is_small = x < 1;
  vreal y = vselect(is_small, x + 1, x), inverse = 1 / x;
  vreal w = (y - GAMMA_CENTRE) / (y + GAMMA_CENTRE);
  vreal from_root = (y - DIGAMMA_ROOT) - DIGAMMA_ROOT_REST;
  vreal near = DIGAMMA_NEAR(w) * from_root;
  near = vselect(is_small, near - inverse, near);
  vreal z = inverse * inverse;
  vreal far = gml_log(x) - (C(0.5) * inverse + DIGAMMA_FAR(z) * z);
  return vselect(x < 3, near, far);
}

/* digamma(1 - x) - pi / tan(pi x), where x < 0. */
OUTLINE vreal digamma_reflected(vreal x, vreal positive) {
  vreal sine, cosine;
  vsincos_of_pi(x, &sine, &cosine);
  vreal value = vdigamma_of_positive(1 - x) - PI * cosine / sine;
  value = vselect(sine == 0, vbroadcast(REAL_NAN), value);
  return vselect(x < 0, value, positive);
}

/* The derivative of lgamma; NaN at the poles -1, -2, .. */
INLINE vreal gml_digamma(vreal x) {
  vreal y = vdigamma_of_positive(x);
  if (__builtin_expect(vany(x < 0), 0)) y = digamma_reflected(x, y);
  return y;
}

INLINE vreal vtrigamma_of_positive(vreal x) {
  vint is_small = x < 1;
  vreal y = vselect(is_small, x + 1, x), inverse = 1 / x;
  vreal w = (y - GAMMA_CENTRE) / (y + GAMMA_CENTRE);
  vreal near = TRIGAMMA_NEAR(w), z = inverse * inverse;
  near = vselect(is_small, near + z, near);
  vreal far = (TRIGAMMA_FAR(z) * inverse + C(0.5)) * z + inverse;
  return vselect(x < 3, near, far);
}

/* (pi / sin(pi x))^2 - trigamma(1 - x), where x < 0. */
OUTLINE vreal trigamma_reflected(vreal x, vreal positive) {
  vreal sine, cosine;
  vsincos_of_pi(x, &sine, &cosine);
  vreal ratio = PI / sine;
  return vselect(x < 0, ratio * ratio - vtrigamma_of_positive(1 - x), positive);
}

/* The derivative of digamma; infinite at the poles. */
INLINE vreal gml_trigamma(vreal x) {
  vreal y = vtrigamma_of_positive(x);
  if (__builtin_expect(vany(x < 0), 0)) y = trigamma_reflected(x, y);
  return y;
}
