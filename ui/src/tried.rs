//! What tests of providers came to since the window was opened.

use std::collections::BTreeMap;
use std::rc::Rc;

use slipway_contract::Problem;
use slipway_contract::command::TestProvider;
use slipway_contract::provider::ProviderTest;
use yew::prelude::*;

use crate::bridge::call;

/// Where a test stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Trial {
    /// It was asked for.
    Testing,
    /// What came of it.
    Over(Rc<ProviderTest>),
    /// The host could not make it.
    NotMade(Rc<Problem>),
}

/// The newest test of each provider.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Tried(BTreeMap<String, (Mark, Trial)>);

/// Tells a test from every other.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mark(Rc<()>);

impl PartialEq for Mark {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// What happens to tests.
#[derive(Debug)]
pub(crate) enum Happened {
    /// A test of this provider was begun.
    Begun(String, Mark),
    /// A test is over. One that was begun before the newest says nothing any more.
    Over(String, Mark, Trial),
    /// The provider's key is gone.
    Forgotten(String),
}

impl Tried {
    /// The newest test of a provider.
    pub(crate) fn of(&self, provider: &str) -> Option<&Trial> {
        self.0.get(provider).map(|(_, trial)| trial)
    }

    fn after(&self, happened: Happened) -> Self {
        let mut next = self.clone();
        match happened {
            Happened::Begun(provider, mark) => {
                next.0.insert(provider, (mark, Trial::Testing));
            }
            Happened::Over(provider, mark, trial) => {
                if let Some(newest) = next.0.get_mut(&provider)
                    && newest.0 == mark
                {
                    newest.1 = trial;
                }
            }
            Happened::Forgotten(provider) => {
                next.0.remove(&provider);
            }
        }
        next
    }
}

impl Reducible for Tried {
    type Action = Happened;

    fn reduce(self: Rc<Self>, happened: Happened) -> Rc<Self> {
        Rc::new(self.after(happened))
    }
}

/// Tests a provider; what comes of it is in [`Tried`].
pub(crate) fn test(tried: &UseReducerHandle<Tried>, provider: String) {
    let mark = Mark::default();
    let tell = tried.dispatcher();
    tell.dispatch(Happened::Begun(provider.clone(), mark.clone()));
    wasm_bindgen_futures::spawn_local(async move {
        let command = TestProvider {
            provider: provider.clone(),
        };
        let trial = match call(&command).await {
            Ok(test) => Trial::Over(Rc::new(test)),
            Err(problem) => Trial::NotMade(Rc::new(problem)),
        };
        tell.dispatch(Happened::Over(provider, mark, trial));
    });
}

#[cfg(test)]
mod tests {
    use slipway_contract::ErrorCode;

    use super::*;

    fn not_made() -> Trial {
        Trial::NotMade(Rc::new(Problem::new(ErrorCode::Internal, "no")))
    }

    #[test]
    fn the_newest_test_counts_and_a_removed_key_has_none() {
        let openai = || "openai".to_owned();
        let (first, second) = (Mark::default(), Mark::default());
        let tried = Tried::default().after(Happened::Begun(openai(), first.clone()));
        assert_eq!(tried.of("openai"), Some(&Trial::Testing));
        assert_eq!(tried.of("google"), None);
        let tried = tried.after(Happened::Begun(openai(), second.clone()));
        let tried = tried.after(Happened::Over(openai(), first, not_made()));
        assert_eq!(
            tried.of("openai"),
            Some(&Trial::Testing),
            "the older test is of another key"
        );
        let tried = tried.after(Happened::Over(openai(), second.clone(), not_made()));
        assert_eq!(tried.of("openai"), Some(&not_made()));
        let tried = tried.after(Happened::Forgotten(openai()));
        let late = tried.after(Happened::Over(openai(), second, not_made()));
        assert_eq!(late.of("openai"), None);
    }
}
