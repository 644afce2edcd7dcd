//! Ids come from the project's counter, and no number is ever given twice, however many need some at once: sessions
//! of one process, which share a pool, and those of others, which have only the counter in common.

use std::collections::BTreeSet;
use std::sync::Arc;

use calc::crm::{ClientId, DealId, NewOrder, Opening, ProjectId, Session, Store, StoreErrorKind};
use calc::store::{Batch, Durability, IdPool, Rows, StoreError, Transaction};

use crate::{client, dumped, now, on_every_store, shop};

on_every_store! {
    alone_nobody_asks two_at_once one_who_gives_up another_process_was_faster a_transaction_needs_some no_number_is_given_twice
}

/// The same database as another process has it: with a pool of its own.
#[derive(Clone)]
pub(crate) struct Elsewhere(Arc<dyn Store>, Arc<IdPool>);

impl Elsewhere {
    pub(crate) fn new(store: &dyn Store) -> Self {
        Self(store.handle(), Arc::default())
    }
}

impl Store for Elsewhere {
    fn read(&self, batch: &Batch<'_>) -> Result<Vec<Rows>, StoreError> {
        self.0.read(batch)
    }

    fn write(&self, batch: &Batch<'_>, durability: Durability) -> Result<Vec<Rows>, StoreError> {
        self.0.write(batch, durability)
    }

    fn begin(&self) -> Result<Box<dyn Transaction>, StoreError> {
        self.0.begin()
    }

    fn handle(&self) -> Arc<dyn Store> {
        Arc::new(self.clone())
    }

    fn ids(&self) -> &IdPool {
        &self.1
    }
}

fn deal(session: &mut Session) -> i64 {
    session.create_order(&NewOrder::default()).unwrap().id.0
}

fn kept(store: &dyn Store) -> Vec<i64> {
    dumped(store).deals.iter().map(|entry| entry.deal.id.0).filter(|id| *id >= 902).collect()
}

fn alone_nobody_asks(store: &dyn Store) {
    shop(store);
    for round in 0..3 {
        let mut session = client(store, 102);
        session.get_state_id(None, None).unwrap();
        let before = session.round_trips();
        let ids: Vec<i64> = (0..70).map(|_| deal(&mut session)).collect();
        assert_eq!(session.round_trips(), before, "however many it needs");
        assert_eq!(ids, (0..70).map(|index| 902 + 70 * round + index).collect::<Vec<i64>>(), "without gaps");
        session.commit().unwrap();
        assert_eq!(dumped(store).next_id, 902 + 70 * (round + 1));
    }
    // What is dropped or taken back was never used.
    let mut session = client(store, 102);
    deal(&mut session);
    session.rollback_to_start().unwrap();
    assert_eq!(deal(&mut session), 1112);
    drop(session);
    let mut session = client(store, 102);
    assert_eq!(deal(&mut session), 1112);
    session.commit().unwrap();
    assert_eq!(dumped(store).next_id, 1113);
}

fn two_at_once(store: &dyn Store) {
    shop(store);
    for (first_commits, from) in [(true, 902), (false, 910)] {
        let (mut first, mut second) = (client(store, 102), client(store, 105));
        assert_eq!(deal(&mut first), from);
        assert_eq!(deal(&mut second), from + 4, "those on which the other one counts are left to it");
        assert_eq!(deal(&mut first), from + 1);
        if first_commits {
            first.commit().unwrap();
            second.commit().unwrap();
        } else {
            second.commit().unwrap();
            first.commit().unwrap();
        }
        // What both have left is used before the counter is asked again.
        let mut third = client(store, 102);
        let ids: Vec<i64> = (0..5).map(|_| deal(&mut third)).collect();
        assert_eq!(ids, [from + 2, from + 3, from + 5, from + 6, from + 7]);
        third.commit().unwrap();
        assert_eq!(dumped(store).next_id, from + 8);
    }
}

fn one_who_gives_up(store: &dyn Store) {
    shop(store);
    let (mut first, mut second) = (client(store, 102), client(store, 105));
    deal(&mut first);
    assert_eq!(deal(&mut second), 906);
    drop(first);
    second.commit().unwrap();
    let mut third = client(store, 102);
    assert_eq!(deal(&mut third), 902);
    third.commit().unwrap();
    assert_eq!(kept(store), [902, 906]);
}

fn another_process_was_faster(store: &dyn Store) {
    shop(store);
    let elsewhere = Elsewhere::new(store);
    let (mut here, mut there) = (client(store, 102), client(&elsewhere, 105));
    assert_eq!((deal(&mut here), deal(&mut there)), (902, 902));
    there.commit().unwrap();
    assert_eq!(here.commit().expect_err("somebody has that number").kind(), StoreErrorKind::Conflict);
    assert_eq!(kept(store), [902]);
    // Again from the beginning; for a while it takes no risk.
    let (mut here, mut there) = (client(store, 102), client(&elsewhere, 105));
    let before = here.round_trips();
    assert_eq!((deal(&mut here), deal(&mut there)), (903, 903), "the other one has not heard of it");
    assert_eq!(here.round_trips(), before + 1);
    here.commit().unwrap();
    assert_eq!(there.commit().expect_err("it comes too late now").kind(), StoreErrorKind::Conflict);
    assert_eq!(kept(store), [902, 903]);
}

/// Whoever distributes has a transaction, in which the counter moves as well.
fn a_transaction_needs_some(store: &dyn Store) {
    shop(store);
    let open = |alone| {
        let mut opening = Opening::new(ProjectId(1), ClientId(102), now(), fastrand::Rng::with_seed(1));
        opening.alone = alone;
        Session::open(store, opening).unwrap()
    };
    let mut session = open(false);
    assert_eq!(deal(&mut session), 902);
    session.distribute_client().unwrap();
    for offset in 1..10 {
        assert_eq!(deal(&mut session), 902 + offset);
    }
    session.commit().unwrap();
    assert_eq!(dumped(store).next_id, 912);
    let mut session = open(true);
    assert_eq!(deal(&mut session), 912);
    assert!(session.delete_order(Some(DealId(912))).unwrap());
    session.commit().unwrap();
    let mut session = open(false);
    deal(&mut session);
    session.commit().unwrap();
    assert_eq!(kept(store).len(), 11);
}

/// Sessions of three processes come and go in any order.
fn no_number_is_given_twice(store: &dyn Store) {
    shop(store);
    let mut random = fastrand::Rng::with_seed(11);
    let mut processes = [Elsewhere::new(store), Elsewhere::new(store), Elsewhere::new(store)];
    let mut open: Vec<(Session, Vec<i64>)> = Vec::new();
    let (mut committed, mut conflicts) = (Vec::new(), 0);
    for turn in 0..1_500 {
        if turn % 100 == 0 {
            // One is new, and takes risks.
            processes[random.usize(0..3)] = Elsewhere::new(store);
        }
        match random.u8(0..10) {
            0..3 if open.len() < 5 => {
                // Each has a client to itself, so that only numbers can be in the way.
                let taken: BTreeSet<i64> = open.iter().map(|(session, _)| session.client().id.0).collect();
                let free = (101..106).find(|id| !taken.contains(id)).unwrap();
                let process = &processes[random.usize(0..3)];
                open.push((client(process, free), Vec::new()));
            }
            0..7 if !open.is_empty() => {
                let index = random.usize(0..open.len());
                let (session, ids) = &mut open[index];
                for _ in 0..random.u8(1..7) {
                    ids.push(deal(session));
                }
            }
            7 if !open.is_empty() => {
                let index = random.usize(0..open.len());
                open[index].1.clear();
                open[index].0.rollback_to_start().unwrap();
            }
            8.. if !open.is_empty() => {
                let (session, ids) = open.swap_remove(random.usize(0..open.len()));
                if random.u8(0..5) == 0 {
                    continue;
                }
                match session.commit() {
                    Ok(_) => committed.extend(ids),
                    Err(error) => {
                        assert_eq!(error.kind(), StoreErrorKind::Conflict, "{error}");
                        conflicts += 1;
                    }
                }
            }
            _ => {}
        }
    }
    drop(open);
    assert!(committed.len() > 500 && conflicts > 3, "{} {conflicts}", committed.len());
    committed.sort_unstable();
    assert_eq!(kept(store), committed, "every number is there, once");
    assert!(dumped(store).next_id > *committed.last().unwrap());
}
