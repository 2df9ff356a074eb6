//! How the page looks: the window's colours and measures.

pub(super) const STYLE: &str = include_str!("style.css");
