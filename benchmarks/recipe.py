"""What the recipe needed of each posterior, in counts: the table to be held to.

Source: section 3 of shared/facts/sampling.md, "Results on the reference posteriors": a
prototype in JAX, float64, 64 chains, 500 draws of each, one setting for all, means of
three seeds. Gradients are of one chain; effective draws are the least over the means
and the squares of all parameters, over the gradients of all chains.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np
from attrs import frozen
from posteriordb import Result

LEAST_EFFICIENCY = 0.8
LEAST_MEAN_EFFICIENCY = 0.95
MOST_WARMUP = 2.0


@frozen
class Published:
    warmup_gradients: int
    ess_per_gradient: float


RECIPE = {
    "arK-arK": Published(500, 0.275),
    "earnings-earn_height": Published(525, 0.343),
    "earnings-logearn_height": Published(486, 0.342),
    "earnings-logearn_height_male": Published(505, 0.329),
    "earnings-logearn_interaction": Published(515, 0.306),
    "eight_schools-eight_schools_noncentered": Published(835, 0.103),
    "garch-garch11": Published(933, 0.204),
    "kidiq-kidscore_interaction": Published(486, 0.301),
    "kidiq-kidscore_momhs": Published(473, 0.330),
    "kidiq-kidscore_momhsiq": Published(462, 0.325),
    "kidiq-kidscore_momiq": Published(449, 0.341),
    "kidiq_with_mom_work-kidscore_interaction_c": Published(511, 0.300),
    "kilpisjarvi_mod-kilpisjarvi": Published(500, 0.338),
    "mesquite-logmesquite_logva": Published(484, 0.281),
    "mesquite-logmesquite_logvash": Published(532, 0.254),
    "mesquite-logmesquite_logvolume": Published(453, 0.306),
    "mesquite-mesquite": Published(663, 0.249),
    "nes1972-nes": Published(534, 0.253),
    "nes1980-nes": Published(518, 0.250),
    "nes1988-nes": Published(519, 0.251),
    "nes2000-nes": Published(521, 0.248),
    "sblri-blr": Published(542, 0.286),
    "bball_drive_event_0-hmm_drive_0": Published(622, 0.200),
    "gp_pois_regr-gp_pois_regr": Published(3727, 0.011),
    "hmm_example-hmm_example": Published(488, 0.313),
    "low_dim_gauss_mix-low_dim_gauss_mix": Published(514, 0.296),
    "hudson_lynx_hare-lotka_volterra": Published(843, 0.236),
}


def compare_with_recipe(results: Sequence[Result]) -> bool:
    """Print counts beside the recipe's; whether none misses its limit."""
    print(
        f"\n{'beside the recipe':42}{'ESS/grad':>10}{'recipe':>8}{'ratio':>7}"
        f"{'warm-up':>9}{'recipe':>8}{'most':>6}"
    )
    ratios, is_good = [], True
    for name, group in groupby(results, key=lambda result: result.posterior):
        if name not in RECIPE:
            continue
        runs, published = list(group), RECIPE[name]
        efficiency = float(np.mean([run.efficiency for run in runs]))
        warmup = np.array([run.warmup_gradients for run in runs])
        ratio = efficiency / published.ess_per_gradient
        most = float(warmup.max() / published.warmup_gradients)
        is_met = ratio >= LEAST_EFFICIENCY and most <= MOST_WARMUP
        print(
            f"{name:42}{efficiency:10.3f}{published.ess_per_gradient:8.3f}{ratio:7.2f}"
            f"{warmup.mean():9.0f}{published.warmup_gradients:8}{most:6.2f}"
            f"{'' if is_met else '  FAIL'}"
        )
        ratios.append(ratio)
        is_good &= is_met
    if not ratios:
        return True
    mean = float(np.exp(np.mean(np.log(ratios))))
    is_good &= mean >= LEAST_MEAN_EFFICIENCY
    verdict = "PASS" if is_good else "FAIL"
    print(
        f"{verdict}: effective draws per gradient are "
        f"{mean:.3f} times the recipe's (geometric mean; {LEAST_MEAN_EFFICIENCY} "
        f"wanted, {LEAST_EFFICIENCY} in each row, and no warm-up over "
        f"{MOST_WARMUP:g} times)"
    )
    return is_good
