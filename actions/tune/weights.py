"""How much each parameter matters for the first objective, by how differently the best trials spread over it."""

import math
import warnings
from typing import TYPE_CHECKING

from actions.tune.study import complete
from policy.tuned import Weight
from policy.tuning import Tune

if TYPE_CHECKING:
    from optuna.study import Study
    from optuna.trial import FrozenTrial

LEAST = 12
"""With fewer trials nothing is said: the best tenth would be a single one."""


def weights(study: "Study", tune: Tune) -> list[Weight]:
    """Shares of all parameters, the largest first (PED-ANOVA, Watanabe 2023); none where there is too little to tell."""
    from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances

    if len(complete(study)) < LEAST or len(tune.space) < 2:
        return []
    sign = -1.0 if tune.objectives[0].direction == "higher" else 1.0

    def lower_is_better(trial: "FrozenTrial") -> float:
        return sign * float(trial.values[0])

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = get_param_importances(study, evaluator=PedAnovaImportanceEvaluator(), target=lower_is_better)
        except (ValueError, RuntimeError):
            return []  # such as where all trials have one and the same score
    if not all(math.isfinite(share) for share in found.values()):
        return []
    return [Weight(key=key, share=share) for key, share in sorted(found.items(), key=lambda each: (-each[1], each[0]))]
