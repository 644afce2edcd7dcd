//! Fixes that can be trusted: one that leaves an error on the lines it changes is not offered.

use super::Script;
use crate::diagnostic::{Diagnostic, Fix};

/// Longer scripts are not compiled twice.
const LONGEST: usize = 64 << 10;

/// Takes away the fixes after which the lines they change still do not compile.
pub(super) fn keep_what_compiles(
    source: &str,
    diagnostics: &mut [Diagnostic],
    compile: impl FnOnce(&str) -> Result<Script, Vec<Diagnostic>>,
) {
    let fixes: Vec<&Fix> = diagnostics.iter().filter_map(|diagnostic| diagnostic.fix.as_ref()).collect();
    if fixes.is_empty() || source.len() > LONGEST {
        return;
    }
    let Some((mended, places)) = applied(source, fixes) else { return };
    let Err(left) = compile(&mended) else { return };
    let wrong: Vec<usize> =
        left.iter().filter(|diagnostic| diagnostic.is_error()).map(|diagnostic| line_of(&mended, diagnostic.span.start as usize)).collect();
    for diagnostic in diagnostics {
        let is_wrong = diagnostic.fix.as_ref().is_some_and(|fix| {
            places.iter().any(|place| {
                place.fix == *fix && (line_of(&mended, place.start)..=line_of(&mended, place.end)).any(|line| wrong.contains(&line))
            })
        });
        if is_wrong {
            diagnostic.fix = None;
        }
    }
}

/// Where a fix is in the mended text.
struct AppliedFix {
    fix: Fix,
    start: usize,
    end: usize,
}

/// The text with all fixes made; `None` when two of them are about the same place.
fn applied(source: &str, mut fixes: Vec<&Fix>) -> Option<(String, Vec<AppliedFix>)> {
    fixes.sort_by_key(|fix| (fix.span.start, fix.span.end));
    fixes.dedup();
    let mut out = String::with_capacity(source.len());
    let mut places = Vec::with_capacity(fixes.len());
    let mut at = 0;
    for fix in fixes {
        let range = fix.span.range();
        out.push_str(source.get(at..range.start)?);
        let start = out.len();
        out.push_str(&fix.replacement);
        places.push(AppliedFix { fix: fix.clone(), start, end: out.len() });
        at = range.end;
    }
    out.push_str(source.get(at..)?);
    Some((out, places))
}

fn line_of(text: &str, at: usize) -> usize {
    text.get(..at.min(text.len())).map_or(0, |before| before.matches('\n').count())
}
