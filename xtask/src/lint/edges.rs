//! The direction of dependencies, held against the rules.

use std::fmt;

use super::graph::Graph;
use super::rules::Rule;

/// A way in which the workspace breaks the rules.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// A crate names another of the workspace that it must not know.
    Edge {
        from: String,
        to: String,
        may_use: &'static [&'static str],
    },
    /// A crate links, however indirectly, what must not be in its tree.
    Linked {
        member: String,
        krate: &'static str,
        because: &'static str,
    },
    /// A crate that the rules do not speak of.
    NoRule { member: String },
    /// A rule for a crate that is gone.
    NoMember { member: &'static str },
}

/// Everything in the graph that the rules do not allow.
pub(super) fn check(graph: &Graph, rules: &'static [Rule]) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    for member in graph.members() {
        let Some(rule) = rules.iter().find(|rule| rule.member == member) else {
            wrong.push(Wrong::NoRule {
                member: member.clone(),
            });
            continue;
        };
        let edges = graph
            .named_by(member)
            .filter(|to| !rule.may_use.contains(to));
        wrong.extend(edges.map(|to| Wrong::Edge {
            from: member.clone(),
            to: to.to_owned(),
            may_use: rule.may_use,
        }));
        let linked = rule.never.iter().filter(|krate| graph.links(member, krate));
        wrong.extend(linked.map(|krate| Wrong::Linked {
            member: member.clone(),
            krate,
            because: rule.because,
        }));
    }
    let gone = rules
        .iter()
        .filter(|rule| !graph.members().contains(rule.member));
    wrong.extend(gone.map(|rule| Wrong::NoMember {
        member: rule.member,
    }));
    wrong
}

impl fmt::Display for Wrong {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Edge { from, to, may_use } => {
                let allowed = if may_use.is_empty() {
                    "no other crate of the workspace".to_owned()
                } else {
                    may_use.join(", ")
                };
                write!(
                    formatter,
                    "{from} → {to}\n  {from} may use: {allowed}.\n  \
                     Move what both need below them, or pass it in through a port."
                )
            }
            Self::Linked {
                member,
                krate,
                because,
            } => write!(
                formatter,
                "{member} → … → {krate}\n  {because}.\n  \
                 `cargo tree --package {member} --invert {krate} --edges normal` shows the way."
            ),
            Self::NoRule { member } => {
                write!(
                    formatter,
                    "{member}\n  has no rule yet: give it one in xtask/src/lint/rules.rs."
                )
            }
            Self::NoMember { member } => {
                write!(
                    formatter,
                    "{member}\n  is not in the workspace any more: remove its rule from xtask/src/lint/rules.rs."
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &[Rule] = &[
        Rule {
            member: "app",
            may_use: &["agent"],
            never: &["wry"],
            because: "the app knows no window",
        },
        Rule {
            member: "agent",
            may_use: &[],
            never: &[],
            because: "",
        },
    ];

    fn graph() -> Graph {
        let mut graph = Graph::default();
        graph.add("app", &["agent"], &["serde"]);
        graph.add("agent", &[], &["serde"]);
        graph
    }

    #[test]
    fn the_allowed_way_is_allowed() {
        assert_eq!(check(&graph(), RULES), []);
    }

    #[test]
    fn an_edge_that_points_up_is_reported_with_what_would_be_right() {
        let mut graph = graph();
        graph.add("agent", &["app"], &[]);
        let wrong = check(&graph, RULES);
        assert_eq!(
            wrong,
            [Wrong::Edge {
                from: "agent".to_owned(),
                to: "app".to_owned(),
                may_use: &[]
            }]
        );
        let text = wrong[0].to_string();
        assert!(
            text.contains("agent → app") && text.contains("no other crate"),
            "{text}"
        );
    }

    #[test]
    fn a_forbidden_crate_far_down_is_reported_with_the_reason() {
        let mut graph = graph();
        graph.add("app", &["agent"], &["wry"]);
        let wrong = check(&graph, RULES);
        assert_eq!(wrong.len(), 1);
        assert!(
            wrong[0].to_string().contains("the app knows no window"),
            "{}",
            wrong[0]
        );
    }

    #[test]
    fn a_crate_without_a_rule_and_a_rule_without_a_crate_are_reported() {
        let mut graph = Graph::default();
        graph.add("app", &[], &[]);
        graph.add("cloud", &[], &[]);
        let wrong = check(&graph, RULES);
        assert_eq!(
            wrong,
            [
                Wrong::NoRule {
                    member: "cloud".to_owned()
                },
                Wrong::NoMember { member: "agent" }
            ]
        );
    }
}
