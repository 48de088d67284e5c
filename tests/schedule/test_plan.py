"""The block length is planned from facts, and printed."""

from __future__ import annotations

from gml.samplers import HMC, MALA
from gml.schedule.plan import FACTS, BlockPlan, plan_block, print_block

HMC_BLOCK = """\
block hmc  gradients=4 chains=64 compiled
  # 4: as requested
  noise   momentum: normal[4,2,64]  accept: uniform[4,64]
  select  is_first[4]  is_last[4]
  tuning  metric_factor[2,2]  step_jitter[4]  adaptation_gain[4]  target_acceptance[4]
  carry   position[2,64]  score[64]  gradient[2,64]  log_step_size[64]
          work.position[2,64]  work.score[64]  work.gradient[2,64]
          work.whitened_gradient[2,64]  work.momentum[2,64]  work.initial_kinetic[64]
          work.step_size[64]
  yield   position[4,2,64]  score[4,64]  gradient[4,2,64]  log_step_size[4,64]
          acceptance_rate[4,64]  energy_error[4,64]  is_accepted[4,64]  energy[4,64]
          is_divergent[4,64]
"""


def test_a_small_model_gets_the_most_a_large_one_fewer():
    facts = FACTS["graph-cpu"]
    assert plan_block("graph-cpu", 50).gradients == facts.most_gradients
    assert 1 < plan_block("graph-cpu", 500).gradients < facts.most_gradients
    assert plan_block("graph-cpu", 10**6).gradients == 1
    assert "operations" in plan_block("graph-cpu", 500).reason


def test_a_short_run_on_a_cpu_is_not_worth_compiling():
    assert not plan_block("graph-cpu", 50, expected_gradients=2000).is_compiled
    assert plan_block("graph-cpu", 50, expected_gradients=200_000).is_compiled
    assert plan_block("graph-gpu", 50, expected_gradients=2000).is_compiled
    assert plan_block("graph-cpu", 50).is_compiled


def test_a_request_is_taken():
    assert plan_block("graph-cpu", 10**6, requested=40) == BlockPlan(40, "as requested")


def test_a_block_prints_its_noise_carry_and_yield():
    assert print_block(BlockPlan(4, "as requested"), HMC, 2, 64) == HMC_BLOCK


def test_a_block_of_one_step_trajectories_carries_no_work():
    text = print_block(BlockPlan(4, "as requested"), MALA, 2, 64)
    assert "work." not in text
    assert "is_first" not in text
