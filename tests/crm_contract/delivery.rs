//! What hosts claim: clients with messages to deliver, scheduled messages, clients to distribute. And what goes with time.

use calc::crm::outbox::{self, Retried, Retries};
use calc::crm::prune::{Pruned, Retention, prune};
use calc::crm::{BlockId, ClientId, ProjectId, Store, queue, scheduled};
use chrono::Duration;

use crate::{ann, at, client, dumped, now, on_every_store, shop};

on_every_store! {
    a_client_is_claimed_by_one messages_that_do_not_arrive scheduled_messages_are_claimed_once
    queued_clients_are_claimed_once what_is_old_goes one_client_whole
}

fn say(store: &dyn Store, to: i64, text: &str) {
    let mut session = client(store, to);
    session.queue_message(text, None);
    session.commit().unwrap();
}

fn texts(claims: &[outbox::Claim]) -> Vec<(i64, Vec<&str>)> {
    claims.iter().map(|claim| (claim.client.0, claim.messages.iter().map(|message| message.text.as_str()).collect())).collect()
}

fn a_client_is_claimed_by_one(store: &dyn Store) {
    shop(store);
    let lease = Duration::minutes(1);
    let claim = |time| outbox::claim(store, ProjectId(1), time, lease, 10, 10).unwrap();
    assert!(claim(now()).is_empty());
    for (to, text) in [(101, "one"), (102, "other"), (101, "two")] {
        say(store, to, text);
    }
    let first = claim(now());
    assert_eq!(texts(&first), [(101, vec!["one", "two"]), (102, vec!["other"])]);
    say(store, 101, "three");
    assert!(claim(now()).is_empty(), "held, what was added included");
    assert!(outbox::claim(store, ProjectId(2), now(), lease, 10, 10).unwrap().is_empty(), "another project");
    assert!(outbox::confirm(store, ProjectId(1), first[0].messages[0].id).unwrap());
    assert!(outbox::release(store, ProjectId(1), &first[0], now()).unwrap());
    let second = claim(now());
    assert_eq!(texts(&second), [(101, vec!["two", "three"])], "in order, and nothing twice");
    // Whoever does not come back loses the lease.
    let later = now() + Duration::minutes(2);
    let third = claim(later);
    assert_eq!(texts(&third), [(101, vec!["two", "three"]), (102, vec!["other"])]);
    assert!(!outbox::release(store, ProjectId(1), &second[0], later).unwrap(), "it is another's by now");
    for claim in &third {
        for message in &claim.messages {
            assert!(outbox::confirm(store, ProjectId(1), message.id).unwrap());
        }
    }
    assert!(claim(later + Duration::minutes(2)).is_empty());
    assert!(outbox::pending(store, ProjectId(1), 10).unwrap().is_empty());
    say(store, 101, "again");
    assert_eq!(texts(&claim(later)), [(101, vec!["again"])]);
    // What waits still waits after a dump and a load.
    calc::crm::load(store, &dumped(store)).unwrap();
    assert_eq!(texts(&claim(later)), [(101, vec!["again"])]);
}

fn messages_that_do_not_arrive(store: &dyn Store) {
    shop(store);
    say(store, 101, "one");
    say(store, 101, "two");
    let retries = Retries { attempts: 3, first: Duration::seconds(10), longest: Duration::minutes(1) };
    let mut rng = fastrand::Rng::with_seed(1);
    let mut time = now();
    for attempt in 0..2 {
        let claims = outbox::claim(store, ProjectId(1), time, Duration::minutes(1), 10, 10).unwrap();
        assert_eq!(claims[0].attempt, attempt);
        let id = claims[0].messages[0].id;
        let again = outbox::retry(store, ProjectId(1), &claims[0], id, "no network", &retries, (time, &mut rng)).unwrap();
        let Retried::At(next) = again else { panic!("{again:?}") };
        let wait = next - time;
        let longest = Duration::seconds(10 << attempt);
        assert!(wait <= longest && wait >= longest / 2, "{wait}");
        assert!(outbox::claim(store, ProjectId(1), time, Duration::minutes(1), 10, 10).unwrap().is_empty(), "not before its time");
        time = next;
    }
    let claims = outbox::claim(store, ProjectId(1), time, Duration::minutes(1), 10, 10).unwrap();
    let id = claims[0].messages[0].id;
    assert_eq!(outbox::retry(store, ProjectId(1), &claims[0], id, "no network", &retries, (time, &mut rng)).unwrap(), Retried::GivenUp);
    assert_eq!(
        outbox::retry(
            store,
            ProjectId(1),
            &outbox::Claim { attempt: 0, lease: 0, ..claims[0].clone() },
            id,
            "x",
            &retries,
            (time, &mut rng)
        )
        .unwrap(),
        Retried::Lost
    );
    let history = &dumped(store).clients[0].history;
    assert_eq!(history[1].error.as_deref(), Some("no network"));
    let claims = outbox::claim(store, ProjectId(1), time, Duration::minutes(1), 10, 10).unwrap();
    assert_eq!((texts(&claims), claims[0].attempt), (vec![(101, vec!["two"])], 0), "the next one begins anew");
}

fn scheduled_messages_are_claimed_once(store: &dyn Store) {
    shop(store);
    let claim = |day, limit| scheduled::claim(store, ProjectId(1), at(day, 10, 0), Duration::minutes(5), limit).unwrap();
    assert!(claim(20, 10).is_empty(), "none is due in November");
    let later = |minutes| now() + Duration::days(30) + Duration::minutes(minutes);
    let claim = |time| scheduled::claim(store, ProjectId(1), time, Duration::minutes(5), 10).unwrap();
    let first = claim(later(0));
    assert_eq!(
        first.iter().map(|message| (message.block, message.text.as_deref())).collect::<Vec<_>>(),
        [(Some(BlockId(9)), None), (None, Some("hello?"))]
    );
    assert!(claim(later(1)).is_empty(), "held");
    assert!(scheduled::done(store, ProjectId(1), &first[0]).unwrap());
    assert!(!scheduled::done(store, ProjectId(1), &first[0]).unwrap());
    let second = claim(later(6));
    assert_eq!(second.len(), 1, "the other was not done in time");
    assert_eq!(second[0].event_id(), first[1].event_id());
    assert!(!scheduled::done(store, ProjectId(1), &first[1]).unwrap(), "it is another's by now");
    let mut session = ann(store);
    session.block_client().unwrap();
    session.commit().unwrap();
    assert!(!scheduled::done(store, ProjectId(1), &second[0]).unwrap(), "cancelled");
}

fn queued_clients_are_claimed_once(store: &dyn Store) {
    shop(store);
    let mut file = dumped(store);
    for entry in &mut file.clients[1..3] {
        entry.client.queued = true;
        entry.client.queued_until = Some(at(20, 9, 0));
    }
    calc::crm::load(store, &file).unwrap();
    let claim = |minute| queue::claim(store, ProjectId(1), at(20, 10, minute), Duration::minutes(5), 10).unwrap();
    assert_eq!(claim(0), [102, 103].map(ClientId));
    assert!(claim(4).is_empty());
    let mut session = client(store, 102);
    assert!(session.distribute_client().unwrap());
    session.commit().unwrap();
    assert_eq!(claim(6), [ClientId(103)]);
}

fn what_is_old_goes(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    session.receive("now");
    session.queue_message("waits", None);
    session.record_visit(BlockId(8));
    session.record_event("e", "{}");
    session.commit().unwrap();
    assert_eq!(prune(store, ProjectId(1), &Retention::default()).unwrap(), Pruned::default());
    let before = Some(at(20, 0, 0));
    let all = |before| Retention { events: before, messages: before, visits: before };
    assert_eq!(prune(store, ProjectId(2), &all(before)).unwrap(), Pruned::default(), "another project");
    assert_eq!(prune(store, ProjectId(1), &all(before)).unwrap(), Pruned { events: 0, messages: 1, visits: 1 });
    let texts = || dumped(store).clients[0].history.iter().map(|entry| entry.text.clone()).collect::<Vec<_>>();
    assert_eq!(texts(), ["now", "waits"]);
    assert_eq!(prune(store, ProjectId(1), &all(Some(at(21, 0, 0)))).unwrap(), Pruned { events: 1, messages: 1, visits: 1 });
    assert_eq!(texts(), ["waits"], "what waits is never old");
}

fn one_client_whole(store: &dyn Store) {
    shop(store);
    let whole = dumped(store);
    let one = calc::crm::dump_client(store, ProjectId(1), ClientId(101)).unwrap().unwrap();
    assert_eq!(one.clients, whole.clients[..1]);
    assert!(one.deals.iter().all(|entry| entry.deal.client == ClientId(101)));
    assert_eq!(one.deals.len(), 4);
    assert_eq!((one.tasks.len(), &one.pipelines, &one.operators), (1, &whole.pipelines, &whole.operators));
    assert!(calc::crm::dump_client(store, ProjectId(1), ClientId(9)).unwrap().unwrap().clients.is_empty());
    assert!(calc::crm::dump_client(store, ProjectId(9), ClientId(101)).unwrap().is_none());
}
