//! What a template may not do.
//!
//! A template loops, tests and prints. It builds no values up: a text that is put together from
//! itself doubles at each step, and forty short steps are a terabyte, which no count of steps
//! would stop. So a name stands for a part of the data, the result of a bounded filter, or a
//! literal, and joining texts is for printing. And it computes no figures: that is done exactly,
//! in decimals, by the query that reads the table.

use minijinja::machinery::ast::{BinOpKind, CallArg, Expr, Stmt, UnaryOpKind};

/// How many `~` one printed expression may hold.
const MOST_JOINTS: usize = 8;

/// A thing that a template may not do, and its line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) line: u16,
    pub(crate) what: &'static str,
}

const ARITHMETIC: &str = "a template does not compute; compute figures in the table's query (compute, aggregate), exactly";
const CAPTURE: &str = "only values are set, not blocks of text; print the text where it belongs";
const BUILT: &str = "a name cannot stand for a text or list that is put together; print the parts one after the other";
const JOINTS: &str = "it joins too many texts with ~; print them one after the other";

/// Refuses a parsed template that does more than loop, test and print.
pub(crate) fn check(template: &Stmt<'_>) -> Result<(), Refusal> {
    match template {
        Stmt::Template(template) => all(&template.children),
        other => statement(other),
    }
}

fn all(statements: &[Stmt<'_>]) -> Result<(), Refusal> {
    statements.iter().try_for_each(statement)
}

fn statement(statement: &Stmt<'_>) -> Result<(), Refusal> {
    match statement {
        Stmt::Template(template) => all(&template.children),
        Stmt::EmitRaw(_) => Ok(()),
        Stmt::EmitExpr(emit) => Printed::default().expression(&emit.expr),
        Stmt::ForLoop(each) => {
            if each.recursive {
                let line = each.span().start_line;
                let what = "a loop cannot call itself";
                return Err(Refusal { line, what });
            }
            held(&each.iter)?;
            each.filter_expr.iter().try_for_each(held)?;
            all(&each.body)?;
            all(&each.else_body)
        }
        Stmt::IfCond(condition) => {
            held(&condition.expr)?;
            all(&condition.true_body)?;
            all(&condition.false_body)
        }
        Stmt::WithBlock(with) => {
            with.assignments
                .iter()
                .try_for_each(|(_, value)| held(value))?;
            all(&with.body)
        }
        Stmt::Set(set) => held(&set.expr),
        Stmt::AutoEscape(escape) => {
            held(&escape.enabled)?;
            all(&escape.body)
        }
        Stmt::SetBlock(block) => Err(refusal(block.span().start_line, CAPTURE)),
        Stmt::FilterBlock(block) => Err(refusal(block.span().start_line, CAPTURE)),
        Stmt::Do(call) => Err(refusal(
            call.span().start_line,
            "nothing can be called for its effect",
        )),
    }
}

const fn refusal(line: u16, what: &'static str) -> Refusal {
    Refusal { line, what }
}

/// An expression whose value stays: nothing may be put together in it.
fn held(expression: &Expr<'_>) -> Result<(), Refusal> {
    Printed {
        joints: MOST_JOINTS,
        held: true,
    }
    .expression(expression)
}

/// A walk through an expression.
#[derive(Default)]
struct Printed {
    joints: usize,
    held: bool,
}

impl Printed {
    fn expression(&mut self, expression: &Expr<'_>) -> Result<(), Refusal> {
        let line = expression.span().start_line;
        match expression {
            Expr::Var(_) | Expr::Const(_) => Ok(()),
            Expr::Slice(slice) => {
                self.expression(&slice.expr)?;
                self.optional([&slice.start, &slice.stop, &slice.step])
            }
            Expr::UnaryOp(unary) => match unary.op {
                UnaryOpKind::Not | UnaryOpKind::Neg => self.expression(&unary.expr),
            },
            Expr::BinOp(binary) => {
                match binary.op {
                    BinOpKind::Concat if self.held => return Err(refusal(line, BUILT)),
                    BinOpKind::Concat => {
                        self.joints += 1;
                        if self.joints > MOST_JOINTS {
                            return Err(refusal(line, JOINTS));
                        }
                    }
                    BinOpKind::Add
                    | BinOpKind::Sub
                    | BinOpKind::Mul
                    | BinOpKind::Div
                    | BinOpKind::FloorDiv
                    | BinOpKind::Rem
                    | BinOpKind::Pow => return Err(refusal(line, ARITHMETIC)),
                    BinOpKind::Eq
                    | BinOpKind::Ne
                    | BinOpKind::Lt
                    | BinOpKind::Lte
                    | BinOpKind::Gt
                    | BinOpKind::Gte
                    | BinOpKind::ScAnd
                    | BinOpKind::ScOr
                    | BinOpKind::In => {}
                }
                self.expression(&binary.left)?;
                self.expression(&binary.right)
            }
            Expr::Compare(compare) => {
                self.expression(&compare.expr)?;
                compare
                    .ops
                    .iter()
                    .try_for_each(|op| self.expression(&op.expr))
            }
            Expr::IfExpr(choice) => {
                self.expression(&choice.test_expr)?;
                self.expression(&choice.true_expr)?;
                self.optional([&choice.false_expr])
            }
            Expr::Filter(filter) => {
                self.optional([&filter.expr])?;
                self.arguments(&filter.args)
            }
            Expr::Test(test) => {
                self.expression(&test.expr)?;
                self.arguments(&test.args)
            }
            Expr::GetAttr(get) => self.expression(&get.expr),
            Expr::GetItem(get) => {
                self.expression(&get.expr)?;
                self.expression(&get.subscript_expr)
            }
            Expr::Call(call) => {
                self.expression(&call.expr)?;
                self.arguments(&call.args)
            }
            Expr::List(list) => self.collection(line, list.items.iter()),
            Expr::Tuple(tuple) => self.collection(line, tuple.items.iter()),
            Expr::Map(map) => self.collection(line, map.keys.iter().chain(&map.values)),
        }
    }

    fn optional<'e, const N: usize>(
        &mut self,
        expressions: [&'e Option<Expr<'e>>; N],
    ) -> Result<(), Refusal> {
        let mut some = expressions.into_iter().flatten();
        some.try_for_each(|expression| self.expression(expression))
    }

    fn arguments(&mut self, arguments: &[CallArg<'_>]) -> Result<(), Refusal> {
        arguments.iter().try_for_each(|argument| match argument {
            CallArg::Pos(value)
            | CallArg::Kwarg(_, value)
            | CallArg::PosSplat(value)
            | CallArg::KwargSplat(value) => self.expression(value),
        })
    }

    /// A list of literals may be held; one of names would hold them twice.
    fn collection<'e>(
        &mut self,
        line: u16,
        mut items: impl Iterator<Item = &'e Expr<'e>> + Clone,
    ) -> Result<(), Refusal> {
        if self.held && !items.clone().all(is_literal) {
            return Err(refusal(line, BUILT));
        }
        items.try_for_each(|item| self.expression(item))
    }
}

fn is_literal(expression: &Expr<'_>) -> bool {
    match expression {
        Expr::Const(_) => true,
        Expr::UnaryOp(unary) => is_literal(&unary.expr),
        Expr::List(list) => list.items.iter().all(is_literal),
        Expr::Tuple(tuple) => tuple.items.iter().all(is_literal),
        Expr::Map(map) => map.keys.iter().chain(&map.values).all(is_literal),
        _ => false,
    }
}
