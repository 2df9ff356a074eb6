use slipway_contract::error::Fix;

use super::*;

/// The text with what was probably meant in the place of everything that is wrong.
fn mended(text: &str) -> String {
    let findings = Manifest::parse(text, TOOLS, &["october", "november"]).expect_err("wrong");
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    for finding in findings.iter().rev() {
        let Some(Fix { found, meant }) = finding.fix.as_deref() else {
            panic!("nothing is meant: {finding}");
        };
        let (line, column) = (finding.line.unwrap(), finding.column.unwrap());
        let line = &mut lines[line as usize - 1];
        let at: usize = line
            .chars()
            .take(column as usize - 1)
            .map(char::len_utf8)
            .sum();
        assert!(
            line[at..].starts_with(found),
            "{finding}: {found:?} is not there"
        );
        line.replace_range(at..at + found.len(), meant);
    }
    lines.join("\n")
}

#[test]
fn what_was_meant_can_take_the_place_of_what_is_wrong() {
    let wrong = "format = 1\n[agent]\nname = \"My Counter\"\n[model]\nuse = \"recording/octber\"\n\
                 reasoning = \"hihg\"\ntool_choice = \"calculatr\"\n[limits]\nmax_step = 3\n\
                 budget_usd = 0.50\n[[tools]]\nuse = \"calculatr\"\naproval = \"alow\"\n\
                 [[tools]] # é\nuse = \"mcp:fils/read\"\napproval = \"alow\"\n[mcp.files]\ncommand = \"x\"\n";
    let once = mended(wrong);
    // A key that is not known hides what is wrong with its value.
    let twice = mended(&once);
    let right = right(&twice);
    assert_eq!(right.agent.name.as_str(), "my-counter");
    assert_eq!(right.model.model.to_string(), "recording/october");
    assert_eq!(right.limits.max_steps, 3);
    assert_eq!(right.limits.budget_usd.unwrap().display_exact(), "$0.50");
    assert!(
        twice.contains("[[tools]] # é\nuse = \"mcp:files/read\"\napproval = \"allow\""),
        "{twice}"
    );
}
