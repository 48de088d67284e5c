/* What both dialects share of the types of vector_math: a `vreal` is a number. */
#define MANTISSA_BITS 23
#define EXPONENT_BIAS 127
#define VZERO 0.0f
#define NOT(mask) (!(mask))

INLINE vreal vbroadcast(real x) { return x; }
INLINE vreal vselect(vint mask, vreal a, vreal b) { return mask ? a : b; }
INLINE vint vselect_int(vint mask, vint a, vint b) { return mask ? a : b; }
INLINE bool vany(vint mask) { return mask; }
INLINE vreal vreal_of_word(vword word) { return (real)(int)word; }
INLINE vuint sign_of_word(vword word) { return word & 0x80000000u; }
