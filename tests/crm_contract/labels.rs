//! crm-more.md section 6, labels. What they have in common with lists is tested there.

use calc::crm::{ClientId, Effect, LabelId, Session, Store, StoreErrorKind, role};
use serde_json::{Value as Json, json};

use crate::{ann, as_json, client, kinds, on_every_store, refused, shop};

on_every_store! {
    making_labels on_and_off everywhere several_at_once who_has_them_all deleting_labels
    one_of_two_makes_the_label a_name_that_is_free_again other_projects_labels
}

const VIP: LabelId = LabelId(61);
const COLD: LabelId = LabelId(62);
const WHOLESALE: LabelId = LabelId(63);

/// The clients of each label in the database.
fn stored(store: &dyn Store) -> Vec<Json> {
    as_json(store)["labels"].as_array().unwrap().iter().map(|entry| entry["clients"].clone()).collect()
}

fn making_labels(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    let made = session.create_label("regular").unwrap();
    assert_eq!(refused(session.create_label(" regular ")).roles(), [role::NAME]);
    assert_eq!(refused(session.create_label("vip")).message().to_string(), "there is a label called `vip` already");
    assert_eq!(session.create_label_if_not_exist("vip", 7).unwrap(), VIP);
    assert_eq!(session.create_label_if_not_exist("regular", 7).unwrap(), made);
    let blue = session.create_label_if_not_exist("VIP", 9).unwrap();
    for color in [-1, 10] {
        assert_eq!(refused(session.create_label_if_not_exist("vip", color)).roles(), [role::COLOR]);
    }
    for name in ["", "  ", &"x".repeat(501), "a\0"] {
        assert_eq!(refused(session.create_label(name)).roles(), [role::NAME]);
        assert_eq!(refused(session.create_label_if_not_exist(name, 0)).roles(), [role::NAME]);
    }
    assert_eq!(kinds(&session), ["label_created"; 2]);
    session.commit().unwrap();
    let labels = &as_json(store)["labels"];
    assert_eq!(labels[0], json!({"id": 61, "name": "vip", "color": 3, "clients": [101, 104]}), "it keeps its colour");
    let rest =
        [json!({"id": made, "name": "regular", "color": 0, "clients": []}), json!({"id": blue, "name": "VIP", "color": 9, "clients": []})];
    assert_eq!(labels.as_array().unwrap()[3..], rest);
}

fn on_and_off(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    assert!(session.add_label("wholesale", None).unwrap());
    assert!(session.add_label(" vip", None).unwrap(), "it has it");
    assert!(session.has_label("wholesale", None).unwrap());
    assert!(session.remove_label("vip", Some(ClientId(104))).unwrap());
    assert!(session.remove_label("vip", Some(ClientId(105))).unwrap(), "it has it not");
    assert_eq!(session.count_of_clients_with_label("vip").unwrap(), 1);
    assert_eq!(session.count_of_clients_with_label("wholesale").unwrap(), 1);
    let name = |name: &str| name.to_owned();
    let all = [(VIP, name("vip")), (COLD, name("cold")), (WHOLESALE, name("wholesale"))];
    assert_eq!(session.get_all_client_labels(None).unwrap(), all);
    assert_eq!(session.get_all_client_labels(Some(ClientId(104))).unwrap(), []);
    refused(session.get_all_client_labels(Some(ClientId(777))));
    assert_eq!(kinds(&session), ["label_attached", "label_detached"]);
    assert_eq!(session.effects()[0], Effect::LabelAttached { id: WHOLESALE, name: name("wholesale"), client: ClientId(101) });
    for result in [session.add_label("ghost", None), session.remove_label("ghost", None), session.has_label("Vip", None)] {
        assert_eq!(refused(result).roles(), [role::LABEL_NAME]);
    }
    assert_eq!(refused(session.count_of_clients_with_label("ghost")).roles(), [role::LABEL_NAME]);
    assert_eq!(refused(session.add_label("vip", Some(ClientId(777)))).roles(), [role::CLIENT]);
    session.commit().unwrap();
    assert_eq!(stored(store), [json!([101]), json!([101]), json!([101])]);
}

fn everywhere(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    assert!(session.remove_label_everywhere("vip").unwrap());
    assert!(session.remove_label_everywhere("wholesale").unwrap());
    assert_eq!(session.effects(), [Effect::LabelCleared { id: VIP, name: "vip".to_owned(), count: 2 }]);
    assert!(!session.has_label("vip", None).unwrap());
    assert!(session.add_label("vip", Some(ClientId(103))).unwrap());
    refused(session.remove_label_everywhere("ghost"));
    session.commit().unwrap();
    assert_eq!(stored(store), [json!([103]), json!([101]), json!([])]);
}

fn several_at_once(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    let names = ["cold".to_owned(), "ghost".to_owned()];
    assert_eq!(session.labels_of_names(&names).unwrap(), [Some(COLD), None]);
    assert!(session.has_client_multiple_labels(&[VIP, COLD]).unwrap());
    assert!(!session.has_client_multiple_labels(&[VIP, WHOLESALE]).unwrap());
    assert!(!session.has_client_multiple_labels(&[VIP, LabelId(777)]).unwrap());
    assert_eq!(session.remove_multiple_client_labels(&[VIP, WHOLESALE, LabelId(777)]).unwrap(), 1);
    assert_eq!(session.remove_multiple_client_labels(&[VIP, COLD]).unwrap(), 1);
    session.commit().unwrap();
    assert_eq!(stored(store), [json!([104]), json!([]), json!([])]);
}

fn who_has_them_all(store: &dyn Store) {
    shop(store);
    let find = |session: &mut Session, labels: &[LabelId], most: usize| -> Vec<i64> {
        session.find_clients_by_multiple_labels(labels, most).unwrap().into_iter().map(i64::from).collect()
    };
    let mut session = ann(store);
    assert_eq!(find(&mut session, &[VIP], 10), [101, 104]);
    assert_eq!(find(&mut session, &[VIP, COLD, VIP], 10), [101]);
    assert_eq!(find(&mut session, &[VIP, WHOLESALE], 10), [0; 0]);
    assert_eq!(find(&mut session, &[VIP, LabelId(777)], 10), [0; 0]);
    session.add_label("cold", Some(ClientId(104))).unwrap();
    session.add_label("vip", Some(ClientId(102))).unwrap();
    session.remove_label("cold", None).unwrap();
    assert_eq!(find(&mut session, &[COLD, VIP], 10), [104]);
    assert_eq!(find(&mut session, &[VIP], 10), [101, 102, 104]);
    session.remove_label("vip", None).unwrap();
    assert_eq!(find(&mut session, &[VIP], 1), [102], "as many as are wanted, those that left aside");
    session.remove_label_everywhere("vip").unwrap();
    assert_eq!(find(&mut session, &[VIP], 10), [0; 0]);
    session.add_label("vip", Some(ClientId(104))).unwrap();
    let made = session.create_label("new").unwrap();
    session.add_label("new", Some(ClientId(104))).unwrap();
    session.add_label("new", Some(ClientId(103))).unwrap();
    assert_eq!(find(&mut session, &[made], 10), [103, 104]);
    assert_eq!(find(&mut session, &[made, VIP, COLD], 10), [104]);
    session.commit().unwrap();
    assert_eq!(find(&mut ann(store), &[made, VIP], 10), [104]);
}

fn deleting_labels(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    assert_eq!(refused(session.remove_label_from_project(VIP, false)).roles(), [role::LABEL]);
    assert!(session.remove_label_from_project(WHOLESALE, false).unwrap());
    assert!(session.remove_label_from_project(VIP, true).unwrap());
    refused(session.remove_label_from_project(VIP, true));
    refused(session.add_label("vip", None));
    refused(session.remove_label_from_project(LabelId(41), true));
    assert_eq!(kinds(&session), ["label_deleted"; 2]);
    session.commit().unwrap();
    assert_eq!(as_json(store)["labels"], json!([{"id": 62, "name": "cold", "color": 0, "clients": [101]}]));
}

fn one_of_two_makes_the_label(store: &dyn Store) {
    shop(store);
    for make in [
        (|session: &mut Session| {
            session.create_label("new").unwrap();
        }) as fn(&mut Session),
        |session| {
            session.create_label_if_not_exist("new ", 4).unwrap();
        },
    ] {
        shop(store);
        let (mut first, mut second) = (ann(store), client(store, 102));
        make(&mut first);
        second.create_label_if_not_exist("new", 4).unwrap();
        second.commit().unwrap();
        assert_eq!(first.commit().unwrap_err().kind(), StoreErrorKind::Conflict);
        assert_eq!(stored(store).len(), 4);
    }
}

fn a_name_that_is_free_again(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    session.remove_label_from_project(VIP, true).unwrap();
    let made = session.create_label("vip").unwrap();
    assert!(!session.has_label("vip", None).unwrap());
    session.add_label("vip", None).unwrap();
    session.commit().unwrap();
    assert_eq!(as_json(store)["labels"][2], json!({"id": made, "name": "vip", "color": 0, "clients": [101]}));
    // Somebody else may have done the same.
    let (mut first, mut second) = (ann(store), client(store, 102));
    for session in [&mut first, &mut second] {
        session.remove_label_from_project(made, true).unwrap();
        session.create_label("vip").unwrap();
    }
    second.commit().unwrap();
    assert_eq!(first.commit().unwrap_err().kind(), StoreErrorKind::Conflict);
}

fn other_projects_labels(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    refused(session.add_label("secret", None));
    refused(session.has_label("vip", Some(ClientId(1101))));
    refused(session.remove_label_from_project(LabelId(1061), true));
    assert_eq!(session.find_clients_by_multiple_labels(&[LabelId(1061)], 10).unwrap(), []);
}
