//! Every documented example of the vendor returns the documented result in its dialect (`tests/data/vendor_examples.tsv`:
//! script, result, dialect, and how sure the result is; ` ;; ` separates lines, the last line's value counts).

use calc::crm::{ClientId, Json, ProjectId};
use calc::engine::Dialect;

use crate::harness;

const ROWS: &str = include_str!("../data/vendor_examples.tsv");

#[test]
fn every_row_holds() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for row in ROWS.lines().skip(1).filter(|row| !row.is_empty()) {
        let cells: Vec<&str> = row.split('\t').collect();
        let [script, expected, dialect, _] = cells[..] else { panic!("not four cells: {row}") };
        let dialect = match dialect {
            "strict" => Dialect::Strict,
            "mavibot" => Dialect::Mavibot,
            other => panic!("no dialect {other}"),
        };
        count += 1;
        if let Err(found) = holds(&script.replace(" ;; ", "\n"), expected, dialect) {
            wrong.push(format!("{script}\n  expected {expected}\n  found    {found}"));
        }
        // Every documented script runs in the vendor's dialect too.
        if dialect == Dialect::Strict
            && let Err(found) = holds(&script.replace(" ;; ", "\n"), expected, Dialect::Mavibot)
        {
            wrong.push(format!("(mavibot) {script}\n  expected {expected}\n  found    {found}"));
        }
    }
    assert!(count >= 70, "only {count} rows");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn holds(script: &str, expected: &str, dialect: Dialect) -> Result<(), String> {
    let engine = harness::engine(dialect);
    let store = harness::demo_store();
    let block = engine.block(None, script, "").map_err(|diagnostics| format!("{diagnostics:?}"))?;
    let outcome = engine.run(&store, ProjectId(1), ClientId(101), &block, &harness::event()).map_err(|error| error.to_string())?;
    if !outcome.is_fine() {
        return Err(format!("{:?}", outcome.diagnostics));
    }
    let text = calc::value::text_form(&outcome.value);
    let is_same = match (&outcome.value, serde_json::from_str::<Json>(expected)) {
        (Json::Array(_) | Json::Object(_) | Json::Number(_), Ok(expected)) => same(&outcome.value, &expected),
        _ => text == expected,
    };
    if is_same { Ok(()) } else { Err(text) }
}

/// Whether two values are the same, floats to 1e-9.
fn same(left: &Json, right: &Json) -> bool {
    match (left, right) {
        (Json::Number(left), Json::Number(right)) => match (left.as_f64(), right.as_f64()) {
            (Some(left), Some(right)) => (left - right).abs() <= 1e-9,
            _ => false,
        },
        (Json::Array(left), Json::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Json::Object(left), Json::Object(right)) => {
            left.len() == right.len() && left.iter().all(|(key, value)| right.get(key).is_some_and(|other| same(value, other)))
        }
        _ => left == right,
    }
}
