//! How much two texts have in common.

use std::collections::HashMap;

use crate::function::{CallResult, Context};

/// Whether two texts are enough alike, capital and small letters being the same: `enough` is asked with how many characters
/// they have in common, in their order, and how many they have together.
pub fn are_alike(context: &Context<'_>, a: &str, b: &str, enough: impl Fn(usize, usize) -> bool) -> CallResult<bool> {
    context.check_memory((a.len() + b.len()).saturating_mul(32))?;
    let (a, b): (Vec<char>, Vec<char>) = (a.to_lowercase().chars().collect(), b.to_lowercase().chars().collect());
    let total = a.len() + b.len();
    Ok(enough(a.len().min(b.len()), total) && enough(longest_common(context, &a, &b)?, total))
}

/// How many characters the longest common subsequence of two texts has: Hyyrö's bit-parallel algorithm, which keeps one bit
/// for each character of `a` and looks only at words in which something changes.
fn longest_common(context: &Context<'_>, a: &[char], b: &[char]) -> CallResult<usize> {
    let start = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (a.get(start..).unwrap_or_default(), b.get(start..).unwrap_or_default());
    let mut places: HashMap<char, Vec<(usize, u64)>, foldhash::fast::RandomState> = HashMap::default();
    for (index, character) in a.iter().enumerate() {
        let (word, bit) = (index / 64, 1_u64 << (index % 64));
        let words = places.entry(*character).or_default();
        match words.last_mut() {
            Some((last, bits)) if *last == word => *bits |= bit,
            _ => words.push((word, bit)),
        }
    }
    let mut rows = vec![u64::MAX; a.len().div_ceil(64)];
    for character in b {
        let Some(words) = places.get(character) else { continue };
        context.work((words.len() + rows.len()) as u64)?;
        // Every word adds at most one to the next one; where nothing is added and no bit is set, nothing changes.
        let mut carried_to = None;
        for &(word, bits) in words {
            while let Some(next) = carried_to.filter(|next| *next < word) {
                carried_to = carry(&mut rows, next);
            }
            let Some(row) = rows.get_mut(word) else { break };
            let set = *row & bits;
            let kept = *row & !bits;
            let (sum, over) = row.overflowing_add(set);
            let (sum, over_again) = sum.overflowing_add(u64::from(carried_to == Some(word)));
            *row = sum | kept;
            carried_to = (over || over_again).then_some(word + 1);
        }
        while let Some(next) = carried_to {
            carried_to = carry(&mut rows, next);
        }
    }
    // The bits above the last character of `a` were never cleared for good: only those below count.
    let common = rows.iter().enumerate().map(|(word, row)| {
        let used = (a.len() - word * 64).min(64);
        let mask = if used == 64 { u64::MAX } else { (1 << used) - 1 };
        usize::try_from((!row & mask).count_ones()).unwrap_or(0)
    });
    Ok(start + common.sum::<usize>())
}

/// Adds one to a word in which no character fits; the word that the carry goes to, if it does.
fn carry(rows: &mut [u64], word: usize) -> Option<usize> {
    let row = rows.get_mut(word)?;
    let before = *row;
    let (sum, over) = before.overflowing_add(1);
    *row = sum | before;
    over.then_some(word + 1)
}
