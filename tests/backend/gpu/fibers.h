/* The threads of a block one after another on one CPU thread: each runs to where it
 * waits for others, and the next one goes on. */
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <ucontext.h>

enum { MOST_THREADS = 128, STACK = 1 << 19 };

static ucontext_t fiber_scheduler, fiber_contexts[MOST_THREADS];
static char fiber_stacks[MOST_THREADS][STACK];
static bool fiber_is_done[MOST_THREADS];
static int fiber_current, fiber_block, fiber_threads;

static void fiber_yield() {
  swapcontext(&fiber_contexts[fiber_current], &fiber_scheduler);
}

/* What each thread gives away, twice: one may be ahead of the others by one exchange. */
static unsigned char fiber_given[2][MOST_THREADS][8];
static int fiber_parity[MOST_THREADS];

template <typename T> static T fiber_take(T mine, int source) {
  const int self = fiber_current, parity = fiber_parity[self];
  fiber_parity[self] = !parity;
  memcpy(fiber_given[parity][self], &mine, sizeof mine);
  fiber_yield();
  T other;
  memcpy(&other, fiber_given[parity][source], sizeof other);
  return other;
}

template <typename T> static T fiber_exchange(T mine, int distance) {
  return fiber_take(mine, fiber_current ^ distance);
}

template <typename T> static T fiber_shuffle(T mine, int lane) {
  return fiber_take(mine, fiber_current / 32 * 32 + lane);
}

struct fiber_arguments {
  const float *reals;
  const int *integers;
  const float *matrices;
  const uint32_t *words;
  const float *scalars, *vectors, *numbers;
  float *vectors_out, *numbers_out, *trace_vectors, *trace_numbers;
};
static fiber_arguments fiber_given_arguments;

static void fiber_kernel(const fiber_arguments &a);

static void fiber_main() {
  fiber_kernel(fiber_given_arguments);
  fiber_is_done[fiber_current] = true;
}

extern "C" void run_grid(int blocks, int threads, const fiber_arguments *arguments) {
  fiber_given_arguments = *arguments;
  fiber_threads = threads;
  for (fiber_block = 0; fiber_block < blocks; fiber_block++) {
    for (int t = 0; t < threads; t++) {
      getcontext(&fiber_contexts[t]);
      fiber_contexts[t].uc_stack.ss_sp = fiber_stacks[t];
      fiber_contexts[t].uc_stack.ss_size = STACK;
      fiber_contexts[t].uc_link = &fiber_scheduler;
      makecontext(&fiber_contexts[t], fiber_main, 0);
      fiber_is_done[t] = false;
      fiber_parity[t] = 0;
    }
    for (int left = threads; left > 0;) {
      left = 0;
      for (fiber_current = 0; fiber_current < threads; fiber_current++) {
        if (fiber_is_done[fiber_current]) continue;
        swapcontext(&fiber_scheduler, &fiber_contexts[fiber_current]);
        left += !fiber_is_done[fiber_current];
      }
    }
  }
}
