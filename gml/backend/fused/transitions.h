/* What transitions need beyond a density: numbers of chains in float64, products. */

/* A density's functions for one group; see entry_points.h. */
typedef void density_gradient(
  const void *data, const vreal *position, vwide *score, vreal *gradient,
  vreal *workspace);
typedef void density_score(
  const void *data, const vreal *position, vwide *score, vreal *workspace);

typedef integer vpart_mask __attribute__((vector_size(sizeof(vpart))));
typedef struct { vlong part[WIDE]; } vwide_mask;
#define WIDE_ZERO ((vwide){0})

/* A loop over the elements of a vector of dimensions, for all vectors of the group:
 * element i is that of vector g. */
#define EACH_VECTOR                                                                    \
  for (int64_t d = 0; d < ndim; d++)                                                   \
    for (int64_t g = 0, i = d * G; g < G; g++, i++)

INLINE vint narrow_mask(vwide_mask mask) {
  vpart_mask parts[WIDE];
  vint result;
  EACH_PART parts[part] = __builtin_convertvector(mask.part[part], vpart_mask);
  __builtin_memcpy(&result, parts, sizeof result);
  return result;
}

INLINE vwide wide_broadcast(double x) {
  vwide result;
  EACH_PART result.part[part] = x - (vdouble){0};
  return result;
}

INLINE vwide wide_subtract(vwide a, vwide b) {
  EACH_PART a.part[part] -= b.part[part];
  return a;
}

INLINE vwide wide_multiply(vwide a, vwide b) {
  EACH_PART a.part[part] *= b.part[part];
  return a;
}

INLINE vwide wide_divide(vwide a, vwide b) {
  EACH_PART a.part[part] /= b.part[part];
  return a;
}

INLINE vwide wide_negate(vwide a) {
  EACH_PART a.part[part] = -a.part[part];
  return a;
}

INLINE vwide wide_select(vwide_mask mask, vwide a, vwide b) {
  EACH_PART a.part[part] =
    (vdouble)(((vlong)a.part[part] & mask.part[part]) |
              ((vlong)b.part[part] & ~mask.part[part]));
  return a;
}

INLINE vwide wide_choice(vwide_mask mask) {
  return wide_select(mask, wide_broadcast(1), wide_broadcast(0));
}

INLINE vwide_mask wide_less(vwide a, vwide b) {
  vwide_mask mask;
  EACH_PART mask.part[part] = a.part[part] < b.part[part];
  return mask;
}

/* Not for NaN or infinity: x - x is NaN for both. */
INLINE vwide_mask wide_is_finite(vwide x) {
  vwide_mask mask;
  EACH_PART mask.part[part] = x.part[part] - x.part[part] == 0;
  return mask;
}

/* As NumPy's: NaN if either is. */
INLINE vwide wide_minimum(vwide a, vwide b) {
  vwide_mask mask;
  EACH_PART mask.part[part] =
    (a.part[part] < b.part[part]) | (a.part[part] != a.part[part]);
  return wide_select(mask, a, b);
}

/* In the working precision: its argument is an energy error or a log step size. */
INLINE vwide wide_exp(vwide x) { return widen(gml_exp(narrow(x))); }

NOINLINE void matvec(
  int64_t ndim, const real *restrict matrix, const vreal *restrict vector,
  vreal *restrict product) {
  for (int64_t row = 0; row < ndim; row++) {
    vreal sum[G];
    EACH sum[g] = (vreal){0};
    for (int64_t column = 0; column < ndim; column++) {
      const real factor = matrix[row * ndim + column];
      EACH sum[g] += factor * vector[column * G + g];
    }
    EACH product[row * G + g] = sum[g];
  }
}

NOINLINE void matvec_transposed(
  int64_t ndim, const real *restrict matrix, const vreal *restrict vector,
  vreal *restrict product) {
  for (int64_t row = 0; row < ndim; row++) {
    vreal sum[G];
    EACH sum[g] = (vreal){0};
    for (int64_t column = 0; column < ndim; column++) {
      const real factor = matrix[column * ndim + row];
      EACH sum[g] += factor * vector[column * G + g];
    }
    EACH product[row * G + g] = sum[g];
  }
}

/* (ndim, chains) arrays of all chains, one row a dimension, to and from a group's. */
NOINLINE void load_vectors(
  int64_t ndim, int64_t chains, int64_t first, const real *from, vreal *to) {
  for (int64_t d = 0; d < ndim; d++)
    EACH to[d * G + g] = vload(from + d * chains + first + g * VLEN);
}

NOINLINE void store_vectors(
  int64_t ndim, int64_t chains, int64_t first, const vreal *from, real *to) {
  for (int64_t d = 0; d < ndim; d++)
    EACH vstore(to + d * chains + first + g * VLEN, from[d * G + g]);
}

NOINLINE void load_numbers(int64_t first, const double *from, vwide *to) {
  EACH __builtin_memcpy(to + g, from + first + g * VLEN, sizeof(vwide));
}

NOINLINE void store_numbers(int64_t first, const vwide *from, double *to) {
  EACH __builtin_memcpy(to + first + g * VLEN, from + g, sizeof(vwide));
}
