//! Reading formulas: a descent by hand, for a grammar of three levels.

use rust_decimal::Decimal;
use slipway_tables::Cell;

use super::{Expression, Function, Operator};
use crate::arguments::{cut, meant};

const LONGEST: usize = 2_000;
const DEEPEST: usize = 40;
const FUNCTIONS: [(&str, Function, usize, usize); 7] = [
    ("round", Function::Round, 1, 2),
    ("abs", Function::Abs, 1, 1),
    ("min", Function::Min, 2, 20),
    ("max", Function::Max, 2, 20),
    ("coalesce", Function::Coalesce, 2, 20),
    ("year", Function::Year, 1, 1),
    ("month", Function::Month, 1, 1),
];

pub(super) fn parse(text: &str, columns: &[String]) -> Result<Expression, String> {
    if text.len() > LONGEST {
        return Err(format!("it has more than {LONGEST} characters"));
    }
    let mut parser = Parser {
        rest: text,
        columns,
        depth: 0,
    };
    let expression = parser.sum()?;
    match parser.peek() {
        None => Ok(expression),
        Some(c) => Err(format!("`{c}` is not expected there")),
    }
}

struct Parser<'t> {
    rest: &'t str,
    columns: &'t [String],
    depth: usize,
}

impl<'t> Parser<'t> {
    fn peek(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start();
        self.rest.chars().next()
    }

    fn eat(&mut self, c: char) -> bool {
        let there = self.peek() == Some(c);
        if there {
            self.rest = &self.rest[c.len_utf8()..];
        }
        there
    }

    fn expect(&mut self, c: char) -> Result<(), String> {
        if self.eat(c) {
            return Ok(());
        }
        match self.peek() {
            Some(found) => Err(format!("`{c}` is expected where `{found}` stands")),
            None => Err(format!("`{c}` is missing at its end")),
        }
    }

    fn sum(&mut self) -> Result<Expression, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("it is nested too deep".into());
        }
        let mut left = self.product()?;
        loop {
            let operator = match self.peek() {
                Some('+') => Operator::Add,
                Some('-') => Operator::Subtract,
                _ => break,
            };
            self.rest = &self.rest[1..];
            left = binary(operator, left, self.product()?);
        }
        self.depth -= 1;
        Ok(left)
    }

    fn product(&mut self) -> Result<Expression, String> {
        let mut left = self.factor()?;
        loop {
            let operator = match self.peek() {
                Some('*') => Operator::Multiply,
                Some('/') => Operator::Divide,
                _ => return Ok(left),
            };
            self.rest = &self.rest[1..];
            left = binary(operator, left, self.factor()?);
        }
    }

    fn factor(&mut self) -> Result<Expression, String> {
        let mut negated = false;
        while self.eat('-') {
            negated = !negated;
        }
        let value = self.value()?;
        Ok(if negated {
            Expression::Negated(Box::new(value))
        } else {
            value
        })
    }

    fn value(&mut self) -> Result<Expression, String> {
        match self.peek() {
            None => Err("a value is missing at its end".into()),
            Some('(') => {
                self.expect('(')?;
                let inner = self.sum()?;
                self.expect(')')?;
                Ok(inner)
            }
            Some('[') => {
                let name = self.quoted('[', ']')?;
                self.column(name)
            }
            Some('\'') => Ok(Expression::Literal(Cell::text(self.quoted('\'', '\'')?))),
            Some(c) if c.is_ascii_digit() || c == '.' => self.number(),
            Some(c) if c.is_alphabetic() || c == '_' => self.name(),
            Some(c) => Err(format!("`{c}` is not expected there")),
        }
    }

    fn quoted(&mut self, open: char, close: char) -> Result<&'t str, String> {
        let rest = &self.rest[open.len_utf8()..];
        let end = rest
            .find(close)
            .ok_or_else(|| format!("`{close}` is missing after `{open}`"))?;
        self.rest = &rest[end + close.len_utf8()..];
        Ok(&rest[..end])
    }

    fn number(&mut self) -> Result<Expression, String> {
        let end = self
            .rest
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(self.rest.len());
        let (text, after) = self.rest.split_at(end);
        self.rest = after;
        Decimal::from_str_exact(text)
            .map(|number| Expression::Literal(Cell::Number(number)))
            .map_err(|_| format!("`{}` is no number", cut(text, 40)))
    }

    fn name(&mut self) -> Result<Expression, String> {
        let end = self
            .rest
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(self.rest.len());
        let (name, after) = self.rest.split_at(end);
        self.rest = after;
        if self.peek() == Some('(') {
            self.call(name)
        } else {
            self.column(name)
        }
    }

    fn call(&mut self, name: &str) -> Result<Expression, String> {
        let (_, function, least, most) = FUNCTIONS
            .into_iter()
            .find(|(known, ..)| known.eq_ignore_ascii_case(name))
            .ok_or_else(|| {
                let known = FUNCTIONS.map(|(known, ..)| known);
                format!(
                    "there is no function `{}` ({})",
                    cut(name, 40),
                    known.join(", ")
                )
            })?;
        self.expect('(')?;
        let mut arguments = Vec::new();
        loop {
            arguments.push(self.sum()?);
            if !self.eat(',') {
                break;
            }
        }
        self.expect(')')?;
        if (least..=most).contains(&arguments.len()) {
            Ok(Expression::Call(function, arguments))
        } else {
            Err(format!(
                "`{name}` takes {least} to {most} values, not {}",
                arguments.len()
            ))
        }
    }

    fn column(&self, name: &str) -> Result<Expression, String> {
        let name = name.trim();
        if let Some(index) = self.columns.iter().position(|column| column == name) {
            return Ok(Expression::Column(index));
        }
        let meant = meant(name, self.columns.iter().map(String::as_str));
        Err(format!("there is no column `{}`{meant}", cut(name, 60)))
    }
}

fn binary(operator: Operator, left: Expression, right: Expression) -> Expression {
    Expression::Binary(operator, Box::new(left), Box::new(right))
}
