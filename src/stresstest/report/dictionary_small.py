"""What the columns of the small tables in summary/ mean: by table where a name is its own, else by name."""

from __future__ import annotations

GBP, CHANCE, SHARE, TEXT, COUNT, YEAR, QALY = "GBP", "probability", "share", "", "number", "financial year", "QALY"
Meaning = tuple[str, str]

#: Endings of column names, the longer ones first: what they make of the column that they end.
ENDINGS: dict[str, str] = {
    "_change_error": "standard error of the change in the same futures",
    "_change": "change against the first row, in the same futures",
    "_error": "standard error",
    "_low": "lower end of the 95% interval",
    "_high": "upper end of the 95% interval",
    "_base": "before the change",
    "_changed": "after the change",
}
#: Columns that mean the same in every table.
MEANINGS: dict[str, Meaning] = {
    "scenario": (TEXT, "set of futures"),
    "strategy": (TEXT, "what the provider does"),
    "year": (YEAR, "financial year; empty for the whole contract"),
    "futures": (COUNT, "futures that the row rests on"),
    "words": (TEXT, "what the row says, in words"),
    "source": (TEXT, "where the value comes from"),
    "quality": (TEXT, "published, derived, fitted or judgement"),
    "unit": (TEXT, "unit of the value"),
    "value": ("see unit", "the figure"),
    "error": ("as the figure", "its standard error"),
    "low": ("as the figure", "lower end of its 95% interval"),
    "high": ("as the figure", "upper end of its 95% interval"),
    "probability": (CHANCE, "how often it happens"),
    "exit_losses": (CHANCE, "losses end the contract early"),
    "exit": (CHANCE, "the contract ends early, by any cause"),
    "surplus_mean_gbp": (GBP, "provider's mean surplus, present value"),
    "surplus_gbp": (GBP, "provider's mean surplus, present value"),
    "mean_surplus_gbp": (GBP, "provider's mean surplus, present value"),
    "exposure_mean_gbp": (GBP, "commissioner's mean net exposure, present value"),
    "exposure_gbp": (GBP, "commissioner's mean net exposure, present value"),
    "mean_exposure_gbp": (GBP, "commissioner's mean net exposure, present value"),
    "exposure_cte99_gbp": (GBP, "commissioner's mean net exposure in the worst 1% of futures"),
    "p95_exposure_gbp": (GBP, "commissioner's net exposure that 1 future in 20 exceeds"),
    "cte99_exposure_gbp": (GBP, "commissioner's mean net exposure in the worst 1% of futures"),
    "health_mean_qaly": (QALY, "mean health gained, present value"),
    "health_qaly": (QALY, "mean health gained, present value"),
    "step_in_mean_gbp": (GBP, "cost of step-in and re-letting, mean where it ends so"),
    "step_in_gbp": (GBP, "cost of step-in and re-letting, mean where it ends so"),
    "step_in_median_gbp": (GBP, "the same, median"),
    "step_in_p95_gbp": (GBP, "the same, what 1 future in 20 exceeds"),
    "fails_probability": (CHANCE, "the hurdle is missed"),
}


def _own(names: str, **special: Meaning) -> dict[str, Meaning]:
    """Columns in the order of the file; those without a meaning of their own take it from MEANINGS or from an ending."""
    return {name: special.get(name, ("", "")) for name in names.split(",")}


#: Each table: what it says, and its columns in the order of the file.
TABLES: dict[str, tuple[str, dict[str, Meaning]]] = {
    "assumptions": (
        "Every number of the effective configuration.",
        _own(
            "key,value,unit,source,quality,file",
            key=(TEXT, "place of the number in the configuration"),
            value=("see unit", "the number, or numbers by year"),
            file=(TEXT, "contract, place, provider or axes"),
        ),
    ),
    "strategies": (
        "Which levers a strategy pulls.",
        _own(
            "strategy,lever,code,title,grade,intensity",
            lever=(TEXT, "lever, as the configuration names it"),
            code=(TEXT, "number in the catalogue"),
            title=(TEXT, "lever in words"),
            grade=(TEXT, "honest, lawful, grey or false"),
            intensity=("intensity", "how far it is pulled; several numbers go by year"),
        ),
    ),
    "exceedance": (
        "How likely a net exposure beyond each amount is.",
        _own(
            "strategy,threshold_gbp,probability,error,low,high",
            threshold_gbp=(GBP, "amount of net exposure"),
            probability=(CHANCE, "net exposure is beyond the amount"),
        ),
    ),
    "hurdles": (
        "Each party against its hurdle, on two paths.",
        _own(
            "scenario,strategy,hurdle,party,words,unit,better,limit,limit_source,judged,path,start,low_point,low_"
            "point_year,end,meets,"
            "fails_probability,fails_probability_error,fails_probability_low,fails_probability_high,path_futures,futures",
            hurdle=(TEXT, "name of the hurdle"),
            party=(TEXT, "whose it is"),
            better=(TEXT, "above or below: the better side"),
            limit=("see unit", "the hurdle"),
            limit_source=(TEXT, "where it comes from"),
            judged=(TEXT, "at any time, or over the whole term"),
            path=(TEXT, "median, or 1 in 10: the adverse one"),
            start=("see unit", "path at the end of the first year"),
            low_point=("see unit", "its worst value"),
            low_point_year=(YEAR, "year of that"),
            end=("see unit", "path at the end of the term"),
            meets=("yes or no", "whether the path keeps to the hurdle"),
            path_futures=(COUNT, "futures that the path rests on"),
        ),
    ),
    "hurdles_by_year": (
        "How often each year brings what a party fears.",
        _own(
            "scenario,strategy,measure,words,year,probability,probability_error,probability_low,probability_high,"
            "running_probability,running_probability_error,running_probability_low,running_probability_high,running_futures,"
            "futures",
            measure=(TEXT, "what is feared"),
            running_probability=(CHANCE, "the same chance among contracts that still run in the year; empty where not told"),
            running_futures=(COUNT, "futures whose contract still runs in the year"),
        ),
    ),
    "bridge": (
        "What takes the provider's mean surplus from the start to its low point.",
        _own(
            "contract,strategy,scenario,order,driver,kind,words,change_gbp,change_error_gbp,difference_gbp,"
            "difference_error_gbp,statistic,to_year,futures",
            contract=(TEXT, "as it is, or with every fix"),
            order=(COUNT, "place in the bridge"),
            driver=(TEXT, "cause; start and low point hold levels"),
            kind=(TEXT, "start: a level; change: a step; level: what the steps come to"),
            change_gbp=(GBP, "mean of futures: what the cause changes; a level where the kind is start or level"),
            difference_gbp=(GBP, "the same less that of the contract as it is, honest, in the same futures"),
            difference_error_gbp=(GBP, "standard error of that"),
            statistic=(TEXT, "what the figures are: means of futures"),
            change_error_gbp=(GBP, "standard error of that"),
            to_year=(YEAR, "year of the low point of the contract as it is, honest"),
        ),
    ),
    "savings": (
        "Planned savings that come late, in part or not at all.",
        _own(
            "share_of_plan,delay_years,words,exit_losses,exit_losses_error,exit_losses_change,exit_losses_change_"
            "error,surplus_mean_gbp,"
            "surplus_error_gbp,surplus_mean_gbp_change,surplus_mean_gbp_change_error,exposure_mean_gbp,exposure_error_gbp,"
            "exposure_mean_gbp_change,exposure_mean_gbp_change_error,health_mean_qaly,health_error_qaly,health_mean_qaly_change,"
            "health_mean_qaly_change_error,strategy,scenario,futures",
            share_of_plan=(SHARE, "share of the plan's savings that comes"),
            delay_years=("years", "how late it comes"),
        ),
    ),
    "exit_costs": (
        "When the contract ends early, and what step-in then costs.",
        _own(
            "scenario,strategy,year,cause,probability,probability_error,probability_low,probability_high,exits,step_in_"
            "mean_gbp,step_in_error_gbp,"
            "step_in_low_gbp,step_in_high_gbp,step_in_median_gbp,step_in_median_error_gbp,step_in_median_low_gbp,"
            "step_in_median_high_gbp,"
            "step_in_p95_gbp,step_in_p95_error_gbp,step_in_p95_low_gbp,step_in_p95_high_gbp",
            year=(YEAR, "last year of service; empty for all"),
            cause=(TEXT, "losses, policy or all"),
            probability=(CHANCE, "it ends in that year by that cause"),
            exits=(COUNT, "futures that end so; errors are empty below 30 of them, the 95th percentile below 100"),
        ),
    ),
    "stories": (
        "Single futures told in words.",
        _own(
            "role,future,strategy,text,note,scenario",
            role=(TEXT, "what the future stands for"),
            future=(COUNT, "number of the future"),
            text=(TEXT, "what happens in it"),
            note=(TEXT, "how to read it"),
        ),
    ),
    "assumption_switches": (
        "What breaking one of the plan's seven assumptions does.",
        _own(
            "setting,letter,assumption,strategy,compared_with,exit_losses,exit_losses_error,exit_losses_change,ex"
            "it_losses_change_error,exit,"
            "exit_error,exit_change,exit_change_error,surplus_mean_gbp,surplus_mean_gbp_error,surplus_mean_gbp_change,"
            "surplus_mean_gbp_change_error,exposure_mean_gbp,exposure_mean_gbp_error,exposure_mean_gbp_change,"
            "exposure_mean_gbp_change_error,exposure_cte99_gbp,exposure_cte99_gbp_error,exposure_cte99_gbp_change,"
            "exposure_cte99_gbp_change_error",
            setting=(TEXT, "all held, all released, or one of them"),
            letter=(TEXT, "a to g"),
            assumption=(TEXT, "the assumption in words"),
            compared_with=(TEXT, "setting that changes are against"),
        ),
    ),
    "starting": (
        "What comes before the first year.",
        _own(
            "figure,value,error,unit,words,futures",
            figure=(TEXT, "what is measured"),
        ),
    ),
    "swings": (
        "What a judged input does to the headline when it is changed alone.",
        _own(
            "key,title,quality,source,base,changed,exit_losses_base,exit_losses_changed,exit_losses_error,exposure_base_gbp,"
            "exposure_changed_gbp,exposure_error_gbp",
            key=(TEXT, "the input"),
            title=(TEXT, "the input in words"),
            base=("as the input", "its value in the study"),
            changed=("as the input", "its value when changed"),
            exit_losses_error=(CHANCE, "standard error of the difference in the same futures"),
            exposure_error_gbp=(GBP, "standard error of the difference in the same futures"),
        ),
    ),
    "dependence": (
        "What dependence between the axes alone is worth.",
        _own(
            "dependence,words,mean_exposure_gbp,mean_exposure_change_gbp,mean_exposure_change_error_gbp,p95_expos"
            "ure_gbp,cte99_exposure_gbp,"
            "mean_surplus_gbp,exit_losses,exit_losses_change,exit_losses_change_error,exit,futures",
            dependence=(TEXT, "how the axes hang together"),
        ),
    ),
    "correlations": (
        "Correlations between the axes: asked for and achieved.",
        _own(
            "axis,other_axis,asked,achieved,error,means_over_years",
            axis=(TEXT, "an axis"),
            other_axis=(TEXT, "the other one"),
            asked=("correlation", "between destinations, as configured"),
            achieved=("correlation", "between destinations, as drawn"),
            means_over_years=("correlation", "between means over the contract's years"),
        ),
    ),
    "condensed": (
        "Every future that was lived, kept or not: statistics of all outcomes. Only in runs made with `--keep` below 100%.",
        _own(
            "scenario,strategy,party,metric,year,statistic,value,error,low,high,unit,bin_low,bin_high,future,futures,method",
            strategy=(TEXT, "honest, gamed, or the difference of both in the same futures"),
            party=(TEXT, "whose figure it is; contract for ends, hurdles and scores"),
            metric=(TEXT, "as in the table summary, or the column of outcomes; missed:HURDLE a hurdle missed, missed:any any of "
                    "them or an end by losses"),
            year=(YEAR, "an early end by then, or earlier; empty for the whole contract"),
            statistic=(TEXT, "mean, sd, pN quantile, cteN mean of the worst, probability, probability_negative, lowest, highest"),
            bin_low=("as the figure", "lowest value in the bin in which the quantile lies; the figure is known no nearer"),
            bin_high=("as the figure", "highest value in that bin"),
            future=(COUNT, "number of the first future with the lowest or highest value, for `stresstest explain --future`"),
            futures=(COUNT, "futures of the scenario that were lived"),
            method=(TEXT, "exact sums, bins of at most 0.4%, counted in every future, or extreme"),
        ),
    ),
    "convergence": (
        "How the headline figures settle as futures are added.",
        _own(
            "block,measure,futures,value,error,low,high,note",
            block=(TEXT, "doubling: the first so many futures; else replicates"),
            measure=(TEXT, "headline measure"),
            note=(TEXT, "which futures"),
        ),
    ),
    "variance_split": (
        "How much of the spread is decided by what futures share.",
        _own(
            "measure,shared,share_of_variance,error,futures",
            measure=(TEXT, "what spreads"),
            shared=(TEXT, "what is held"),
            share_of_variance=(SHARE, "variance between, as a share of all"),
        ),
    ),
    "history": (
        "Simulated means beside the British record.",
        _own(
            "quantity,historical_low,historical_mean,historical_high,historical_single_low,historical_single_high,simulated_p5,"
            "simulated_mean,simulated_p95,period,source,seed_low,seed_low_inside,seed_middle,seed_middle_inside,s"
            "eed_high,seed_high_inside",
            quantity=(TEXT, "what is compared"),
            historical_low=(SHARE, "lowest mean of a window of the record"),
            historical_mean=(SHARE, "mean of the record"),
            historical_high=(SHARE, "highest mean of a window"),
            historical_single_low=(SHARE, "lowest single year"),
            historical_single_high=(SHARE, "highest single year"),
            simulated_p5=(SHARE, "5% of futures lie below"),
            simulated_mean=(SHARE, "mean over futures"),
            simulated_p95=(SHARE, "5% of futures lie above"),
            period=(TEXT, "years of the record"),
            seed_low=(SHARE, "low level of the scenario work"),
            seed_low_inside=(TEXT, "inside or outside the record's windows"),
            seed_middle=(SHARE, "middle level"),
            seed_middle_inside=(TEXT, "inside or outside"),
            seed_high=(SHARE, "high level"),
            seed_high_inside=(TEXT, "inside or outside"),
        ),
    ),
    "null_test": (
        "What a provider that changes nothing is paid by chance.",
        _own(
            "clause,mean_gbp_a_year,error_gbp,without_chance_gbp_a_year,chance_part_gbp_a_year,chance_payout_rate"
            ",share_of_annual_payment",
            clause=(TEXT, "clause, as the contract names it"),
            mean_gbp_a_year=("GBP a year", "mean payment"),
            error_gbp=("GBP a year", "standard error of that"),
            without_chance_gbp_a_year=("GBP a year", "payment with chance variation taken out"),
            chance_part_gbp_a_year=("GBP a year", "difference: what chance pays"),
            chance_payout_rate=(SHARE, "share of years in which chance pays"),
            share_of_annual_payment=(SHARE, "mean as a share of the annual payment"),
        ),
    ),
}
