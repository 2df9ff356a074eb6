//! Which lines of a text are not as they were.

/// More differences than this are not told apart: everything between the first and the last of them counts as changed.
const MOST: usize = 400;

/// For each line of `now`, whether it is new or another than in `before`. Where only lines are gone, the line that
/// stands in their place counts.
pub(super) fn changed(before: &[&str], now: &[&str]) -> Vec<bool> {
    let mut marks = vec![false; now.len()];
    let start = before
        .iter()
        .zip(now)
        .take_while(|(one, other)| one == other)
        .count();
    let rest = before.len().min(now.len()) - start;
    let end = before.iter().rev().zip(now.iter().rev());
    let end = end
        .take(rest)
        .take_while(|(one, other)| one == other)
        .count();
    let (old, new) = (
        &before[start..before.len() - end],
        &now[start..now.len() - end],
    );
    let mut mark = |line: usize| {
        let last = now.len().saturating_sub(1);
        if let Some(mark) = marks.get_mut(line.min(last)) {
            *mark = true;
        }
    };
    match kept(old, new) {
        None => (start..start + new.len().max(1)).for_each(mark),
        Some(kept) => {
            let mut next_old = 0;
            let mut next_new = 0;
            for (old_line, new_line) in kept.into_iter().chain([(old.len(), new.len())]) {
                (next_new..new_line).for_each(|line| mark(start + line));
                if new_line == next_new && old_line > next_old {
                    mark(start + new_line);
                }
                (next_old, next_new) = (old_line + 1, new_line + 1);
            }
        }
    }
    marks
}

/// The lines that both have, as pairs in order: a shortest way from the one to the other (Myers 1986). None when it is
/// longer than [`MOST`].
fn kept(old: &[&str], new: &[&str]) -> Option<Vec<(usize, usize)>> {
    let (rows, columns) = (old.len().cast_signed(), new.len().cast_signed());
    let most = (old.len() + new.len()).min(MOST).cast_signed();
    let at = |k: isize| (k + most + 1).cast_unsigned();
    let mut furthest = vec![0_isize; 2 * most.cast_unsigned() + 3];
    let mut trace = Vec::new();
    for steps in 0..=most {
        trace.push(furthest.clone());
        let mut k = -steps;
        while k <= steps {
            let down = k == -steps || (k != steps && furthest[at(k - 1)] < furthest[at(k + 1)]);
            let mut x = if down {
                furthest[at(k + 1)]
            } else {
                furthest[at(k - 1)] + 1
            };
            let mut y = x - k;
            while x < rows && y < columns && old[x.cast_unsigned()] == new[y.cast_unsigned()] {
                (x, y) = (x + 1, y + 1);
            }
            furthest[at(k)] = x;
            if x >= rows && y >= columns {
                return Some(walk_back(&trace, at, rows, columns));
            }
            k += 2;
        }
    }
    None
}

fn walk_back(
    trace: &[Vec<isize>],
    at: impl Fn(isize) -> usize,
    rows: isize,
    columns: isize,
) -> Vec<(usize, usize)> {
    let (mut x, mut y) = (rows, columns);
    let mut kept = Vec::new();
    for (steps, furthest) in trace.iter().enumerate().rev() {
        let steps = steps.cast_signed();
        let k = x - y;
        let down = k == -steps || (k != steps && furthest[at(k - 1)] < furthest[at(k + 1)]);
        let from = if down { k + 1 } else { k - 1 };
        let (before_x, before_y) = if steps == 0 {
            (0, 0)
        } else {
            (furthest[at(from)], furthest[at(from)] - from)
        };
        while x > before_x.max(0) && y > before_y.max(0) {
            (x, y) = (x - 1, y - 1);
            kept.push((x.cast_unsigned(), y.cast_unsigned()));
        }
        (x, y) = (before_x, before_y);
    }
    kept.reverse();
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers of the changed lines, from 1.
    fn lines(before: &str, now: &str) -> Vec<usize> {
        let before: Vec<&str> = before.split('\n').collect();
        let now: Vec<&str> = now.split('\n').collect();
        let marks = changed(&before, &now);
        assert_eq!(marks.len(), now.len());
        let marked = marks.iter().enumerate().filter(|(_, mark)| **mark);
        marked.map(|(line, _)| line + 1).collect()
    }

    #[test]
    fn only_what_is_new_or_another_is_marked() {
        assert_eq!(lines("a\nb\nc", "a\nb\nc"), [0; 0]);
        assert_eq!(lines("a\nb\nc", "a\nB\nc"), [2]);
        assert_eq!(lines("a\nb\nc", "a\nx\ny\nb\nc"), [2, 3]);
        assert_eq!(lines("a\nb\nc\nd\ne", "A\nb\nc\nd\nE"), [1, 5]);
        assert_eq!(lines("a\nb\nc\nd", "b\nx\nd\ne"), [1, 2, 4]);
        assert_eq!(lines("", "a\nb"), [1, 2]);
    }

    #[test]
    fn where_lines_are_gone_the_next_one_is_marked() {
        assert_eq!(lines("a\nb\nc", "a\nc"), [2]);
        assert_eq!(
            lines("a\nb\nc", "a\nb"),
            [2],
            "the last, where nothing follows"
        );
        assert_eq!(lines("a\na\na", "a\na"), [2]);
        assert_eq!(lines("a", ""), [1]);
    }

    #[test]
    fn the_marks_leave_exactly_what_both_have_in_order() {
        let before: Vec<String> = (0..300).map(|line| format!("{}", line % 17)).collect();
        let mut now = before.clone();
        for line in (0..300).step_by(7) {
            now[line] = format!("new {line}");
        }
        now.insert(100, "more".to_owned());
        let old: Vec<&str> = before.iter().map(String::as_str).collect();
        let new: Vec<&str> = now.iter().map(String::as_str).collect();
        let marks = changed(&old, &new);
        let unmarked: Vec<&str> = new
            .iter()
            .zip(&marks)
            .filter(|(_, mark)| !**mark)
            .map(|(line, _)| *line)
            .collect();
        let mut rest = old.iter();
        assert!(unmarked.iter().all(|line| rest.any(|other| other == line)));
        assert_eq!(marks.iter().filter(|mark| **mark).count(), 44);
    }

    #[test]
    fn texts_that_have_nothing_in_common_are_changed_as_a_whole() {
        let one: Vec<String> = (0..3_000).map(|line| format!("a{line}")).collect();
        let other: Vec<String> = (0..3_000).map(|line| format!("b{line}")).collect();
        let one: Vec<&str> = one.iter().map(String::as_str).collect();
        let other: Vec<&str> = other.iter().map(String::as_str).collect();
        assert!(changed(&one, &other).iter().all(|mark| *mark));
    }
}
