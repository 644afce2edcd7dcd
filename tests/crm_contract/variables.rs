//! language.md section 6: where variables live, how long, and the limits.

use calc::crm::{ClientId, DealId, NewOrder, Opening, ProjectId, Scope, Session, StageId, Store, StoreErrorKind};
use serde_json::{Value as Json, json};

use crate::{ann, as_json, client, now, on_every_store, shop};

on_every_store! {
    types_are_kept empty_values_are_held underscored_names_are_never_stored deleting the_draft_goes_over
    the_draft_of_another_client a_new_deal_has_its_own_names project_variables limits a_limit_can_be_asked_first
    names_for_completion floats_read_back_exactly
}

fn get(session: &mut Session, scope: Scope, name: &str) -> Option<Json> {
    session.get_variable(scope, name).unwrap().map(|value| value.to_json())
}

fn types_are_kept(store: &dyn Store) {
    shop(store);
    let values = [json!(1), json!(1.5), json!(1.0), json!("1"), json!(true), json!([1, [2]]), json!({"b": 1, "a": null})];
    let mut session = ann(store);
    for (index, value) in values.iter().enumerate() {
        for scope in [Scope::Deal, Scope::Client, Scope::Project] {
            session.set_variable(scope, &format!("v{index}"), value.clone()).unwrap();
        }
    }
    session.commit().unwrap();
    let mut session = ann(store);
    for (index, value) in values.iter().enumerate() {
        for scope in [Scope::Deal, Scope::Client, Scope::Project] {
            let found = get(&mut session, scope, &format!("v{index}"));
            assert_eq!(found.as_ref().map(Json::to_string), Some(value.to_string()), "order and kind of numbers too");
        }
    }
}

fn floats_read_back_exactly(store: &dyn Store) {
    shop(store);
    let floats = [0.1 + 0.2, 1e-7, 5e-324, 123_456_789.123_456_78, f64::MAX, 2.675];
    let mut session = ann(store);
    for (index, float) in floats.iter().enumerate() {
        session.set_variable(Scope::Deal, &format!("f{index}"), json!(float)).unwrap();
    }
    session.commit().unwrap();
    let mut session = ann(store);
    for (index, float) in floats.iter().enumerate() {
        assert_eq!(get(&mut session, Scope::Deal, &format!("f{index}")), Some(json!(float)));
    }
}

fn empty_values_are_held(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    session.set_variable(Scope::Deal, "color", json!("")).unwrap();
    session.set_variable(Scope::Deal, "fresh", Json::Null).unwrap();
    session.set_variable(Scope::Client, "city", Json::Null).unwrap();
    session.set_variable(Scope::Project, "rate", json!("")).unwrap();
    session.get_active_orders_ids().unwrap();
    assert_eq!(get(&mut session, Scope::Deal, "color"), Some(json!("")), "held until the session ends");
    assert_eq!(get(&mut session, Scope::Deal, "fresh"), Some(Json::Null));
    assert_eq!(get(&mut session, Scope::Client, "city"), Some(Json::Null));
    assert_eq!(get(&mut session, Scope::Project, "rate"), Some(json!("")));
    session.commit().unwrap();
    let mut session = ann(store);
    assert_eq!(get(&mut session, Scope::Deal, "color"), None);
    assert_eq!(get(&mut session, Scope::Deal, "fresh"), None);
    assert_eq!(get(&mut session, Scope::Client, "city"), None);
    assert_eq!(get(&mut session, Scope::Project, "rate"), None);
    drop(session);
    assert_eq!(as_json(store)["project"]["variables"], json!({"shared": "project"}));
}

fn underscored_names_are_never_stored(store: &dyn Store) {
    shop(store);
    let before = as_json(store);
    let mut session = ann(store);
    for scope in [Scope::Deal, Scope::Client, Scope::Project] {
        session.set_variable(scope, "_i", json!(1)).unwrap();
        assert_eq!(get(&mut session, scope, "_i"), Some(json!(1)));
    }
    session.commit().unwrap();
    assert_eq!(as_json(store), before);
}

fn deleting(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    for (scope, found) in [(Scope::Deal, "deal"), (Scope::Client, "client"), (Scope::Project, "project")] {
        assert_eq!(get(&mut session, scope, "shared"), Some(json!(found)));
        session.delete_variable(scope, "shared").unwrap();
        session.delete_variable(scope, "never there").unwrap();
        assert_eq!(get(&mut session, scope, "shared"), None, "at once");
    }
    session.set_variable(Scope::Deal, "shared", json!("again")).unwrap();
    session.commit().unwrap();
    let mut session = ann(store);
    assert_eq!(get(&mut session, Scope::Deal, "shared"), Some(json!("again")));
    assert_eq!(get(&mut session, Scope::Client, "shared"), None);
    assert_eq!(get(&mut session, Scope::Project, "shared"), None);
}

fn the_draft_goes_over(store: &dyn Store) {
    shop(store);
    let mut session = client(store, 102);
    assert_eq!(get(&mut session, Scope::Deal, "size"), Some(json!("XL")), "from the draft");
    session.set_variable(Scope::Deal, "color", json!("white")).unwrap();
    session.commit().unwrap();
    assert_eq!(as_json(store)["clients"][1]["draft"], json!({"color": "white", "size": "XL"}));
    let mut session = client(store, 102);
    let generation = session.variables_generation();
    let id = session.create_order(&NewOrder::default()).unwrap().id;
    assert!(session.variables_generation() > generation);
    assert_eq!(get(&mut session, Scope::Deal, "size"), Some(json!("XL")));
    session.commit().unwrap();
    assert_eq!(as_json(store)["clients"][1]["draft"], json!({}));
    let mut session = client(store, 102);
    let names = ["color".to_owned(), "size".to_owned()];
    let found = json!(session.get_order_vars(id, Some(&names)).unwrap());
    assert_eq!(found, json!({"color": "white", "size": "XL"}));
    assert_eq!(session.get_order_id_by_var_value("size", json!("XL"), None).unwrap(), Some(id));
    // A deal that comes back takes over what was collected without one.
    session.set_order_status_fail(None).unwrap();
    assert_eq!(get(&mut session, Scope::Deal, "size"), None);
    session.set_variable(Scope::Deal, "size", json!("S")).unwrap();
    session.commit().unwrap();
    let mut session = client(store, 102);
    session.change_state(StageId(11), Some(id)).unwrap();
    assert_eq!(get(&mut session, Scope::Deal, "size"), Some(json!("S")));
    assert_eq!(get(&mut session, Scope::Deal, "color"), Some(json!("white")));
    session.commit().unwrap();
    assert_eq!(as_json(store)["clients"][1]["draft"], json!({}));
}

fn the_draft_of_another_client(store: &dyn Store) {
    shop(store);
    let mut file = crate::dumped(store);
    file.clients[1].client.phone = Some("+1 555 123".to_owned());
    calc::crm::load(store, &file).unwrap();
    let mut session = ann(store);
    let id = session.create_order(&NewOrder { phone: Some("1555123"), ..NewOrder::default() }).unwrap().id;
    assert_eq!(session.get_order_var(id, "size").unwrap().map(|value| value.to_json()), Some(json!("XL")));
    session.commit().unwrap();
    assert_eq!(get(&mut client(store, 102), Scope::Deal, "size"), Some(json!("XL")));
    assert_eq!(as_json(store)["clients"][1]["draft"], json!({}));
}

fn a_new_deal_has_its_own_names(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    session.set_variable(Scope::Deal, "before", json!(1)).unwrap();
    let id = session.create_order(&NewOrder::default()).unwrap().id;
    session.set_variable(Scope::Deal, "after", json!(2)).unwrap();
    assert_eq!(get(&mut session, Scope::Deal, "before"), None);
    assert_eq!(session.get_order_var(DealId(501), "before").unwrap().map(|value| value.to_json()), Some(json!(1)));
    session.commit().unwrap();
    let mut session = ann(store);
    assert_eq!(session.get_order_var(DealId(501), "before").unwrap().map(|value| value.to_json()), Some(json!(1)));
    assert_eq!(session.get_order_var(DealId(501), "after").unwrap().map(|value| value.to_json()), None);
    assert_eq!(session.get_order_var(id, "after").unwrap().map(|value| value.to_json()), Some(json!(2)));
}

fn project_variables(store: &dyn Store) {
    shop(store);
    let names: Vec<String> = (0..40).map(|number| format!("p{number}")).collect();
    let mut session = ann(store);
    for name in &names[..30] {
        session.set_variable(Scope::Project, name, json!(name)).unwrap();
    }
    session.commit().unwrap();
    let wanted: Vec<&str> = names.iter().map(String::as_str).collect();
    let opening = Opening::new(ProjectId(1), ClientId(102), now(), fastrand::Rng::with_seed(1)).with_project_variables(&wanted);
    let mut session = Session::open(store, opening).unwrap();
    for (index, name) in names.iter().enumerate() {
        assert_eq!(get(&mut session, Scope::Project, name), (index < 30).then(|| json!(name)));
    }
    assert_eq!(session.round_trips(), 1, "read with the rest, absent ones too");
    session.prefetch_project_variables(&["rate", "p1", "none"]).unwrap();
    assert_eq!(get(&mut session, Scope::Project, "rate"), Some(json!(90.5)), "never another project's");
    assert_eq!(get(&mut session, Scope::Project, "none"), None);
    assert_eq!(session.round_trips(), 2);
}

fn limit_of(session: Session) -> String {
    let limit = session.check_variables().expect_err("a limit was passed");
    let error = session.commit().expect_err("nothing past a limit is kept");
    assert_eq!(error.kind(), StoreErrorKind::Corrupt, "{error}");
    limit.variable
}

fn limits(store: &dyn Store) {
    shop(store);
    let before = as_json(store);
    let fill = |scope: Scope, count: usize| {
        let mut session = ann(store);
        for number in 0..count {
            session.set_variable(scope, &format!("n{number}"), json!(number)).unwrap();
        }
        session
    };
    // Ann has 2 client variables and 4 of the deal.
    limit_of(fill(Scope::Client, 999));
    limit_of(fill(Scope::Deal, 997));
    let mut session = ann(store);
    session.set_variable(Scope::Deal, &"n".repeat(501), json!(1)).unwrap();
    assert_eq!(limit_of(session), "n".repeat(501));
    let mut session = ann(store);
    session.set_variable(Scope::Project, "long", json!("я".repeat(100_001))).unwrap();
    assert_eq!(limit_of(session), "long");
    let mut session = ann(store);
    session.set_order_var(DealId(504), "long", json!(["x".repeat(99_999)])).unwrap();
    assert_eq!(limit_of(session), "long");
    let mut session = ann(store);
    let deep = (0..101).fold(json!(1), |inner, _| json!([inner]));
    session.set_variable(Scope::Client, "deep", deep).unwrap();
    assert_eq!(limit_of(session), "deep");
    assert_eq!(as_json(store), before, "nothing stored");
    let mut session = fill(Scope::Deal, 996);
    session.set_variable(Scope::Deal, "_free", json!("x".repeat(100_001))).unwrap();
    session.set_variable(Scope::Client, &"я".repeat(500), json!("я".repeat(100_000))).unwrap();
    session.commit().unwrap();
}

fn a_limit_can_be_asked_first(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    session.set_note("gone").unwrap();
    session.set_variable(Scope::Deal, &"n".repeat(501), json!(1)).unwrap();
    assert!(session.check_variables().is_err());
    session.rollback_to_start().unwrap();
    assert!(session.check_variables().is_ok());
    session.record_error("too long");
    session.commit().unwrap();
    let entry = &crate::dumped(store).clients[0];
    assert_eq!(entry.notes, []);
    assert_eq!(entry.history.last().unwrap().error.as_deref(), Some("too long"));
}

fn names_for_completion(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    session.delete_variable(Scope::Deal, "list").unwrap();
    session.set_variable(Scope::Deal, "zone", json!(1)).unwrap();
    assert_eq!(session.list_variable_names().unwrap(), ["amount", "city", "color", "shared", "zone"]);
}
