/* Numbers in float64 beside those in the working precision. */

/* A number for each lane in float64: vectors of the target's own width, since compilers
 * take wider ones apart element by element. */
#define WIDE ((int)(sizeof(double) / sizeof(real)))
typedef double vdouble __attribute__((vector_size(GML_VECTOR_BYTES)));
typedef int64_t vlong __attribute__((vector_size(GML_VECTOR_BYTES)));
typedef struct { vdouble part[WIDE]; } vwide;

#define EACH_PART for (int part = 0; part < WIDE; part++)

/* A part's lanes in the working precision. */
typedef real vpart __attribute__((vector_size(GML_VECTOR_BYTES / sizeof(double) * sizeof(real))));

INLINE vwide widen(vreal x) {
  vpart parts[WIDE];
  vwide wide;
  __builtin_memcpy(parts, &x, sizeof x);
  EACH_PART wide.part[part] = __builtin_convertvector(parts[part], vdouble);
  return wide;
}

INLINE vwide wide_add(vwide a, vwide b) {
  EACH_PART a.part[part] += b.part[part];
  return a;
}

INLINE vreal narrow(vwide x) {
  vpart parts[WIDE];
  vreal result;
  EACH_PART parts[part] = __builtin_convertvector(x.part[part], vpart);
  __builtin_memcpy(&result, parts, sizeof result);
  return result;
}

/* What rounding a value to the working precision has left out: exp(x) less the value that
 * was computed for it, and 1 / x less it. Zero where that is not a normal number. */
#ifdef GML_DOUBLE
INLINE vreal gml_exp_rounding(vreal x, vreal value) {
  (void)x, (void)value;
  return (vreal){0};
}
INLINE vreal gml_reciprocal_rounding(vreal x, vreal value) {
  (void)x, (void)value;
  return (vreal){0};
}
#else
INLINE vreal vrounding_of_normal(vreal value, vwide difference) {
  vreal size = gml_abs(value);
  vint is_normal = (size >= SMALLEST_NORMAL) & (size < REAL_INFINITY);
  return vselect(is_normal, narrow(difference), (vreal){0});
}

INLINE vreal gml_exp_rounding(vreal x, vreal value) {
  vwide argument = widen(x), rounded = widen(value), difference;
  EACH_PART {
    /* x = n ln 2 + r; the low bits of t are n */
    vdouble t = argument.part[part] * 1.4426950408889634 + 0x1.8p52;
    vdouble r = argument.part[part] - (t - 0x1.8p52) * 0.69314718055994531;
    /* Taylor's polynomial, right to 1e-11: a thousandth of what is looked for */
    vdouble q = r * (1 / 362880.0) + 1 / 40320.0;
    q = q * r + 1 / 5040.0;
    q = q * r + 1 / 720.0;
    q = q * r + 1 / 120.0;
    q = q * r + 1 / 24.0;
    q = q * r + 1 / 6.0;
    q = q * r + 0.5;
    q = (q * r + 1) * r + 1;
    vdouble scale = (vdouble)(((vlong)t << 52) + ((int64_t)1023 << 52));
    difference.part[part] = q * scale - rounded.part[part];
  }
  return vrounding_of_normal(value, difference);
}

INLINE vreal gml_reciprocal_rounding(vreal x, vreal value) {
  vwide divisor = widen(x), rounded = widen(value), difference;
  EACH_PART difference.part[part] =
    (1 - divisor.part[part] * rounded.part[part]) * rounded.part[part];
  return vrounding_of_normal(value, difference);
}
#endif
