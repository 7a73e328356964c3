"""Methods for reading results: arrays in, figures out. They know no study, contract or run.

    cases        futures as columns of codes, with results and weights
    basis, projection, shapley, components, separation, pick_freeze     which input matters
    prim, prim_checks, tree                                             in which region
    design_point, dependent_normals                                     the likeliest way there
    dominance, regret                                                   which of several is better
    thresholds, skill                                                   what to watch
    roots                                                               how much is enough
"""
