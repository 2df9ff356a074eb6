//! What is computed of reports: comparisons, agreement with a person, totals.

use super::*;

#[test]
fn luck_is_not_called_better_or_worse() {
    let change = |mode, before: (u32, u32), after: (u32, u32), required| {
        let one = |(passed, failed)| {
            let mut case = case(1, "a", passed, failed);
            case.required = required;
            report(mode, vec![case])
        };
        let comparison = Comparison::between(&one(before), &one(after));
        (comparison.cases[0].change, comparison.cases[0].trend)
    };
    for (mode, before, after, required, expected) in [
        (Mode::Live, (8, 2), (9, 1), 9, (Change::Flaky, Trend::Same)),
        (Mode::Live, (9, 1), (8, 2), 9, (Change::Flaky, Trend::Same)),
        (
            Mode::Live,
            (1, 9),
            (9, 1),
            9,
            (Change::Fixed, Trend::Better),
        ),
        (
            Mode::Live,
            (10, 0),
            (3, 7),
            9,
            (Change::Broken, Trend::Worse),
        ),
        (
            Mode::Live,
            (10, 0),
            (10, 0),
            10,
            (Change::Unchanged, Trend::Same),
        ),
        (Mode::Live, (1, 0), (0, 1), 1, (Change::Flaky, Trend::Same)),
        (Mode::Live, (10, 0), (9, 1), 8, (Change::Flaky, Trend::Same)),
        (
            Mode::Replay,
            (1, 0),
            (0, 1),
            1,
            (Change::Broken, Trend::Worse),
        ),
        (
            Mode::Replay,
            (0, 1),
            (1, 0),
            1,
            (Change::Fixed, Trend::Better),
        ),
        (
            Mode::Replay,
            (0, 1),
            (0, 1),
            1,
            (Change::Unchanged, Trend::Same),
        ),
    ] {
        assert_eq!(
            change(mode, before, after, required),
            expected,
            "{mode:?} {before:?} {after:?}"
        );
    }
}

#[test]
fn new_cases_gone_cases_and_unknown_ones_are_told_apart() {
    let before = report(Mode::Replay, vec![case(1, "a", 1, 0), case(2, "b", 1, 0)]);
    let mut unknown = case(2, "b", 1, 0);
    unknown.attempts = vec![attempt(1, Outcome::Unjudged)];
    let after = report(Mode::Replay, vec![unknown, case(3, "c", 1, 0)]);
    let comparison = Comparison::between(&before, &after);
    let changes: Vec<_> = comparison
        .cases
        .iter()
        .map(|case| (case.title.as_str(), case.change))
        .collect();
    assert_eq!(
        changes,
        [
            ("b", Change::Unknown),
            ("c", Change::New),
            ("a", Change::Gone)
        ]
    );
}

#[test]
fn rates_and_figures_follow_their_tests() {
    let costing = |mode, passed: usize, cost: &str, latency_ms: u64| {
        let cases = (0..10).map(|number| {
            let mut case = match number < passed {
                true => case(number, "x", 1, 0),
                false => case(number, "x", 0, 1),
            };
            case.attempts[0].cost_usd = Some(cost.parse().unwrap());
            case.attempts[0].latency_ms = latency_ms;
            case
        });
        report(mode, cases.collect())
    };
    let live = |passed, cost, latency| costing(Mode::Live, passed, cost, latency);
    let comparison = Comparison::between(&live(8, "0.01", 900), &live(9, "0.02", 900));
    assert_eq!(
        comparison.rate.unwrap().trend,
        Trend::Same,
        "8/10 against 9/10 may be luck"
    );
    let cost = comparison.cost.unwrap();
    assert_eq!(
        (cost.trend, cost.signs.rose, cost.pairs),
        (Trend::Worse, 10, 10)
    );
    assert!((cost.p - 2.0 / 1024.0).abs() < 1e-12, "ten of ten coins");
    assert!(!cost.interval.unwrap().holds(0.0));
    let told = words::comparison(&comparison).join("\n");
    let line = "Cost $0.0100 before, $0.0200 now: higher (by case +$0.0100, with 95% confidence +$0.0100 to +$0.0100; p = 0.002)";
    assert!(told.contains(line), "{told}");
    assert_eq!(comparison.latency.unwrap().trend, Trend::Same);
    let comparison = Comparison::between(&live(2, "0.01", 900), &live(10, "0.01", 400));
    assert_eq!(comparison.rate.unwrap().trend, Trend::Better);
    assert_eq!(comparison.latency.unwrap().trend, Trend::Better);
    let replay = |passed| costing(Mode::Replay, passed, "0", 1);
    let comparison = Comparison::between(&replay(9), &replay(8));
    assert_eq!(
        comparison.rate.unwrap().trend,
        Trend::Worse,
        "replay knows no luck"
    );
    assert_eq!(comparison.latency, None);
}

#[test]
fn a_judge_is_measured_by_a_persons_labels() {
    let mut report = report(
        Mode::Live,
        (0..50).map(|number| case(number, "x", 1, 0)).collect(),
    );
    // The table of Cohen's kappa 0.4: both pass 20, both fail 15, and they differ on 15.
    let mut labels = Vec::new();
    for (number, case) in report.suites[0].cases.iter_mut().enumerate() {
        let (judge, person) = match number {
            0..20 => (true, true),
            20..25 => (true, false),
            25..35 => (false, true),
            _ => (false, false),
        };
        let check = &mut case.attempts[0].checks[0];
        check.judgement.basis = Some(Basis::Rubric {
            model: "local/judge".to_owned(),
            score: Some(0.5),
            reasoning: "so".to_owned(),
            cost_usd: None,
        });
        if !judge {
            check.judgement.verdict = Verdict::Failed {
                why: Explanation::new("no"),
            };
        }
        labels.push(Label {
            case: id(number),
            attempt: 1,
            what: check.what.clone(),
            passes: person,
        });
    }
    labels.push(Label {
        case: id(999),
        attempt: 1,
        what: "gone".to_owned(),
        passes: true,
    });
    report.suites[0].cases[0].attempts[0]
        .checks
        .push(check("another", Verdict::Passed));
    labels.push(Label {
        case: id(0),
        attempt: 1,
        what: "another".to_owned(),
        passes: false,
    });
    let agreements = report.agreement(&labels);
    assert_eq!(agreements.len(), 1, "what no model judged is no judge's");
    let (model, agreement) = &agreements[0];
    assert_eq!((model.as_str(), agreement.judged), ("local/judge", 50));
    assert!((agreement.kappa.unwrap() - 0.4).abs() < 1e-12);
}

#[test]
fn totals_count_and_repeats_are_estimated() {
    let report = report(Mode::Live, vec![case(1, "a", 2, 2), case(2, "b", 4, 0)]);
    let totals = report.totals();
    assert_eq!(
        (totals.cases, totals.passed, totals.failed, totals.mixed),
        (2, 1, 1, 1)
    );
    assert_eq!(totals.cost_usd, "0.08".parse().unwrap());
    let four = totals.repeats[0];
    assert_eq!((four.k, four.cases), (4, 2));
    assert!((four.any - 1.0).abs() < 1e-12 && (four.all - 0.5).abs() < 1e-12);
    assert!(!report.passed());
}

#[test]
fn a_case_passes_when_as_many_attempts_do_as_must() {
    let mut one = case(1, "a", 3, 1);
    for (required, outcome) in [(3, Outcome::Passed), (4, Outcome::Failed)] {
        one.required = required;
        assert_eq!(one.outcome(), outcome);
    }
    one.attempts[3] = attempt(4, Outcome::Unjudged);
    assert_eq!(
        one.outcome(),
        Outcome::Unjudged,
        "the fourth might have passed"
    );
    one.attempts.clear();
    assert_eq!(one.outcome(), Outcome::Unjudged);
}

#[test]
fn nearly_all_is_not_all_and_hardly_any_is_some() {
    for (share, shown) in [
        (0.0, "0%"),
        (0.000_1, "0.1%"),
        (0.003_8, "0.4%"),
        (0.741, "74%"),
        (0.996_2, "99.6%"),
        (0.999_99, "99.9%"),
        (1.0, "100%"),
    ] {
        assert_eq!(words::percent(share), shown);
    }
}
