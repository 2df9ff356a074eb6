//! Refresh tokens in whatever order things happen: the server does as a model of a few lines.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use crate::kit::{Answer, Cloud, Engine, Tokens};

const MINUTE: i64 = 60;
const DAY: i64 = 24 * 3600;

/// Something that happens.
#[derive(Debug, Clone)]
enum Step {
    /// Any token that was ever given is shown.
    Refresh(prop::sample::Index),
    /// The newest one is.
    RefreshNewest,
    /// Time passes.
    Forward(i64),
    /// The server ends and is started again.
    Restart,
    /// Any token that was ever given is given back.
    Revoke(prop::sample::Index),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => any::<prop::sample::Index>().prop_map(Step::Refresh),
        6 => Just(Step::RefreshNewest),
        5 => prop::sample::select(vec![1, 29, 30, 31, 15 * MINUTE, DAY, 7 * DAY - 1, 7 * DAY]).prop_map(Step::Forward),
        1 => Just(Step::Restart),
        1 => any::<prop::sample::Index>().prop_map(Step::Revoke),
    ]
}

/// A token as the model knows it, at times in seconds since the sign-in.
struct Token {
    text: String,
    issued: i64,
    /// When it was used, and which token followed.
    used: Option<(i64, usize)>,
}

/// What must become of a session.
struct Model {
    now: i64,
    is_ended: bool,
    last_used: i64,
    tokens: Vec<Token>,
    /// The newest access token, and when it was given.
    access: (String, i64),
}

/// What must come of showing a token.
enum Outcome {
    Fresh,
    Again(usize),
    None,
}

impl Model {
    fn is_live(&self) -> bool {
        !self.is_ended && self.now < (self.last_used + 7 * DAY).min(90 * DAY)
    }

    fn shown(&mut self, at: usize) -> Outcome {
        let token = &self.tokens[at];
        if !self.is_live() || self.now >= token.issued + 7 * DAY {
            return Outcome::None;
        }
        let Some((used, next)) = token.used else {
            return Outcome::Fresh;
        };
        if self.now <= used + 30 && self.tokens[next].used.is_none() {
            return Outcome::Again(next);
        }
        self.is_ended = true;
        Outcome::None
    }

    fn given(&mut self, at: usize, tokens: Tokens) {
        self.tokens[at].used = Some((self.now, self.tokens.len()));
        self.tokens.push(Token {
            text: tokens.refresh,
            issued: self.now,
            used: None,
        });
        self.last_used = self.now;
        self.access = (tokens.access, self.now);
    }
}

fn is_refused(answer: &Answer) -> Result<(), TestCaseError> {
    prop_assert_eq!(answer.status, 400, "{}", answer.text());
    prop_assert!(answer.text().contains("invalid_grant"));
    Ok(())
}

async fn refresh(cloud: &Cloud, model: &mut Model, at: usize) -> Result<(), TestCaseError> {
    let outcome = model.shown(at);
    let answer = cloud.refresh(&model.tokens[at].text).await;
    match outcome {
        Outcome::None => is_refused(&answer)?,
        Outcome::Fresh => {
            prop_assert_eq!(answer.status, 200, "{}", answer.text());
            let tokens = Tokens::of(&answer);
            let is_new = model
                .tokens
                .iter()
                .all(|token| token.text != tokens.refresh);
            prop_assert!(is_new);
            model.given(at, tokens);
        }
        Outcome::Again(next) => {
            prop_assert_eq!(answer.status, 200, "{}", answer.text());
            let tokens = Tokens::of(&answer);
            prop_assert_eq!(&tokens.refresh, &model.tokens[next].text);
            model.access = (tokens.access, model.now);
        }
    }
    Ok(())
}

async fn walk(cloud: &mut Cloud, steps: Vec<Step>) -> Result<(), TestCaseError> {
    let person = cloud.person("anna").await;
    let tokens = cloud.sign_in(&person).await;
    let mut model = Model {
        now: 0,
        is_ended: false,
        last_used: 0,
        access: (tokens.access, 0),
        tokens: vec![Token {
            text: tokens.refresh,
            issued: 0,
            used: None,
        }],
    };
    for step in steps {
        match step {
            Step::Refresh(any) => {
                let at = any.index(model.tokens.len());
                refresh(cloud, &mut model, at).await?;
            }
            Step::RefreshNewest => {
                let at = model.tokens.len() - 1;
                refresh(cloud, &mut model, at).await?;
            }
            Step::Forward(seconds) => {
                cloud.clock.forward(seconds);
                model.now += seconds;
            }
            Step::Restart => {
                let again = cloud.restarted().await;
                std::mem::replace(cloud, again).stop().await;
            }
            Step::Revoke(any) => {
                let at = any.index(model.tokens.len());
                let answer = cloud.revoke(&model.tokens[at].text).await;
                prop_assert_eq!(answer.status, 200, "{}", answer.text());
                model.is_ended = true;
            }
        }
        let (access, given) = &model.access;
        let is_taken = model.is_live() && model.now < given + 15 * MINUTE;
        prop_assert_eq!(cloud.takes(access).await, is_taken);
    }
    Ok(())
}

fn hold(engine: Engine, cases: u32) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let cloud = runtime.block_on(Cloud::start(engine));
    let cloud = tokio::sync::Mutex::new(cloud);
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    let steps = prop::collection::vec(step(), 1..30);
    let held = TestRunner::new(config).run(&steps, |steps| {
        runtime.block_on(async { walk(&mut *cloud.lock().await, steps).await })
    });
    held.unwrap_or_else(|error| panic!("{error}"));
    runtime.block_on(cloud.into_inner().stop());
}

#[test]
fn a_session_does_as_the_model_on_sqlite() {
    hold(Engine::Sqlite, 48);
}

#[test]
fn a_session_does_as_the_model_on_needs_postgres() {
    hold(Engine::Postgres, 24);
}
