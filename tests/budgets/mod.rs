//! Two hundred calls at once against one dollar, over HTTP and a real store.

pub(crate) mod server;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use slipway_agent::driver::{self, Control, Outcome, Ports};
use slipway_agent::memory::approvals::NoApprovals;
use slipway_agent::ports::observer::Observer;
use slipway_agent::spec::{Limits, RunSpec};
use slipway_contract::budget::{BudgetKey, BudgetSummary, Period};
use slipway_contract::event::{EventKind, RunEvent};
use slipway_contract::run::{EndReason, RunStatus};
use slipway_contract::{ContentHash, RunId, Usd};
use slipway_providers::{Environment, Estimate, OwnPrices, Providers, Settings};
use slipway_runner::system::{EnvironmentSecrets, SystemClock, SystemRandom};
use slipway_store::{Options, Store};
use tempfile::TempDir;

use server::{ANSWER, Bills, Provider, REQUEST};

const CALLS: u8 = 200;
/// The most tokens of an answer that the agent asks for.
const ALLOWED: u32 = 1_000;
/// A dollar is about a hundred of these calls in the worst case.
const AT_ONCE: usize = 90;
const PRICES: &str = "[[price]]\nmodel = \"openai/dear\"\ninput = \"1.00\"\noutput = \"10.00\"\nmax_output = 100_000\nchecked = \"2026-11-22\"\n";

fn usd(text: &str) -> Usd {
    text.parse().unwrap()
}

/// What a provider's bill of so many tokens of answer comes to.
fn bill(answer: u64) -> Usd {
    let millionths = REQUEST + 10 * answer;
    Usd(rust_decimal::Decimal::new(
        i64::try_from(millionths).unwrap(),
        6,
    ))
}

fn sum(amounts: impl Iterator<Item = Usd>) -> Usd {
    amounts.fold(Usd::ZERO, Usd::plus)
}

#[derive(Default)]
struct Reports(Mutex<Vec<EventKind>>);

impl Observer for Reports {
    fn event(&self, event: &RunEvent) {
        if matches!(event.kind, EventKind::ModelOverbilled { .. }) {
            self.0.lock().unwrap().push(event.kind.clone());
        }
    }
}

struct World {
    ports: Ports,
    store: Store,
    reports: Arc<Reports>,
    _folder: TempDir,
}

impl World {
    /// A person who spends a dollar at most.
    async fn new(provider: &Provider) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(SystemClock::default());
        let options = Options::new(clock.clone());
        let path = folder.path().join("slipway.db");
        let store = Store::open(&path, options).await.unwrap();
        store.set_budget(&everything(), usd("1.00")).await.unwrap();
        let base = provider.base();
        let environment =
            Environment::from_variables(|name| (name == "OPENAI_BASE_URL").then(|| base.clone()));
        let settings = Settings {
            stream: false,
            ..Settings::default()
        };
        let providers = Providers::new(Arc::new(EnvironmentSecrets), environment)
            .with_settings(settings)
            .with_own_prices(OwnPrices::parse(PRICES).unwrap());
        let providers = Arc::new(providers);
        let reports = Arc::new(Reports::default());
        let shared = Arc::new(store.clone());
        let ports = Ports {
            model: providers
                .resolve(&"openai/dear".parse().unwrap(), &[], "/")
                .await
                .unwrap(),
            tools: Arc::new([]),
            approvals: Arc::new(NoApprovals),
            journal: shared.clone(),
            leases: shared.clone(),
            ledger: shared,
            prices: providers,
            tokens: Arc::new(Estimate),
            clock,
            random: Arc::new(SystemRandom),
            observer: reports.clone(),
            wire: Arc::new(()),
        };
        Self {
            ports,
            store,
            reports,
            _folder: folder,
        }
    }

    async fn standing(&self) -> BudgetSummary {
        let mut summaries = self.store.budget_summaries().await.unwrap();
        summaries.pop().unwrap()
    }

    /// All runs at once, and somebody who looks at the books meanwhile.
    async fn run_all(self: &Arc<Self>) -> Vec<(RunStatus, EndReason)> {
        let done = Arc::new(AtomicBool::new(false));
        let looking = tokio::spawn({
            let (world, done) = (Arc::clone(self), Arc::clone(&done));
            async move {
                let mut looks = 0_u32;
                while !done.load(Ordering::SeqCst) {
                    let BudgetSummary {
                        spent_usd,
                        reserved_usd,
                        limit_usd,
                        ..
                    } = world.standing().await;
                    assert!(
                        spent_usd.plus(reserved_usd) <= limit_usd,
                        "{spent_usd} spent and {reserved_usd} reserved"
                    );
                    looks += 1;
                    tokio::task::yield_now().await;
                }
                looks
            }
        });
        let runs = (0..CALLS).map(|number| {
            let world = Arc::clone(self);
            tokio::spawn(async move {
                let run = RunId::from_random([number; 10]);
                let control = Control::default();
                let outcome = driver::start(&world.ports, run, spec(), &control).await;
                match outcome.unwrap() {
                    Outcome::Ended(end) => (end.status, end.reason),
                    other => panic!("a run must end: {other:?}"),
                }
            })
        });
        let ends = futures::future::join_all(runs.collect::<Vec<_>>()).await;
        done.store(true, Ordering::SeqCst);
        assert!(looking.await.unwrap() > 0, "somebody looked");
        ends.into_iter().map(Result::unwrap).collect()
    }
}

fn everything() -> BudgetKey {
    BudgetKey {
        agent: None,
        period: Period::Total,
    }
}

fn spec() -> RunSpec {
    RunSpec {
        agent: "spender".parse().unwrap(),
        title: "Spender".into(),
        version: ContentHash::from_bytes([1; 32]),
        behaviour: ContentHash::from_bytes([2; 32]),
        model: "openai/dear".parse().unwrap(),
        temperature: None,
        context_tokens: None,
        max_output_tokens: Some(ALLOWED),
        instructions: "Do it.".into(),
        tools: vec![],
        limits: Limits::default(),
        output_schema: None,
        granted: vec![],
        missing: vec![],
        folder: None,
        package_files: None,
        network: true,
        workdir: "/".into(),
        input: "Go.".into(),
        attachments: Vec::new(),
        reasoning: None,
        tool_choice: None,
        fallback: Vec::new(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_calls_at_once_spend_what_fits_a_dollar_and_no_more() {
    let provider = Provider::start(Bills::Honestly, AT_ONCE);
    let world = Arc::new(World::new(&provider).await);
    let ends = world.run_all().await;

    let books = provider.books();
    assert!(books.at_once >= AT_ONCE, "{} at once", books.at_once);
    let billed = sum(books.answers.iter().map(|(_, answer)| bill(*answer)));
    let standing = world.standing().await;
    assert_eq!(
        standing.spent_usd, billed,
        "the provider's books say the same"
    );
    assert_eq!(standing.reserved_usd, Usd::ZERO);
    assert_eq!(standing.beyond_usd, Usd::ZERO);
    assert!(standing.spent_usd <= usd("1.00"), "{}", standing.spent_usd);
    assert!(world.reports.0.lock().unwrap().is_empty());

    // Of calls of the full length, so many fit.
    let each = bill(ANSWER).0;
    let fits = (usd("1.00").0 / each).floor() * each;
    let used = standing.spent_usd.0 / fits;
    assert!(used >= usd("0.95").0, "{used} of {fits} is used");

    let over = (RunStatus::Failed, EndReason::OverBudget);
    let refused = ends.iter().filter(|end| **end == over).count();
    let served = ends
        .iter()
        .filter(|(status, _)| *status == RunStatus::Succeeded)
        .count();
    assert_eq!(served, books.answers.len());
    assert_eq!(served + refused, usize::from(CALLS), "{ends:?}");
    assert!(refused > 0, "not all of them fit");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_that_bills_more_than_announced_is_reported_and_the_budget_holds() {
    let provider = Provider::start(Bills::Greedily, AT_ONCE);
    let world = Arc::new(World::new(&provider).await);
    world.run_all().await;

    let books = provider.books();
    let billed = sum(books.answers.iter().map(|(_, answer)| bill(*answer)));
    let standing = world.standing().await;
    assert!(standing.spent_usd <= usd("1.00"), "{}", standing.spent_usd);
    assert!(standing.spent_usd >= usd("0.90"), "{}", standing.spent_usd);
    assert_eq!(
        standing.spent_usd.plus(standing.beyond_usd),
        billed,
        "what was agreed and what went beyond it are the provider's bill"
    );
    assert_eq!(standing.left_usd, Usd::ZERO);
    let reports = world.reports.0.lock().unwrap();
    assert_eq!(reports.len(), books.answers.len(), "each bill is reported");
    for report in reports.iter() {
        let EventKind::ModelOverbilled {
            provider,
            announced_output_tokens,
            billed_output_tokens,
            ..
        } = report
        else {
            panic!("{report:?}")
        };
        assert_eq!(provider, "openai");
        assert_eq!(
            u64::from(*announced_output_tokens) * 3,
            *billed_output_tokens
        );
    }
}
