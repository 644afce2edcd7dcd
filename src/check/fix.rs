//! Applies the fixes that diagnostics offer, and turns text of the mavibot dialect into strict scripts. Never makes a file
//! compile worse than it did.

use super::{File, Unit, check, strict};
use crate::crm::ProjectFile;
use crate::diagnostic::{Diagnostic, Span};
use crate::engine::Engine;

/// A change of a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// What is replaced.
    pub span: Span,
    /// What comes instead.
    pub replacement: String,
}

/// A file after its fixes.
#[derive(Clone, Debug)]
pub struct Fixed {
    /// Its new text.
    pub text: String,
    /// What was fixed, with the line it stood in when it was.
    pub applied: Vec<(usize, Diagnostic)>,
}

/// Fixes of fixes: more rounds than this no script needs.
const MOST_ROUNDS: usize = 10;

/// Applies the certain fixes of files that belong together, until none is left.
#[must_use]
pub fn fix(engine: &Engine, files: &[File<'_>], project: Option<&ProjectFile>, includes: &dyn Fn(&Diagnostic) -> bool) -> Vec<Fixed> {
    let mut fixed: Vec<Fixed> = files.iter().map(|file| Fixed { text: file.text.to_owned(), applied: Vec::new() }).collect();
    let mut units: Vec<Unit> = files.iter().map(|file| Unit::new(engine, *file)).collect();
    for _ in 0..MOST_ROUNDS {
        let found = check(engine, &units.iter().collect::<Vec<_>>(), project);
        let mut has_changed = false;
        for (((file, fixed), unit), diagnostics) in files.iter().zip(&mut fixed).zip(&mut units).zip(found) {
            let selected: Vec<Diagnostic> = diagnostics.into_iter().filter(|found| found.fix.is_some() && includes(found)).collect();
            let Some((text, applied, new)) = best(engine, *file, unit, &selected) else { continue };
            let lines = crate::diagnostic::render::LineIndex::new(&fixed.text);
            let applied = applied.into_iter().map(|found| (lines.line_and_column(found.span.start).0, found));
            fixed.applied.extend(applied.collect::<Vec<_>>());
            fixed.text = text;
            *unit = new;
            has_changed = true;
        }
        if !has_changed {
            break;
        }
    }
    for fixed in &mut fixed {
        fixed.applied.sort_by_key(|(line, _)| *line);
    }
    fixed
}

/// The text after as many of the fixes as do no harm: all at once, or one after another when they do together.
fn best(engine: &Engine, file: File<'_>, unit: &Unit, selected: &[Diagnostic]) -> Option<(String, Vec<Diagnostic>, Unit)> {
    let attempt = |unit: &Unit, selected: &[Diagnostic]| -> Option<(String, Vec<Diagnostic>, Unit)> {
        let (edits, applied): (Vec<Edit>, Vec<Diagnostic>) = compatible(selected).into_iter().unzip();
        let text = apply(unit.text(), &edits)?;
        let new = Unit::new(engine, File { text: &text, ..file });
        (text != unit.text() && errors(&new) <= errors(unit)).then_some((text, applied, new))
    };
    if let Some(result) = attempt(unit, selected) {
        return Some(result);
    }
    // The places of the others stay right when the fixes are tried from the end on.
    let mut kept: Option<(String, Vec<Diagnostic>, Unit)> = None;
    for found in selected.iter().rev() {
        let base = kept.as_ref().map_or(unit, |(_, _, unit)| unit);
        if let Some((text, applied, new)) = attempt(base, std::slice::from_ref(found)) {
            let before = kept.map(|(_, applied, _)| applied).unwrap_or_default();
            kept = Some((text, before.into_iter().chain(applied).collect(), new));
        }
    }
    kept
}

fn errors(unit: &Unit) -> usize {
    unit.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count()
}

/// The fixes of diagnostics that do not overlap, the same change only once.
fn compatible(diagnostics: &[Diagnostic]) -> Vec<(Edit, Diagnostic)> {
    let fixes = diagnostics.iter().filter_map(|found| {
        let fix = found.fix.as_ref()?;
        Some((Edit { span: fix.span, replacement: fix.replacement.clone() }, found.clone()))
    });
    let mut fixes: Vec<(Edit, Diagnostic)> = fixes.collect();
    fixes.sort_by(|one, other| one.0.cmp(&other.0));
    let mut kept: Vec<(Edit, Diagnostic)> = Vec::new();
    for (edit, found) in fixes {
        let is_free = kept.last().is_none_or(|(last, _)| last.span.end <= edit.span.start && last.span != edit.span);
        if is_free {
            kept.push((edit, found));
        }
    }
    kept
}

/// The text after changes that stand in order and do not overlap; `None` when one of them is not of this text.
#[must_use]
pub fn apply(text: &str, edits: &[Edit]) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for edit in edits {
        let range = edit.span.range();
        out.push_str(text.get(copied..range.start)?);
        text.get(range.clone())?;
        out.push_str(&edit.replacement);
        copied = range.end;
    }
    out.push_str(text.get(copied..)?);
    Some(out)
}

/// Turns files of the mavibot dialect into strict ones with the same values. `engine` reads mavibot, `target` strict.
#[must_use]
pub fn to_strict(engine: &Engine, target: &Engine, files: &[File<'_>], project: Option<&ProjectFile>) -> Vec<Fixed> {
    let mut fixed = fix(engine, files, project, &|found| strict::is_of_dialect(found.code));
    for (file, fixed) in files.iter().zip(&mut fixed) {
        let edits = strict::edits(&Unit::new(engine, File { text: &fixed.text, ..*file }));
        if let Some(text) = apply(&fixed.text, &edits)
            && errors(&Unit::new(target, File { text: &text, ..*file })) <= errors(&Unit::new(target, File { text: &fixed.text, ..*file }))
        {
            fixed.text = text;
        }
    }
    fixed
}
