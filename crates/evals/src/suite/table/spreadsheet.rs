//! Tables as spreadsheets (.xlsx).

use std::io::Cursor;

use slipway_agent::package::document::nearest;
use slipway_tables::{Book, BookError, Cell, Limits};

use super::{Table, columns};

/// A table of cases is no warehouse: what it unpacks to is held against far less than a tool's.
const LIMITS: Limits = Limits {
    whole: 200_000_000,
    texts: 32_000_000,
    cells: 64_000_000,
};

type Bytes<'b> = Cursor<&'b [u8]>;

pub(super) fn read(bytes: &[u8], sheet: Option<&str>) -> Result<Table, String> {
    let mut book = Book::open(Cursor::new(bytes), &LIMITS, &|| false).map_err(told)?;
    let sheet = choose(&book, sheet)?;
    let mut rows = book.rows(&sheet).map_err(told)?;
    let mut table = Table::default();
    let Some((_, cells)) = rows.next_row().map_err(told)? else {
        return Ok(table);
    };
    let header: Vec<String> = cells.iter().map(ToString::to_string).collect();
    columns(header.iter().map(String::as_str))?;
    while let Some((number, cells)) = rows.next_row().map_err(told)? {
        if let Some(beyond) = cells.get(header.len()..).filter(|cells| !cells.is_empty()) {
            let at = header.len() + beyond.iter().take_while(|cell| cell.is_empty()).count();
            return Err(format!(
                "the cell {}{number} is in a column without a name",
                letters(at)
            ));
        }
        let mut row = Vec::with_capacity(header.len());
        for (at, name) in header.iter().enumerate() {
            let value = match cells.get(at) {
                Some(Cell::Unreadable(what)) => {
                    return Err(format!("the cell {}{number} holds {what}", letters(at)));
                }
                Some(cell) => cell.to_string(),
                None => String::new(),
            };
            row.push((name.clone(), value));
        }
        table
            .push(row)
            .map_err(|why| format!("row {number}: {why}"))?;
    }
    Ok(table)
}

/// The named sheet, or the only one: which of several holds the cases is not guessed.
fn choose(book: &Book<Bytes<'_>>, wanted: Option<&str>) -> Result<String, String> {
    let names = book.sheets();
    let list = || {
        const TOLD: usize = 20;
        let shown: Vec<String> = names
            .iter()
            .take(TOLD)
            .map(|name| format!("{name:?}"))
            .collect();
        shown.join(", ")
    };
    match (wanted, names.as_slice()) {
        (Some(wanted), _) => book.named(wanted).map(str::to_owned).ok_or_else(|| {
            let meant = nearest(wanted, names.iter().copied());
            let hint = meant.map(|meant| format!("; did you mean {meant:?}?"));
            let hint = hint.unwrap_or_else(|| format!("; there are: {}", list()));
            format!("it has no sheet {wanted:?}{hint}")
        }),
        (None, [one]) => Ok((*one).to_owned()),
        (None, []) => Err("it has no sheet with cells".to_owned()),
        (None, several) => Err(format!(
            "it has {} sheets ({}): say which with `sheet = {:?}`",
            several.len(),
            list(),
            book.first().unwrap_or_default()
        )),
    }
}

fn told(error: BookError) -> String {
    match error {
        BookError::Broken(what) => {
            format!("it cannot be read as a spreadsheet (.xlsx): {what}; save it again, or as CSV")
        }
        BookError::TooLarge(_) => format!("{error}; save it as CSV"),
        BookError::Stopped => error.to_string(),
    }
}

/// A column as a spreadsheet names it: A, B … Z, AA.
fn letters(mut column: usize) -> String {
    let mut name = String::new();
    loop {
        let letter = u8::try_from(column % 26).unwrap_or_default();
        name.insert(0, char::from(b'A' + letter));
        match (column / 26).checked_sub(1) {
            Some(rest) => column = rest,
            None => return name,
        }
    }
}

#[cfg(test)]
mod tests {
    use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};

    use super::super::{MAX_ROWS, rows};

    type Fill<'f> = &'f dyn Fn(&mut Worksheet);

    fn book(sheets: &[(&str, Fill<'_>)]) -> Vec<u8> {
        let mut book = Workbook::new();
        for (name, fill) in sheets {
            fill(book.add_worksheet().set_name(*name).unwrap());
        }
        book.save_to_buffer().unwrap()
    }

    fn cases(sheet: &mut Worksheet) {
        let date = Format::new().set_num_format("dd/mm/yyyy");
        let day = ExcelDateTime::from_ymd(2026, 2, 3).unwrap();
        let header = ["name", "day", "total", "paid"];
        for (column, name) in (0..).zip(header) {
            sheet.write(0, column, name).unwrap();
        }
        sheet.write(1, 0, "Lodging").unwrap();
        sheet.write_with_format(1, 1, &day, &date).unwrap();
        sheet.write(1, 2, 1_234.5).unwrap();
        sheet.write(1, 3, false).unwrap();
        // A row that is empty is none.
        sheet.write(3, 2, 42.0).unwrap();
    }

    #[test]
    fn cells_are_told_as_in_a_csv() {
        let bytes = book(&[("Cases", &cases)]);
        let told = rows("tests/a.xlsx", None, &bytes).unwrap();
        assert_eq!(told.len(), 2);
        let values = |row: usize, column: &str| told[row].values[column].as_str();
        assert_eq!(told[0].label, "Lodging");
        assert_eq!(
            (values(0, "day"), values(0, "total"), values(0, "paid")),
            ("2026-02-03", "1234.5", "false")
        );
        assert_eq!(
            (told[1].label.as_str(), values(1, "total"), values(1, "day")),
            ("row 2", "42", "")
        );
    }

    #[test]
    fn one_of_several_sheets_is_named() {
        let bytes = book(&[("Notes", &|_| {}), ("Cases", &cases)]);
        let read = |sheet| rows("tests/a.xlsx", sheet, &bytes);
        assert_eq!(read(Some("Cases")).unwrap().len(), 2);
        let why = read(None).unwrap_err();
        assert!(
            why.contains("2 sheets (\"Notes\", \"Cases\"): say which with `sheet = \"Notes\"`"),
            "{why}"
        );
        let why = read(Some("cases")).unwrap_err();
        assert!(why.contains("did you mean \"Cases\"?"), "{why}");
        let why = read(Some("Other")).unwrap_err();
        assert!(why.contains("there are: \"Notes\", \"Cases\""), "{why}");
    }

    #[test]
    fn what_cannot_be_a_table_of_cases_says_where() {
        let wrong = |sheet: &mut Worksheet| {
            sheet.write(0, 0, "total").unwrap();
            let broken = Formula::new("=1/0").set_result("#DIV/0!");
            sheet.write_formula(2, 0, broken).unwrap();
        };
        let beyond = |sheet: &mut Worksheet| {
            sheet.write(0, 0, "total").unwrap();
            sheet.write(1, 27, "x").unwrap();
        };
        let spaced = |sheet: &mut Worksheet| {
            sheet.write(0, 0, "the total").unwrap();
        };
        let nameless = |sheet: &mut Worksheet| {
            sheet.write(0, 1, "total").unwrap();
        };
        let long = |sheet: &mut Worksheet| {
            for row in 0..=u32::try_from(MAX_ROWS + 1).unwrap() {
                sheet.write(row, 0, "a").unwrap();
            }
        };
        let sheets: [(Fill<'_>, &str); 6] = [
            (&|_| {}, "no row"),
            (&wrong, "the cell A3 holds #DIV/0!"),
            (&beyond, "the cell AB2 is in a column without a name"),
            (&spaced, "the column \"the total\" cannot be a variable"),
            (&nameless, "the column \"\" cannot be a variable"),
            (&long, "more than 50000 rows"),
        ];
        for (fill, told) in sheets {
            let why = rows("tests/a.xlsx", None, &book(&[("A", fill)])).unwrap_err();
            assert!(why.contains(told), "{why}");
        }
        for broken in [
            &b"x"[..],
            b"",
            b"PK\x03\x04",
            &book(&[("A", &cases)])[..900],
        ] {
            let why = rows("tests/a.xlsx", None, broken).unwrap_err();
            assert!(why.contains("as a spreadsheet"), "{why}");
        }
        let large = vec![0; 100_000_000];
        let why = rows("tests/a.xlsx", None, &large).unwrap_err();
        assert!(
            why.contains("100000000 bytes") && why.contains("16 MiB"),
            "{why}"
        );
        let why = rows("tests/a.csv", Some("A"), b"a\n1\n").unwrap_err();
        assert!(why.contains("has no sheets"), "{why}");
    }

    #[test]
    fn a_small_file_that_unpacks_to_much_is_refused() {
        let long = "x".repeat(30_000);
        let fill = |sheet: &mut Worksheet| {
            sheet.write(0, 0, "input").unwrap();
            for row in 1..3_000 {
                sheet.write(row, 0, long.as_str()).unwrap();
            }
        };
        let bytes = book(&[("A", &fill)]);
        assert!(bytes.len() < 200_000, "{}", bytes.len());
        let why = rows("tests/a.xlsx", None, &bytes).unwrap_err();
        assert!(why.contains("too large when it is unpacked"), "{why}");
    }
}
