//! Lists in columns.

use super::style::{FAINT, styled};
use super::{Screen, sanitize, width};

const GAP: usize = 2;
/// Of the last column at least so much is shown beside the others.
const LEAST_OF_LAST: usize = 12;

/// Rows in columns that are as wide as their widest cell. On a terminal the last column is cut
/// to what is left of the line.
pub(crate) struct Table<const N: usize> {
    head: [&'static str; N],
    rows: Vec<[String; N]>,
}

impl<const N: usize> Table<N> {
    pub(crate) fn new(head: [&'static str; N]) -> Self {
        Self {
            head,
            rows: Vec::new(),
        }
    }

    /// Adds a row. Cells may hold text from anywhere.
    pub(crate) fn row(&mut self, cells: [String; N]) {
        self.rows
            .push(cells.map(|cell| sanitize::line(&cell).into_owned()));
    }

    /// Where the terminal is too narrow for columns, each row is a paragraph that names them.
    fn stacked(&self, screen: &mut Screen) -> std::io::Result<()> {
        let label = self.head[1..].iter().copied().map(width::of).max();
        let label = label.unwrap_or(0);
        for row in &self.rows {
            screen.line(&row[0])?;
            for (head, cell) in self.head.iter().zip(row).skip(1) {
                if !cell.is_empty() {
                    let head = styled(FAINT, &format!("  {head:<label$}"));
                    screen.line(&format!("{head}  {cell}"))?;
                }
            }
        }
        Ok(())
    }

    pub(crate) fn print(&self, screen: &mut Screen) -> std::io::Result<()> {
        let mut widths = self.head.map(width::of);
        for row in &self.rows {
            for (column, cell) in widths.iter_mut().zip(row) {
                *column = (*column).max(width::of(cell));
            }
        }
        let columns = screen.columns();
        if columns.is_some_and(|columns| columns < needed(&widths)) {
            return self.stacked(screen);
        }
        screen.line(&styled(
            FAINT,
            &aligned(&self.head.map(str::to_owned), &widths, columns),
        ))?;
        self.rows
            .iter()
            .try_for_each(|row| screen.line(&aligned(row, &widths, columns)))
    }
}

/// The columns below which the last one would be lost.
fn needed<const N: usize>(widths: &[usize; N]) -> usize {
    let before: usize = widths[..N - 1].iter().map(|column| column + GAP).sum();
    before + widths[N - 1].min(LEAST_OF_LAST)
}

fn aligned<const N: usize>(
    cells: &[String; N],
    widths: &[usize; N],
    columns: Option<usize>,
) -> String {
    let mut line = String::new();
    let mut used = 0;
    for (index, (cell, column)) in cells.iter().zip(widths).enumerate() {
        if index + 1 == N {
            let left = columns.map_or(usize::MAX, |columns| columns.saturating_sub(used));
            line.push_str(&width::cut(cell, left));
        } else {
            line.push_str(cell);
            line.push_str(&" ".repeat(column - width::of(cell) + GAP));
            used += column + GAP;
        }
    }
    line.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_that_is_too_narrow_loses_no_column() {
        let mut table = Table::new(["NAME", "STATUS", "WHAT"]);
        table.row([
            "expense-report".into(),
            "succeeded".into(),
            "adds up".into(),
        ]);
        let (mut screen, written) = Screen::in_memory(Some(30));
        table.print(&mut screen).unwrap();
        assert_eq!(
            written.text(),
            "expense-report\n  STATUS  succeeded\n  WHAT    adds up\n"
        );
    }

    #[test]
    fn columns_are_aligned_and_the_last_is_cut() {
        let mut table = Table::new(["NAME", "WHAT"]);
        table.row(["日本".into(), "a sentence that is long".into()]);
        table.row(["x".into(), "\u{1b}[31m".into()]);
        let (mut screen, written) = Screen::in_memory(Some(20));
        table.print(&mut screen).unwrap();
        assert_eq!(
            written.text(),
            "NAME  WHAT\n日本  a sentence th…\nx     \\u{1b}[31m\n"
        );
    }
}
