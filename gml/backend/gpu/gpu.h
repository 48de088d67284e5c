/* Chains on a GPU: one a thread (LANES is 1), or one a warp whose lanes share out the
 * data (LANES is 32). NDIM is the dimension of the position; a lane owns the dimensions
 * lane, lane + LANES, .. of a vector of a transition, OWN of them. */
#if OWN <= MOST_UNROLLED
#define UNROLL UNROLL_FULLY
#else
#define UNROLL
#endif
#if NDIM <= MOST_UNROLLED
#define UNROLL_DIMENSIONS UNROLL_FULLY
#else
#define UNROLL_DIMENSIONS
#endif
#define EACH_DIMENSION UNROLL_DIMENSIONS for (int i = 0; i < NDIM; i++)

/* A short vector has one element a lane, or none: others get it by shuffles. A longer one
 * is written, whole, to memory that the lanes of a chain share. */
#define IS_SHORT (LANES > 1 && NDIM <= LANES)
#if LANES == 1 || IS_SHORT
#define POSITION PRIVATE
#define WHOLE(vector) vector
#else
#define POSITION SHARED
#define WHOLE(vector) whole
#endif
#if IS_SHORT
#define AT PRIVATE
#else
#define AT POSITION
#endif

/* The score of so many rows is added up in working precision before it goes into the
 * wide sum. */
#define RUN 32 /* as gml.backend.gpu.body's */

/* The length of an array: none has no element. */
#define ROOM(count) ((count) > 0 ? (count) : 1)

/* The elements that a lane holds of an array that lanes share by rows, and the place of
 * a row among them. */
#define SHARE(count) (((count) + LANES - 1) / LANES)
#define ROW(row) ((int)((unsigned_integer)(row) / LANES))

INLINE int smaller(int a, int b) { return a < b ? a : b; }

/* A read that a condition guards may be out of range where it does not hold. */
INLINE int clamp_index(int index, int extent) {
  return index < 0 || extent < 1 ? 0 : index < extent ? index : extent - 1;
}

INLINE vreal vtruncate(vreal x) { return x < 0 ? gml_ceil(x) : gml_floor(x); }

/* What rounding has left out of exp(x), from the logarithm of the value, and of 1 / x.
 * Zero where that is not a normal number. */
INLINE vreal rounding_of_normal(vreal value, vreal rounding) {
  const vreal size = gml_abs(value);
  return size >= SMALLEST_NORMAL && size < REAL_INFINITY ? rounding : VZERO;
}
INLINE vreal gml_exp_rounding(vreal x, vreal value) {
  vreal low;
  const vreal high = vlog_in_two(value, &low);
  return rounding_of_normal(value, value * ((x - high) - low));
}
INLINE vreal gml_reciprocal_rounding(vreal x, vreal value) {
  vreal error;
  const vreal product = vproduct(x, value, &error);
  return rounding_of_normal(value, ((1 - product) - error) * value);
}

/* ------------------------------------------------------------ numbers of a chain */

INLINE vwide wide_select(vwide_mask mask, vwide a, vwide b) { return mask ? a : b; }
INLINE vwide wide_choice(vwide_mask mask) { return widen(mask ? C(1) : C(0)); }
INLINE vint narrow_mask(vwide_mask mask) { return mask; }
/* As NumPy's: NaN if either is. */
INLINE vwide wide_minimum(vwide a, vwide b) {
  const real high = wide_high(a);
  return wide_less(a, b) || high != high ? a : b;
}
INLINE vwide wide_exp(vwide x) { return widen(gml_exp(narrow(x))); }

/* ------------------------------------------------------------ sums over lanes, in a
 * fixed order, so that every lane has the same */
#if LANES == 1
#define FIRST(x) (x)
INLINE real sum_over_lanes(real x) { return x; }
INLINE real prod_over_lanes(real x) { return x; }
INLINE real max_over_lanes(real x) { return x; }
INLINE real min_over_lanes(real x) { return x; }
INLINE vwide wide_sum_over_lanes(vwide x) { return x; }
#else
/* What is the same in all lanes, and to be added up once. */
#define FIRST(x) (lane == 0 ? (x) : VZERO)
#define OVER_LANES UNROLL_FULLY for (int step = LANES / 2; step > 0; step /= 2)
INLINE real sum_over_lanes(real x) {
  OVER_LANES x += SHUFFLE_XOR(x, step);
  return x;
}
INLINE real prod_over_lanes(real x) {
  OVER_LANES x *= SHUFFLE_XOR(x, step);
  return x;
}
INLINE real max_over_lanes(real x) {
  OVER_LANES {
    const real other = SHUFFLE_XOR(x, step);
    x = gml_maximum(x, other);
  }
  return x;
}
INLINE real min_over_lanes(real x) {
  OVER_LANES {
    const real other = SHUFFLE_XOR(x, step);
    x = gml_minimum(x, other);
  }
  return x;
}
INLINE vwide wide_sum_over_lanes(vwide x) {
  OVER_LANES x = wide_add(x, wide_shuffle_xor(x, step));
  return x;
}

/* The totals of the lanes' shares of vectors, each dimension's in the lane that owns it:
 * at every step a lane keeps one half of its sums and gives away the other. A bound that
 * changed with `half` would leave the loop a loop, and the sums in no register. */
INLINE void sum_to_owners(PRIVATE const real *shares, PRIVATE real *totals, int lane) {
  UNROLL for (int own = 0; own < OWN; own++) {
    real sums[SHARE_WIDTH];
    UNROLL_FULLY for (int i = 0; i < SHARE_WIDTH; i++)
      sums[i] = own * LANES + i < NDIM ? shares[own * LANES + i] : VZERO;
    UNROLL_FULLY for (int half = SHARE_WIDTH / 2; half > 0; half /= 2) {
      const bool is_upper = (lane & half) != 0;
      UNROLL_FULLY for (int i = 0; i < SHARE_WIDTH / 2; i++)
        if (i < half) {
          const real lower = sums[i], upper = sums[i + half];
          sums[i] = vselect(is_upper, upper, lower)
            + SHUFFLE_XOR(vselect(is_upper, lower, upper), half);
        }
    }
    UNROLL_FULLY for (int step = SHARE_WIDTH; step < LANES; step *= 2)
      sums[0] += SHUFFLE_XOR(sums[0], step);
    totals[own] = sums[0];
  }
}
#endif
