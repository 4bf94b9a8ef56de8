"""schedules.json.gz: every schedule at many lengths."""

import store
from schedules import SCHEDULES, Model, lcm_model

STEPS = [1, 2, 3, 4, 5, 8, 10, 11, 20, 25, 30, 40, 50, 100, 150]


def make():
    model = Model()
    lists = [
        {"schedule": name, "steps": n, "sigmas": store.doubles(schedule(n, model))}
        for name, schedule in SCHEDULES.items()
        for n in STEPS
    ]
    distilled = lcm_model(model)
    store.write(
        "schedules",
        {
            "table": store.doubles(model.sigmas),
            "timesteps": [{"sigma": s, "timestep": float(model.sigma_to_t(s))} for s in (0.01, 0.0292, 0.1, 0.5, 1, 3.3, 9, 14.6, 20)],
            "lists": lists,
            "distilled": [{"steps": n, "sigmas": store.doubles(SCHEDULES["uniform"](n, distilled))} for n in (1, 2, 4, 8, 20)],
        },
    )
