//! The runs of a list, asked for in pages as they come into view.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use slipway_contract::Problem;
use slipway_contract::command::ListRuns;
use slipway_contract::history::{RunFilter, RunOrder, RunQuery};
use slipway_contract::run::RunSummary;
use yew::prelude::*;

use crate::bridge::call;

/// Runs of a page.
const PAGE: usize = 100;

/// What of the list is here.
#[derive(Clone, PartialEq, Default)]
pub(super) struct Pages {
    list: List,
    pages: HashMap<usize, Page>,
    pub(super) problem: Option<Rc<Problem>>,
}

/// Which list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct List {
    pub(super) filter: RunFilter,
    pub(super) order: RunOrder,
}

#[derive(Clone)]
struct Page {
    runs: Rc<Vec<RunSummary>>,
    /// The pulse at which it was asked for.
    pulse: u32,
}

impl PartialEq for Page {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.runs, &other.runs) && self.pulse == other.pulse
    }
}

/// What happens to them.
pub(super) enum Change {
    Came {
        list: List,
        page: usize,
        pulse: u32,
        answer: Result<Vec<RunSummary>, Problem>,
    },
}

impl Reducible for Pages {
    type Action = Change;

    fn reduce(self: Rc<Self>, change: Change) -> Rc<Self> {
        let Change::Came {
            list,
            page,
            pulse,
            answer,
        } = change;
        let mut pages = (*self).clone();
        if pages.list != list {
            // What was shown for another filter stands until there is something to show instead.
            pages.pages.clear();
            pages.list = list;
        }
        match answer {
            Ok(runs) => {
                pages.problem = None;
                let is_newer = |kept: &Page| kept.pulse.wrapping_sub(pulse) < u32::MAX / 2;
                if !pages
                    .pages
                    .get(&page)
                    .is_some_and(|kept| kept.pulse != pulse && is_newer(kept))
                {
                    let runs = Rc::new(runs);
                    pages.pages.insert(page, Page { runs, pulse });
                }
            }
            Err(problem) => pages.problem = Some(Rc::new(problem)),
        }
        Rc::new(pages)
    }
}

impl Pages {
    /// A run by its place in the list, where its page is here.
    pub(super) fn run(&self, place: usize) -> Option<&RunSummary> {
        self.pages.get(&(place / PAGE))?.runs.get(place % PAGE)
    }

    /// Whether a run that is at work is here.
    pub(super) fn any(&self, is: impl Fn(&RunSummary) -> bool) -> bool {
        self.pages.values().any(|page| page.runs.iter().any(&is))
    }
}

/// The pages that hold these runs, read again with each pulse.
#[hook]
pub(super) fn use_pages(list: List, places: (usize, usize), pulse: u32) -> UseReducerHandle<Pages> {
    let (first, end) = places;
    let pages = use_reducer(Pages::default);
    let asked = use_mut_ref(HashSet::<(usize, u32)>::new);
    let latest = use_mut_ref(List::default);
    {
        let pages = pages.clone();
        let wanted = (first / PAGE, end.max(first + 1).div_ceil(PAGE));
        use_effect_with((list, wanted, pulse), move |(list, (first, end), pulse)| {
            if *latest.borrow() != *list {
                latest.borrow_mut().clone_from(list);
                asked.borrow_mut().clear();
            }
            asked.borrow_mut().retain(|(_, at)| at == pulse);
            for page in *first..*end {
                let is_here = pages.list == *list
                    && pages
                        .pages
                        .get(&page)
                        .is_some_and(|kept| kept.pulse == *pulse);
                if is_here || !asked.borrow_mut().insert((page, *pulse)) {
                    continue;
                }
                let (list, pulse, latest) = (list.clone(), *pulse, latest.clone());
                let pages = pages.dispatcher();
                wasm_bindgen_futures::spawn_local(async move {
                    let query = RunQuery {
                        filter: list.filter.clone(),
                        order: list.order,
                        after: None,
                        skip: u32::try_from(page * PAGE).unwrap_or(u32::MAX),
                        limit: u32::try_from(PAGE).unwrap_or(u32::MAX),
                    };
                    let answer = call(&ListRuns { query }).await;
                    // An answer to a question that nobody asks any more.
                    if *latest.borrow() == list {
                        pages.dispatch(Change::Came {
                            list,
                            page,
                            pulse,
                            answer,
                        });
                    }
                });
            }
        });
    }
    pages
}

#[cfg(test)]
mod tests {
    use super::*;

    fn came(page: usize, pulse: u32, list: &List) -> Change {
        Change::Came {
            list: list.clone(),
            page,
            pulse,
            answer: Ok(Vec::new()),
        }
    }

    #[test]
    fn an_older_answer_does_not_take_the_place_of_a_newer_one() {
        let list = List::default();
        let pages = Rc::new(Pages::default()).reduce(came(0, 3, &list));
        let pages = pages.reduce(came(0, 2, &list));
        assert_eq!(pages.pages.get(&0).map(|page| page.pulse), Some(3));
        let pages = pages.reduce(came(0, 4, &list));
        assert_eq!(pages.pages.get(&0).map(|page| page.pulse), Some(4));
    }

    #[test]
    fn another_list_begins_anew() {
        let list = List::default();
        let pages = Rc::new(Pages::default()).reduce(came(7, 1, &list));
        let other = List {
            filter: RunFilter {
                text: Some("tax".to_owned()),
                ..RunFilter::default()
            },
            ..List::default()
        };
        let pages = pages.reduce(came(0, 1, &other));
        assert_eq!(pages.pages.keys().collect::<Vec<_>>(), [&0]);
    }
}
